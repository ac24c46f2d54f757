"""A camera that does not stand still: a mast in the wind, a hand, a slow turn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Shake:
    """The whole picture swings, rolls a little, and pans.

    Each axis swings with three frequencies between `slow_hz` and `fast_hz`, at most `swing_px` to
    either side, from `start_s` to `end_s`; meanwhile the camera turns by `pan_px_s` to the right.
    What comes in at a border is the picture mirrored there.
    """

    seed: int = 0
    swing_px: float = 8.0
    slow_hz: float = 2.0
    fast_hz: float = 6.0
    roll_deg: float = 0.0
    pan_px_s: float = 0.0
    start_s: float = 0.0
    end_s: float = math.inf
    is_burned_in: ClassVar[bool] = False

    def way_at(self, t_s: float) -> tuple[float, float, float]:
        """How far the scene is moved to the right and down, in pixels, and turned, in degrees."""
        since_s = min(t_s, self.end_s) - self.start_s
        if since_s <= 0:
            return 0.0, 0.0, 0.0
        pan = -self.pan_px_s * since_s
        if t_s >= self.end_s:
            return pan, 0.0, 0.0
        across, down, roll = (self._swing(axis, since_s) for axis in range(3))
        return self.swing_px * across + pan, self.swing_px * down, self.roll_deg * roll

    def over(self, picture: NDArray[np.uint8], t_s: float) -> NDArray[np.uint8]:
        """The picture as the camera sees it at this moment."""
        across, down, roll = self.way_at(t_s)
        if not (across or down or roll):
            return picture
        h, w = picture.shape[:2]
        way = np.asarray(cv2.getRotationMatrix2D((w / 2, h / 2), roll, 1.0), np.float64)
        way[:, 2] += np.array([across, down])
        seen = cv2.warpAffine(
            picture, way, (w, h), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101
        )
        return np.asarray(seen, np.uint8)

    def _swing(self, axis: int, since_s: float) -> float:
        """Between -1 and 1, and 0 at the start."""
        rng = np.random.default_rng([self.seed, 97, axis])
        rates = rng.uniform(self.slow_hz, self.fast_hz, 3)
        return float(np.mean(np.sin(2 * math.pi * rates * since_s)))
