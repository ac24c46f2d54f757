"""Somebody new before leaves that stir: greys that their place has not shown lately.

Of every pixel the darkest and the brightest grey of the last seconds are kept: the minimum and the
maximum of the background model of W4 (Haritaoglu, Harwood, Davis: W4, Real-Time Surveillance of
People and Their Activities, 2000). A twig swings between the same few greys, however far it bends;
somebody brings others. Who moves on the spot is old after a block: so nothing is taken out, and
only who is new counts at once in a place that is restless (`dynamic_background`).
"""

from __future__ import annotations

from collections import deque
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.motion import Region
from motionapp.core.places import NEW, RESTLESS
from motionapp.core.window import BLOCK_S
from motionapp.regions import find_regions
from motionapp.suppression.pieces import Cells
from motionapp.suppression.rule import Evidence, Removed

BLOCKS = 3
"""Full blocks behind the range, six seconds: a gust comes about as often."""

LEAST_BLOCKS = 2
"""Full blocks from which on the range is asked: after one, a gust brings what is new."""

BEYOND = 0.5
"""Thresholds by which a grey lies outside of the range to be new: half of one, since the mask asks
for a whole one already, and the range is a pixel wider."""

LARGE = 0.004
"""Share of the picture that must be new at once. In 2974 pictures of leaves and rain at most
0.0032 is; of walkers before them 0.0035 to 0.011 at the median."""

GAP = 0.03
"""Share of the height: gaps in what is new are closed up to this, as regions are by default."""

Picture = NDArray[np.uint8]

_AROUND: Picture = np.ones((3, 3), np.uint8)
"""A twig may bend by a pixel more than it has yet."""


class BackgroundRange:
    """Remembers what every pixel has been in the last full blocks.

    Parameters
    ----------
    shape : tuple of int
        Height and width of the mask.
    """

    name: ClassVar[str] = "range"
    blocks: ClassVar[int] = BLOCKS

    def __init__(self, shape: tuple[int, int]) -> None:
        self._cells = Cells(shape)
        self._blocks: deque[_Block] = deque(maxlen=BLOCKS + 1)
        """The last one is running."""
        self._range: tuple[Picture, Picture] | None = None
        """Of the full blocks together; None until it is asked for."""

    def step(self, evidence: Evidence) -> Removed:
        """Nothing is taken out; places in which somebody new is are marked."""
        self._turn(int(evidence.pts_s // BLOCK_S))
        places = self._marked(evidence)
        if evidence.learns:
            self._blocks[-1].learn(evidence.contrast.now)
        return Removed(None, self.name, places=places)

    def _turn(self, number: int) -> None:
        blocks = self._blocks
        if blocks and blocks[-1].number == number:
            return
        if blocks and number < blocks[-1].number:
            blocks.clear()  # time runs slower from here on
        blocks.append(_Block(number))
        # After a gap, too, only so many blocks back are remembered.
        while blocks[0].number < number - BLOCKS:
            blocks.popleft()
        self._range = None

    def _marked(self, evidence: Evidence) -> NDArray[np.uint8] | None:
        """The places, marked anew; None where nobody new is in any of them."""
        cells = evidence.places
        # Elsewhere whoever moves counts in any case.
        if cells is None or not evidence.regions or not (cells == RESTLESS).any():
            return None
        full = [block.seen for block in self._blocks if block is not self._blocks[-1]]
        seen = [each for each in full if each is not None]
        # A gust is longer than a block: after one, the next twig is new.
        if len(seen) < LEAST_BLOCKS:
            return None
        large = self._large(evidence, cells == RESTLESS, seen)
        if not large:
            return None
        places = cells.copy()
        for region in large:
            part = places[self._cells.of(evidence.part(region.box))]
            part[part == RESTLESS] = NEW
        places.flags.writeable = False
        return places

    def _large(
        self, evidence: Evidence, cells: NDArray[np.bool_], seen: list[tuple[Picture, Picture]]
    ) -> tuple[Region, ...]:
        """What is new and large in some cells."""
        if self._range is None:
            self._range = _range_of(seen)
        contrast = evidence.contrast
        outside = _outside(contrast.now, *self._range)
        is_new = cv2.threshold(outside, BEYOND * contrast.unit, 255, cv2.THRESH_BINARY)[1]
        is_new = cv2.bitwise_and(is_new, evidence.mask)
        is_new = cv2.copyTo(is_new, self._cells.pixels_of(cells.astype(np.uint8)))
        return find_regions(
            # Single pixels are noise, here as in the difference.
            np.asarray(cv2.medianBlur(is_new, 3), np.uint8),
            contrast.strength,
            unit=contrast.unit,
            level=evidence.level,
            min_area=LARGE,
            merge_gap=GAP,
        ).regions


class _Block:
    """What every pixel has been in one block."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.seen: tuple[Picture, Picture] | None = None
        """The darkest and the brightest; None before the first picture."""

    def learn(self, now: Picture) -> None:
        """Take in a picture."""
        if self.seen is None:
            self.seen = now.copy(), now.copy()
            return
        darkest, brightest = self.seen
        cv2.min(darkest, now, dst=darkest)
        cv2.max(brightest, now, dst=brightest)


def _range_of(seen: list[tuple[Picture, Picture]]) -> tuple[Picture, Picture]:
    """The darkest and the brightest of some blocks, each with its neighbours."""
    darkest, brightest = seen[0]
    for dark, bright in seen[1:]:
        darkest = np.asarray(cv2.min(darkest, dark), np.uint8)
        brightest = np.asarray(cv2.max(brightest, bright), np.uint8)
    return (
        np.asarray(cv2.erode(darkest, _AROUND), np.uint8),
        np.asarray(cv2.dilate(brightest, _AROUND), np.uint8),
    )


def _outside(now: Picture, darkest: Picture, brightest: Picture) -> Picture:
    """By how many greys each pixel is darker or brighter than it has been."""
    return np.asarray(cv2.max(cv2.subtract(now, brightest), cv2.subtract(darkest, now)), np.uint8)
