"""Steadies a network's answers: one odd half second must not rename a movement."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np

from motionapp.core.clip import Prediction
from motionapp.core.event import UNKNOWN
from motionapp.core.window import TIME_TOLERANCE_S

SHORTEST_MEMORY_S = 0.5
"""Even unsmoothed, a label lasts until the next look..."""

LOOKS_MISSED = 2
"""... however seldom that is: whoever was forgotten before it was new, and never had a name."""


SURE_AFTER_S = 0.3
"""Until a body was looked at for so long it has no name: cars that pass give one odd answer."""


STEADY_AFTER_S = 2.0
"""Who did the same for so long most likely goes on: two strides of a walk, or a car that passes."""


class Smoother:
    """Averages each body's probabilities over the last seconds; looks at the past only.

    Parameters
    ----------
    labels : sequence of str
        In the order of `Prediction.probabilities`.
    smooth_s : float
        The mean reaches so far back from a body's newest answer; 0 takes the newest alone.
    threshold : float
        A mean probability below it is `unknown`, 0 to 1.
    cadence_s : float
        Seconds from one look at a body to the next, at least.
    """

    def __init__(
        self, labels: Sequence[str], *, smooth_s: float, threshold: float, cadence_s: float = 0.0
    ) -> None:
        self._labels = tuple(labels)
        self._smooth_s = smooth_s
        self._threshold = threshold
        self.lag_s = smooth_s / 2
        """How far a smoothed label stands behind what is to be seen."""
        self.forget_s = max(smooth_s, SHORTEST_MEMORY_S, LOOKS_MISSED * cadence_s)
        """A body without an answer for so long has no label any more."""
        self._answers: dict[int, deque[Prediction]] = {}
        self._first_s: dict[int, float] = {}
        self._named: dict[int, tuple[str, float]] = {}
        self._same: dict[int, tuple[str, float]] = {}
        """The last answer of each body's in a row, and since when it has been the same."""

    def restart(self) -> None:
        """Forget everybody: a new epoch, a rest, or another model."""
        self._answers.clear()
        self._first_s.clear()
        self._named.clear()
        self._same.clear()

    def step(self, predictions: Sequence[Prediction], pts_s: float) -> None:
        """Take note of the answers at a frame (often none), and forget who has gone.

        Parameters
        ----------
        predictions : sequence of Prediction
            Made at this frame.
        pts_s : float
            The frame's time.
        """
        for prediction in predictions:
            answers = self._answers.setdefault(prediction.subject_id, deque())
            answers.append(prediction)
            first_s = self._first_s.setdefault(prediction.subject_id, prediction.end_s)
            is_sure = prediction.end_s - first_s >= SURE_AFTER_S - TIME_TOLERANCE_S
            while prediction.end_s - answers[0].end_s > self._smooth_s:
                answers.popleft()
            self._named[prediction.subject_id] = self._name(answers, is_sure=is_sure)
            if self._same.get(prediction.subject_id, ("", 0.0))[0] != prediction.label:
                self._same[prediction.subject_id] = prediction.label, prediction.end_s
        gone = [
            subject_id
            for subject_id, answers in self._answers.items()
            if pts_s - answers[-1].end_s > self.forget_s
        ]
        for subject_id in gone:
            for memory in (self._answers, self._named, self._first_s, self._same):
                del memory[subject_id]

    def label_of(self, subject_id: int) -> tuple[str, float] | None:
        """What a body does and how probable that is; None while no network has looked at it."""
        return self._named.get(subject_id)

    def is_steady(self, subject_id: int, pts_s: float) -> bool:
        """Whether every answer of the last `STEADY_AFTER_S` seconds was the same."""
        same = self._same.get(subject_id)
        return same is not None and pts_s - same[1] >= STEADY_AFTER_S

    def _name(self, answers: Sequence[Prediction], *, is_sure: bool) -> tuple[str, float]:
        mean = np.mean([answer.probabilities for answer in answers], axis=0)
        best = int(np.argmax(mean))
        score = float(mean[best])
        none_of_them = 1.0 - float(mean.sum())  # what the reject output took, if there is one
        named = is_sure and score >= self._threshold and score >= none_of_them
        return (self._labels[best] if named else UNKNOWN), score
