"""What one network called one body over time: labels in a row, each from where its clips begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from motionapp.core.clip import Prediction
from motionapp.core.event import MOTION, UNKNOWN
from motionapp.core.window import TIME_TOLERANCE_S

MOST_RUNS = 64
"""Labels in a row of one group in one event. Beyond it the shortest one's time goes to the label
before it: a network that wavers at every look would give 3750 segments in ten minutes."""

MIXED = 2.0
"""Spans of a clip. A clip across a border shows both movements, and networks call such a mixture
anything: from the last clip that is all of the one to the first that is all of the other it is one
span, and two where either begins or ends unlike itself."""

TOLD_S = 0.3
"""Clips that all say otherwise for so long are no slip: as long as a new body has no name."""


class NamedStretch(NamedTuple):
    """A label and for how long it held."""

    label: str
    score: float | None
    start_s: float
    end_s: float


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
class _Otherwise:
    """The newest clips, of which none has the raw label that holds."""

    first_s: float
    """The centre of the first of them..."""
    last_s: float
    """... and of the last."""
    score_sum: float = 0.0
    looks: int = 0


@dataclass(slots=True, eq=False)
class LabelRuns:
    """The labels of one body by one network; memory is bounded."""

    runs: list[_Run] = field(default_factory=list)
    _supporting: tuple[str, float] | None = None
    """The raw label of the newest clips in a row, and the centre of the first of them."""
    _otherwise: _Otherwise | None = None
    _first_centre_s: float | None = None
    """The centre of the first clip of all."""
    _said_s: dict[str, float] = field(default_factory=dict)
    """The centre of the newest clip of each raw label."""
    _span_s: float = 0.0
    """Of the newest clip."""

    def named(
        self,
        predictions: Sequence[Prediction],
        label: str,
        score: float,
        *,
        start_s: float,
        end_s: float,
    ) -> bool:
        """A look at the group gave `predictions`, and after smoothing `label`.

        Parameters
        ----------
        predictions : sequence of Prediction
            The group's own, made at this frame.
        label : str
        score : float
        start_s, end_s : float
            Since when the group is known, and until when it was seen.

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
            self._said_s[prediction.label] = prediction.centre_s
            self._span_s = prediction.end_s - prediction.start_s
        is_new = not self.runs or self.runs[-1].label != label
        if is_new:
            self._turn_to(label, start_s, end_s)
        run = self.runs[-1]
        run.score_sum += score
        run.looks += 1
        for prediction in predictions:
            self._note_whether_otherwise(prediction, is_new=is_new)
        return is_new

    def _note_whether_otherwise(self, prediction: Prediction, *, is_new: bool) -> None:
        if is_new or prediction.label == self.runs[-1].label:
            self._otherwise = None
            return
        centre_s = prediction.centre_s
        if self._otherwise is None:
            self._otherwise = _Otherwise(centre_s, centre_s)
        self._otherwise.last_s = centre_s
        self._otherwise.score_sum += prediction.score
        self._otherwise.looks += 1

    def _turn_to(self, label: str, born_s: float, end_s: float) -> None:
        mixed_s, start_s = self._start_of(label, born_s, end_s)
        # Between two names the mean declines for a moment, which belongs to them. And what has held
        # for no time is nothing, and would stand between two stretches of one name.
        while self.runs and self.runs[-1].start_s >= (
            mixed_s if self.runs[-1].label == UNKNOWN else start_s
        ):
            self.runs.pop()
        # Once unsure stretches are taken back, the same name may stand last: then it went on.
        if not self.runs or self.runs[-1].label != label:
            self.runs.append(_Run(label, start_s))
        if len(self.runs) > MOST_RUNS:
            self._give_up_shortest()

    def _give_up_shortest(self) -> None:
        # The last one still goes on, and before the first there is none to take its time.
        inner = range(1, len(self.runs) - 1)
        at = min(inner, key=lambda i: self.runs[i + 1].start_s - self.runs[i].start_s)
        del self.runs[at]
        before, after = self.runs[at - 1 : at + 1]
        if before.label == after.label:
            before.score_sum += after.score_sum
            before.looks += after.looks
            del self.runs[at]

    def _start_of(self, label: str, born_s: float, end_s: float) -> tuple[float, float]:
        """Since when clips may show two movements, and where the second of them begins."""
        if not self.runs:
            return born_s, born_s
        # A name that has been told keeps its time: nothing that comes after it reaches back.
        named = [run for run in self.runs[-2:] if run.label != UNKNOWN]
        earliest_s = max((run.start_s for run in named), default=self.runs[0].start_s)
        if self._supporting == (label, self._first_centre_s):
            return earliest_s, earliest_s  # what was unknown until now was only not sure yet
        # Smoothing is late: it was that already when clips began to say so. If the newest do not,
        # only the mean turned, and from now on; the other name still ends with its last clip.
        first_s = end_s
        if self._supporting is not None and self._supporting[0] == label:
            first_s = self._supporting[1]
        last_s = self._last_of(named[-1].label, first_s) if named and label != UNKNOWN else first_s
        return max(earliest_s, last_s), max(earliest_s, (last_s + first_s) / 2)

    def _last_of(self, label: str, next_s: float) -> float:
        """The centre of the last clip of a label, if from `next_s` on they are of another one and
        those between may show both; else `next_s`."""
        last_s = self._said_s.get(label, next_s)
        is_near = 0 < next_s - last_s <= MIXED * self._span_s + TIME_TOLERANCE_S
        return last_s if is_near else next_s

    def _declined(self) -> list[_Run]:
        """The newest clips, where they do not show any more what their mean still says: whoever
        sits down and is still from then on would have walked until the end."""
        newest = self._otherwise
        if newest is None or self.runs[-1].label == UNKNOWN:
            return []
        start_s = (self._last_of(self.runs[-1].label, newest.first_s) + newest.first_s) / 2
        if newest.last_s - newest.first_s < TOLD_S or start_s <= self.runs[-1].start_s:
            return []
        return [_Run(UNKNOWN, start_s, newest.score_sum, newest.looks)]

    def continued(self, start_s: float) -> LabelRuns:
        """The last label alone, in an event that begins at `start_s`."""
        return LabelRuns([self.runs[-1].continued(start_s)] if self.runs else [])

    def until(self, end_s: float) -> list[NamedStretch]:
        """The labels in the order of time; until `end_s` at most, as the last one does."""
        runs = [*self.runs, *self._declined()]
        ends = [min(run.start_s, end_s) for run in runs[1:]] + [end_s] * bool(runs)
        return [
            NamedStretch(run.label, run.score, run.start_s, max(run.start_s, to_s))
            for run, to_s in zip(runs, ends, strict=True)
        ]

    def main_between(
        self, from_s: float, to_s: float, *, until_s: float
    ) -> tuple[str, float | None]:
        """The label with most seconds of a stretch, the first of equals, and its score."""
        seconds: dict[tuple[str, float | None], float] = {(MOTION, None): 0.0}
        for run in self.until(until_s):
            shared_s = min(run.end_s, to_s) - max(run.start_s, from_s)
            if shared_s > 0:
                key = run.label, run.score
                seconds[key] = seconds.get(key, 0.0) + shared_s
        return max(seconds, key=lambda key: seconds[key])
