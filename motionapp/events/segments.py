"""Who did what within one event: the history of one group becomes segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from motionapp.core.clip import Prediction
from motionapp.core.event import MOTION, UNKNOWN, Name, Segment
from motionapp.core.geometry import Box
from motionapp.core.track import Group
from motionapp.events.labels import LabelRuns, NamedStretch

MOST_TRAIL_POINTS = 64
"""A trail that grows beyond this loses every second point: memory is bounded, and a coarser way is
still all of the way."""

TRAIL_STEP_S = 0.2
"""Seconds between points of a trail while it is short."""


@dataclass(slots=True, eq=False)
class GroupHistory:
    """What one group did since an event opened or the group was born; memory is bounded."""

    group_id: int
    start_s: float
    box: Box
    end_s: float = 0.0
    track_ids: set[int] = field(default_factory=set)
    is_nobody: bool = False
    """A search has twice found no person in it."""
    is_faint: bool = False
    """It was called a person, and may as well be nobody: as long as that is so it has no name."""
    was_somebody: bool = False
    """It was a person without a doubt, and stays one where a search misses who is bent, say."""
    labels: LabelRuns = field(default_factory=LabelRuns)
    """Those of the network that decides."""
    beside: dict[str, LabelRuns] = field(default_factory=dict)
    """Those of each network where there are several, by the model's name."""
    _trail: list[tuple[float, float, float]] = field(default_factory=list)
    _trail_step_s: float = TRAIL_STEP_S

    def seen(self, group: Group, pts_s: float, until_s: float) -> None:
        """The group moves at `pts_s`, at least until `until_s`."""
        self.end_s = until_s
        self.box = self.box.union(group.box)
        self.track_ids.update(group.track_ids)
        self.is_nobody = group.is_nobody
        self.was_somebody = self.was_somebody or (group.person > 0 and not group.is_faint)
        is_gone = group.is_nobody or (self.is_faint and not group.person)
        if is_gone and not self.was_somebody:
            # What it was called before was no movement of anybody's.
            self.labels, self.beside = LabelRuns(), {}
        self.is_faint = group.is_faint
        if not self._trail or pts_s - self._trail[-1][0] >= self._trail_step_s:
            self._trail.append((pts_s, *group.box.centre))
            if len(self._trail) > MOST_TRAIL_POINTS:
                self._trail = self._trail[::2]
                self._trail_step_s *= 2

    def named(self, predictions: Sequence[Prediction], label: str, score: float) -> bool:
        """A look of the deciding network gave `predictions`, and after smoothing `label`.

        Returns
        -------
        bool
            Whether the label is another one than before.
        """
        return self.labels.named(predictions, label, score, start_s=self.start_s, end_s=self.end_s)

    def named_beside(
        self, model: str, predictions: Sequence[Prediction], label: str, score: float
    ) -> None:
        """A look of one of several networks over the same bodies."""
        labels = self.beside.setdefault(model, LabelRuns())
        labels.named(predictions, label, score, start_s=self.start_s, end_s=self.end_s)

    def continued(self, now_s: float) -> GroupHistory:
        """The history of the same group in an event that begins now."""
        beside = {model: labels.continued(now_s) for model, labels in self.beside.items()}
        return GroupHistory(
            self.group_id, now_s, self.box, is_faint=self.is_faint, was_somebody=self.was_somebody,
            labels=self.labels.continued(now_s), beside=beside,
        )  # fmt: skip

    def segments(self) -> list[Segment]:
        """The history as segments, without those of no length."""
        named = [] if self.is_faint else self.labels.until(self.end_s)
        deciding = named or [NamedStretch(MOTION, None, self.start_s, self.end_s)]
        return [
            Segment(
                label=run.label,
                score=run.score,
                start_s=run.start_s,
                end_s=run.end_s,
                group=self.group_id,
                track_ids=tuple(sorted(self.track_ids)),
                box=self.box,
                trail=tuple(p for p in self._trail if run.start_s <= p[0] < run.end_s),
                names=self._names(run),
            )
            for run in deciding
            # What was called otherwise at once, or not seen to go on, nobody did for any time.
            if run.end_s > run.start_s
        ]

    def _names(self, run: NamedStretch) -> tuple[Name, ...]:
        """What each network called it meanwhile; empty where one looks alone."""
        return tuple(
            Name(model, *labels.main_between(run.start_s, run.end_s, until_s=self.end_s))
            for model, labels in self.beside.items()
            if not self.is_faint
        )


def continued(history: GroupHistory | None, group: Group, now_s: float) -> GroupHistory:
    """The history of a group in the event that follows one of full length."""
    if history is None:
        return GroupHistory(group.group_id, now_s, group.box)
    # Where it was is in the event before.
    history.box = group.box
    return history.continued(now_s)


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
    # A name tells more than that there was none, however short it held.
    names = [label for label in seconds if label not in (MOTION, UNKNOWN)]
    # That a network looked, in vain, tells more than that none did.
    if not names:
        names = [label for label in (UNKNOWN, MOTION) if label in seconds][:1] or [MOTION]
    best = max(names, key=lambda label: seconds.get(label, 0.0))  # the first of equals
    if best == MOTION or not seconds.get(best):
        return best, None
    return best, weighed[best] / seconds[best]


def by_group(predictions: Sequence[Prediction]) -> dict[int, list[Prediction]]:
    """Predictions by the body that they are of."""
    own: dict[int, list[Prediction]] = {}
    for prediction in sorted(predictions, key=lambda prediction: prediction.subject_id):
        own.setdefault(prediction.subject_id, []).append(prediction)
    return own
