"""Where leaves stir and rain falls: places in which motion alone says little.

Leaves are many crumbs at once that come back in the same place; drops come from nowhere and are
gone a quarter of a second later. What is found are places, not motion: nothing is left out here.
A body in such a place counts once it goes somewhere (`events.eligibility.displacement`).
"""

from __future__ import annotations

from collections import deque
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.core.pace import LOOK_S
from motionapp.core.places import DOUBTFUL, RESTLESS
from motionapp.core.window import BLOCK_S
from motionapp.suppression.pieces import (
    AT_ONCE,
    LEAST_PIECES,
    LEAST_REGION,
    LOOKS_HZ,
    SMALLEST_PX,
    Cells,
    Part,
    looks_loose,
    makes_heap,
)
from motionapp.suppression.rule import Evidence, Removed

BLOCKS = 3
"""Full blocks that are remembered, six seconds: a gust comes about as often."""

MUCH_WEIGHS = 3
"""A look with many crumbs in the picture counts for three with a few; one there must be."""

HEAPS = 6
"""Weighed looks, of 24 to 32, from which a place is restless. Rendered leaves reach it within 2 to
4.5 s; people near the camera, of whom noise makes crumbs, reach half of it."""

RAIN = ((12, 0.6), (18, 0.45))
"""Regions in a block that were nowhere near a moment before, and their share of all in it, from
which it rains: rendered rain has 15 to 66 and 0.5 to 1, the smaller shares where somebody walks in
it; recordings without have up to 14 at large shares, and up to 16 at 0.2."""

SIGNS = 5
"""Newcomers that make the picture doubtful..."""

SIGNS_SHARE = 0.6
"""... where so many of a block's regions are some: 0.67 or more in the first block of rain, up to
0.5 where people begin to move."""

NEAR = 0.06
"""Share of the picture's height: a region nearer to one of the look before continues it."""

CROWDED = 18
"""Looks, of 24 to 32, at which a region in `AT_ONCE` pieces of any size was in a place: enough as
well. Leaves that touch in a coarse picture are one piece that is no crumb; such a tree has 26 and
more, two people before trees up to 10."""

MARGIN = 2
"""Cells round a restless one that are, too: a gust bends branches farther out."""

SCATTERED = 2
"""Looks at which a region in many pieces was in a place: enough, where wind is sure elsewhere."""

SCATTERED_FILL = 0.5
"""Share of its box that moves: a region with more is not looked at for pieces..."""

SCATTERED_BOX = 0.01
"""... nor one whose box is a smaller share of the picture."""


