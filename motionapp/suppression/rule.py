"""What a rule of suppression is given, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.core.motion import Contrast, Region
from motionapp.suppression.pieces import Part, Pieces, pieces_at

Figures = tuple[tuple[str, float], ...]
"""What a rule measured, by name."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """All that a rule may judge by, at one frame."""

    pts_s: float
    """Time of the frame; slowed where pictures come seldom (`core.pace.SlowTime`)."""
    level: int
    """How often the analysis picture was halved."""
    mask: NDArray[np.uint8]
    """Shape (h, w), 0 or 255: what the rules before have left. Never to be changed."""
    regions: tuple[Region, ...]
    """Those of which the rules before have left anything."""
    found: tuple[Region, ...]
    """All that moved before any rule took anything out."""
    contrast: Contrast
    """The pictures behind the mask, and how they differ."""
    lag_s: float = 0.0
    """Seconds between the two pictures behind the mask, in the time of `pts_s`."""
    stretch: int = 1
    """How many times slower time runs."""
    learns: bool = True
    """Whether it is to be remembered: a frame that comes between two beats only is judged, so that
    no memory hangs on how often was looked."""
    places: NDArray[np.uint8] | None = None
    """The cells that the rules before have marked; None where all is calm. What a rule remembers
    never depends on them."""
    _pieces: dict[Box, Pieces] = field(default_factory=dict, repr=False)
    """No part of the value: what was worked out of this mask by now."""

    def part(self, box: Box) -> Part:
        """Where a box in display pixels lies in the mask."""
        x0, y0, x1, y1 = (edge >> self.level for edge in box)
        return slice(y0, y1), slice(x0, x1)

    def pieces(self, region: Region) -> Pieces:
        """What a region is made of; counted once, however many rules ask."""
        if region.box not in self._pieces:
            self._pieces[region.box] = pieces_at(self.mask, self.part(region.box))
        return self._pieces[region.box]

    def without(self, taken: NDArray[np.uint8]) -> Evidence:
        """What the next rule is given once a part of the mask is taken out."""
        left = np.asarray(cv2.subtract(self.mask, taken), np.uint8)
        # Of a box in which nothing is left, the next rule would judge a body without pixels.
        regions = tuple(
            region for region in self.regions if cv2.countNonZero(left[self.part(region.box)])
        )
        return Evidence(
            self.pts_s,
            self.level,
            left,
            regions,
            self.found,
            self.contrast,
            self.lag_s,
            self.stretch,
            self.learns,
            self.places,
        )

    def with_places(self, places: NDArray[np.uint8]) -> Evidence:
        """What the next rule is given once places are marked; the pieces stay counted."""
        return replace(self, places=places)


@dataclass(frozen=True, slots=True, eq=False)
class Removed:
    """What a rule says of a mask."""

    mask: NDArray[np.uint8] | None
    """255 where something is to be taken out, within the mask that was given; None: nothing is."""
    rule: str
    figures: Figures = ()
    places: NDArray[np.uint8] | None = None
    """The cells of `core.places.Places`, from a rule that marks places; None where all is calm."""


class SuppressionRule(Protocol):
    """Tells what of a mask is nobody. It is made for one shape of mask: another size, another rule.

    It depends on what has moved before only as far as its blocks reach, and never on what another
    rule remembers.
    """

    name: ClassVar[str]
    """What `Reasons.declined` says where nothing else was left."""
    blocks: ClassVar[int]
    """Full blocks of `core.window.BLOCK_S`, beside the running one, that it remembers."""

    def __init__(self, shape: tuple[int, int]) -> None:
        """Begin for masks of a height and a width, in pixels."""
        ...

    def step(self, evidence: Evidence) -> Removed:
        """Learn from a frame and say what is to be taken out of its mask."""
        ...
