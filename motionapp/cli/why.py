"""`motionapp why FILE --at SECONDS`: why there is no event there, or why it has that label."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from motionapp.cli.options import add_analysis_options, settings_from
from motionapp.cli.times import seconds_of

if TYPE_CHECKING:
    from motionapp.explain.counterfactual import Counterfactual
    from motionapp.explain.inquiry import Answer
    from motionapp.explain.verdicts import Verdict

WHY_SCHEMA = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the recording, the instant, the zone and the analysis options."""
    parser.add_argument(
        "file", metavar="FILE", help="a recording, a folder of numbered images, or synthetic:NAME"
    )
    parser.add_argument(
        "--at",
        type=seconds_of,
        required=True,
        metavar="TIME",
        help="from the first frame: seconds, or [HH:]MM:SS",
    )
    parser.add_argument("--zone", metavar="NAME", help="ask about this zone only")
    parser.add_argument("--json", action="store_true", help="print the answer as one JSON object")
    add_analysis_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Answer, with the smallest change of a setting that would change it."""
    settings = settings_from(arguments)
    from motionapp.explain.asking import ask_why, in_zone
    from motionapp.explain.wording import text
    from motionapp.runtime import apply_threads, plan_threads

    in_zone(settings.analysis, arguments.zone)  # told before anything is opened
    threads = plan_threads()
    apply_threads(threads)
    reply = ask_why(
        arguments.file, arguments.at, settings, zone=arguments.zone, threads=threads.network
    )
    if reply.note:
        print(f"motionapp: {reply.note}", file=sys.stderr)
    if arguments.json:
        print(json.dumps(document(reply.name, reply.zone, reply.answer, reply.remedy),
                         ensure_ascii=False))  # fmt: skip
    else:
        print("\n".join(text(reply)))
    return 0


def document(name: str, zone: str, answer: Answer, remedy: Counterfactual | None) -> dict[str, Any]:
    """The answer for a program; see docs/schemas/why.schema.json.

    Parameters
    ----------
    name : str
        Of the recording.
    zone : str
        Where was looked.
    answer : Answer
    remedy : Counterfactual or None
    """
    from motionapp.sinks.documents import crossing_document, event_document

    stop = answer.stop
    told = {
        "schema": WHY_SCHEMA,
        "source": name,
        "at_s": answer.at_s,
        "zone": zone,
        "event": None if answer.event is None else event_document(answer.event),
        "near": [event_document(event) for event in answer.near],
        "gates": [_gate_document(verdict) for verdict in answer.verdicts],
        "stopped_by": None if stop is None else stop.gate,
        "search": answer.search or None,
        "note": answer.note or None,
        "remedy": None if remedy is None else {"changes": dict(remedy.changes), "checked": True},
    }
    if answer.crossings:
        told["crossings"] = [crossing_document(one) for one in answer.crossings]
    return told


def _gate_document(verdict: Verdict) -> dict[str, Any]:
    return {
        "gate": verdict.gate,
        "measured": round(verdict.measured, 6),
        "threshold": round(verdict.threshold, 6),
        "unit": verdict.unit or None,
        "passed": verdict.passed,
        "sentence": verdict.sentence,
        "setting": verdict.setting,
    }
