"""Plain differences for a network, by its representation and no setting."""

from __future__ import annotations

import cv2
import numpy as np

from motionapp.core.frame import Epoch, Frame
from motionapp.core.motion import Map, Motion
from motionapp.core.representation import Representation
from motionapp.core.window import LagWindow
from motionapp.frontends.kept import KeptLuma


class DifferenceMaps:
    """Remembers pictures for one lag, and subtracts them where a map is wanted.

    Parameters
    ----------
    epoch : Epoch
    representation : Representation
    """

    def __init__(self, epoch: Epoch, representation: Representation) -> None:
        self._level = representation.level(epoch.size)
        self._window: LagWindow[KeptLuma] = LagWindow(representation.lag_s)

    def step(self, frame: Frame, motion: Motion, *, is_wanted: bool = True) -> Map | None:
        """The difference to the picture one lag ago, shape (h, w), without any threshold."""
        now = KeptLuma(frame, self._level)
        compared = self._window.step(frame.pts_s, frame.duration_s, now)
        if compared is None or not is_wanted:
            return None
        difference = np.asarray(cv2.absdiff(now.luma, compared.item.luma), np.uint8)
        difference.flags.writeable = False
        return difference
