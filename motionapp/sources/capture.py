"""The edge to OpenCV's cameras: opens one, asks it for a size and a rate, says what it gives."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

BACKENDS = {"linux": cv2.CAP_V4L2, "darwin": cv2.CAP_AVFOUNDATION, "win32": cv2.CAP_MSMF}
"""The system's own camera interface; left to choose, OpenCV tries them all and says so aloud."""
SELECT_TIMEOUT = "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT"
SELECT_TIMEOUT_S = 2
"""How long a read may wait for a picture; OpenCV's own limit on Linux is 10 s."""
NEAR_HZ = 0.5
"""A camera that gives 29.97 pictures per second for 30 gives what was asked for."""


@dataclass(frozen=True, slots=True)
class CameraMode:
    """A size and a rate that a camera is asked for, or gives."""

    size: tuple[int, int]
    """Width and height in pixels."""
    rate_hz: float
    """Pictures per second; 0 where the camera does not say."""

    def __str__(self) -> str:
        """In words: ``1280x720 at 30 pictures per second``."""
        rate = f"{self.rate_hz:.3g}" if self.rate_hz > 0 else "an unknown number of"
        return f"{self.size[0]}x{self.size[1]} at {rate} pictures per second"

    def serves(self, asked: CameraMode) -> bool:
        """Whether a camera that gives this gives what it was asked for."""
        return self.size == asked.size and self.rate_hz >= asked.rate_hz - NEAR_HZ


class Capture(Protocol):
    """A camera that is open."""

    @property
    def mode(self) -> CameraMode:
        """What it gives, which may differ from what was asked for."""
        ...

    def grab(self) -> bool:
        """Wait for the next picture. False: none came."""
        ...

    def retrieve(self) -> tuple[bool, NDArray[np.uint8] | None]:
        """The picture that was grabbed."""
        ...

    def release(self) -> None:
        """Let go of the camera."""
        ...


def open_camera(index: int, asked: CameraMode) -> Capture | None:
    """Open a camera for low delay; None where it cannot be opened.

    Parameters
    ----------
    index : int
    asked : CameraMode
        The camera may give another.
    """
    # Read by OpenCV when it opens its first camera; the user's own value stands.
    os.environ.setdefault(SELECT_TIMEOUT, str(SELECT_TIMEOUT_S))
    said = cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    try:
        capture = cv2.VideoCapture(index, BACKENDS.get(sys.platform, cv2.CAP_ANY))
        if not capture.isOpened():
            capture.release()
            return None
        _ask(capture, asked)
        if not _mode(capture).serves(asked):
            # Uncompressed 720p does not fit through USB 2 at 30 pictures per second. Where it
            # does fit, pictures without the traces of compression are the better ones.
            capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
            _ask(capture, asked)
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)  # the newest picture, not the oldest kept one
    finally:
        cv2.utils.logging.setLogLevel(said)
    return _OpenCvCapture(capture)


class _OpenCvCapture:
    """`cv2.VideoCapture` with the types that it has in truth."""

    def __init__(self, capture: cv2.VideoCapture) -> None:
        self._capture = capture

    @property
    def mode(self) -> CameraMode:
        return _mode(self._capture)

    def grab(self) -> bool:
        return bool(self._capture.grab())

    def retrieve(self) -> tuple[bool, NDArray[np.uint8] | None]:
        is_read, bgr = self._capture.retrieve()
        return bool(is_read), np.asarray(bgr, np.uint8) if is_read else None

    def release(self) -> None:
        self._capture.release()


def _ask(capture: cv2.VideoCapture, asked: CameraMode) -> None:
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, asked.size[0])
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, asked.size[1])
    capture.set(cv2.CAP_PROP_FPS, asked.rate_hz)


def _mode(capture: cv2.VideoCapture) -> CameraMode:
    width, height = capture.get(cv2.CAP_PROP_FRAME_WIDTH), capture.get(cv2.CAP_PROP_FRAME_HEIGHT)
    return CameraMode((int(width), int(height)), max(0.0, capture.get(cv2.CAP_PROP_FPS)))
