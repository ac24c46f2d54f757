"""Faint light with soft borders, such as the shadow of a cloud that drifts across.

Light fades out, bodies end: just outside of a body nothing changes, just outside of where light
exceeds the threshold it still changes, and in the same direction.
"""

from __future__ import annotations

from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.motion import Region
from motionapp.suppression.rule import Evidence, Removed

FAINT = 1.3
"""Thresholds: a region that differs by more on average is not looked at. Rendered shadows
of clouds have 0.9 to 1.2, since they change slowly; of people's regions in recordings of more than
a few pixels' detail, at most 2 % are as faint."""

FADES = 0.35
"""Relative change just outside, over that inside, from which it is light: rendered shadows have
0.4 to 1. Compared in grey levels it would be 0.3, since dark ground changes less."""

APART = 1 / 36
"""How far from a region its outside begins, as a share of the picture's height..."""

RING = 1 / 12
"""... and how far it is looked at."""

SMALLEST_PX = 96
"""In lower pictures the parts of one body reach into each other's outside."""


class SoftShadow:
    """Takes out regions in which only light has changed; remembers nothing.

    Parameters
    ----------
    shape : tuple of int
        Height and width of the mask.
    """

    name: ClassVar[str] = "light"
    blocks: ClassVar[int] = 0

    def __init__(self, shape: tuple[int, int]) -> None:
        self._is_usable = shape[0] >= SMALLEST_PX
        self._apart_px, self._ring_px = (max(1, round(share * shape[0])) for share in (APART, RING))

    def step(self, evidence: Evidence) -> Removed:
        """Whatever has faint and soft borders."""
        taken: NDArray[np.uint8] | None = None
        most = 0.0
        # In a low picture, what lies outside of an arm is the same body's trunk.
        regions = evidence.regions if self._is_usable else ()
        for region in regions:
            # A cloud's shadow changes slowly and so is hardly above the threshold: bodies are.
            if region.strength > FAINT:
                continue
            inside, outside = self._changes(evidence, region)
            # Just outside of a body nothing changes. Multiplied by the inside, since what changes
            # the other way there is something else.
            if outside * inside > FADES * inside**2:
                taken = np.zeros_like(evidence.mask) if taken is None else taken
                part = evidence.part(region.box)
                taken[part] = evidence.mask[part]
                most = max(most, outside / inside)
        return Removed(taken, self.name, (("fade", most),))

    def _changes(self, evidence: Evidence, region: Region) -> tuple[float, float]:
        """By what share of it the light changed in a region, and in a ring round it."""
        rows, columns = evidence.part(region.box)
        around = (
            slice(max(0, rows.start - self._ring_px), rows.stop + self._ring_px),
            slice(max(0, columns.start - self._ring_px), columns.stop + self._ring_px),
        )
        mask, then = evidence.mask[around], evidence.contrast.then[around]
        # The mask alone would be of those pixels whose noise adds to the light.
        near = _grown(mask, self._apart_px)
        ring = np.asarray(cv2.subtract(_grown(mask, self._ring_px), near), np.uint8)
        change = cv2.subtract(evidence.contrast.now[around], then, dtype=cv2.CV_16S)
        # Light takes or gives a share of the brightness: where a dark lawn ends a region, its
        # change in grey levels is small.
        return _share(change, then, near), _share(change, then, ring)


def _share(change: cv2.typing.MatLike, then: NDArray[np.uint8], part: NDArray[np.uint8]) -> float:
    """Change of the light in a part of the picture, as a share of it."""
    return float(cv2.mean(change, part)[0] / max(1.0, cv2.mean(then, part)[0]))


def _grown(mask: NDArray[np.uint8], by_px: int) -> NDArray[np.uint8]:
    side = 2 * by_px + 1
    return np.asarray(cv2.dilate(mask, np.ones((side, side), np.uint8)), np.uint8)
