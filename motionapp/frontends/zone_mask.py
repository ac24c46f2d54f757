"""What zones mean to a front-end: where nothing counts, and where it looks more closely.

One place for all front-ends, so that a zone means the same to each of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.frontends.zone_map import zone_map
from motionapp.settings.zones import ZoneSettings


class ZoneMask:
    """The zones of one epoch at one analysis scale.

    Parameters
    ----------
    zones : sequence of ZoneSettings
    size : tuple of int
        Width and height of the display picture, in pixels.
    level : int
        How often the analysis picture was halved.
    """

    def __init__(self, zones: Sequence[ZoneSettings], size: tuple[int, int], level: int) -> None:
        self._map = zone_map(zones, size, level)
        self._level = level

    def weighed(self, strength: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Differences times the sensitivity of their zone; the array itself if it is 1.

        Parameters
        ----------
        strength : ndarray of uint8, shape (h, w)
        """
        if self._map is None or self._map.sensitivity is None:
            return strength
        return np.asarray(cv2.multiply(strength, self._map.sensitivity, dtype=cv2.CV_8U), np.uint8)

    def weighed_speed(self, speed: NDArray[np.float32]) -> NDArray[np.float32]:
        """Speeds times the sensitivity of their zone; the array itself if it is 1.

        Parameters
        ----------
        speed : ndarray of float32, shape (h, w)
        """
        if self._map is None or self._map.sensitivity is None:
            return speed
        return np.asarray(cv2.multiply(speed, self._map.sensitivity), np.float32)

    def cut(self, mask: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], int]:
        """What moves where motion counts.

        Parameters
        ----------
        mask : ndarray of uint8, shape (h, w)
            0 or 255.

        Returns
        -------
        mask : ndarray of uint8, shape (h, w)
            The mask itself where the whole picture is watched.
        outside_px : int
            Moving pixels that were cut out.
        """
        if self._map is None:
            return mask, 0
        inside = np.asarray(cv2.bitwise_and(mask, self._map.watched), np.uint8)
        return inside, cv2.countNonZero(mask) - cv2.countNonZero(inside)

    def is_watched(self, box: Box) -> bool:
        """Whether at least half of a box, in display pixels, lies where motion counts."""
        if self._map is None:
            return True
        # A box has no mask to be cut at a border: its larger part decides for all of it.
        x0, y0, x1, y1 = (edge >> self._level for edge in box)
        part = self._map.watched[y0:y1, x0:x1]
        return part.size > 0 and 2 * cv2.countNonZero(part) >= part.size

    def sensitivity_at(self, box: Box) -> float:
        """The greatest factor within a box, in display pixels."""
        if self._map is None or self._map.sensitivity is None:
            return 1.0
        x0, y0, x1, y1 = (edge >> self._level for edge in box)
        part = self._map.sensitivity[y0:y1, x0:x1]
        return float(part.max()) if part.size else 1.0
