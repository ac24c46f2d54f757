"""What moved in a whole recording without becoming an event, and which gate stopped it.

Costs nothing while nothing moves, and a few microseconds a frame while something does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from motionapp.core.moment import Moment
from motionapp.core.motion import Motion
from motionapp.events.builder import TRIAL_S
from motionapp.events.eligibility.travel import MOST_BACKDATED_S
from motionapp.explain.gates import GATES, Evidence, Gate, evidence_of, rank
from motionapp.explain.verdicts import Verdict, verdicts
from motionapp.settings.tree import AnalysisSettings

MOST_REJECTIONS = 20

MOST_PENDING = 64
"""Stretches that may still turn out to be the beginning of an event; beyond it the oldest is
refused: an event is dated back by seconds, and a stretch has at least a pause around it."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A stretch in which something moved that did not become an event."""

    start_s: float
    end_s: float
    gate: Gate
    """Where it was stopped: of all that moved in it, what came furthest."""
    sentence: str
    """What the gate said, and which value of one setting would let it pass there."""
    nearness: float
    """How nearly it passed this gate, 0 to 1."""


@dataclass(slots=True)
class _Stretch:
    """Motion without an event, so far."""

    start_s: float
    end_s: float
    best: Evidence
    best_rank: tuple[int, float]


class Rejections:
    """Collects rejections of a recording, as a sink does moments: `accept` each, then ask.

    Memory is bounded: `most` rejections, `MOST_PENDING` stretches, one piece of evidence each
    (about 300 bytes), whatever the recording's length.

    Parameters
    ----------
    settings : AnalysisSettings
        Those that the moments are made with.
    most : int
        So many rejections are kept: those that came nearest to being an event.
    """

    def __init__(self, settings: AnalysisSettings, *, most: int = MOST_REJECTIONS) -> None:
        self._settings = settings
        self._most = most
        self._running: _Stretch | None = None
        self._pending: list[_Stretch] = []
        self._kept: list[_Stretch] = []
        self._open = 0
        self.count = 0
        """All that were refused, also those that are not kept."""

    def accept(self, moment: Moment) -> None:
        """Take note of a moment; the last one, without a frame, ends the recording."""
        self._open += len(moment.opened) - len(moment.closed)
        for event in moment.opened:
            self._became_event(event.start_s)
        if moment.frame is None:
            self._pause()
            self._settle(float("inf"))
            return
        now_s = moment.frame.pts_s
        if not self._open and _may_tell(moment.motion):
            evidence = evidence_of(moment, self._settings)
            self._extend(evidence, now_s + moment.frame.duration_s)
        if self._running and now_s - self._running.end_s > self._settings.events.pause_s:
            self._pause()
        if self._pending:
            self._settle(now_s - max(MOST_BACKDATED_S, TRIAL_S) - self._settings.events.persist_s)

    def rejections(self) -> Sequence[Rejection]:
        """Those that came nearest to being an event, in order of time."""
        kept = sorted(self._kept, key=lambda stretch: stretch.start_s)
        return tuple(self._rejection(stretch) for stretch in kept)

    def _extend(self, evidence: Evidence, end_s: float) -> None:
        how_far = rank(evidence, self._settings)
        if how_far[0] == GATES.index("noise"):
            return
        if self._running is None:
            self._running = _Stretch(evidence.pts_s, end_s, evidence, how_far)
            return
        self._running.end_s = end_s
        if how_far > self._running.best_rank:
            self._running.best, self._running.best_rank = evidence, how_far

    def _became_event(self, start_s: float) -> None:
        self._running = None
        self._pending = [stretch for stretch in self._pending if stretch.end_s < start_s]

    def _pause(self) -> None:
        if self._running is not None:
            self._pending.append(self._running)
            self._running = None
        if len(self._pending) > MOST_PENDING:
            self._refuse(self._pending.pop(0))

    def _settle(self, until_s: float) -> None:
        """What ended before can belong to no event any more."""
        while self._pending and self._pending[0].end_s <= until_s:
            self._refuse(self._pending.pop(0))

    def _refuse(self, stretch: _Stretch) -> None:
        self.count += 1
        self._kept.append(stretch)
        if len(self._kept) > self._most:
            self._kept.remove(min(self._kept, key=lambda s: (s.best_rank, s.end_s - s.start_s)))

    def _rejection(self, stretch: _Stretch) -> Rejection:
        number, nearness = stretch.best_rank
        said = verdicts(stretch.best, self._settings)[-1]
        sentence = f"{said.sentence} {_hint(said)}".rstrip()
        return Rejection(stretch.start_s, stretch.end_s, GATES[number], sentence, nearness)


def _hint(stop: Verdict) -> str:
    """What would have let it pass this gate; whether the next one would too was not tried."""
    if stop.passed or stop.setting is None or stop.needed is None:
        return ""
    value = str(stop.needed).lower() if isinstance(stop.needed, bool) else f"{stop.needed:.10g}"
    return f"{stop.setting} = {value} would let it pass here."


def _may_tell(motion: Motion) -> bool:
    """Whether anything but noise may have been seen; most pictures of a recording end here."""
    reasons = motion.reasons
    return bool(
        motion.regions
        or reasons.rejected_area
        or reasons.outside
        or reasons.share > reasons.light_share
        or reasons.light_offset
        or reasons.declined in ("light", "stirring", "clock")
    )
