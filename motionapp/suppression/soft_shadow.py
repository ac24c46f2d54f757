"""Faint light with soft borders, such as the shadow of a cloud that drifts across.

Light fades out, bodies end: just outside of a body nothing changes, just outside of where light
exceeds the threshold it still changes, and in the same direction.
"""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.motion import Region

FAINT = 1.3
"""Thresholds: a region that differs by more on average is not looked at. Rendered shadows
of clouds have 0.9 to 1.2, since they change slowly; of people's regions in recordings of more than
a few pixels' detail, at most 2 % are as faint."""

FADES = 0.35
"""Relative change just outside, over that inside, from which it is light: rendered shadows have
0.4 to 1. Compared in grey levels it would be 0.3, since dark ground changes less."""

APART = 1 / 36
"""How far from a region its outside begins, as a share of the picture's height..."""

RING = 1 / 12
"""... and how far it is looked at."""

SMALLEST_PX = 96
"""In lower pictures the parts of one body reach into each other's outside."""


def without_soft_light(
    mask: NDArray[np.uint8],
    then: NDArray[np.uint8],
    now: NDArray[np.uint8],
    regions: Iterable[Region],
    *,
    level: int,
) -> NDArray[np.uint8] | None:
    """The mask without regions in which only light has changed.

    Parameters
    ----------
    mask : ndarray of uint8, shape (h, w)
        0 or 255; it is not changed.
    then, now : ndarray of uint8, shape (h, w)
        The pictures behind it.
    regions : iterable of Region
        What was found in it.
    level : int
        How often the analysis picture was halved.

    Returns
    -------
    ndarray of uint8, shape (h, w), or None
        None if there is no such region.
    """
    apart_px, ring_px = (max(1, round(share * mask.shape[0])) for share in (APART, RING))
    left: NDArray[np.uint8] | None = None
    if mask.shape[0] < SMALLEST_PX:
        return left
    for region in regions:
        if region.strength > FAINT:
            continue
        x0, y0, x1, y1 = (edge >> level for edge in region.box)
        rows = slice(max(0, y0 - ring_px), y1 + ring_px)
        columns = slice(max(0, x0 - ring_px), x1 + ring_px)
        near = _grown(mask[rows, columns], apart_px)
        ring = np.asarray(cv2.subtract(_grown(mask[rows, columns], ring_px), near), np.uint8)
        change = cv2.subtract(now[rows, columns], then[rows, columns], dtype=cv2.CV_16S)
        # The mask alone would be of those pixels whose noise adds to the light. Light takes or
        # gives a share of the brightness: where a dark lawn ends a region, its change is small.
        inside, outside = (_share(change, then[rows, columns], part) for part in (near, ring))
        if outside * inside > FADES * inside**2:
            left = mask.copy() if left is None else left
            left[y0:y1, x0:x1] = 0
    return left


def _share(change: cv2.typing.MatLike, then: NDArray[np.uint8], part: NDArray[np.uint8]) -> float:
    """Change of the light in a part of the picture, as a share of it."""
    return float(cv2.mean(change, part)[0] / max(1.0, cv2.mean(then, part)[0]))


def _grown(mask: NDArray[np.uint8], by_px: int) -> NDArray[np.uint8]:
    side = 2 * by_px + 1
    return np.asarray(cv2.dilate(mask, np.ones((side, side), np.uint8)), np.uint8)
