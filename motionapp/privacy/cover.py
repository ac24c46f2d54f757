"""Which pixels of a picture are covered, at any scale."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.cover import NO_COVER, Cover, Patch
from motionapp.core.errors import SettingsError
from motionapp.settings.zones import ZoneSettings

FRACTION_BITS: Final = 8
"""Corners are rounded to 1/256 of a pixel: cv2 takes whole numbers."""
KEPT: Final = 24
"""Masks that are kept: a source has one size, of which a few scales are looked at."""


def cover_of(zones: Iterable[ZoneSettings]) -> Cover:
    """What the privacy zones among these cover."""
    patches = [
        Patch(zone.name, zone.polygon, zone.unit) for zone in zones if zone.kind == "privacy"
    ]
    return Cover(tuple(patches)) if patches else NO_COVER


@functools.lru_cache(maxsize=KEPT)
def covered_mask(cover: Cover, size: tuple[int, int], level: int) -> NDArray[np.uint8]:
    """Which pixels of a picture that was halved `level` times are covered: 255, else 0.

    Parameters
    ----------
    cover : Cover
    size : tuple of int
        Width and height of the display picture, in pixels.
    level : int
        How often the picture was halved.

    Returns
    -------
    ndarray of uint8, shape (h, w), read-only
        A pixel that a border runs through is covered, and so is a halved one into which any
        covered pixel went.

    Raises
    ------
    SettingsError
        A patch lies outside of the picture, and would cover nothing.
    """
    mask = np.zeros((size[1], size[0]), np.uint8)
    for patch in cover.patches:
        _fill(mask, patch, size)
    if level:
        # Where a side is odd, its first or its last row is left out: both ways are covered.
        reach = 2 * (1 << level) + 1
        mask = np.asarray(cv2.dilate(mask, np.ones((reach, reach), np.uint8)), np.uint8)
        shape = max(1, size[1] >> level), max(1, size[0] >> level)
        middle = (1 << level) >> 1
        rows = np.minimum(np.arange(shape[0]) * (1 << level) + middle, size[1] - 1)
        columns = np.minimum(np.arange(shape[1]) * (1 << level) + middle, size[0] - 1)
        mask = np.ascontiguousarray(mask[np.ix_(rows, columns)])
    mask.flags.writeable = False
    return mask


@functools.lru_cache(maxsize=KEPT)
def covered_cells(
    cover: Cover,
    size: tuple[int, int],
    shape: tuple[int, int],
    corner_px: tuple[float, float],
    cell_px: tuple[float, float],
) -> NDArray[np.bool_]:
    """Which cells of a grid on a picture have a covered pixel in them.

    Parameters
    ----------
    cover : Cover
    size : tuple of int
        Width and height of the display picture, in pixels.
    shape : tuple of int
        Rows and columns of the grid.
    corner_px, cell_px : tuple of float
        Where its first cell begins, and how large each is, in display pixels.

    Returns
    -------
    ndarray of bool, shape (rows, columns), read-only
    """
    total = np.asarray(cv2.integral(covered_mask(cover, size, 0)), np.int64)
    (top, bottom), (left, right) = (
        _ends(count, corner, cell, side)
        for count, corner, cell, side in zip(shape, corner_px[::-1], cell_px[::-1], size[::-1],
                                             strict=True)
    )  # fmt: skip
    rows, columns = np.ix_(top, left), np.ix_(bottom, right)
    inside = total[columns] - total[np.ix_(top, right)] - total[np.ix_(bottom, left)] + total[rows]
    cells = np.asarray(inside > 0, np.bool_)
    cells.flags.writeable = False
    return cells


def _ends(
    count: int, corner: float, cell: float, side_px: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each of so many cells begins and ends, widened to whole pixels of the picture."""
    edges = corner + np.arange(count + 1) * cell
    begin, end = np.floor(edges[:-1]), np.ceil(edges[1:])
    return (
        np.clip(begin, 0, side_px).astype(np.int64),
        np.clip(end, 0, side_px).astype(np.int64),
    )


@functools.lru_cache(maxsize=KEPT)
def covered_parts(
    cover: Cover, size: tuple[int, int], level: int
) -> tuple[tuple[tuple[slice, slice], NDArray[np.uint8]], ...]:
    """Where in a picture something is covered: rows and columns, and which of their pixels are.

    Parameters
    ----------
    cover : Cover
    size : tuple of int
    level : int
        As for `covered_mask`.

    Returns
    -------
    tuple of ((slice, slice), ndarray of uint8, shape (h, w))
        As small as covers are: to look at every pixel of 3840x2160 takes ten times as long.
    """
    mask = covered_mask(cover, size, level)
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    boxes = [cv2.boundingRect(outline) for outline in outlines]
    places = [(slice(y, y + h), slice(x, x + w)) for x, y, w, h in boxes]
    return tuple((place, np.ascontiguousarray(mask[place])) for place in places)


def _fill(mask: NDArray[np.uint8], patch: Patch, size: tuple[int, int]) -> None:
    unit = np.array(size if patch.unit == "share" else (1, 1), np.float64)
    corners = np.array(patch.corners, np.float64) * unit
    # A whole number is the middle of a pixel to cv2, its upper left corner to us.
    fixed = np.rint((corners - 0.5) * (1 << FRACTION_BITS)).astype(np.int32)
    own = np.zeros_like(mask)
    cv2.fillPoly(own, [fixed], (255,), shift=FRACTION_BITS)
    # Where a border crosses itself, what it winds round twice is within it all the same.
    outline, _ = cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(own, outline, -1, (255,), cv2.FILLED)
    if not own.any():
        raise SettingsError(
            f"the privacy zone {patch.name} lies outside of the picture, which is "
            f"{size[0]} x {size[1]}: it would cover nothing"
        )
    np.maximum(mask, own, out=mask)
