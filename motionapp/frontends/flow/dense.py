"""Where each pixel of a picture went in the next: Dense Inverse Search, by named presets."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.frontends.flow.checking import mended
from motionapp.settings.frontends import FlowPreset

PATCH_PX: Final = 8
SMALLEST_PX: Final = 16
"""Of the shorter side: below it the search's patches find no room."""

_REFINEMENTS: Final = 5
"""Of the checked field, at full size; more change nothing on any of the measured sets."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How thoroughly is searched."""

    finest: int
    """Halvings of the finest picture that is searched; the field is enlarged from there."""
    stride_px: int
    """From one patch of 8 pixels to the next."""
    descents: int
    """Steps of each patch towards its place."""
    refinements: int
    """Steps of the variational refinement on each scale."""
    is_checked: bool = False
    """Sought back, too: what does not come home is filled from what does."""


# docs/adr/0010-flow.md has the figures: chosen on Middlebury together with pairs of other kinds.
PICTURES: Final[dict[FlowPreset, Effort]] = {
    # OpenCV's own has 16 descents and 5 refinements: half of the descents for two more
    # refinements, and both error and time go down.
    "fast": Effort(finest=2, stride_px=4, descents=8, refinements=7),
    "best": Effort(finest=0, stride_px=3, descents=25, refinements=5, is_checked=True),
    "ultrafast": Effort(finest=2, stride_px=4, descents=12, refinements=0),
}
"""For two pictures at full size."""

RUNS: Final[dict[FlowPreset, Effort]] = {
    # What moves is as exact with 5 refinements as with 7; only the still wall is a little calmer.
    "fast": Effort(finest=1, stride_px=4, descents=8, refinements=5),
    "best": PICTURES["best"],
    "ultrafast": Effort(finest=1, stride_px=4, descents=12, refinements=0),
}
"""For a run, whose pictures are halved already: people are a few pixels wide there."""


class DenseFlow:
    """Finds the flow between two pictures, with its buffers kept from one pair to the next.

    Parameters
    ----------
    effort : Effort
        One of `PICTURES` or `RUNS`.

    References
    ----------
    Kroeger, Timofte, Dai, Van Gool, "Fast Optical Flow using Dense Inverse Search", ECCV 2016.
    """

    def __init__(self, effort: Effort) -> None:
        self._dis = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
        self._finest = effort.finest
        self._dis.setPatchStride(effort.stride_px)
        self._dis.setGradientDescentIterations(effort.descents)
        self._dis.setVariationalRefinementIterations(effort.refinements)
        self._refinement: cv2.VariationalRefinement | None = None
        if effort.is_checked:
            self._refinement = cv2.VariationalRefinement.create()
            self._refinement.setFixedPointIterations(_REFINEMENTS)

    def displacement(self, then: NDArray[np.uint8], now: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Where each pixel of `then` went, in pixels of these pictures.

        Parameters
        ----------
        then, now : ndarray of uint8, shape (h, w)
            Luma.

        Returns
        -------
        ndarray of float32, shape (h, w, 2)
            x to the right, y down; zero for pictures below `SMALLEST_PX`.
        """
        side_px = min(now.shape)
        if side_px < SMALLEST_PX:
            return np.zeros((*now.shape, 2), np.float32)
        # OpenCV 5.0 ends the process where a long picture's finest scale is lower than a patch.
        self._dis.setFinestScale(min(self._finest, int(math.log2(side_px / PATCH_PX))))
        there = self._sought(then, now)
        if self._refinement is None:
            return there
        filled = mended(there, self._sought(now, then), then)
        return np.asarray(self._refinement.calc(then, now, filled), np.float32)

    def _sought(self, then: NDArray[np.uint8], now: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.asarray(self._dis.calc(then, now, None), np.float32)  # type: ignore[call-overload]  # stub
