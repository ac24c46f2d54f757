"""The empty picture as some of its former pictures, pixel by pixel.

Every pixel remembers colours that it had at different times. What is near to two of them is
background: so leaves that come and go, a flag, or a camera that shakes are learnt as they are.

References
----------
Barnich, Van Droogenbroeck, "ViBe", IEEE TIP 20(6), 2011 (samples, chance, spreading to neighbours);
Hofmann, Tiefenbacher, Rigoll, "PBAS", CVPR Workshops 2012 (thresholds that each pixel sets itself).
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

SAMPLES: Final = 16
"""Colours that a pixel remembers; 24 find no more and cost half as much again."""

SPREADS: Final = 2
"""One in so many learnt pixels is learnt by a neighbour, too."""

NOISE_PX: Final = 61
"""Which pixels learn is read from a field of noise, so many pixels larger than the picture."""

SEED: Final = 15
"""Chance is the same in every run."""


class Samples:
    """The remembered colours of every pixel; planes of one picture lie below each other.

    Parameters
    ----------
    planes : ndarray of uint8, shape (3 * h, w)
        The first picture: its pixels' neighbours are the first memories.
    """

    def __init__(self, planes: NDArray[np.uint8]) -> None:
        self._height, self._width = planes.shape[0] // 3, planes.shape[1]
        self._chance = np.random.default_rng(SEED)
        extent = self._height + NOISE_PX, self._width + NOISE_PX
        self._noise = self._chance.integers(0, 256, extent, np.uint8)
        self.kept: NDArray[np.uint8] = np.empty((SAMPLES, *planes.shape), np.uint8)
        self.prime(planes)

    def prime(self, planes: NDArray[np.uint8]) -> None:
        """Forget everything but one picture and what lies beside each of its pixels."""
        for number, into in enumerate(self.kept):
            # Two near memories make background: with a pixel's own colour in two of them, the
            # picture that is begun with has no foreground.
            down, right = (1, 1) if number < 2 else self._chance.integers(0, 3, 2)
            for own, plane in zip(self.planes_of(into), self.planes_of(planes), strict=True):
                wide = cv2.copyMakeBorder(plane, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
                own[:] = wide[down : down + self._height, right : right + self._width]

    def planes_of(self, planes: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], ...]:
        """Blue, green and red of a picture, as views."""
        height = self._height
        return planes[:height], planes[height : 2 * height], planes[2 * height :]

    def distance(self, planes: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """By how many levels each pixel differs from the second nearest of its memories.

        Parameters
        ----------
        planes : ndarray of uint8, shape (3 * h, w)
        """
        shape = (self._height, self._width)
        differs = np.empty_like(planes)
        blue, green, red = self.planes_of(differs)
        nearest, second = np.full(shape, 255, np.uint8), np.full(shape, 255, np.uint8)
        farther, most = np.empty(shape, np.uint8), np.empty(shape, np.uint8)
        for kept in self.kept:
            cv2.absdiff(kept, planes, differs)
            cv2.max(blue, green, most)
            cv2.max(most, red, most)
            cv2.max(nearest, most, farther)
            cv2.min(second, farther, second)
            cv2.min(nearest, most, nearest)
        return second

    def learn(self, planes: NDArray[np.uint8], taken: NDArray[np.uint8], share: float) -> None:
        """Remember some pixels of a picture in place of older memories.

        Parameters
        ----------
        planes : ndarray of uint8, shape (3 * h, w)
        taken : ndarray of uint8, shape (h, w)
            Not 0 where nothing is to be learnt.
        share : float
            How many of the pixels learn, 0 to 1 on average.
        """
        free = np.asarray(cv2.threshold(taken, 0, 255, cv2.THRESH_BINARY_INV)[1], np.uint8)
        self._put(planes, cv2.bitwise_and(free, self._some(share)), 0, 0)
        down, right = (int(each) for each in self._chance.integers(-1, 2, 2))
        # Into who stands there it would eat its way from where they look like the ground.
        both = cv2.bitwise_and(free, _moved(free, down, right))
        self._put(planes, cv2.bitwise_and(both, self._some(share / SPREADS)), down, right)

    def replace(self, planes: NDArray[np.uint8], where: NDArray[np.bool_], kept: int) -> None:
        """Remember a picture in all memories but the first `kept` ones, in a part of it."""
        for into in self.kept[kept:]:
            for own, plane in zip(self.planes_of(into), self.planes_of(planes), strict=True):
                own[where] = plane[where]

    def relight(self, tables: tuple[NDArray[np.uint8], ...]) -> None:
        """Put all memories into another light: a table of 256 levels for each colour."""
        for into in self.kept:
            for own, table in zip(self.planes_of(into), tables, strict=True):
                own[:] = cv2.LUT(own, table)

    def _some(self, share: float) -> NDArray[np.uint8]:
        """255 at a share of the pixels, chosen by chance."""
        down, right = (int(each) for each in self._chance.integers(0, NOISE_PX, 2))
        noise = self._noise[down : down + self._height, right : right + self._width]
        # Less than a level of the noise is now one level and now none.
        levels = int(256 * share + self._chance.random())
        if not levels:
            return np.zeros((self._height, self._width), np.uint8)
        return np.asarray(cv2.threshold(noise, levels - 1, 255, cv2.THRESH_BINARY_INV)[1], np.uint8)

    def _put(
        self, planes: NDArray[np.uint8], where: cv2.typing.MatLike, down: int, right: int
    ) -> None:
        """Remember what lies so far up and to the left of some pixels."""
        into = self.kept[int(self._chance.integers(0, SAMPLES))]
        for own, plane in zip(self.planes_of(into), self.planes_of(planes), strict=True):
            cv2.copyTo(_moved(plane, down, right), where, own)


def _moved(plane: NDArray[np.uint8], down: int, right: int) -> NDArray[np.uint8]:
    """A plane whose content lies a pixel further down or to the right; its border stays."""
    if not down and not right:
        return plane
    height, width = plane.shape
    wide = cv2.copyMakeBorder(plane, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    return np.asarray(wide[1 - down : 1 - down + height, 1 - right : 1 - right + width], np.uint8)
