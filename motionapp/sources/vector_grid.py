"""FFmpeg's list of vectors, laid on a grid of cells as the picture is shown."""

from __future__ import annotations

import functools
import itertools
import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import UPRIGHT, Blocks, Orientation
from motionapp.sources.picture import PictureForm

MACRO_PX: Final = 16
"""Side of the largest block, and of a cell: smaller ones in it are averaged, ..."""
FINE_PX: Final = 8
"""... but in small pictures, where a cell is as large as the smallest block that is told."""
FINE_WIDTH_PX: Final = 480
"""Up to so wide: somebody may be two blocks high."""

# AVMotionVector (libavutil/motion_vector.h) is 40 bytes: 20 words of 16 bits, 10 of 32.
WORDS, DOUBLES = 20, 10
SIZE, X, Y, MOVED_X, MOVED_Y, SCALE = 2, 5, 6, 12, 14, 16
"""Places of words: the size is a byte each of width and height, the place that of the middle."""
AREAS: Final = np.zeros(515, np.int64)
"""Pixels of a block, by an eighth of its size's word."""
for _wide, _tall in itertools.product((8, 16), (8, 16)):
    AREAS[(_wide | _tall << 8) >> 3] = _wide * _tall
SOURCE: Final = 0
"""Place of 32 bits: below 0 for an earlier picture, above for a later one."""


def grid_of(
    words: NDArray[np.int16],
    form: PictureForm,
    away_s: tuple[float, float],
    *,
    may_point_on: bool = True,
) -> Blocks | None:
    """The velocities that a picture's vectors tell.

    Parameters
    ----------
    words : ndarray of int16
        FFmpeg's list, as it is.
    form : PictureForm
    away_s : (float, float)
        Seconds back to the picture that earlier vectors point to, and on to that of later ones;
        0 where that is not known, and no use is made of them.
    may_point_on : bool
        Whether there may be vectors to a later picture; to know it spares a look at all of them.

    Returns
    -------
    Blocks or None
        None where none of them is of use.
    """
    vectors = words.reshape(-1, WORDS)
    scale = max(1, int(vectors[0, SCALE]))
    is_later = words.view(np.int32).reshape(-1, DOUBLES)[:, SOURCE] > 0 if may_point_on else None
    if is_later is None or not is_later.any():
        if away_s[0] <= 0:
            return None
        return _laid(vectors, -1 / (scale * away_s[0]), form)
    if min(away_s) <= 0:  # what points to where nobody knows is left out
        kept = is_later if away_s[1] > 0 else ~is_later
        vectors, is_later = vectors[kept], is_later[kept]
        if not len(vectors):
            return None
    back, on = (1 / (scale * seconds) if seconds > 0 else 0.0 for seconds in away_s)
    return _laid(vectors, np.where(is_later, on, -back), form)


@dataclass(frozen=True, slots=True)
class _Layout:
    """The cells of pictures of one form, worked out once."""

    cell_px: int
    rows: int
    columns: int
    shown: tuple[int, int]
    """Rows and columns that the picture reaches."""
    blocks_px: int
    """Pixels in all of its blocks."""
    aspect: float


