"""When to look whether the camera moves: where something moves all over the picture."""

from __future__ import annotations

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
"""... else after so long: a busy street is no camera that moves."""

ENOUGH: Final = 2
"""So many looks must say that the camera moves, ..."""

MOST_MISSED: Final = 2
"""... before so many in a row say that it does not: where it swings back, it has not moved."""


class Watching:
    """Decides for each picture whether a look at the camera pays."""

    def __init__(self) -> None:
        self._moved = self._missed = 0
        self._looked: tuple[float, float] | None = None

    @property
    def is_alert(self) -> bool:
        """Whether the last looks say that the camera may move."""
        return self._moved > 0

    def wants_look(self, mask: NDArray[np.uint8], pts_s: float) -> bool:
        """Whether to look, by what moves.

        Parameters
        ----------
        mask : ndarray of uint8, shape (h, w)
            0 or 255.
        pts_s : float
        """
        # Fewer pixels than that are in fewer cells, and counting them costs next to nothing.
        if not self._moved and cv2.countNonZero(mask) < LEAST_SHARE * mask.size:
            return False
        cells = cv2.resize(mask, CELLS, interpolation=cv2.INTER_AREA)
        spread = cv2.countNonZero(cells) / (CELLS[0] * CELLS[1])
        if self._moved:
            return True
        if spread < SPREAD:
            return False
        if self._looked is not None:
            looked_s, then = self._looked
            if pts_s - looked_s < PAUSE_S and spread < GROWN * then:
                return False
        self._looked = pts_s, spread
        return True

    def note(self, has_moved: bool) -> bool:
        """Take in what a look found; True once it is sure that the camera moves."""
        self._missed = 0 if has_moved else self._missed + 1
        self._moved += has_moved
        if has_moved:
            self._looked = None
        if self._moved < ENOUGH and self._missed < MOST_MISSED:
            return False
        is_sure, self._moved = self._moved >= ENOUGH, 0
        return is_sure
