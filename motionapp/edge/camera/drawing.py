"""The newest picture of a camera, small, with what is known drawn on it, as JPEG."""

from __future__ import annotations

import threading

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Frame, level_for
from motionapp.core.moment import Moment
from motionapp.core.spacing import Spacing
from motionapp.overlay import OpenEvents, Style, draw_moment
from motionapp.sinks.heat import HeatSink

WIDTH_PX = 960
"""A phone shows no more, and a desktop's page has several beside each other."""
QUALITY = 80
STYLE = Style(status=False)


class Newest:
    """Looks on, and makes a picture when somebody asks: what nobody sees costs nothing."""

    stage = "page"
    dropped = 0
    """What nobody has asked for is not missed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._frame: Frame | None = None
        self._moment: Moment | None = None
        self._open = OpenEvents()
        self.captured_ns: int | None = None
        """When the newest picture came."""
        self._spacing = Spacing()

    def show(self, frame: Frame) -> None:
        """A picture has come."""
        with self._lock:
            if self._frame is not None:
                self._spacing.note(frame.pts_s - self._frame.pts_s)
            self._frame, self.captured_ns = frame, frame.captured_ns

    @property
    def apart_s(self) -> float:
        """How far apart pictures come."""
        with self._lock:
            return self._spacing.usual_s

    def note(self, moment: Moment) -> None:
        """What was found."""
        with self._lock:
            self._moment = moment
            self._open.step(moment)

    def close(self) -> None:
        """No more will come; the last one can still be had."""

    def jpeg(self) -> bytes | None:
        """The newest picture; None before the first."""
        with self._lock:
            frame, moment = self._frame, self._moment
        return None if frame is None else jpeg_of(frame, moment)


class HeatInMemory(HeatSink):
    """Where how much has moved, for who asks: no file is made of it."""

    def close(self) -> None:
        """Nothing is written."""
        self.abandon()


def jpeg_of(frame: Frame, moment: Moment | None) -> bytes:
    """A frame as it is shown to people.

    Parameters
    ----------
    frame : Frame
        Covered already where it has to be.
    moment : Moment or None
        What is drawn on it.
    """
    bgr = small(frame)
    if moment is not None and moment.frame is not None:
        draw_moment(bgr, moment, style=STYLE, scale=bgr.shape[1] / frame.epoch.size[0])
    _, content = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return content.tobytes()


def small(frame: Frame) -> NDArray[np.uint8]:
    """A picture of a frame of its own, at most `WIDTH_PX` wide."""
    bgr = frame.bgr()
    width, height = frame.epoch.size
    if width <= WIDTH_PX:
        return bgr.copy()
    half = level_for(width, WIDTH_PX)  # exact halves first: means over areas of any size cost more
    size = (WIDTH_PX, max(1, round(height * WIDTH_PX / width)))
    for _ in range(half - 1):
        bgr = np.asarray(
            cv2.resize(bgr, (bgr.shape[1] // 2, bgr.shape[0] // 2), interpolation=cv2.INTER_AREA),
            np.uint8,
        )
    return np.asarray(cv2.resize(bgr, size, interpolation=cv2.INTER_AREA), np.uint8)
