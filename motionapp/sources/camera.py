"""Cameras of this machine, read with OpenCV."""

from __future__ import annotations

import dataclasses
import os
import sys
import time
from collections.abc import Callable, Generator
from fractions import Fraction
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.errors import SourceError
from motionapp.core.frame import Frame
from motionapp.core.seams import Damage, SourceInfo
from motionapp.sources.passes import DamageLedger, FramePass
from motionapp.sources.picture import BgrPicture
from motionapp.sources.timeline import Shape, Timeline

BACKENDS = {"linux": cv2.CAP_V4L2, "darwin": cv2.CAP_AVFOUNDATION, "win32": cv2.CAP_MSMF}
"""The system's own camera interface; left to choose, OpenCV tries them all and says so aloud."""
SELECT_TIMEOUT = "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT"
SELECT_TIMEOUT_S = 2
"""How long a read may wait for a picture; OpenCV's own limit on Linux is 10 s."""
MOST_FAILED_READS = 3
"""Reads in a row without a picture after which the camera counts as lost."""
PROBED_INDEXES = 4
"""How many indexes are tried where the system does not list its cameras."""
SYSFS = Path("/sys/class/video4linux")
TICK = Fraction(1, 1_000_000_000)


class Capture(Protocol):
    """What is used of `cv2.VideoCapture`."""

    def grab(self) -> bool:
        """Wait for the next picture. False: none came."""
        ...

    def retrieve(self) -> tuple[bool, NDArray[np.uint8] | None]:
        """The picture that was grabbed."""
        ...

    def release(self) -> None:
        """Let go of the camera."""
        ...


@dataclasses.dataclass(frozen=True, slots=True)
class CameraInfo:
    """A camera of this machine."""

    index: int
    name: str


class CameraSource:
    """A camera, opened when it is iterated. Its frames are stamped on arrival.

    Parameters
    ----------
    index : int
        As `list_cameras` numbers them; 0 or more.
    size : (int, int)
        Width and height to ask for; the camera may give others.
    rate_hz : float
        Pictures per second to ask for.
    clock : callable returning int
        Monotonic nanoseconds.
    open_capture : callable, optional
        Opens the camera; gives None where it cannot be opened.
    """

    def __init__(
        self,
        index: int,
        *,
        size: tuple[int, int] = (1280, 720),
        rate_hz: float = 30.0,
        clock: Callable[[], int] = time.monotonic_ns,
        open_capture: Callable[[int, tuple[int, int], float], Capture | None] | None = None,
    ) -> None:
        if index < 0:
            raise SourceError(f"camera {index} cannot be: cameras are numbered from 0")
        self._index = index
        self._size = size
        self._rate_hz = rate_hz
        self._clock = clock
        self._open_capture = open_capture or open_camera
        self._ledger = DamageLedger()
        self._pass: FramePass | None = None
        self.info: SourceInfo = SourceInfo(
            name=f"camera:{index}", size=None, rate_hz=None, is_live=True
        )
        """The size is known once the first frame has come."""

    @property
    def damage(self) -> Damage:
        """What could not be read so far in the newest iteration."""
        return self._ledger.damage()

    @property
    def is_damaged(self) -> bool:
        """Whether the newest iteration has met a decode error or a flagged picture by now."""
        return self._ledger.is_damaged

    def frames(self, start_s: float = 0.0) -> FramePass:
        """Open the camera afresh, which ends the former iteration.

        A camera cannot begin later: frames before `start_s` are left out as they come.
        """
        self.close()
        self._ledger = DamageLedger()
        self._pass = FramePass(self._read(start_s, self._ledger))
        return self._pass

    def close(self) -> None:
        """End the iteration and let go of the camera; safe to call twice."""
        if self._pass is not None:
            self._pass.close()

    def _read(self, start_s: float, ledger: DamageLedger) -> Generator[Frame, None, None]:
        capture = self._open_capture(self._index, self._size, self._rate_hz)
        if capture is None:
            raise SourceError(_why_not(self._index))
        try:
            timeline = Timeline(TICK)
            index = 0
            for captured_ns, bgr in self._pictures(capture):
                size = (bgr.shape[1], bgr.shape[0])
                stamp = timeline.step(captured_ns, Shape(size))
                if stamp is None:
                    ledger.dropped_stamps += 1
                    continue
                if self.info.size != size:
                    self.info = dataclasses.replace(self.info, size=size)
                if stamp.pts_s < start_s:
                    continue
                yield Frame(
                    index=index,
                    pts=stamp.pts,
                    pts_s=stamp.pts_s,
                    duration_s=stamp.duration_s,
                    epoch=stamp.epoch,
                    pixels=BgrPicture(bgr),
                    captured_ns=captured_ns,
                )
                index += 1
        finally:
            capture.release()

    def _pictures(self, capture: Capture) -> Generator[tuple[int, NDArray[np.uint8]], None, None]:
        """Pictures with the time of their arrival, until the camera is lost."""
        failed = 0
        while failed < MOST_FAILED_READS:
            is_there = capture.grab()
            captured_ns = self._clock()  # before unpacking, which takes its time
            is_read, bgr = capture.retrieve() if is_there else (False, None)
            if not is_read or bgr is None:
                failed += 1
                continue
            failed = 0
            yield captured_ns, bgr
        raise SourceError(
            f"camera {self._index} has stopped sending pictures: was it unplugged, or taken by "
            "another program?"
        )


