"""A pinhole camera: where points in metres lie in the picture, and how large things are there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

NEAREST: Final = 0.15
"""What comes nearer to the lens than this share of the distance is drawn as if it were there."""


@dataclass(frozen=True, slots=True, eq=False)
class Projected:
    """Points as a camera sees them.

    Attributes
    ----------
    points : ndarray of float64, shape (n, 2)
        Pixels, x to the right and y down.
    depths : ndarray of float64, shape (n,)
        Metres towards the camera from the plane of the point looked at.
    scales : ndarray of float64, shape (n,)
        How much larger a thing there looks than one at the point looked at.
    """

    points: NDArray[np.float64]
    depths: NDArray[np.float64]
    scales: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pinhole:
    """A camera that looks down by `tilt_deg` at a point of the room.

    `looks_at_m` (x right, y up, z towards the camera) lies `distance_m` away and is seen at
    `at_px`; a metre there is `px_per_m` long. `roll_deg` turns the picture: towards the corners of
    a wide picture people stand aslant.
    """

    px_per_m: float
    distance_m: float
    at_px: tuple[float, float]
    looks_at_m: tuple[float, float, float] = (0.0, 0.0, 0.0)
    tilt_deg: float = 0.0
    roll_deg: float = 0.0

    def see(self, points_m: NDArray[np.float64]) -> Projected:
        """Project points of shape (n, 3)."""
        tilt, roll = math.radians(self.tilt_deg), math.radians(self.roll_deg)
        sin, cos, turn, upright = math.sin(tilt), math.cos(tilt), math.sin(roll), math.cos(roll)
        # To the right in the picture, up in it, and towards the camera.
        axes = np.array([
            [upright, -turn, 0.0],
            [turn * cos, upright * cos, sin],
            [-turn * sin, -upright * sin, cos],
        ])  # fmt: skip
        turned = (points_m - self.looks_at_m) @ axes
        toward = turned[:, 2]
        away = np.maximum(self.distance_m - toward, NEAREST * self.distance_m)
        scales = self.distance_m / away
        points = turned[:, :2] * (scales * self.px_per_m)[:, None]
        points[:, 1] *= -1.0
        points += self.at_px
        return Projected(points, toward, scales)
