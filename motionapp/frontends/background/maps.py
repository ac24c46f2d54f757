"""What a network sees of bodies before their background, by its representation and no setting."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Epoch, Frame
from motionapp.core.motion import Map, Motion
from motionapp.core.representation import Representation

FOLLOWS_S: Final = 20.0
"""The picture that is subtracted follows the present one in about so many seconds."""


class BackgroundMaps:
    """Differences from a slow mean of the pictures: whole bodies, also of who stands for seconds.

    Parameters
    ----------
    epoch : Epoch
    representation : Representation
    """

    def __init__(self, epoch: Epoch, representation: Representation) -> None:
        self._level = representation.level(epoch.size)
        self._slow: NDArray[np.float32] | None = None
        self._before_s = 0.0
        self._began_s = 0.0

    def step(self, frame: Frame, motion: Motion, *, is_wanted: bool = True) -> Map | None:
        """The difference from the slow mean, shape (h, w), without any threshold."""
        luma = frame.luma_at(self._level)
        if self._slow is None:
            self._slow = luma.astype(np.float32)
            self._began_s = self._before_s = frame.pts_s
            return None
        step_s, self._before_s = frame.pts_s - self._before_s, frame.pts_s
        # At first the mean is of all that there was: else the first picture, and who stood in it,
        # would be subtracted for as long as it follows.
        lasts_s = min(FOLLOWS_S, frame.pts_s - self._began_s)
        difference = None
        if is_wanted:
            difference = np.asarray(cv2.absdiff(luma, cv2.convertScaleAbs(self._slow)), np.uint8)
            difference.flags.writeable = False
        # After a gap, however long, one picture is not all of the mean.
        cv2.accumulateWeighted(luma, self._slow, 1 - math.exp(-step_s / max(step_s, lasts_s)))
        return difference
