"""The rules one after the other: a mask goes in, regions of what may be somebody come out.

What a rule has learnt never hangs on what another remembers. So the rules with a memory learn from
what the front-end found; the one rule before them that takes anything, soft shadow, has none.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.motion import Contrast, Removal
from motionapp.core.window import BLOCK_S
from motionapp.regions import Found, find_regions
from motionapp.suppression.background_range import BackgroundRange
from motionapp.suppression.dynamic_background import DynamicBackground
from motionapp.suppression.overlay_text import OverlayText
from motionapp.suppression.rule import Evidence, SuppressionRule
from motionapp.suppression.scatter import Scatter
from motionapp.suppression.soft_shadow import SoftShadow

RULES: tuple[type[SuppressionRule], ...] = (
    DynamicBackground,
    SoftShadow,
    Scatter,
    OverlayText,
    BackgroundRange,
)
"""In the order in which they are asked. Adding a rule is one file and one line here."""


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """A mask in which only what may be somebody is left."""

    mask: NDArray[np.uint8]
    found: Found
    """Its regions."""
    removed: tuple[Removal, ...] = ()
    """By the rules that took anything, in their order."""
    places: NDArray[np.uint8] | None = None
    """The cells of `core.places.Places`; None where all is calm."""


class SuppressionChain:
    """Rules at work on masks of one shape.

    Parameters
    ----------
    rules : sequence of SuppressionRule
        In the order in which they are asked.
    """

    def __init__(self, rules: Sequence[SuppressionRule]) -> None:
        self._rules = tuple(rules)

    @classmethod
    def of_all(cls, shape: tuple[int, int]) -> SuppressionChain:
        """All rules, afresh, for masks of a height and a width in pixels."""
        return cls([rule(shape) for rule in RULES])

    @property
    def memory_s(self) -> float:
        """So long must masks be right, from the start of a block on, for all that is remembered."""
        return max((rule.blocks for rule in self._rules), default=0) * BLOCK_S

    def step(
        self,
        mask: NDArray[np.uint8],
        contrast: Contrast,
        *,
        pts_s: float,
        level: int,
        min_area: float,
        merge_gap: float,
        off: Collection[str] = (),
        lag_s: float = 0.0,
        stretch: int = 1,
        learns: bool = True,
    ) -> Settled:
        """Take out what is nobody, and find the regions of the rest.

        Parameters
        ----------
        mask : ndarray of uint8, shape (h, w)
            0 or 255; it is not changed.
        contrast : Contrast
            What it was made of.
        pts_s : float
            Time of the frame, slowed where pictures come seldom.
        level : int
            How often the analysis picture was halved.
        min_area, merge_gap : float
            As `find_regions` takes them.
        off : collection of str
            Rules that go on learning, so that they can be switched on at any time, but take nothing
            out and mark no places.
        lag_s : float
            Seconds between the two pictures behind the mask, in the time of `pts_s`.
        stretch : int
            How many times slower time runs.
        learns : bool
            Whether the rules remember it.
        """
        find = partial(
            find_regions,
            strength=contrast.strength,
            unit=contrast.unit,
            level=level,
            min_area=min_area,
            merge_gap=merge_gap,
        )
        found = find(mask)
        evidence = Evidence(
            pts_s, level, mask, found.regions, found.regions, contrast, lag_s, stretch, learns
        )
        evidence, removed = self._judged(evidence, off)
        # What was found is right while nothing was taken out of it: that is nearly always.
        return Settled(
            evidence.mask,
            find(evidence.mask) if removed else found,
            removed,
            evidence.places,
        )

    def _judged(
        self, evidence: Evidence, off: Collection[str]
    ) -> tuple[Evidence, tuple[Removal, ...]]:
        """What is left when each rule has seen what those before it left, and what each took."""
        removed: list[Removal] = []
        for rule in self._rules:
            said = rule.step(evidence)
            # It has learnt all the same, so that it can be switched on at any time.
            if rule.name in off:
                continue
            if said.places is not None:
                evidence = evidence.with_places(said.places)
            px = 0 if said.mask is None else cv2.countNonZero(said.mask)
            # To take out nothing would lose the counted pieces, and have regions found once more.
            if said.mask is not None and px:
                evidence = evidence.without(said.mask)
                said.mask.flags.writeable = False
                removed.append(Removal(said.rule, px, said.figures, said.mask))
        return evidence, tuple(removed)
