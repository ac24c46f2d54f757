"""When to look whether the camera moves: where something moves all over the picture."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

CELLS: Final = (12, 8)
"""The picture is divided into so many cells, across and down."""

SPREAD: Final = 0.2
"""Something must move in so many of them: two walkers near the camera are in a sixth."""

LEAST_SHARE: Final = 0.004
"""Of the picture, so much must move."""

GROWN: Final = 1.5
"""After a look that found nothing, the next comes at once only if so many times more moves, ..."""

PAUSE_S: Final = 0.25
"""... else after so long, ..."""

BUSY_S: Final = 2.0
"""... and once nothing was found for so long, four swings of the slowest shake, ..."""

BUSY_PAUSE_S: Final = 1.0
"""... after so long: that is a busy street and no camera that moves. A look takes as long as all
rules of suppression together."""

ENOUGH: Final = 2
"""So many looks must say that the camera moves, ..."""

MOST_MISSED: Final = 2
"""... before so many in a row say that it does not: where it swings back, it has not moved."""


class Watching:
    """Decides for each picture whether a look at the camera pays."""

    def __init__(self) -> None:
        self._moved = self._missed = 0
        self._looked: tuple[float, int, float] | None = None
        """When last, how many pixels moved then, and in what share of the cells."""
        self._now_s = 0.0
        self._in_vain_s: float | None = None
        """Since when looks have found nothing."""

    @property
    def is_alert(self) -> bool:
        """Whether the last looks say that the camera may move."""
        return self._moved > 0

    def wants_look(
        self, mask: NDArray[np.uint8], pts_s: float, *, is_beginning: bool = False
    ) -> bool:
        """Whether to look, by what moves.

        Parameters
        ----------
        mask : ndarray of uint8, shape (h, w)
            0 or 255.
        pts_s : float
        is_beginning : bool
            No look is spared: until a camera that has shaken from the start is found out, its
            shake is taken for somebody.
        """
        self._now_s = pts_s
        if self._moved:
            return True
        # Fewer pixels than that are in fewer cells, and counting them costs next to nothing.
        moving_px = cv2.countNonZero(mask)
        if moving_px < LEAST_SHARE * mask.size:
            return False
        looked_s, then_px, then = self._looked or (-math.inf, 0, 0.0)
        if pts_s - looked_s > BUSY_S:
            self._in_vain_s = None  # what was in vain then says nothing of now
        is_busy = self._in_vain_s is not None and pts_s - self._in_vain_s >= BUSY_S
        is_early = pts_s - looked_s < (BUSY_PAUSE_S if is_busy else PAUSE_S) and not is_beginning
        if is_early and moving_px < GROWN * then_px:
            return False
        spread = _spread(mask)
        if spread < SPREAD or (is_early and spread < GROWN * then):
            return False
        self._looked = pts_s, moving_px, spread
        return True

    def note(self, has_moved: bool) -> bool:
        """Take in what a look found; True once it is sure that the camera moves."""
        self._missed = 0 if has_moved else self._missed + 1
        self._moved += has_moved
        if has_moved:
            self._looked = self._in_vain_s = None
        elif self._in_vain_s is None:
            self._in_vain_s = self._now_s
        if self._moved < ENOUGH and self._missed < MOST_MISSED:
            return False
        is_sure, self._moved = self._moved >= ENOUGH, 0
        return is_sure


def _spread(mask: NDArray[np.uint8]) -> float:
    """In what share of the cells something moves."""
    across, down = CELLS
    height, width = mask.shape
    if width >= across and height >= down:
        # Cells of whole pixels are six times as fast, and a picture's last columns tell no more.
        mask = mask[: height - height % down, : width - width % across]
    cells = cv2.resize(mask, CELLS, interpolation=cv2.INTER_AREA)
    return cv2.countNonZero(cells) / (across * down)
