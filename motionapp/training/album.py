"""Keeps the windows that were named most confidently wrong, with what the network saw of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motionapp.recognition.dataset import DataSet, Sample
from motionapp.training.named import Named
from motionapp.training.rejection import is_named
from motionapp.training.windows import Maps, Windows

MOST: Final = 20
MOST_OF_ONE: Final = 2
"""Windows of one recording, or stretch, that do not overlap: twenty of one show one mistake."""


@dataclass(frozen=True, slots=True, eq=False)
class Wrong:
    """A window that has a wrong name."""

    sample: Sample
    said: str
    """What it was named."""
    score: float
    """How probable that was, 0 to 1."""
    start_s: float
    end_s: float
    maps: Maps
    """What the network saw, shape (side, side, channels)."""

    @property
    def middle_s(self) -> float:
        """When a picture shows what happened."""
        return (self.start_s + self.end_s) / 2

    def document(self) -> dict[str, Any]:
        """For the figures."""
        return {
            "path": self.sample.name,
            "label": self.sample.label,
            "group": self.sample.fold_group,
            "predicted": self.said,
            "score": round(self.score, 4),
            "start_s": round(self.start_s, 3),
            "end_s": round(self.end_s, 3),
        }


class Album:
    """The worst windows of recordings, which are added one after the other.

    Parameters
    ----------
    most : int
        How many are kept.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: list[Wrong] = []

    @property
    def wrongs(self) -> tuple[Wrong, ...]:
        """The most confident first; of equals, the first that was added."""
        return tuple(self._kept)

    def add(self, one: Named, labels: Sequence[str], threshold: float, maps: Maps) -> None:
        """Keep what belongs here of a recording's windows.

        Parameters
        ----------
        one : Named
            With times; without, nothing can be shown.
        labels : sequence of str
            In the order of the probabilities.
        threshold : float
            Below it a window is `unknown`. One of a recording that has a name is wrong by its best
            label; one of nothing that has a name is wrong where it got one.
        maps : ndarray, shape (windows, side, side, channels)
        """
        if one.times_s is None:
            return
        for row in worst_rows(one, labels, threshold):
            best = int(one.probabilities[row].argmax())
            self._kept.append(
                Wrong(
                    sample=one.sample,
                    said=labels[best],
                    score=float(one.probabilities[row, best]),
                    start_s=float(one.times_s[row, 0]),
                    end_s=float(one.times_s[row, 1]),
                    maps=maps[row].copy(),  # a view would hold the windows of the whole data set
                )
            )
        self._kept = sorted(self._kept, key=lambda wrong: -wrong.score)[: self._most]

    def add_all(
        self,
        named: Sequence[Named],
        data: DataSet,
        windows: Windows,
        labels: Sequence[str],
        threshold: float,
    ) -> None:
        """Keep what belongs here of recordings of a data set, whose windows are at hand.

        Parameters
        ----------
        named : sequence of Named
            With all windows of their recordings, in the order of `windows`.
        data : DataSet
        windows : Windows
        labels : sequence of str
            See `add`.
        threshold : float
            See `add`.
        """
        numbers = {sample: number for number, sample in enumerate(data.samples)}
        for one in named:
            of_one = np.nonzero(windows.samples == numbers[one.sample])[0]
            self.add(one, labels, threshold, windows.maps[of_one])

    def document(self) -> list[dict[str, Any]]:
        """For the figures."""
        return [wrong.document() for wrong in self._kept]


def worst_rows(one: Named, labels: Sequence[str], threshold: float) -> list[int]:
    """The wrong windows of a recording with the best scores, no two of which overlap.

    Parameters
    ----------
    one : Named
        With times.
    labels : sequence of str
    threshold : float
        See `Album.add`.

    Returns
    -------
    list of int
        At most `MOST_OF_ONE`, the best score first.
    """
    if one.times_s is None or not len(one.probabilities):
        return []
    chosen: list[int] = []
    scores = one.probabilities.max(1)
    wrong = np.nonzero(_is_wrong(one, labels, threshold))[0]
    for row in wrong[np.argsort(-scores[wrong], kind="stable")]:
        start_s, end_s = one.times_s[row]
        apart = all(
            end_s <= one.times_s[other, 0] or start_s >= one.times_s[other, 1] for other in chosen
        )
        if apart:
            chosen.append(int(row))
        if len(chosen) == MOST_OF_ONE:
            break
    return chosen


def _is_wrong(one: Named, labels: Sequence[str], threshold: float) -> NDArray[np.bool_]:
    if not one.has_name:
        return is_named(one.probabilities, threshold)
    wrong: NDArray[np.bool_] = one.probabilities.argmax(1) != list(labels).index(one.sample.label)
    return wrong