class DynamicBackground:
    """Looks a few times a second, and remembers three full blocks beside the running one.

    Parameters
    ----------
    shape : tuple of int
        Height and width of the mask.
    """

    name: ClassVar[str] = "restless"
    blocks: ClassVar[int] = BLOCKS

    def __init__(self, shape: tuple[int, int]) -> None:
        self._shape = shape
        self._picture_px = shape[0] * shape[1]
        self._cells = Cells(shape)
        self._is_usable = min(shape) >= SMALLEST_PX
        self._look: int | None = None
        self._boxes: list[Box] | None = None
        """What moved at the look before; None before the first."""
        self._newcomers = 0
        """How many of those were nowhere near at the look before it."""
        self._blocks: deque[_Block] = deque(maxlen=BLOCKS + 1)
        self._said = Removed(None, self.name)
        """The same between two looks."""

    def step(self, evidence: Evidence) -> Removed:
        """Nothing is taken out; the places as they are known now are marked."""
        look = int(evidence.pts_s * LOOKS_HZ + 1e-6)
        # More frames a second must not make a place restless sooner.
        if evidence.learns and look != self._look and self._is_usable:
            self._look = look
            self._turn(int(evidence.pts_s // BLOCK_S))
            if evidence.found:
                self._learn(evidence)
            self._count_newcomers(evidence)
            self._boxes = [region.box for region in evidence.found]
            newcomers = sum(block.newcomers for block in self._blocks)
            figures = (("newcomers", newcomers),)
            self._said = Removed(None, self.name, figures, self._judged())
        return self._said

    def _turn(self, number: int) -> None:
        if self._blocks and number < self._blocks[-1].number:
            self._blocks.clear()  # time runs slower from here on
        if not self._blocks or self._blocks[-1].number != number:
            self._blocks.append(_Block(number, self._cells.shape))
            # After a gap, too, only so many blocks back are remembered.
            while self._blocks[0].number < number - BLOCKS:
                self._blocks.popleft()

    def _learn(self, evidence: Evidence) -> None:
        block = self._blocks[-1]
        heaps: list[Part] = []
        crumbs = 0
        picture_px = self._picture_px << (2 * evidence.level)
        moving, scattered, crowded = (np.zeros(self._cells.shape, np.uint8) for _ in range(3))
        for region in evidence.found:
            cells = self._cells.of(evidence.part(region.box))
            moving[cells] = 1
            box_px = region.box.area
            # Counting pieces is dear: small boxes tell nothing, and what fills its box is a body.
            if box_px < LEAST_REGION * picture_px or region.area_px > SCATTERED_FILL * box_px:
                continue
            can_heap = looks_loose(region, round(LEAST_REGION * picture_px))
            # What fills more of its box than crumbs do must be larger to tell anything.
            if not can_heap and box_px < SCATTERED_BOX * picture_px:
                continue
            areas = evidence.pieces(region).areas
            # A body at work is in fewer pieces, seldom in so many, and not always in one place.
            if len(areas) >= LEAST_PIECES:
                scattered[cells] = 1
                if len(areas) >= AT_ONCE:
                    crowded[cells] = 1
                if can_heap and makes_heap(areas, self._picture_px):
                    heaps.append(cells)
                    crumbs += len(areas)
        block.moving += moving
        block.scattered += scattered
        block.crowded += crowded
        if heaps:
            now = np.zeros(self._cells.shape, np.uint8)
            for cells in heaps:
                now[cells] = 1
            # Noise makes crumbs of people near the camera, too, but seldom so many at once.
            is_much = crumbs >= AT_ONCE
            block.heaps += now * np.uint8(MUCH_WEIGHS if is_much else 1)
            block.much += now * np.uint8(is_much)

    def _count_newcomers(self, evidence: Evidence) -> None:
        """How many regions came from nowhere since the look before."""
        before, gone, self._newcomers = self._boxes, self._newcomers, 0
        # At the first look all that moves would have come from nowhere.
        if before is None:
            return
        near_px = NEAR * (self._shape[0] << evidence.level)
        self._newcomers = sum(
            not any(_are_near(region.box, box, near_px) for box in before)
            for region in evidence.found
        )
        # Where pictures come seldom, two looks share one, and see a drop twice: where it fell, and
        # as what has gone from there.
        shares = evidence.lag_s > LOOK_S / 2
        traces = min(gone, len(evidence.found) - self._newcomers) if shares else 0
        self._blocks[-1].regions += len(evidence.found) - traces
        self._blocks[-1].newcomers += self._newcomers

    def _judged(self) -> NDArray[np.uint8] | None:
        # Rain falls everywhere, wherever its drops were seen by now.
        if any(block.is_rain for block in self._blocks):
            return _read_only(np.full(self._cells.shape, RESTLESS, np.uint8))
        is_drizzle = any(block.may_be_rain for block in self._blocks)
        if not is_drizzle and not any(block.is_told for block in self._blocks):
            return None
        heaps, much, crowded, scattered, moving = (
            np.sum([getattr(block, name) for block in self._blocks], axis=0, dtype=np.uint8)
            for name in ("heaps", "much", "crowded", "scattered", "moving")
        )
        # A body comes in many pieces now and then; where half of what moves does, it may be leaves.
        is_doubtful = (scattered > 0) & (2 * scattered >= moving)
        places = _grown(is_doubtful, 1) * np.uint8(DOUBTFUL)
        is_sure = ((heaps >= HEAPS) & (much > 0)) | (crowded >= CROWDED)
        if is_sure.any():
            # Wind that is sure in one tree blows in the others, too.
            restless = is_sure | is_doubtful | (scattered >= SCATTERED)
            places[_grown(restless, MARGIN) > 0] = RESTLESS
        # The first block of rain is not enough to be sure, and its drops may fall anywhere.
        if is_drizzle:
            np.maximum(places, np.uint8(DOUBTFUL), out=places)
        return _read_only(places) if places.any() else None


class _Block:
    """What the looks of one block have shown; arrays count looks, cell by cell."""

    def __init__(self, number: int, grid: tuple[int, int]) -> None:
        self.number = number
        self.regions = 0
        self.newcomers = 0
        self.moving = np.zeros(grid, np.uint8)
        self.scattered = np.zeros(grid, np.uint8)
        self.crowded = np.zeros(grid, np.uint8)
        self.heaps = np.zeros(grid, np.uint8)
        self.much = np.zeros(grid, np.uint8)

    @property
    def is_rain(self) -> bool:
        """Whether most of what moved came from nowhere, again and again."""
        return any(self.newcomers >= max(n, share * self.regions) for n, share in RAIN)

    @property
    def may_be_rain(self) -> bool:
        """Whether there are signs of it."""
        return self.newcomers >= max(SIGNS, SIGNS_SHARE * self.regions)

    @property
    def is_told(self) -> bool:
        """Whether anything in many pieces was seen."""
        return bool(self.scattered.any())


def _are_near(one: Box, other: Box, near_px: float) -> bool:
    return (
        one.x0 - near_px < other.x1
        and other.x0 - near_px < one.x1
        and one.y0 - near_px < other.y1
        and other.y0 - near_px < one.y1
    )


def _grown(cells: NDArray[np.bool_], by: int) -> NDArray[np.uint8]:
    side = 2 * by + 1
    return np.asarray(cv2.dilate(cells.astype(np.uint8), np.ones((side, side), np.uint8)), np.uint8)


def _read_only(places: NDArray[np.uint8]) -> NDArray[np.uint8]:
    places.flags.writeable = False
    return places
