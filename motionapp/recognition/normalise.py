"""How a clip's maps become the numbers that a network takes.

For maps of motion `clip-max` divides by what is strongest in the clip: silhouettes, whose
differences are 255 grey levels, and people in grey clothes before a grey wall, whose differences
are 20, look alike afterwards. For pictures `unit-rgb` gives red, green and blue from 0 to 1; what a
network wants beyond that stands in the network.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.representation import Representation

CLIP_MAX, UNIT_RGB = "clip-max", "unit-rgb"
"""What contracts call the rules."""

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


def normalisation_of(representation: Representation) -> str:
    """The rule by which maps of a representation become numbers."""
    return UNIT_RGB if representation.is_picture else CLIP_MAX


def normalised(
    maps: NDArray[np.uint8] | NDArray[np.float32],
    representation: Representation,
    *,
    box_side_px: float,
) -> NDArray[np.float32]:
    """A clip's maps as the network's input, by the rule of its representation.

    Parameters
    ----------
    maps : ndarray, shape (steps, side, side) or (steps, side, side, planes)
        As for `clip_max`, or pictures (uint8, blue first).
    representation : Representation
    box_side_px : float
        Side of the square that was cut out, in full-frame pixels.

    Returns
    -------
    ndarray of float32, shape (steps * planes, side, side)
        All planes of one step together.
    """
    if representation.is_picture:
        return unit_rgb(np.asarray(maps, np.uint8))
    return clip_max(maps, box_side_px=box_side_px)


def unit_rgb(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Pictures as a network's input.

    Parameters
    ----------
    pictures : ndarray of uint8, shape (steps, side, side, 3)
        Blue first.

    Returns
    -------
    ndarray of float32, shape (steps * 3, side, side)
        0 to 1, red first.
    """
    steps, side = pictures.shape[:2]
    planes = pictures[..., ::-1].transpose(0, 3, 1, 2).reshape(steps * 3, side, side)
    return planes.astype(np.float32) / np.float32(255)


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