def open_camera(index: int, size: tuple[int, int], rate_hz: float) -> Capture | None:
    """Open a camera for low delay; None where it cannot be opened.

    Parameters
    ----------
    index : int
    size : (int, int)
        Width and height to ask for.
    rate_hz : float
        Pictures per second to ask for.
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
        # Uncompressed 720p does not fit through USB 2 at 30 pictures per second.
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, size[0])
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, size[1])
        capture.set(cv2.CAP_PROP_FPS, rate_hz)
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)  # the newest picture, not the oldest kept one
    finally:
        cv2.utils.logging.setLogLevel(said)
    return _OpenCvCapture(capture)


def list_cameras(
    *,
    sysfs: Path = SYSFS,
    platform: str = sys.platform,
    open_capture: Callable[[int, tuple[int, int], float], Capture | None] = open_camera,
) -> tuple[CameraInfo, ...]:
    """The cameras of this machine; empty where there is none.

    Parameters
    ----------
    sysfs : Path
        Where Linux lists them.
    platform : str
        As `sys.platform`; elsewhere than on Linux the first few indexes are opened.
    open_capture : callable
        Opens a camera, or gives None.
    """
    if platform == "linux":
        return _cameras_in(sysfs)
    found = []
    for index in range(PROBED_INDEXES):
        capture = open_capture(index, (640, 480), 30.0)
        if capture is not None:
            capture.release()
            found.append(CameraInfo(index, f"camera {index}"))
    return tuple(found)


class _OpenCvCapture:
    """`cv2.VideoCapture` with the types that it has in truth."""

    def __init__(self, capture: cv2.VideoCapture) -> None:
        self._capture = capture

    def grab(self) -> bool:
        return bool(self._capture.grab())

    def retrieve(self) -> tuple[bool, NDArray[np.uint8] | None]:
        is_read, bgr = self._capture.retrieve()
        return bool(is_read), np.asarray(bgr, np.uint8) if is_read else None

    def release(self) -> None:
        self._capture.release()


def _cameras_in(sysfs: Path) -> tuple[CameraInfo, ...]:
    """Capture nodes only: the kernel gives most cameras a second node for metadata."""
    found = []
    for node in sysfs.glob("video*"):
        number = node.name.removeprefix("video")
        if number.isdigit() and _text(node / "index") in ("", "0"):
            found.append(CameraInfo(int(number), _text(node / "name") or f"camera {number}"))
    return tuple(sorted(found, key=lambda camera: camera.index))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _why_not(index: int) -> str:
    """Why a camera cannot be opened, as far as the system tells without opening it."""
    if sys.platform != "linux":
        return f"camera {index} cannot be opened: is it connected, and free?"
    if (SYSFS / f"video{index}").exists():
        return f"camera {index} cannot be opened: another program may use it, or you may not"
    others = ", ".join(f"{camera.index} ({camera.name})" for camera in list_cameras())
    return f"there is no camera {index}; found: {others or 'none'}"
