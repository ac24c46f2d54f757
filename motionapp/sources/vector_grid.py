"""FFmpeg's list of vectors, laid on a grid of cells as the picture is shown."""

from __future__ import annotations

import functools
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

# AVMotionVector (libavutil/motion_vector.h) is 40 bytes: 20 words of 16 bits, 10 of 32, 5 of 64.
WORDS, DOUBLES, QUADS = 20, 10, 5
SIZE, X, Y, SCALE = 2, 5, 6, 16
"""Places of words: the size is a byte each of width and height, the place that of the middle."""
SOURCE, MOVED_X = 0, 6
"""Places of 32 bits: the source is below 0 for an earlier picture, above for a later one; how far
it moved to the right, and down, follow each other."""
MOVED: Final = 3
"""Place of 64 bits: how far it moved both ways, so that what has not is found at one look."""


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
    vectors = words.view(np.int64).reshape(-1, QUADS)
    scale = max(1, int(words[SCALE]))
    if may_point_on and min(away_s) <= 0:  # what points to where nobody knows is left out
        is_later = vectors.view(np.int32)[:, SOURCE] > 0
        kept = is_later if away_s[1] > 0 else ~is_later
        if not kept.all():
            vectors = vectors[kept]
        may_point_on = away_s[1] > 0
    if not len(vectors) or (away_s[0] <= 0 and not may_point_on):
        return None
    back, on = (1 / (scale * seconds) if seconds > 0 else 0.0 for seconds in away_s)
    return _laid(vectors, -back, on if may_point_on else None, form)


@dataclass(frozen=True, slots=True)
class _Layout:
    """The cells of pictures of one form, worked out once."""

    cell_px: int
    rows: int
    columns: int
    shown: tuple[int, int]
    """Rows and columns that the picture reaches."""
    stride: np.int16 | np.int32
    """From one row to the next; of 16 bits, which take half as long, where they count all cells."""
    aspect: float


@functools.lru_cache(maxsize=16)
def _layout(stored_size: tuple[int, int], squared_width: int) -> _Layout:
    width, height = stored_size
    cell = MACRO_PX if width > FINE_WIDTH_PX else FINE_PX
    across, down = -(-width // MACRO_PX), -(-height // MACRO_PX)
    rows = (down + down % 2) * (MACRO_PX // cell)  # interlaced pictures come in pairs of rows
    columns = across * (MACRO_PX // cell)
    is_small = rows * columns <= np.iinfo(np.int16).max
    return _Layout(
        cell,
        rows,
        columns,
        (-(-height // cell), -(-width // cell)),
        np.int16(columns) if is_small else np.int32(columns),
        squared_width / width,
    )


def _laid(vectors: NDArray[np.int64], back: float, on: float | None, form: PictureForm) -> Blocks:
    """The mean of what is said to move in each cell: of a block's parts, and of both sides.

    `back` and `on` make velocities of vectors to an earlier and a later picture; `on` is None
    where there are none of these. Each call here costs as much as a hundred vectors: few are made.
    """
    # Of numbers alone: to look a form up takes as long as to count the cells.
    squared_width = form.stored_size[0] if form.aspect == 1 else form.squared_size[0]
    layout = _layout(form.stored_size, squared_width)
    most, shape = layout.rows * layout.columns, (layout.rows, layout.columns)
    cells, told = _told(vectors.view(np.int16), layout)
    # What has not moved is passed over: half a cell of background would halve a walker's speed.
    moved = vectors[:, MOVED].nonzero()[0]
    some = vectors.take(moved, axis=0).view(np.int32)
    by = back if on is None else np.where(some[:, SOURCE, None] > 0, on, back)
    speeds = some[:, MOVED_X : MOVED_X + 2] * by
    at = cells.take(moved, axis=-1)
    if at.ndim > 1:
        at, speeds = at.ravel(), np.tile(speeds, (len(at), 1))
    count = np.maximum(np.bincount(at, minlength=most), 1)
    planes = np.empty((2, *shape), np.float32)
    for plane, way in zip(planes.reshape(2, most), speeds.T, strict=True):
        np.divide(np.bincount(at, weights=way, minlength=most), count, out=plane)
    rows, columns = layout.shown
    # One plane after the other, as they are cleaned; seen as pairs.
    field = planes.transpose(1, 2, 0)[:rows, :columns]
    seen = told.reshape(shape)[:rows, :columns]
    return _shown(field, None if seen.all() else seen > 0, layout, form)


def _told(
    words: NDArray[np.int16], layout: _Layout
) -> tuple[NDArray[np.int16] | NDArray[np.int32], NDArray[np.intp]]:
    """The cells of the blocks, and how many blocks tell of each cell."""
    most = layout.rows * layout.columns
    cells = _cells(words, layout)
    try:
        told = np.bincount(cells.reshape(-1), minlength=most)
    except ValueError:  # a cell below 0
        told = None
    if told is None or len(told) > most:  # of a damaged picture any place may be told
        cells = cells % most
        told = np.bincount(cells.reshape(-1), minlength=most)
    return cells, told


def _cells(vectors: NDArray[np.int16], layout: _Layout) -> NDArray[np.int16] | NDArray[np.int32]:
    """The cells of the blocks, shape (n,); where cells are small, those of a block's four
    quarters, of which several may be one: shape (4, n)."""
    column, row = vectors[:, X], vectors[:, Y]
    if layout.cell_px == MACRO_PX:
        return (row >> 4) * layout.stride + (column >> 4)
    wide, tall = vectors[:, SIZE] & 255, vectors[:, SIZE] >> 8
    first = ((row - (tall >> 1)) >> 3) * layout.stride + ((column - (wide >> 1)) >> 3)
    right, below = wide >> 4, (tall >> 4) * layout.stride
    return np.stack((first, first + right, first + below, first + right + below))


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
