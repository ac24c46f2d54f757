"""What comes from nowhere: drops are somewhere else at every look, bodies and leaves go on.

How much of what moves goes on where something moved before is compared with how much would by
chance, as Cohen's kappa does with agreement (Educational and Psychological Measurement 20, 1960):
of dense rain, much falls by chance near to what fell before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.motion import Region
from motionapp.suppression.pieces import Part
from motionapp.suppression.rule import Evidence

NEAR = 0.01
"""Share of the picture's height: what moves this near to what moved before may go on with it."""

NEW = 0.25
"""A region is new if its own kappa is below: drops have 0 to 0.2, walkers 0.4 to 0.6, leaves 0.75
to 0.9."""

RAIN = 24
"""New regions in a block, three to each of its looks: whoever comes in is new at one or two..."""

RAIN_SHARE = 0.5
"""... as a share of all in it: of leaves and people most goes on..."""

RAIN_SPREAD = 0.5
"""... more than this share of the picture's tiles, in which they were: two people who move in many
pieces are in a third of them..."""

RAIN_KAPPA = 0.33
"""... and the kappa of all that moved in it, below which it rained. Rendered rain has 0 to 0.29,
fights that fill a dark and grainy picture 0.34 to 0.65. With 0.3 to 0.4 the same rain is told."""

PLAIN_KAPPA = RAIN_KAPPA / 2
"""Below this it is plain: it need not take a whole block, nor..."""

PLAIN_SPREAD = 1 / 3
"""... be in more than this share of the tiles, since before a bright sky nobody sees drops. Most of
the rendered rain has a kappa of 0 to 0.15, a boxer in a grainy picture 0.3; of 489 real recordings
at 6 and more pictures a second none has less than 0.18 with as many new regions."""

SIGNS = 0.5
"""Of the first and the third of these figures is a sign of rain: doubt only holds an event back."""

TILES = (4, 6)
"""Rows and columns by which it is told how far regions are spread."""


class Continued(NamedTuple):
    """How much of a region goes on where something moved before."""

    region: Region
    where: Part
    """Its box in the mask."""
    px: int
    """Pixels of it that move..."""
    going_on_px: int
    """... of these, near to what moved before..."""
    by_chance_px: float
    """... and how many would be by chance."""

    @property
    def is_new(self) -> bool:
        """Whether it came from nowhere."""
        return _kappa(self.going_on_px, self.by_chance_px, self.px) < NEW


def continued(evidence: Evidence, before: NDArray[np.uint8]) -> list[Continued]:
    """Of each region, what goes on.

    Parameters
    ----------
    evidence : Evidence
    before : ndarray of uint8, shape (h, w)
        What moved when none of today's drops can have been in the picture.
    """
    side = 2 * max(1, round(NEAR * evidence.mask.shape[0])) + 1
    near = np.asarray(cv2.dilate(before, np.ones((side, side), np.uint8)), np.uint8)
    goes_on = cv2.bitwise_and(evidence.mask, near)
    by_chance = cv2.countNonZero(near) / near.size
    found: list[Continued] = []
    for region in evidence.found:
        part = evidence.part(region.box)
        px = cv2.countNonZero(evidence.mask[part])
        found.append(Continued(region, part, px, cv2.countNonZero(goes_on[part]), by_chance * px))
    return found


class Arrivals:
    """What came from nowhere at the looks of one block.

    Parameters
    ----------
    shape : tuple of int
        Height and width of the mask.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self._shape = shape
        self._tiles = np.zeros(TILES, np.uint8)
        self._regions = 0
        self.newcomers = 0
        self._moving_px = self._going_on_px = self._by_chance_px = 0.0

    def add(self, looked: Sequence[Continued]) -> None:
        """Take in a look."""
        self._regions += len(looked)
        self._moving_px += sum(each.px for each in looked)
        self._going_on_px += sum(each.going_on_px for each in looked)
        self._by_chance_px += sum(each.by_chance_px for each in looked)
        for new in (each for each in looked if each.is_new):
            self.newcomers += 1
            self._tiles[self._tile(new.where)] = 1

    def _tile(self, part: Part) -> tuple[int, int]:
        """The tile in which the middle of a part of the mask lies."""
        middles = ((edge.start + edge.stop) / 2 for edge in part)
        down, across = (
            min(tiles - 1, int(middle / px * tiles))
            for middle, px, tiles in zip(middles, self._shape, TILES, strict=True)
        )
        return down, across

    def is_rain(self, *, is_whole: bool) -> bool:
        """Whether much of what moved came from nowhere, all over the picture.

        Parameters
        ----------
        is_whole : bool
            Whether the block has ended.
        """
        kappa = _kappa(self._going_on_px, self._by_chance_px, self._moving_px)
        if kappa < PLAIN_KAPPA:
            return self._is_like_rain(RAIN, PLAIN_SPREAD)
        return is_whole and kappa < RAIN_KAPPA and self._is_like_rain(RAIN, RAIN_SPREAD)

    @property
    def may_be_rain(self) -> bool:
        """Whether there are signs of it; of a block that still runs, too."""
        return self._is_like_rain(SIGNS * RAIN, SIGNS * RAIN_SPREAD)

    def _is_like_rain(self, many: float, spread: float) -> bool:
        least = max(many, RAIN_SHARE * self._regions)
        tiles = int(np.count_nonzero(self._tiles))
        return self.newcomers >= least and tiles > spread * self._tiles.size


def _kappa(found: float, by_chance: float, all_of_it: float) -> float:
    """By how much of what there is beyond chance more was found than by chance; at most 1."""
    return (found - by_chance) / max(1e-6, all_of_it - by_chance)
