"""What is left of right and wrong names once unlikely ones are declined: `unknown`, as at run time.

Knows probabilities and a threshold; what the recordings are called is known to `scores`.

References
----------
Chow, "On optimum recognition error and reject tradeoff", IEEE Transactions on Information Theory
16(1), 1970: errors are told beside what was declined. Scheirer, Rocha, Sapkota, Boult, "Toward
open set recognition", PAMI 35(7), 2013: and on what belongs to no class, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


def is_named(probabilities: NDArray[np.float32], threshold: float) -> NDArray[np.bool_]:
    """Which windows have a name: the rule of `OnnxRecogniser`, window by window.

    Parameters
    ----------
    probabilities : ndarray of float32, shape (windows, labels)
        What the labels lack to 1 is the reject output's share.
    threshold : float
        0 to 1.

    Returns
    -------
    ndarray of bool, shape (windows,)
    """
    best = probabilities.max(axis=1, initial=0.0)
    named: NDArray[np.bool_] = (best >= threshold) & (best >= 1 - probabilities.sum(axis=1))
    return named


@dataclass(slots=True)
class Tally:
    """Counts windows after rejection, of recordings with a name and of those without."""

    threshold: float
    right: int = 0
    wrong: int = 0
    unknown: int = 0
    false_names: int = 0
    """Windows that have a name and should have none ..."""
    nameless: int = 0
    """... of so many that should have none."""

    def add_known(self, probabilities: NDArray[np.float32], truth: int) -> None:
        """The windows of a recording that shows the label number `truth`."""
        named = is_named(probabilities, self.threshold)
        is_right = probabilities.argmax(1) == truth
        self.right += int(np.sum(named & is_right))
        self.wrong += int(np.sum(named & ~is_right))
        self.unknown += int(np.sum(~named))

    def add_nameless(self, probabilities: NDArray[np.float32]) -> int:
        """The windows of a recording that shows none of the labels; how many have a name."""
        count = int(np.sum(is_named(probabilities, self.threshold)))
        self.false_names += count
        self.nameless += len(probabilities)
        return count

    def document(self) -> dict[str, Any]:
        """Shares, 0 to 1; None where there are no windows to take them of."""
        known = self.right + self.wrong + self.unknown
        return {
            "threshold": self.threshold,
            "right": share(self.right, known),
            "wrong": share(self.wrong, known),
            "unknown": share(self.unknown, known),
            "false_names": share(self.false_names, self.nameless),
        }


def most_named(
    probabilities: NDArray[np.float32], labels: Iterable[str], threshold: float
) -> str | None:
    """The name that most windows have; None where none has one, the first of equals."""
    chosen = probabilities[is_named(probabilities, threshold)]
    if not len(chosen):
        return None
    listed = list(labels)
    return listed[int(np.bincount(chosen.argmax(1), minlength=len(listed)).argmax())]


def share(part: int, whole: int) -> float | None:
    """A part of a whole, 0 to 1; None where there is no whole."""
    return round(part / whole, 4) if whole else None
