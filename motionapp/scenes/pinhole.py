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
        x, y, z = (points_m - np.array(self.looks_at_m)).T
        up = y * math.cos(tilt) - z * math.sin(tilt)
        toward = z * math.cos(tilt) + y * math.sin(tilt)
        away = np.maximum(self.distance_m - toward, NEAREST * self.distance_m)
        scales = self.distance_m / away
        points = np.empty((len(points_m), 2))
        points[:, 0] = x * math.cos(roll) + up * math.sin(roll)
        points[:, 1] = x * math.sin(roll) - up * math.cos(roll)
        points *= (scales * self.px_per_m)[:, None]
        return Projected(points + np.array(self.at_px), toward, scales)
