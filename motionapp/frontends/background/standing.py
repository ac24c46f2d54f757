"""How long things stand in the picture, and when they become a part of it.

What somebody has left behind or moved away belongs to the background after a while; the place that
they have left, sooner: it has no edges of its own.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.frontends.background.planes import grey_of

LOOKS_S = 0.5
"""Seconds between two looks at which parts have no edges: comparing edges is dear, and nobody minds
a ghost of half a second more."""

GHOST_S = 1.5
"""What has stood for so long without edges of its own is a place that was left, or light."""

OUTLINED = 1.1
"""A body's outline has so many times the edges of the same place in the empty picture..."""

EDGE_LEVELS = 3.0
"""... and so many grey levels more: noise gives edges to both, by chance more to one."""

FORGETS: Final = 4.0
"""So much faster than it has grown does the time pass that a pixel has stood, once it does not: who
passes again and again does not add up to a thing that stands."""


class Standing:
    """The seconds for which each pixel has been foreground.

    Parameters
    ----------
    shape : tuple of int
        Height and width.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self._for_s = np.zeros(shape, np.float32)
        self._look: int | None = None

    def step(self, mask: NDArray[np.uint8], pts_s: float, step_s: float) -> None:
        """Take note of what stands at a frame."""
        down_s = np.float32(FORGETS * step_s)
        # In bytes: 255 is up, 0 is down.
        self._for_s += mask * np.float32((step_s + down_s) / 255)
        self._for_s -= down_s
        np.maximum(self._for_s, 0, out=self._for_s)

    def keep(self, where: tuple[slice, slice]) -> None:
        """Begin to count anew in a part: somebody is there."""
        # Not from 0: the place that they leave is to be a ghost soon.
        self._for_s[where] = np.minimum(self._for_s[where], GHOST_S / 2)

    def over(self, stays_s: float) -> NDArray[np.bool_] | None:
        """Where something has stood for longer; None where nowhere."""
        if cv2.minMaxLoc(self._for_s)[1] <= stays_s:
            return None
        return self._for_s > stays_s

    def begin(self, where: NDArray[np.bool_]) -> None:
        """Count anew."""
        self._for_s[where] = 0

    def ghosts(
        self,
        mask: NDArray[np.uint8],
        now: NDArray[np.uint8],
        empty: NDArray[np.uint8],
        pts_s: float,
    ) -> NDArray[np.bool_] | None:
        """Where something has stood that has no outline of its own; looked for now and then.

        Parameters
        ----------
        mask : ndarray of uint8, shape (h, w)
        now, empty : ndarray of uint8, shape (3 * h, w)
            This picture and the empty one.
        pts_s : float
        """
        look = int(pts_s / LOOKS_S + 1e-6)
        if look == self._look:
            return None
        self._look = look
        if not cv2.countNonZero(mask):
            return None
        now, empty = grey_of(now), grey_of(empty)
        found: NDArray[np.bool_] | None = None
        count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
        for number in range(1, count):
            x, y, w, h, _ = (int(each) for each in stats[number])
            part = (slice(max(0, y - 3), y + h + 3), slice(max(0, x - 3), x + w + 3))
            inside = labels[part] == number
            stood = self._for_s[part][inside]
            if float(np.median(stood)) < GHOST_S or not _is_ghost(inside, now[part], empty[part]):
                continue
            found = np.zeros(mask.shape, np.bool_) if found is None else found
            grown = cv2.dilate(inside.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
            found[part] |= grown
        return found


def _is_ghost(inside: NDArray[np.bool_], now: NDArray[np.uint8], empty: NDArray[np.uint8]) -> bool:
    """Whether the outline of a part is no edge of this picture."""
    whole = inside.astype(np.uint8)
    square = np.ones((3, 3), np.uint8)
    ring = cv2.subtract(cv2.dilate(whole, square), cv2.erode(whole, square))
    own, others = (cv2.mean(_edges(picture), ring)[0] for picture in (now, empty))
    return own < OUTLINED * others + EDGE_LEVELS


def _edges(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """By how many grey levels each pixel differs from those beside it."""
    square = np.ones((3, 3), np.uint8)
    return np.asarray(cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, square), np.uint8)
