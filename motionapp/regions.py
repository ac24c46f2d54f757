"""A mask of moving pixels becomes a few regions in full-frame pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box, Edges
from motionapp.core.motion import Motion, Region

LEFT_OVER = 0.3
"""If so much of a region lies in nobody who is known, somebody else is there."""

MOST_REGIONS = 48
"""The largest are kept: rain must not make tracking slow."""


@dataclass(frozen=True, slots=True)
class Found:
    """What `find_regions` made of a mask."""

    regions: tuple[Region, ...] = ()
    """Largest first, at most `MOST_REGIONS`."""
    rejected_px: int = 0
    """Moving pixels, at analysis scale, of the largest part that was too small."""


NOTHING = Found()
"""What is found where nothing moves."""


def joined(mask: NDArray[np.uint8], side_px: int) -> NDArray[np.uint8]:
    """Close gaps in a mask, so that the two fringes of one moving thing are one region.

    Parameters
    ----------
    mask : ndarray of uint8, shape (h, w)
        0 or 255.
    side_px : int
        Side of the square that closes; odd.

    Returns
    -------
    ndarray of uint8, shape (h, w)
        A new array.
    """
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _square(side_px)), np.uint8)


@lru_cache(maxsize=16)
def _square(side_px: int) -> NDArray[np.uint8]:
    return np.ones((side_px, side_px), np.uint8)


def closing_side(height_px: int, gap: float) -> int:
    """Side of the square that closes gaps of a share of a picture's height, in pixels."""
    return 2 * max(1, round(gap * height_px / 2)) + 1


def find_regions(
    mask: NDArray[np.uint8],
    strength: NDArray[np.uint8] | NDArray[np.float32],
    *,
    unit: float,
    level: int,
    min_area: float,
    merge_gap: float,
) -> Found:
    """The moving parts of a picture, largest first, and the largest one that was too small.

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
    Found
        `NOTHING` where nothing moves.
    """
    side_px = closing_side(len(mask), merge_gap)
    part = _moving_part(mask, side_px)
    if part is None:
        return NOTHING
    top, left = part[0].start, part[1].start
    moving = mask[part]
    # What does not move is blacked out once, so that a region's mean is a plain sum.
    lit = cv2.copyTo(strength[part], moving)
    # On a busy road at 320 x 180, runs take 0.03 ms, `findContours` 0.06 ms and connected
    # components 0.17 ms. Half size would be faster, but parts that nearly touch would join.
    contours, _ = cv2.findContoursLinkRuns(joined(moving, side_px))
    least_px = max(2.0, min_area * mask.size)
    found: list[Region] = []
    rejected_px = 0
    for contour in contours:
        x, y, w, h = cv2.boundingRect(contour)
        if w * h <= rejected_px or cv2.contourArea(contour, True) < 0:  # a hole runs backwards
            continue
        rows, columns = slice(y, y + h), slice(x, x + w)
        moving_px = cv2.countNonZero(moving[rows, columns])
        if moving_px < least_px:
            rejected_px = max(rejected_px, moving_px)
            continue
        total = cv2.sumElems(lit[rows, columns])[0]
        x, y = x + left, y + top
        box = Box(x << level, y << level, (x + w) << level, (y + h) << level)
        found.append(Region(box, float(moving_px << (2 * level)), total / moving_px / unit))
    found.sort(key=lambda region: (-region.area_px, region.box))
    return Found(tuple(found[:MOST_REGIONS]), rejected_px)


def _moving_part(mask: NDArray[np.uint8], margin_px: int) -> tuple[slice, slice] | None:
    """Rows and columns of the part in which anything moves, with a margin; None where nothing does.

    Even of a busy road it is no more than half of the picture.
    """
    x, y, w, h = cv2.boundingRect(mask)
    if not w:
        return None
    return (
        slice(max(0, y - margin_px), y + h + margin_px),
        slice(max(0, x - margin_px), x + w + margin_px),
    )


def strength_of(regions: tuple[Region, ...], size: tuple[int, int]) -> float:
    """Moving share of the picture, weighed by how strongly it moves; 0.0 without regions."""
    return sum(region.area_px * region.strength for region in regions) / (size[0] * size[1])


def left_over(motion: Motion, region: Region, people: Sequence[Edges]) -> Region | None:
    """What of a region lies in nobody who is known; None if that is little.

    Parameters
    ----------
    motion : Motion
        With the mask that the region was found in; without one, nothing is left over.
    region : Region
    people : sequence of tuple of float
        Edges of the boxes of those who have a part in it.
    """
    if motion.mask is None:
        return None
    scale = 2**motion.level
    x0, y0, x1, y1 = (edge // scale for edge in region.box)
    part = motion.mask[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)].copy()
    for left, top, right, bottom in people:
        rows = slice(max(0, int(top / scale) - y0), max(0, math.ceil(bottom / scale) - y0))
        columns = slice(max(0, int(left / scale) - x0), max(0, math.ceil(right / scale) - x0))
        part[rows, columns] = 0
    area_px = float(cv2.countNonZero(part) * scale**2)
    if area_px < LEFT_OVER * region.area_px:
        return None
    x, y, width, height = cv2.boundingRect(part)
    box = Box(x0 + x, y0 + y, x0 + x + width, y0 + y + height).scaled(scale)
    return region._replace(box=box, area_px=area_px)


def widened(edges: Edges, by: float) -> Edges:
    """A box that reaches further on each side, by a share of its height."""
    x0, y0, x1, y1 = edges
    wide = by * (y1 - y0)
    return x0 - wide, y0 - wide, x1 + wide, y1 + wide
