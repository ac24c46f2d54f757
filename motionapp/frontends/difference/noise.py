"""How strongly a still picture differs from itself: measured over blocks of two seconds.

The memory is finite: a block's figure is judged by while the next one runs, then forgotten.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.window import BLOCK_S

SIGMA_PER_MEDIAN = 1 / 0.6745
"""The median of |x| for a normal x is 0.6745 of its standard deviation."""


class BlockNoise:
    """Standard deviation of the difference of two pictures where nothing moves, in grey levels.

    The median of all differences of a block is used: it stays right while less than half of the
    picture moves.
    """

    def __init__(self) -> None:
        self._block: int | None = None
        self._running = np.zeros(256, np.int64)
        self._last: float | None = None

    def step(self, pts_s: float, up_to: NDArray[np.int64], *, learns: bool = True) -> float:
        """Take in one frame's differences and give the noise to judge it by.

        Parameters
        ----------
        pts_s : float
            Time of the frame, in seconds.
        up_to : ndarray of int64, shape (256,)
            How many pixels differ by at most so many grey levels.
        learns : bool
            False for a frame that only is to be judged.

        Returns
        -------
        float
            Grey levels: of the last full block; before there is one, of the running block.
        """
        block = int(pts_s // BLOCK_S)
        # A running figure would depend on when the run began: the last full block does not.
        if block != self._block:
            # After a gap there is none: an older figure would stand for ever.
            if self._block is not None:
                self._last = sigma_of(self._running) if block == self._block + 1 else None
            self._block = block
            self._running = np.zeros(256, np.int64)
        # Else the figure would hang on how often was looked.
        if learns:
            self._running += up_to
        if self._last is not None:
            return self._last
        return sigma_of(self._running)


def counted(differences: NDArray[np.uint8]) -> NDArray[np.int64]:
    """How many values are at most so large: int64, shape (256,), the last is all of them."""
    return np.bincount(differences.ravel(), minlength=256).cumsum()


def sigma_of(up_to: NDArray[np.int64]) -> float:
    """Standard deviation behind the counts of absolute differences, by their median.

    Parameters
    ----------
    up_to : ndarray of int64, shape (256,)
        As `counted` gives it; level k stands for differences from k - 0.5 to k + 0.5.

    Returns
    -------
    float
        Grey levels; 0.0 where nothing was counted, or more than 90 % do not differ at all.

    References
    ----------
    Rousseeuw, Croux, "Alternatives to the median absolute deviation", JASA 88, 1993.
    """
    total = int(up_to[-1])
    # Compressed video repeats still pixels exactly; a median inside bin 0 would be invented.
    if total == 0 or up_to[0] > 0.9 * total:
        return 0.0
    level = int(up_to.searchsorted(total / 2))
    before = int(up_to[level - 1]) if level else 0
    inside = int(up_to[level]) - before
    share = (total / 2 - before) / inside if inside else 0.0
    low, width = (0.0, 0.5) if level == 0 else (level - 0.5, 1.0)
    return (low + share * width) * SIGMA_PER_MEDIAN


def counted_grain(then: NDArray[np.uint8], now: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The noise of two pictures told by the finest grain of their difference.

    Neighbouring pixels of a body change alike, those of a noisy sensor by themselves: what is
    left when a pixel's neighbours are taken off is noise, also where a body fills the picture.

    Parameters
    ----------
    then, now : ndarray of uint8, shape (h, w)
        At analysis scale, every pixel.

    Returns
    -------
    ndarray of int64, shape (256,)
        Like `counted` differences, with the same standard deviation behind them.
    """
    change = cv2.subtract(now, then, dtype=cv2.CV_16S)
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32) / 6
    grain = cv2.convertScaleAbs(cv2.filter2D(change, cv2.CV_32F, kernel))
    return counted(np.asarray(grain, np.uint8))