@functools.lru_cache(maxsize=16)
def _layout(form: PictureForm) -> _Layout:
    width, height = form.stored_size
    cell = MACRO_PX if width > FINE_WIDTH_PX else FINE_PX
    across, down = -(-width // MACRO_PX), -(-height // MACRO_PX)
    return _Layout(
        cell,
        (down + down % 2) * (MACRO_PX // cell),  # interlaced pictures come in pairs of rows
        across * (MACRO_PX // cell),
        (-(-height // cell), -(-width // cell)),
        across * down * MACRO_PX**2,
        form.squared_size[0] / width,
    )


def _laid(
    vectors: NDArray[np.int16], factor: float | NDArray[np.float64], form: PictureForm
) -> Blocks:
    """The mean of what is said to move in each cell: of a block's parts, and of both sides."""
    layout = _layout(form)
    rows, columns = layout.rows, layout.columns
    most = rows * columns
    # What has not moved is passed over: half a cell of background would halve a walker's speed.
    moved = np.flatnonzero(vectors[:, MOVED_X] | vectors[:, MOVED_Y])
    some = vectors[moved]
    by = factor[moved] if isinstance(factor, np.ndarray) else factor
    cells, times = _cells(some, layout.cell_px, columns, most)
    across, down = some[:, MOVED_X] * by, some[:, MOVED_Y] * by
    if times > 1:
        across, down = np.tile(across, times), np.tile(down, times)
    count = np.maximum(np.bincount(cells, minlength=most), 1)
    field = np.empty((most, 2), np.float32)
    np.divide(np.bincount(cells, weights=across, minlength=most), count, out=field[:, 0])
    np.divide(np.bincount(cells, weights=down, minlength=most), count, out=field[:, 1])
    shown = slice(layout.shown[0]), slice(layout.shown[1])
    seen = None
    # Each part of the picture is told at least once, unless some was made from nothing.
    if _area_px(vectors) < layout.blocks_px:
        known = np.zeros(most, np.bool_)
        known[_cells(vectors, layout.cell_px, columns, most)[0]] = True
        seen = known.reshape(rows, columns)[shown]
    return _shown(field.reshape(rows, columns, 2)[shown], seen, layout, form)


def _area_px(vectors: NDArray[np.int16]) -> int:
    """Pixels of all blocks together; what was made from both sides counts twice."""
    sizes = np.bincount(vectors[:, SIZE] >> 3, minlength=len(AREAS))
    return int(sizes[: len(AREAS)] @ AREAS)


def _cells(
    vectors: NDArray[np.int16], cell_px: int, columns: int, most: int
) -> tuple[NDArray[np.int32], int]:
    """The cells of the blocks, and how many each has: one, or, where cells are small, four after
    each other, of which several may be one."""
    if cell_px == MACRO_PX:
        cells = (vectors[:, Y] >> 4).astype(np.int32) * columns + (vectors[:, X] >> 4)
        return cells % most, 1  # of a damaged picture any place may be told
    wide, tall = vectors[:, SIZE] & 255, vectors[:, SIZE] >> 8
    column, row = (vectors[:, X] - (wide >> 1)) >> 3, (vectors[:, Y] - (tall >> 1)) >> 3
    first = row.astype(np.int32) * columns + column
    right, below = (wide >> 4).astype(np.int32), (tall >> 4).astype(np.int32) * columns
    every = (first, first + right, first + below, first + right + below)
    return np.concatenate(every) % most, 4


def _shown(
    field: NDArray[np.float32],
    known: NDArray[np.bool_] | None,
    layout: _Layout,
    form: PictureForm,
) -> Blocks:
    """The cells as they lie in the display picture."""
    aspect, cell_px = layout.aspect, layout.cell_px
    if aspect != 1:
        field[..., 0] *= np.float32(aspect)
    rows, columns = field.shape[:2]
    way, cell = form.orientation, (cell_px * aspect, float(cell_px))
    if way == UPRIGHT:
        field.flags.writeable = False
        return Blocks(field, known, (0.0, 0.0), cell)
    field = _turned_field(field, way)
    known = None if known is None else np.ascontiguousarray(_turned(known, way))
    width, height = form.squared_size
    # What is cut of the last cells lies before the first ones once the picture is turned about.
    left = width - columns * cell[0] if (way.turn in (180, 270)) != way.is_mirrored else 0.0
    top = height - rows * cell[1] if way.turn in (90, 180) else 0.0
    corner = (left, top)
    if way.is_sideways:
        corner, cell = corner[::-1], cell[::-1]
    field.flags.writeable = False
    return Blocks(field, known, corner, cell)


def _turned(cells: NDArray, way: Orientation) -> NDArray:  # type: ignore[type-arg]  # of either kind
    if way.is_mirrored:
        cells = cells[:, ::-1]
    return np.rot90(cells, -way.turn // 90) if way.turn else cells


def _turned_field(field: NDArray[np.float32], way: Orientation) -> NDArray[np.float32]:
    """Vectors are turned with their places."""
    turned = np.ascontiguousarray(_turned(field, way))
    if way.is_mirrored:
        turned[..., 0] *= -1
    cos, sin = round(math.cos(math.radians(way.turn))), round(math.sin(math.radians(way.turn)))
    x, y = turned[..., 0].copy(), turned[..., 1].copy()
    turned[..., 0], turned[..., 1] = cos * x - sin * y, sin * x + cos * y
    return turned
