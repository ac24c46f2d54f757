"""What a region is made of: a body is one piece or a few, rain and leaves are many crumbs."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.motion import Region

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

LOOKS_HZ = 4
"""Looks a second: pieces are counted no more often while nothing stirs."""

CELLS = 24
"""Places are told apart by cells, so many to the picture's height."""

SMALLEST_PX = 64
"""Pictures that are lower or narrower than this are too coarse for crumbs."""

Part = tuple[slice, slice]
"""Rows and columns."""


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """The parts of a region that do not touch."""

    where: Part
    """The region's box in the mask."""
    labels: NDArray[np.int32]
    """Which piece each of its pixels belongs to, from 1 on; 0 where nothing moves."""
    areas: NDArray[np.int32]
    """Of each piece, in pixels of the mask."""


def pieces_at(mask: NDArray[np.uint8], where: Part) -> Pieces:
    """The pieces in a part of a mask.

    Parameters
    ----------
    mask : ndarray of uint8, shape (h, w)
        0 or 255.
    where : tuple of slice
        Rows and columns of the part.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask[where], connectivity=8)
    areas = np.asarray(stats[1:, cv2.CC_STAT_AREA], np.int32)
    return Pieces(where, np.asarray(labels, np.int32), areas)


def looks_loose(region: Region, least_px: int) -> bool:
    """Whether little moves in a region's box for its size."""
    x0, y0, x1, y1 = region.box
    box_px = (x1 - x0) * (y1 - y0)
    # A body fills its box; a few crumbs in a small box may be a far body's limbs.
    return region.area_px < MOST_FILL * box_px and box_px >= least_px


def makes_heap(areas: NDArray[np.int32], picture_px: int) -> bool:
    """Whether pieces of so many pixels are many, small, and none of them stands out."""
    # People at work are one to three pieces, seldom more than eight.
    if len(areas) < LEAST_PIECES:
        return False
    # A body's trunk is the larger half of what moves of it, however many crumbs lie round it.
    return bool(areas.max() <= min(MOST_OF_ALL * areas.sum(), LARGEST_CRUMB * picture_px))


class Cells:
    """The grid over a mask by which places are told apart, `CELLS` to its height.

    Parameters
    ----------
    shape : tuple of int
        Height and width of the mask.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self._mask_shape = shape
        self._side_px = max(2, round(shape[0] / CELLS))
        self.shape = -(-shape[0] // self._side_px), -(-shape[1] // self._side_px)
        """Rows and columns."""

    def of(self, part: Part) -> Part:
        """The cells that a part of the mask reaches into."""
        side = self._side_px
        rows, columns = part
        return (
            slice(rows.start // side, -(-rows.stop // side)),
            slice(columns.start // side, -(-columns.stop // side)),
        )

    def pixels_of(self, cells: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """What is said of the cells, said of every pixel of the mask."""
        rows, columns = self._mask_shape
        wide = cells.repeat(self._side_px, axis=0).repeat(self._side_px, axis=1)
        return np.ascontiguousarray(wide[:rows, :columns])
