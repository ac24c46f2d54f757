"""Who did what within one event: the history of one group becomes segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from motionapp.core.clip import Prediction
from motionapp.core.event import MOTION, UNKNOWN, Segment
from motionapp.core.geometry import Box
from motionapp.core.track import Group

MOST_TRAIL_POINTS = 64
"""A trail that grows beyond this loses every second point."""

MOST_RUNS = 64
"""Labels in a row of one group in one event. Beyond it the shortest one's time goes to the label
before it: a network that wavers at every look would give 3750 segments in ten minutes."""

TRAIL_STEP_S = 0.2
"""Seconds between points of a trail while it is short."""


@dataclass(slots=True, eq=False)
class _Run:
    """One label for a while."""

    label: str
    start_s: float
    score_sum: float = 0.0
    looks: int = 0

    @property
    def score(self) -> float | None:
        """Mean probability of the label; None where no classifier looked."""
        return self.score_sum / self.looks if self.looks else None

    def continued(self, start_s: float) -> _Run:
        """The same label in an event that begins at `start_s`; its score counts as one look."""
        score = self.score
        return _Run(self.label, start_s) if score is None else _Run(self.label, start_s, score, 1)


@dataclass(slots=True, eq=False)
class GroupHistory:
    """What one group did since an event opened or the group was born; memory is bounded."""

    group_id: int
    start_s: float
    box: Box
    end_s: float = 0.0
    track_ids: set[int] = field(default_factory=set)
    runs: list[_Run] = field(default_factory=list)
    _trail: list[tuple[float, float, float]] = field(default_factory=list)
    _trail_step_s: float = TRAIL_STEP_S
    _supporting: tuple[str, float] | None = None
    """The raw label of the newest clips in a row, and the centre of the first of them."""
    _first_centre_s: float | None = None
    """The centre of the first clip of all."""

    def seen(self, group: Group, pts_s: float, until_s: float) -> None:
        """The group moves at `pts_s`, at least until `until_s`."""
        self.end_s = until_s
        self.box = self.box.union(group.box)
        self.track_ids.update(group.track_ids)
        if not self._trail or pts_s - self._trail[-1][0] >= self._trail_step_s:
            self._trail.append((pts_s, *group.box.centre))
            if len(self._trail) > MOST_TRAIL_POINTS:
                self._trail = self._trail[::2]
                self._trail_step_s *= 2

    def named(self, predictions: Sequence[Prediction], label: str, score: float) -> bool:
        """A look at the group gave `predictions`, and after smoothing `label`.

        Returns
        -------
        bool
            Whether the label is another one than before.
        """
        for prediction in predictions:
            if self._first_centre_s is None:
                self._first_centre_s = prediction.centre_s
            if self._supporting is None or self._supporting[0] != prediction.label:
                self._supporting = (prediction.label, prediction.centre_s)
        is_new = not self.runs or self.runs[-1].label != label
        if is_new:
            self._turn_to(label)
        run = self.runs[-1]
        run.score_sum += score
        run.looks += 1
        return is_new

    def _turn_to(self, label: str) -> None:
        start_s = self._start_of(label)
        # Between two names the mean declines for a moment, which belongs to the second one.
        while self.runs and self.runs[-1].label == UNKNOWN and self.runs[-1].start_s >= start_s:
            self.runs.pop()
        if not self.runs or self.runs[-1].label != label:
            self.runs.append(_Run(label, start_s))
        if len(self.runs) > MOST_RUNS:
            self._give_up_shortest()

    def _give_up_shortest(self) -> None:
        inner = range(1, len(self.runs) - 1)
        at = min(inner, key=lambda i: self.runs[i + 1].start_s - self.runs[i].start_s)
        del self.runs[at]
        before, after = self.runs[at - 1 : at + 1]
        if before.label == after.label:
            before.score_sum += after.score_sum
            before.looks += after.looks
            del self.runs[at]

    def _start_of(self, label: str) -> float:
        """The first supporting clip's centre; the first label counts from the group's start."""
        if not self.runs or self._supporting == (label, self._first_centre_s):
            return self.start_s  # what was unknown until now was only not sure yet
        named = [run.start_s for run in self.runs[-2:] if run.label != UNKNOWN]
        earliest_s = max(named, default=self.runs[0].start_s)
        if self._supporting is not None and self._supporting[0] == label:
            return max(earliest_s, self._supporting[1])
        return max(earliest_s, self.end_s)

    def segments(self) -> list[Segment]:
        """The history as segments, without those of no length."""
        runs = self.runs or [_Run(MOTION, self.start_s)]
        ends = [run.start_s for run in runs[1:]] + [max(self.end_s, runs[-1].start_s)]
        return [
            Segment(
                label=run.label,
                score=run.score,
                start_s=run.start_s,
                end_s=end_s,
                group=self.group_id,
                track_ids=tuple(sorted(self.track_ids)),
                box=self.box,
                trail=tuple(p for p in self._trail if run.start_s <= p[0] < end_s),
            )
            for run, end_s in zip(runs, ends, strict=True)
            if end_s > run.start_s
        ]


def main_label(segments: Sequence[Segment]) -> tuple[str, float | None]:
    """The label of an event: the one with most seconds, and its mean score by seconds.

    Parameters
    ----------
    segments : sequence of Segment
        In order of time.

    Returns
    -------
    label : str
        `unknown` only if no name was found, `motion` only if no classifier looked; ties go to the
        label that came first.
    score : float or None
        0 to 1; None for `motion`.
    """
    seconds: dict[str, float] = {}
    weighed: dict[str, float] = {}
    for segment in segments:
        seconds[segment.label] = seconds.get(segment.label, 0.0) + segment.duration_s
        share = (segment.score or 0.0) * segment.duration_s
        weighed[segment.label] = weighed.get(segment.label, 0.0) + share
    names = [label for label in seconds if label not in (MOTION, UNKNOWN)]
    if not names:
        names = [label for label in (UNKNOWN, MOTION) if label in seconds][:1] or [MOTION]
    best = max(names, key=lambda label: seconds.get(label, 0.0))  # the first of equals
    if best == MOTION or not seconds.get(best):
        return best, None
    return best, weighed[best] / seconds[best]
