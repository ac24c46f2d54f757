"""How much moves when: a curve over a recording, as fine as memory allows. No Qt."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

FINEST_S: Final = 0.1
MOST_BINS: Final = 1 << 16
"""Of 4 bytes. At a tenth of a second they hold 1.8 hours; what is longer is kept coarser."""
UNSEEN: Final = -1.0
"""Where nobody has looked yet."""


class Activity:
    """The strongest motion within each short stretch of time."""

    def __init__(self) -> None:
        self._bin_s = FINEST_S
        self._bins = np.full(64, UNSEEN, np.float32)

    @property
    def bin_s(self) -> float:
        """How long the stretches are."""
        return self._bin_s

    def clear(self) -> None:
        """Forget all, as for another source."""
        self.__init__()  # type: ignore[misc]  # it is as new

    def note(self, pts_s: float, strength: float) -> None:
        """So much moved at a frame.

        Parameters
        ----------
        pts_s : float
            At least 0.
        strength : float
            At least 0.
        """
        place = int(max(0.0, pts_s) / self._bin_s)
        while place >= MOST_BINS:
            self._bins = _coarser(self._bins)
            self._bin_s *= 2
            place = int(max(0.0, pts_s) / self._bin_s)
        if place >= len(self._bins):
            grown = np.full(min(MOST_BINS, 2 * (place + 1)), UNSEEN, np.float32)
            grown[: len(self._bins)] = self._bins
            self._bins = grown
        self._bins[place] = max(self._bins[place], strength)

    def curve(self, from_s: float, to_s: float, count: int) -> NDArray[np.float32]:
        """The strongest motion within each of `count` equal parts of a stretch.

        Returns
        -------
        ndarray of float32, shape (count,)
            `UNSEEN` where nobody has looked.
        """
        edges = np.linspace(from_s, max(to_s, from_s), count + 1) / self._bin_s
        first = np.floor(edges[:-1]).astype(np.int64)
        last = np.maximum(first + 1, np.ceil(edges[1:]).astype(np.int64))
        there = len(self._bins)
        padded = np.append(self._bins, np.float32(UNSEEN))
        starts, ends = np.minimum(first, there), np.minimum(last, there + 1)
        pairs = np.stack([np.maximum(starts, 0), np.maximum(ends, 1)], axis=1).ravel()
        pairs = np.minimum(pairs, there)
        found: NDArray[np.float32] = np.maximum.reduceat(padded, pairs)[::2]
        return np.where(first >= there, np.float32(UNSEEN), found)


def _coarser(bins: NDArray[np.float32]) -> NDArray[np.float32]:
    even = np.append(bins, np.float32(UNSEEN)) if len(bins) % 2 else bins
    joined: NDArray[np.float32] = even.reshape(-1, 2).max(1)
    return joined
