"""Rain, and leaves that stir: many crumbs of motion, small, side by side and all the time.

A body is one piece or a few, and one of them stands out. A region of many small pieces of which
none does is no body; where such regions keep coming back, a single small piece is none either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.motion import Region
from motionapp.core.window import BLOCK_S

MOST_FILL = 0.3
"""Share of its box that moves: above it a region is no heap of crumbs. Half of the regions of
rendered rain and leaves lie between 0.13 and 0.24, of people in recordings 0.25 to 0.57."""

LEAST_PIECES = 7
"""Of the regions of people at work, 95 % have no more than eight, most of them one to three."""

MOST_OF_ALL = 0.5
"""Share of the region's motion in its largest piece; the median is 0.3 in rendered rain, 0.37 in
leaves, and 0.59 to 1 of people."""

LARGEST_CRUMB = 0.0014
"""Share of the picture: what is larger is no crumb, but a car in the distance, say."""

AT_ONCE = 20
"""Crumbs in one picture from which it is weather: a row of cars far away has fewer, but
for one picture in a hundred."""

LEAST_REGION = 0.004
"""Share of the picture: boxes that are smaller tell nothing about what they are made of."""

STANDS_OUT = 2.5
"""A piece so many times larger than the crumbs of its place is something else."""

LEAST_S = 0.5
"""Where crumbs were seen for so long in a block of two seconds, there are more to come."""

LOOKS_HZ = 4
"""Looks a second: pieces are counted no more often while nothing stirs."""

CELLS = 24
"""Places are told apart by cells, so many to the picture's height."""

SMALLEST_PX = 64
"""Pictures that are lower than this are too coarse for it."""


_Part = tuple[slice, slice]
"""Rows and columns."""


