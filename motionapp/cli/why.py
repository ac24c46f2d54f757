"""`motionapp why FILE --at SECONDS`: why there is no event there, or why it has that label."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from motionapp.cli.options import add_analysis_options, settings_from
from motionapp.cli.times import seconds_of
from motionapp.core.errors import SettingsError
from motionapp.core.event import MOTION, UNKNOWN, WHOLE_PICTURE, Event
from motionapp.core.wording import name_text

if TYPE_CHECKING:
    from motionapp.core.models import Models
    from motionapp.explain.counterfactual import Counterfactual
    from motionapp.explain.inquiry import Answer
    from motionapp.explain.stretch import Stretch
    from motionapp.explain.verdicts import Verdict
    from motionapp.settings import AnalysisSettings, Settings

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
    analysis = _in_zone(settings.analysis, arguments.zone)
    settings = settings.model_copy(update={"analysis": analysis})
    from motionapp.assembly import load_models
    from motionapp.core.models import Models
    from motionapp.explain.stretch import Stretch
    from motionapp.runtime import apply_threads, plan_threads

    threads = plan_threads()
    apply_threads(threads)
    stretch = Stretch(arguments.file, arguments.at)
    try:
        models = load_models(analysis, threads=threads.network)
        finder = Models(people=models.people)
        answer = stretch.ask(analysis, finder)
        if answer.event is not None:  # only then there is anything to name
            if models.recogniser is not None or models.falls:
                answer = stretch.ask(analysis, models)
            elif models.note:
                print(f"motionapp: {models.note}", file=sys.stderr)
        remedy = _remedy(answer, settings, stretch, finder)
    finally:
        stretch.close()
    zone = arguments.zone or _zones_text(analysis)
    if arguments.json:
        print(json.dumps(document(stretch.name, zone, answer, remedy), ensure_ascii=False))
    else:
        print("\n".join(text(stretch.name, zone, answer, remedy, analysis)))
    return 0


def _in_zone(settings: AnalysisSettings, name: str | None) -> AnalysisSettings:
    """Only the zone that is asked about is watched: whether it has an event hangs on no other."""
    if name is None or (name == WHOLE_PICTURE and not _included(settings)):
        return settings
    if name not in _included(settings):
        there = ", ".join(_included(settings)) or f"only {WHOLE_PICTURE}"
        raise SettingsError(f"--zone {name}: there is no such zone to watch, but {there}")
    zones = tuple(zone for zone in settings.zones if zone.kind == "exclude" or zone.name == name)
    return settings.model_copy(update={"zones": zones})


def _included(settings: AnalysisSettings) -> list[str]:
    return [zone.name for zone in settings.zones if zone.kind == "include"]


def _zones_text(settings: AnalysisSettings) -> str:
    return ", ".join(_included(settings)) or WHOLE_PICTURE


def _remedy(
    answer: Answer, settings: Settings, stretch: Stretch, finder: Models
) -> Counterfactual | None:
    from motionapp.assembly import load_models
    from motionapp.explain.counterfactual import find_counterfactual
    from motionapp.settings import apply_changes

    is_named = answer.event is not None

    def ask(changes: Mapping[str, object]) -> Answer:
        changed = apply_changes(settings, changes).analysis
        return stretch.ask(changed, load_models(changed) if is_named else finder)

    return find_counterfactual(answer, settings.analysis, ask)


# -- as text ---------------------------------------------------------------------------------


def text(
    name: str, zone: str, answer: Answer, remedy: Counterfactual | None, settings: AnalysisSettings
) -> Iterator[str]:
    """The answer for a person, line by line.

    Parameters
    ----------
    name : str
        Of the recording.
    zone : str
        Where was looked.
    answer : Answer
    remedy : Counterfactual or None
    settings : AnalysisSettings
        Those that the question was asked with.
    """
    event = answer.event
    if event is None:
        yield f"{name} at {answer.at_s:.2f} s ({zone}): no event"
    else:
        yield f"{name} at {answer.at_s:.2f} s: there is an event: {_event(event)}"
    yield from (f"near: {_event(other)}" for other in answer.near)
    if answer.verdicts:
        yield ""
        yield f"{'gate':12}{'measured':>10}{'limit':>10}"
        yield from (_row(verdict) for verdict in answer.verdicts)
    if answer.search:
        yield ""
        yield answer.search
    yield ""
    stop = answer.stop
    if stop is not None:
        yield stop.sentence
        yield from _advice(stop, remedy, settings, is_named=event is not None)
    elif event is not None:
        yield from (verdict.sentence for verdict in answer.verdicts[-1:])
    else:
        yield answer.note or "Every gate let it through, but no body passed all of them."


def _row(verdict: Verdict) -> str:
    figures = [_figure(value, verdict.unit) for value in (verdict.measured, verdict.threshold)]
    unit = "" if verdict.unit in ("s", "") else verdict.unit
    is_asked = verdict.gate != "zone" and (verdict.gate != "travel" or verdict.threshold > 0)
    if verdict.passed and not is_asked:
        figures, unit = ["-", "-"], ""
    said = "passed" if verdict.passed else "stopped it"
    if verdict.gate == "label":
        said = "named" if verdict.passed else "gave no name"
    return f"{verdict.gate:12}{figures[0]:>10}{figures[1]:>10}  {unit:16}{said}"


def _figure(value: float, unit: str) -> str:
    if unit.startswith("of the"):
        return f"{100 * value:.3g} %"
    return f"{value:.2f} s" if unit == "s" else f"{value:.2f}" if not unit else f"{value:.1f}"


def _advice(
    stop: Verdict, remedy: Counterfactual | None, settings: AnalysisSettings, *, is_named: bool
) -> Iterator[str]:
    outcome = "a name" if is_named else "an event"
    if remedy is None:
        if stop.setting is None:
            yield "There is no setting for this."
        else:
            yield f"It was tried: no change of {stop.setting} would give {outcome}."
        return
    together = " together" if len(remedy.changes) > 1 else ""
    yield f"There would be {outcome} (checked) with{together}:"
    for key, value in remedy.changes.items():
        yield f"  {key} = {_value(value)}   (now {_value(_now(settings, key))})"
    found = remedy.answer.event or next(iter(remedy.answer.near), None)
    if found is not None:
        yield f"then: {_event(found)}"


def _now(settings: AnalysisSettings, key: str) -> object:
    value: object = settings
    for part in key.split(".")[1:]:
        value = getattr(value, part)
    return value


def _value(value: object) -> str:
    if isinstance(value, (list, tuple)):  # of zones, as dictionaries or as settings
        names = [z["name"] if isinstance(z, dict) else z.name for z in value]
        return f"[{', '.join(names)}]"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _event(event: Event) -> str:
    label = name_text(event.label, event.score)
    named = label if event.label in (MOTION, UNKNOWN) else f"label {label}"
    end = "..." if event.ended_by is None else f"{event.end_s:.2f} s"
    return f"{event.event_id}, {event.start_s:.2f} to {end}, {named}"


# -- as JSON ---------------------------------------------------------------------------------


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
    from motionapp.sinks.documents import event_document

    stop = answer.stop
    return {
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
