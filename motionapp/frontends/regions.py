"""A mask of moving pixels becomes a few regions in full-frame pixels."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.core.motion import Region

MOST_REGIONS = 48
"""The largest are kept: rain must not make tracking slow."""


def joined(mask: NDArray[np.uint8], gap: float) -> NDArray[np.uint8]:
    """Close gaps in a mask, so that the two fringes of one moving thing are one region.

    Parameters
    ----------
    mask : ndarray of uint8, shape (h, w)
        0 or 255.
    gap : float
        Widest gap to close, as a share of the picture's height.

    Returns
    -------
    ndarray of uint8, shape (h, w)
        Closing by a square; a new array.
    """
    side = 2 * max(1, round(gap * mask.shape[0] / 2)) + 1
    kernel = np.ones((side, side), np.uint8)
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernel), np.uint8)


def regions_of(
    mask: NDArray[np.uint8],
    strength: NDArray[np.uint8] | NDArray[np.float32],
    *,
    unit: float,
    level: int,
    min_area: float,
    merge_gap: float,
) -> tuple[Region, ...]:
    """The moving parts of a picture, largest first.

    Parameters
    ----------
    mask : ndarray of uint8, shape (h, w)
        At analysis scale; 255 where something moves.
    strength : ndarray of uint8 or float32, shape (h, w)
        What was compared with the threshold.
    unit : float
        The threshold: strengths are given as multiples of it. Greater than 0.
    level : int
        How often the analysis picture was halved.
    min_area : float
        Smallest region, as a share of the picture.
    merge_gap : float
        Gaps up to this share of the height are closed.

    Returns
    -------
    tuple of Region
        At most `MOST_REGIONS`; empty where nothing moves.
    """
    if not cv2.countNonZero(mask):
        return ()
    # Contours cost 0.01 ms where connected components cost 0.35 ms at 320 x 180.
    contours, _ = cv2.findContours(
        joined(mask, merge_gap), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    least_px = max(2.0, min_area * mask.size)
    found: list[Region] = []
    for contour in contours:
        x, y, w, h = cv2.boundingRect(contour)
        if w * h < least_px:
            continue
        part = mask[y : y + h, x : x + w]
        moving_px = cv2.countNonZero(part)
        if moving_px < least_px:
            continue
        mean = cv2.mean(strength[y : y + h, x : x + w], part)[0]
        found.append(
            Region(
                box=Box(x, y, x + w, y + h).scaled(1 << level),
                area_px=float(moving_px << (2 * level)),
                strength=mean / unit,
            )
        )
    found.sort(key=lambda region: (-region.area_px, region.box))
    return tuple(found[:MOST_REGIONS])


def strength_of(regions: tuple[Region, ...], size: tuple[int, int]) -> float:
    """Moving share of the picture, weighed by how strongly it moves; 0.0 without regions."""
    return sum(region.area_px * region.strength for region in regions) / (size[0] * size[1])