class Cells:
    """The grid over a mask by which places are told apart, `CELLS` to its height.

    Parameters
    ----------
    shape : tuple of int
        Height and width of the mask.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self._side_px = max(2, round(shape[0] / CELLS))
        self.shape = -(-shape[0] // self._side_px), -(-shape[1] // self._side_px)
        """Rows and columns."""

    def of(self, x0: int, y0: int, x1: int, y1: int) -> _Part:
        """The cells that a box, in pixels of the mask, reaches into."""
        side = self._side_px
        return slice(y0 // side, -(-y1 // side)), slice(x0 // side, -(-x1 // side))


class Scatter:
    """Where crumbs keep moving, by blocks of two seconds: the last one and the running one.

    Parameters
    ----------
    shape : tuple of int
        Height and width of the mask.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self._cells = Cells(shape)
        self._least_px = round(LEAST_REGION * shape[0] * shape[1])
        self._is_usable = min(shape) >= SMALLEST_PX
        self._block: int | None = None
        self._last: _Block | None = None
        self._running: _Block | None = None
        self._look: int | None = None
        self._is_weather = False
        self._knows = False

    def sieve(
        self,
        mask: NDArray[np.uint8],
        regions: Sequence[Region],
        *,
        pts_s: float,
        level: int,
    ) -> NDArray[np.uint8] | None:
        """The mask without crumbs, which are remembered.

        Parameters
        ----------
        mask : ndarray of uint8, shape (h, w)
            0 or 255; it is not changed.
        regions : sequence of Region
            What was found in it.
        pts_s : float
            Time of the frame.
        level : int
            How often the analysis picture was halved.

        Returns
        -------
        ndarray of uint8, shape (h, w), or None
            None if there are none.
        """
        self._turn(pts_s)
        if not self._is_usable:
            return None
        look = int(pts_s * LOOKS_HZ + 1e-6)
        is_due, self._look = look != self._look, look
        if not (is_due or self._is_weather or self._knows):
            return None
        least_px = self._least_px << (2 * level)
        made_of = [
            self._made_of(mask, region, level, is_loose=is_loose)
            for region in regions
            if (is_loose := looks_loose(region, least_px)) or self._knows
        ]
        heaps = [parts for parts in made_of if parts is not None and parts.is_heap]
        if is_due:
            self._is_weather = sum(len(heap.areas) for heap in heaps) >= AT_ONCE
            if self._is_weather:
                self._remember(heaps)
        left: NDArray[np.uint8] | None = None
        for parts in made_of:
            if parts is None or not (parts.crumb_px or (parts.is_heap and self._is_weather)):
                continue
            left = mask.copy() if left is None else left
            kept = np.zeros(len(parts.areas) + 1, np.uint8)
            if parts.crumb_px:
                kept[1:] = 255 * (parts.areas > STANDS_OUT * parts.crumb_px)
            left[parts.where] &= kept[parts.labels]
        return left

    def _made_of(
        self, mask: NDArray[np.uint8], region: Region, level: int, *, is_loose: bool
    ) -> _Parts | None:
        """The pieces of a region; None where nothing speaks for crumbs."""
        x0, y0, x1, y1 = (edge >> level for edge in region.box)
        cells = self._cells.of(x0, y0, x1, y1)
        crumb_px = self._crumb_px(cells) if self._knows else 0.0
        if not is_loose and not crumb_px:
            return None
        where = slice(y0, y1), slice(x0, x1)
        _, labels, stats, _ = cv2.connectedComponentsWithStats(mask[where], connectivity=8)
        areas = np.asarray(stats[1:, cv2.CC_STAT_AREA], np.int32)
        is_heap = is_loose and makes_heap(areas, mask.size)
        return _Parts(where, cells, np.asarray(labels), areas, is_heap, crumb_px)

    def _turn(self, pts_s: float) -> None:
        block = int(pts_s // BLOCK_S)
        if block != self._block:
            follows = self._block is not None and block == self._block + 1
            self._last = self._running if follows else None
            self._running = None
            self._block = block
            self._knows = self._last is not None and self._last.stirs

    def _crumb_px(self, cells: _Part) -> float:
        """The largest crumb of the cells, if crumbs stir in at least half of them; else 0."""
        largest_px = 0.0
        for block in (self._last, self._running):
            if block is None:
                continue
            seen_s = block.seen_s[cells]
            if 2 * np.count_nonzero(seen_s >= LEAST_S) >= seen_s.size:
                largest_px = max(largest_px, float(block.largest_px[cells].max()))
        return largest_px

    def _remember(self, heaps: Sequence[_Parts]) -> None:
        if self._running is None:
            self._running = _Block(self._cells.shape)
        now = _Block(self._cells.shape)
        for heap in heaps:
            now.seen_s[heap.cells] = 1 / LOOKS_HZ
            now.largest_px[heap.cells] = np.maximum(now.largest_px[heap.cells], heap.areas.max())
        self._running.seen_s += now.seen_s
        self._knows = self._knows or self._running.stirs
        np.maximum(self._running.largest_px, now.largest_px, out=self._running.largest_px)


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """What a region is made of."""

    where: _Part
    """Its place in the mask."""
    cells: _Part
    """... and in the grid."""
    labels: NDArray[np.int32]
    areas: NDArray[np.int32]
    """Of its pieces, in pixels."""
    is_heap: bool
    crumb_px: float
    """Crumbs up to this size stir here; 0 where none do."""


class _Block:
    """What was seen of crumbs in one block, cell by cell."""

    def __init__(self, grid: tuple[int, int]) -> None:
        self.seen_s = np.zeros(grid, np.float32)
        self.largest_px = np.zeros(grid, np.float32)

    @property
    def stirs(self) -> bool:
        """Whether crumbs were seen for long anywhere."""
        return bool((self.seen_s >= LEAST_S).any())


def looks_loose(region: Region, least_px: int) -> bool:
    """Whether little moves in a region's box for its size."""
    x0, y0, x1, y1 = region.box
    box_px = (x1 - x0) * (y1 - y0)
    return region.area_px < MOST_FILL * box_px and box_px >= least_px


def makes_heap(areas: NDArray[np.int32], picture_px: int) -> bool:
    """Whether pieces of so many pixels are many, small, and none of them stands out."""
    if len(areas) < LEAST_PIECES:
        return False
    return bool(areas.max() <= min(MOST_OF_ALL * areas.sum(), LARGEST_CRUMB * picture_px))
