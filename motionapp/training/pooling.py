"""What a step learns from: windows each by itself, or those of a recording together.

Where only a recording is labelled, not all of its windows show what it is called after: before a
punch, somebody stands there. Pooled, a recording is asked about as a whole, and each output counts
by the windows that speak loudest for it; which ones those are is found out on the way.

References
----------
Dietterich, Lathrop, Lozano-Pérez, "Solving the multiple instance problem with axis-parallel
rectangles", Artificial Intelligence 89, 1997.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

LOOKS: Final = 8
"""Windows that are asked about together, one from each eighth of what there is."""

LOUDEST: Final = 4
"""So many of them speak for an output."""


@dataclass(frozen=True, slots=True, eq=False)
class Bags:
    """Which windows belong together."""

    numbers: NDArray[np.int64]
    """The bag that each window is in, shape (windows,)."""
    pooled: NDArray[np.bool_]
    """Whether the label is the bag's only, and not each of its windows', shape (bags,)."""

    @classmethod
    def of(
        cls,
        answers: NDArray[np.int64],
        recordings: NDArray[np.int64],
        shares: NDArray[np.float64],
    ) -> Bags:
        """A recording's windows are a bag; so are those that are sure of one answer, and as likely.

        Parameters
        ----------
        answers : array of int64
            The output that is right for each window.
        recordings : array of int64
            Whose label each has, from 0; -1 where it is the window's own.
        shares : array of float64
            How likely each is to be drawn.
        """
        keys = np.column_stack([recordings, answers, shares])
        values, numbers = np.unique(keys, axis=0, return_inverse=True)
        return cls(numbers.reshape(-1).astype(np.int64), values[:, 0] >= 0)


class Lesson(Protocol):
    """Draws the windows of a step, and says how wrong the answers to them are."""

    def draw(self, windows: int, drawing: np.random.Generator) -> NDArray[np.int64]:
        """About so many windows, by their places."""
        ...

    def loss(
        self, answers: torch.Tensor, right: torch.Tensor, drawn: NDArray[np.int64]
    ) -> torch.Tensor:
        """How wrong the bare answers to `drawn` are; `right` has an output for each."""
        ...


class EachWindow:
    """Every window has its recording's label.

    Parameters
    ----------
    shares : array of float64
        How often each window is drawn; adds up to 1.
    smoothing : float
        Of the labels.
    """

    def __init__(self, shares: NDArray[np.float64], smoothing: float) -> None:
        self._shares = shares
        self._smoothing = smoothing

    def draw(self, windows: int, drawing: np.random.Generator) -> NDArray[np.int64]:
        """So many windows, each by itself."""
        return drawing.choice(len(self._shares), windows, p=self._shares)

    def loss(
        self, answers: torch.Tensor, right: torch.Tensor, drawn: NDArray[np.int64]
    ) -> torch.Tensor:
        """The mean over windows."""
        return functional.cross_entropy(answers, right, label_smoothing=self._smoothing)


class Loudest:
    """Only a bag of windows has the label: each output counts by the windows loudest for it.

    Parameters
    ----------
    bags : Bags
    shares : array of float64
        How often each window is drawn, bags as often as their windows together; adds up to 1.
    smoothing : float
        Of the labels.
    """

    def __init__(self, bags: Bags, shares: NDArray[np.float64], smoothing: float) -> None:
        self._bags = bags
        self._shares = shares
        self._smoothing = smoothing
        self._order = np.argsort(bags.numbers, kind="stable")
        self._counts = np.bincount(bags.numbers)
        self._firsts = np.cumsum(self._counts) - self._counts

    def draw(self, windows: int, drawing: np.random.Generator) -> NDArray[np.int64]:
        """`LOOKS` windows each of some bags, from one end of the bag to the other."""
        seeds = drawing.choice(len(self._shares), max(1, windows // LOOKS), p=self._shares)
        drawn = self._bags.numbers[seeds][:, np.newaxis]
        places = (np.arange(LOOKS) + drawing.random((len(seeds), LOOKS))) / LOOKS
        within = (places * self._counts[drawn]).astype(np.int64)
        chosen: NDArray[np.int64] = self._order[self._firsts[drawn] + within].reshape(-1)
        return chosen

    def loss(
        self, answers: torch.Tensor, right: torch.Tensor, drawn: NDArray[np.int64]
    ) -> torch.Tensor:
        """The mean over bags; of one whose windows are sure, over its windows."""
        outputs = answers.shape[1]
        loudest = answers.reshape(-1, LOOKS, outputs).topk(LOUDEST, dim=1).values.mean(1)
        smoothing = self._smoothing
        together = functional.cross_entropy(
            loudest, right[::LOOKS], label_smoothing=smoothing, reduction="none"
        )
        apart = functional.cross_entropy(
            answers, right, label_smoothing=smoothing, reduction="none"
        ).reshape(-1, LOOKS)
        pooled = torch.from_numpy(self._bags.pooled[self._bags.numbers[drawn[::LOOKS]]])
        return torch.where(pooled, together, apart.mean(1)).mean()
