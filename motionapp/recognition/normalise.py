"""How a clip's motion maps become the numbers that a network takes.

The one rule so far, `clip-max`, divides by what is strongest in the clip: silhouettes, whose
differences are 255 grey levels, and people in grey clothes before a grey wall, whose differences
are 20, look alike afterwards.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

CLIP_MAX = "clip-max"

NOISE_LEVELS = 6
"""Grey levels taken off every difference: what a quiet camera's noise leaves after halving."""
FAINTEST_LEVELS = 12
"""A clip whose strongest difference is below this is not blown up any further."""
ROBUST_SHARE = 0.995
"""The strongest difference is this quantile: one bright pixel must not darken the rest."""
SLOWEST_SIDES_S = 0.05
"""Flow below this many box sides per second is noise ..."""
FAINTEST_SIDES_S = 0.25
"""... and a clip whose fastest part is below this is not blown up any further."""


def clip_max(
    maps: NDArray[np.uint8] | NDArray[np.float32], *, box_side_px: float
) -> NDArray[np.float32]:
    """A clip's maps as the network's input.

    Parameters
    ----------
    maps : ndarray, shape (steps, side, side) or (steps, side, side, planes)
        Magnitudes of grey-level differences or drawn limbs (uint8), or flow in full-frame pixels
        per second (float32).
    box_side_px : float
        Side of the square that was cut out, in full-frame pixels: flow is judged by it.

    Returns
    -------
    ndarray of float32, shape (steps * planes, side, side)
        0 to 1 for magnitudes, -1 to 1 for flow; all planes of one step together.
    """
    if maps.dtype == np.uint8:
        return _magnitudes(maps.astype(np.uint8, copy=False))
    return _vectors(maps.astype(np.float32, copy=False), box_side_px)


def _magnitudes(maps: NDArray[np.uint8]) -> NDArray[np.float32]:
    counts = np.bincount(maps.ravel(), minlength=256)
    strongest = int(np.searchsorted(np.cumsum(counts), ROBUST_SHARE * maps.size))
    span = max(strongest - NOISE_LEVELS, FAINTEST_LEVELS)
    # A look-up in a table of 256 values costs 0.02 ms a clip where arithmetic on every pixel
    # costs 0.2.
    levels = (np.arange(256) - NOISE_LEVELS) / span
    table: NDArray[np.float32] = np.clip(levels, 0.0, 1.0).astype(np.float32)
    side = maps.shape[1]
    if maps.ndim == 4:
        maps = np.ascontiguousarray(maps.transpose(0, 3, 1, 2))
    numbers = cv2.LUT(maps.reshape(-1, side), table)
    return np.asarray(numbers, np.float32).reshape(-1, side, side)


def _vectors(maps: NDArray[np.float32], box_side_px: float) -> NDArray[np.float32]:
    speed = np.linalg.norm(maps, axis=-1, keepdims=True)
    slowest = SLOWEST_SIDES_S * box_side_px
    strongest = float(np.quantile(speed, ROBUST_SHARE)) - slowest
    span = max(strongest, FAINTEST_SIDES_S * box_side_px)
    gain = np.maximum(speed - slowest, 0.0) / np.maximum(speed, 1e-6) / span
    steps, side, _, planes = maps.shape
    scaled: NDArray[np.float32] = np.clip(maps * gain, -1.0, 1.0).astype(np.float32)
    return np.ascontiguousarray(scaled.transpose(0, 3, 1, 2).reshape(steps * planes, side, side))
