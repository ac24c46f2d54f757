"""How much moved, over time: a bounded number of bins, however long the recording is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FIRST_WIDTH_S: Final = 1 / 16
"""A power of two, so that doubling it is exact; a walker's step takes about eight of them."""
MOST_BINS: Final = 1200
"""Kept while reading; 600 of them are drawn at most, so a bin is never wider than twice a pixel."""


@dataclass(frozen=True, slots=True)
class Activity:
    """The strongest motion in each of a row of equal stretches of time."""

    from_s: float = 0.0
    """Where the first stretch begins."""
    width_s: float = FIRST_WIDTH_S
    strengths: tuple[float | None, ...] = ()
    """None where there was no picture."""

    @property
    def to_s(self) -> float:
        """Where the last stretch ends."""
        return self.from_s + self.width_s * len(self.strengths)

    def folded(self, at_most: int) -> Activity:
        """The same with at most so many stretches, each as wide as several of these."""
        factor = max(1, -(-len(self.strengths) // at_most))
        strengths = tuple(
            _strongest(self.strengths[first : first + factor])
            for first in range(0, len(self.strengths), factor)
        )
        return Activity(self.from_s, self.width_s * factor, strengths)


class ActivityBins:
    """Collects the strength of motion, in bins that become wider as the recording goes on.

    Each bin keeps the strongest: a short event in a long recording stays visible, and widening
    twice gives what widening once by four would have given.
    """

    def __init__(self) -> None:
        self._from_s: float | None = None
        self._width_s = FIRST_WIDTH_S
        self._strengths: list[float | None] = []

    def add(self, from_s: float, to_s: float, strength: float) -> None:
        """Note that motion was so strong from one time to another, in order of time.

        Parameters
        ----------
        from_s, to_s : float
            Seconds; what lies before the first time noted is left out.
        strength : float
            As in `Motion.strength`; at least 0.
        """
        if self._from_s is None:
            self._from_s = from_s
        first_s, last_s = from_s - self._from_s, max(from_s, to_s) - self._from_s
        while last_s > self._width_s * MOST_BINS:
            self._widen()
        first = max(0, int(first_s / self._width_s))
        # Half-open: a picture that ends where a bin begins says nothing about that bin.
        last = max(first, -int(-last_s // self._width_s) - 1)
        last = min(last, MOST_BINS - 1)
        first = min(first, last)
        self._strengths += [None] * (last + 1 - len(self._strengths))
        for index in range(first, last + 1):
            there = self._strengths[index]
            self._strengths[index] = strength if there is None else max(there, strength)

    def activity(self) -> Activity:
        """What has been collected so far."""
        return Activity(self._from_s or 0.0, self._width_s, tuple(self._strengths))

    def _widen(self) -> None:
        self._width_s *= 2
        self._strengths = [
            _strongest(self._strengths[first : first + 2])
            for first in range(0, len(self._strengths), 2)
        ]


def _strongest(strengths: list[float | None] | tuple[float | None, ...]) -> float | None:
    return max((each for each in strengths if each is not None), default=None)
