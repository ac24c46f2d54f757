"""FFmpeg's list of vectors, laid on a grid of cells as the picture is shown."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Blocks, Orientation
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


def _laid(
    vectors: NDArray[np.int16], factor: float | NDArray[np.float64], form: PictureForm
) -> Blocks:
    """The mean of what is said to move in each cell: of a block's parts, and of both sides."""
    width, height = form.stored_size
    cell = MACRO_PX if width > FINE_WIDTH_PX else FINE_PX
    columns = -(-width // MACRO_PX) * (MACRO_PX // cell)
    # Interlaced pictures come in pairs of rows.
    rows = -(-height // (2 * MACRO_PX)) * (2 * MACRO_PX // cell)
    most = rows * columns
    known = np.zeros(most, np.bool_)
    for cells in _cells(vectors, cell, columns):
        known[cells % most] = True  # of a damaged picture any place may be told
    # What has not moved is passed over: half a cell of background would halve a walker's speed.
    moved = np.flatnonzero(vectors[:, MOVED_X] | vectors[:, MOVED_Y])
    some = vectors[moved]
    by = factor[moved] if isinstance(factor, np.ndarray) else factor
    across, down = some[:, MOVED_X] * by, some[:, MOVED_Y] * by
    count, x, y = np.zeros(most), np.zeros(most), np.zeros(most)
    for cells in _cells(some, cell, columns):
        inside = cells % most
        count += np.bincount(inside, minlength=most)
        x += np.bincount(inside, weights=across, minlength=most)
        y += np.bincount(inside, weights=down, minlength=most)
    np.maximum(count, 1, out=count)
    shown = slice(-(-height // cell)), slice(-(-width // cell))
    field = np.empty((rows, columns, 2), np.float32)
    np.divide(x.reshape(rows, columns), count.reshape(rows, columns), out=field[..., 0])
    np.divide(y.reshape(rows, columns), count.reshape(rows, columns), out=field[..., 1])
    seen = known.reshape(rows, columns)[shown]
    return _shown(field[shown], None if seen.all() else seen, cell, form)


def _cells(vectors: NDArray[np.int16], cell: int, columns: int) -> tuple[NDArray[np.int32], ...]:
    """The cells of each block: one, or, where they are small, four of which several may be one."""
    if cell == MACRO_PX:
        return ((vectors[:, Y] >> 4).astype(np.int32) * columns + (vectors[:, X] >> 4),)
    wide, tall = vectors[:, SIZE] & 255, vectors[:, SIZE] >> 8
    column, row = (vectors[:, X] - (wide >> 1)) >> 3, (vectors[:, Y] - (tall >> 1)) >> 3
    first = row.astype(np.int32) * columns + column
    right, below = (wide >> 4).astype(np.int32), (tall >> 4).astype(np.int32) * columns
    return first, first + right, first + below, first + right + below


def _shown(
    field: NDArray[np.float32], known: NDArray[np.bool_] | None, cell_px: int, form: PictureForm
) -> Blocks:
    """The cells as they lie in the display picture."""
    aspect = form.squared_size[0] / form.stored_size[0]
    if aspect != 1:
        field[..., 0] *= np.float32(aspect)
    rows, columns = field.shape[:2]
    way = form.orientation
    field = _turned_field(field, way)
    known = None if known is None else np.ascontiguousarray(_turned(known, way))
    cell = (cell_px * aspect, float(cell_px))
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
    if not way.is_mirrored and not way.turn:
        return field
    turned = np.ascontiguousarray(_turned(field, way))
    if way.is_mirrored:
        turned[..., 0] *= -1
    cos, sin = round(math.cos(math.radians(way.turn))), round(math.sin(math.radians(way.turn)))
    x, y = turned[..., 0].copy(), turned[..., 1].copy()
    turned[..., 0], turned[..., 1] = cos * x - sin * y, sin * x + cos * y
    return turned
