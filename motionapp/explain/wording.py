"""An answer to why, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from motionapp.core.event import MOTION, UNKNOWN, Event
from motionapp.core.wording import name_text
from motionapp.explain.asking import Reply
from motionapp.explain.counterfactual import Counterfactual
from motionapp.explain.verdicts import Verdict
from motionapp.settings.tree import AnalysisSettings


def text(reply: Reply) -> Iterator[str]:
    """An answer for a person, line by line."""
    answer, remedy = reply.answer, reply.remedy
    event = answer.event
    if event is None:
        yield f"{reply.name} at {answer.at_s:.2f} s ({reply.zone}): no event"
    else:
        yield f"{reply.name} at {answer.at_s:.2f} s: there is an event: {_event(event)}"
    yield from (f"near: {_event(other)}" for other in answer.near)
    for one in answer.crossings:
        yield f"near: over {one.zone} to the {one.direction} at {one.t_s:.2f} s"
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
        yield from advice(stop, remedy, reply.settings, is_named=event is not None)
    elif event is not None:
        yield from (verdict.sentence for verdict in answer.verdicts[-1:])
    else:
        yield answer.note or "Every gate let it through, but no body passed all of them."


def _row(verdict: Verdict) -> str:
    figures = [figure(value, verdict.unit) for value in (verdict.measured, verdict.threshold)]
    unit = "" if verdict.unit in ("s", "") else verdict.unit
    is_asked = verdict.gate != "zone" and (verdict.gate != "travel" or verdict.threshold > 0)
    if verdict.passed and not is_asked:
        figures, unit = ["-", "-"], ""
    said = "passed" if verdict.passed else "stopped it"
    if verdict.gate == "label":
        said = "named" if verdict.passed else "gave no name"
    return f"{verdict.gate:12}{figures[0]:>10}{figures[1]:>10}  {unit:16}{said}"


def figure(value: float, unit: str) -> str:
    """A figure of a gate with its unit: ``1.2 %``, ``0.30 s``."""
    if unit.startswith("of the"):
        return f"{100 * value:.3g} %"
    return f"{value:.2f} s" if unit == "s" else f"{value:.2f}" if not unit else f"{value:.1f}"


def advice(
    stop: Verdict,
    remedy: Counterfactual | None,
    settings: AnalysisSettings,
    *,
    is_named: bool,
    call: Callable[[str], str] = str,
) -> Iterator[str]:
    """What could be changed, line by line.

    Parameters
    ----------
    stop : Verdict
        What stopped it, or gave it no name.
    remedy : Counterfactual or None
    settings : AnalysisSettings
        Those that the question was asked with.
    is_named : bool
        Whether a name is asked for, and not an event.
    call : callable
        How a setting is called, by its key path; as it is by default.
    """
    outcome = "a name" if is_named else "an event"
    if remedy is None:
        if stop.setting is None:
            yield "There is no setting for this."
        else:
            yield f"It was tried: no change of {call(stop.setting)} would give {outcome}."
        return
    together = " together" if len(remedy.changes) > 1 else ""
    yield f"There would be {outcome} (checked) with{together}:"
    for key, value in remedy.changes.items():
        yield f"  {call(key)} = {_value(value)}   (now {_value(_now(settings, key))})"
    found = remedy.answer.event or next(iter(remedy.answer.near), None)
    if found is not None:
        yield f"then: {_told(found)}"


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
    return f"{event.event_id}, {_told(event)}"


def _told(event: Event) -> str:
    label = name_text(event.label, event.score)
    named = label if event.label in (MOTION, UNKNOWN) else f"label {label}"
    end = "..." if event.ended_by is None else f"{event.end_s:.2f} s"
    return f"{event.start_s:.2f} to {end}, {named}"
