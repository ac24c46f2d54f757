"""Where leaves stir and rain falls: places in which motion alone says little.

Leaves are many crumbs at once that come back in the same place; drops come from nowhere and are
gone a quarter of a second later. What is found are places, not motion: nothing is left out here.
A body in such a place counts once it goes somewhere (`events.eligibility.displacement`).
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import replace
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.places import DOUBTFUL, RESTLESS
from motionapp.core.window import BLOCK_S, TIME_TOLERANCE_S
from motionapp.suppression.arrivals import Arrivals, Continued, continued
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

EARLY_S = 0.5
"""After the first look nobody can be told from weather for so long: two more looks."""

LONGEST_S = 0.35
"""What moved so long ago tells nothing of where things come from: two pictures at 6 a second."""

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
        # In a coarser picture crumbs run together, and there are no pieces to count.
        self._is_usable = min(shape) >= SMALLEST_PX
        self._look: int | None = None
        self._first_s = math.inf
        self._masks: deque[tuple[float, NDArray[np.uint8]]] = deque()
        """What has moved in the last moments, and when."""
        self._rains = False
        self._blocks: deque[_Block] = deque(maxlen=BLOCKS + 1)
        self._said = Removed(None, self.name)
        """The same between two looks."""

    def step(self, evidence: Evidence) -> Removed:
        """Take out drops while it rains; mark the places as they are known now."""
        if not self._is_usable:
            return self._said
        look = int(evidence.pts_s * LOOKS_HZ + 1e-6)
        # More frames a second must not make a place restless sooner.
        is_due = evidence.learns and look != self._look
        # Drops are taken out of every picture, but counted at looks.
        moving = self._continued(evidence) if is_due or self._rains else []
        if evidence.learns:
            self._remember(evidence)
        if is_due:
            self._look = look
            self._turn(int(evidence.pts_s // BLOCK_S))
            if evidence.found:
                self._learn(evidence)
            self._blocks[-1].arrivals.add(moving)
            # Heavy rain is told within a second: it does not take a whole block to be sure.
            running = self._blocks[-1]
            self._rains = any(
                block.arrivals.is_rain(is_whole=block is not running) for block in self._blocks
            )
            newcomers = sum(block.arrivals.newcomers for block in self._blocks)
            figures = (("newcomers", newcomers),)
            self._said = Removed(None, self.name, figures, self._judged(evidence))
        drops = [each.where for each in moving if each.is_new] if self._rains else []
        if not drops:
            return self._said
        taken = np.zeros_like(evidence.mask)
        for part in drops:
            taken[part] = evidence.mask[part]
        return replace(self._said, mask=taken)

    def _turn(self, number: int) -> None:
        if self._blocks and number < self._blocks[-1].number:
            self._blocks.clear()  # time runs slower from here on
        if not self._blocks or self._blocks[-1].number != number:
            self._blocks.append(_Block(number, self._cells.shape, self._shape))
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

    def _continued(self, evidence: Evidence) -> list[Continued]:
        """What goes on of what moved when none of today's drops was in the picture yet."""
        masks = self._masks
        # A drop is seen twice: where it has come to, and a lag later as what has gone from there.
        latest_s = evidence.pts_s - 2 * evidence.lag_s + TIME_TOLERANCE_S
        while len(masks) > 1 and masks[1][0] <= latest_s:
            masks.popleft()
        # With nothing to compare with, all that moves would have come from nowhere.
        if not masks or masks[0][0] > latest_s:
            return []
        # So would a car that is farther on by more than its length.
        if (evidence.pts_s - masks[0][0]) * evidence.stretch > LONGEST_S:
            return []
        return continued(evidence, masks[0][1])

    def _remember(self, evidence: Evidence) -> None:
        if self._masks and self._masks[-1][0] >= evidence.pts_s:
            self._masks.clear()  # time runs slower from here on
            self._first_s = math.inf
        self._first_s = min(self._first_s, evidence.pts_s)
        self._masks.append((evidence.pts_s, evidence.mask))

    def _is_early(self, evidence: Evidence) -> bool:
        # One body alone is no weather, however early it comes.
        return len(evidence.found) > 1 and evidence.pts_s - self._first_s < EARLY_S

    def _judged(self, evidence: Evidence) -> NDArray[np.uint8] | None:
        # Rain falls everywhere, wherever its drops were seen by now.
        if self._rains:
            return _read_only(np.full(self._cells.shape, RESTLESS, np.uint8))
        is_drizzle = self._blocks[-1].arrivals.may_be_rain or self._is_early(evidence)
        if not is_drizzle and not any(block.is_told for block in self._blocks):
            return None
        heaps, much, crowded, scattered, moving = (
            np.sum([getattr(block, name) for block in self._blocks], axis=0, dtype=np.uint8)
            for name in ("heaps", "much", "crowded", "scattered", "moving")
        )
        # A body comes in many pieces now and then; where half of what moves does, it may be leaves.
        is_doubtful = (scattered > 0) & (2 * scattered >= moving)
        places = _grown(is_doubtful, 1) * np.uint8(DOUBTFUL)
        # Heaps of few crumbs alone may be noise on somebody near, however often they come.
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

    def __init__(self, number: int, grid: tuple[int, int], shape: tuple[int, int]) -> None:
        self.number = number
        self.arrivals = Arrivals(shape)
        self.moving = np.zeros(grid, np.uint8)
        self.scattered = np.zeros(grid, np.uint8)
        self.crowded = np.zeros(grid, np.uint8)
        self.heaps = np.zeros(grid, np.uint8)
        self.much = np.zeros(grid, np.uint8)

    @property
    def is_told(self) -> bool:
        """Whether anything in many pieces was seen."""
        return bool(self.scattered.any())


def _grown(cells: NDArray[np.bool_], by: int) -> NDArray[np.uint8]:
    side = 2 * by + 1
    return np.asarray(cv2.dilate(cells.astype(np.uint8), np.ones((side, side), np.uint8)), np.uint8)


def _read_only(places: NDArray[np.uint8]) -> NDArray[np.uint8]:
    places.flags.writeable = False
    return places
