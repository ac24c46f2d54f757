"""Why there was no event at an instant of the last minutes: what gates said, second by second."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from motionapp.core.event import Event
from motionapp.core.moment import Moment
from motionapp.core.wording import name_text
from motionapp.explain.gates import Evidence, evidence_of, rank
from motionapp.explain.verdicts import Verdict, verdicts
from motionapp.settings import AnalysisSettings

KEPT_S: Final = 900
"""Who looks at the page after something was missed does so within a quarter of an hour; a second
takes some 2 kB."""
WITHIN_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class _Second:
    at_utc: datetime
    evidence: Evidence
    settings: AnalysisSettings
    """Those that were in force."""
    rank: tuple[int, float]


@dataclass(frozen=True, slots=True)
class _Known:
    """An event, as far as it is told of: whole ones hold trails of minutes."""

    event_id: str
    begun: datetime
    ended: datetime | None
    name: str


class Reasons:
    """A sink that keeps of each second the moment that came nearest to an event.

    Parameters
    ----------
    settings : callable
        Those in force.
    """

    def __init__(self, settings: Callable[[], AnalysisSettings]) -> None:
        self._settings = settings
        self._seconds: deque[_Second] = deque(maxlen=KEPT_S)
        self._events: deque[_Known] = deque(maxlen=KEPT_S)

    def accept(self, moment: Moment) -> None:
        """Take note of a moment."""
        frame = moment.frame
        start = None if frame is None else frame.epoch.start_utc
        if start is not None:
            for event in moment.opened:
                begun = start + timedelta(seconds=event.start_s)
                self._events.append(_Known(event.event_id, begun, None, event.label))
        for event in moment.closed:
            self._close(event)
        if frame is None or start is None or not moment.looked:
            return
        settings = self._settings()
        evidence = evidence_of(moment, settings)
        at_utc = start + timedelta(seconds=frame.pts_s)
        second = _Second(at_utc, evidence, settings, rank(evidence, settings))
        last = self._seconds[-1] if self._seconds else None
        if last is None or at_utc.replace(microsecond=0) != last.at_utc.replace(microsecond=0):
            self._seconds.append(second)
        elif second.rank > last.rank:
            self._seconds[-1] = second

    def close(self) -> None:
        """There is nothing to publish."""

    def abandon(self) -> None:
        """Nor to remove."""

    def answer(self, at_utc: datetime) -> dict[str, Any]:
        """What became of an instant: ``event``, ``sentence`` and ``verdicts``.

        Parameters
        ----------
        at_utc : datetime
            With its zone.
        """
        for known in self._events:
            if known.begun <= at_utc and (known.ended is None or at_utc <= known.ended):
                sentence = f"There was an event: {known.name}."
                return {"event": known.event_id, "sentence": sentence, "verdicts": []}
        near = [
            second
            for second in self._seconds
            if abs((second.at_utc - at_utc).total_seconds()) <= WITHIN_S
        ]
        if not near:
            return {"event": None, "sentence": self._unknown(at_utc), "verdicts": []}
        best = max(near, key=lambda second: second.rank)
        said = verdicts(best.evidence, best.settings)
        sentence = said[-1].sentence if said else "Nothing moved."
        return {
            "event": None,
            "sentence": sentence,
            "verdicts": [_document(verdict) for verdict in said],
        }

    def _close(self, event: Event) -> None:
        for number, known in enumerate(self._events):
            if known.event_id == event.event_id:
                ended = known.begun + timedelta(seconds=event.duration_s)
                name = name_text(event.label, event.score)
                self._events[number] = replace(known, ended=ended, name=name)

    def _unknown(self, at_utc: datetime) -> str:
        if not self._seconds:
            return "There are no pictures yet."
        if at_utc < self._seconds[0].at_utc:
            return f"That is too long ago: the last {KEPT_S // 60} minutes are known."
        return "There were no pictures."


def _document(verdict: Verdict) -> dict[str, Any]:
    return {
        "gate": verdict.gate,
        "measured": round(float(verdict.measured), 4),
        "threshold": round(float(verdict.threshold), 4),
        "unit": verdict.unit,
        "passed": verdict.passed,
        "sentence": verdict.sentence,
        "setting": verdict.setting,
        "needed": verdict.needed,
    }
