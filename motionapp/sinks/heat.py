"""Where how much has moved: `heatmap.png`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Frame
from motionapp.core.moment import Moment
from motionapp.core.motion import Motion
from motionapp.files.atomic import discard, publish, stage_bytes
from motionapp.overlay.heat import heat_picture
from motionapp.sinks.h264 import fitted

HEATMAP_PNG: Final = "heatmap.png"
WIDTH_PX: Final = 960
"""Of the scene beneath; a smaller picture stays as it is."""


class HeatSink:
    """Adds up the seconds of motion of every pixel, and paints them when it is closed.

    Parameters
    ----------
    folder : Path
        The input's; exists already.

    Notes
    -----
    When the size changes midway, what follows is fitted into the first picture.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / HEATMAP_PNG
        self._heat_s: NDArray[np.float32] | None = None
        self._still: NDArray[np.uint8] | None = None
        self._is_empty_scene = False
        self._is_done = False

    @property
    def heat_s(self) -> NDArray[np.float32] | None:
        """Seconds of motion at analysis scale, shape (h, w); None where no frame was compared."""
        return self._heat_s

    def accept(self, moment: Moment) -> None:
        """Add what moves at the moment's frame."""
        if moment.frame is None:
            return
        self._look_at(moment.frame, moment.motion)
        mask = moment.motion.mask
        if mask is None:
            return
        if self._heat_s is None:
            self._heat_s = np.zeros(mask.shape, np.float32)
        if moment.motion.moved:
            height, width = self._heat_s.shape
            share = np.float32(moment.frame.duration_s / 255)
            self._heat_s += fitted(mask, (width, height)) * share

    def picture(self) -> NDArray[np.uint8] | None:
        """The heat map; None before the first frame.

        Returns
        -------
        ndarray of uint8, shape (h, w, 3), or None
            Blue first, with its legend.
        """
        if self._still is None:
            return None
        heat_s = self._heat_s
        if heat_s is None:
            heat_s = np.zeros(self._still.shape[:2], np.float32)
        return heat_picture(heat_s, self._still)

    def close(self) -> None:
        """Write the picture; without a frame there is none.

        Raises
        ------
        OutputError
            It cannot be written; what stood under the name before is still there.
        """
        if self._is_done:
            return
        self._is_done = True
        picture = self.picture()
        if picture is not None:
            _, content = cv2.imencode(".png", picture)
            stage_bytes(self._path, content.tobytes())
            publish(self._path)

    def abandon(self) -> None:
        """Nothing has been written yet, and nothing will be."""
        self._is_done = True
        discard(self._path)

    def _look_at(self, frame: Frame, motion: Motion) -> None:
        """Keep a small picture of the scene: the first one, then the first in which all is still.

        Two colour conversions in all, and one where a recording never comes to rest.
        """
        is_still = not motion.moved and motion.mask is not None and not frame.is_flagged
        if self._still is None or (is_still and not self._is_empty_scene):
            self._still = _small(frame.bgr())
            self._is_empty_scene = is_still


def _small(bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = bgr.shape[:2]
    scale = min(1.0, WIDTH_PX / width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.array(cv2.resize(bgr, size, interpolation=cv2.INTER_AREA), np.uint8)
