"""Cameras of this machine: which there are, and their pictures, read with OpenCV."""

from __future__ import annotations

import dataclasses
import importlib
import logging
import os
import sys
import time
from collections.abc import Callable, Generator, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from motionapp.core.addresses import shown
from motionapp.core.errors import MissingExtraError, SourceError
from motionapp.core.frame import Frame
from motionapp.core.seams import SourceInfo
from motionapp.sources.arrival import TICK, Arrival, utc_now
from motionapp.sources.camera_modes import modes_of
from motionapp.sources.camera_spec import CameraSpec, camera_spec
from motionapp.sources.capture import BACKENDS, CameraMode, Capture, open_camera
from motionapp.sources.passes import BaseSource, DamageLedger
from motionapp.sources.picture import BgrPicture
from motionapp.sources.timeline import Shape, Timeline

MOST_FAILED_READS = 3
"""Reads in a row without a picture after which the camera counts as lost."""
PROBED_INDEXES = 4
"""How many indexes are tried where nothing lists the cameras."""
SYSFS = Path("/sys/class/video4linux")
DEVICES = Path("/dev")
USUAL = CameraMode((1280, 720), 30.0)
"""What is asked for where nobody says otherwise."""

CaptureOpener = Callable[[int, CameraMode], Capture | None]
"""Opens a camera and asks it for a mode; gives None where it cannot be opened."""

_log = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True)
class CameraInfo:
    """A camera of this machine."""

    index: int
    name: str
    modes: tuple[CameraMode, ...] = ()
    """What it says it can give; empty where the system does not tell."""


class CameraSource(BaseSource):
    """A camera, opened when it is iterated. Its frames are stamped on arrival.

    Parameters
    ----------
    index : int
        As `list_cameras` numbers them; 0 or more.
    name : str
        How the source is called; ``camera:N`` if empty.
    size : (int, int)
        Width and height to ask for; the camera may give others.
    rate_hz : float
        Pictures per second to ask for.
    clock : callable returning int
        Monotonic nanoseconds.
    utc : callable returning datetime
        The time on the wall, with its zone.
    open_capture : callable, optional
        Opens the camera; gives None where it cannot be opened.

    Raises
    ------
    SourceError
        The number is below 0.
    """

    def __init__(
        self,
        index: int,
        *,
        name: str = "",
        size: tuple[int, int] = USUAL.size,
        rate_hz: float = USUAL.rate_hz,
        clock: Callable[[], int] = time.monotonic_ns,
        utc: Callable[[], datetime] = utc_now,
        open_capture: CaptureOpener | None = None,
    ) -> None:
        super().__init__()
        if index < 0:
            raise SourceError(f"camera {index} cannot be: cameras are numbered from 0")
        self._index = index
        self._asked = CameraMode(size, rate_hz)
        self._clock, self._utc = clock, utc
        self._open_capture = open_capture or open_camera
        self.info: SourceInfo = SourceInfo(
            name=name or f"camera:{index}", size=None, rate_hz=None, is_live=True
        )
        """Size and rate are known once the first frame has come."""

    def _read(self, start_s: float, ledger: DamageLedger) -> Generator[Frame, None, None]:
        capture = self._open_capture(self._index, self._asked)
        if capture is None:
            raise SourceError(why_not(self._index))
        try:
            arrival = Arrival(self._clock, self._utc)
            timeline = Timeline(TICK, start_of=arrival.start_of)
            index = 0
            for captured_ns, bgr in self._pictures(capture):
                size = (bgr.shape[1], bgr.shape[0])
                since_s = arrival.step(captured_ns / 1e9, captured_ns)
                stamp = timeline.step(captured_ns, Shape(size), since_s=since_s)
                if stamp is None:
                    ledger.dropped_stamps += 1
                    continue
                if self.info.size != size:
                    self._tell(CameraMode(size, capture.mode.rate_hz))
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

    def _tell(self, mode: CameraMode) -> None:
        """Note what the camera gives, and say so where it is not what it was asked for."""
        note = ""
        if not mode.serves(self._asked):
            note = f"{self.info.name} was asked for {self._asked} and gives {mode}"
            _log.warning("%s", note)
        self.info = dataclasses.replace(
            self.info, size=mode.size, rate_hz=mode.rate_hz or None, note=note
        )

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


def open_named(text: str) -> CameraSource:
    """The camera that a person names, asked for what they say.

    Parameters
    ----------
    text : str
        As `camera_spec` reads it.

    Raises
    ------
    SourceError
        It is not understood, or no name holds it, or several do.
    MissingExtraError
        Names are not known without the extra.
    """
    spec = camera_spec(text)
    index = spec.index
    return CameraSource(
        find_camera(spec.which).index if index is None else index,
        name=spec.name,
        size=spec.size or USUAL.size,
        rate_hz=spec.rate_hz or USUAL.rate_hz,
    )


def spec_of(camera: CameraInfo, cameras: Sequence[CameraInfo]) -> CameraSpec:
    """How a camera is written so that it is found again: by its name, which stays when it is
    plugged in elsewhere, or by its number where the name is not its own.

    Parameters
    ----------
    camera : CameraInfo
    cameras : sequence of CameraInfo
        All that there are.
    """
    name = camera.name.strip()
    by_name = CameraSpec(name)
    namesakes = [one for one in cameras if one.name.strip().casefold() == name.casefold()]
    is_its_own = len(namesakes) == 1 and name != _numbered(camera.index)
    try:
        is_read = camera_spec(str(by_name)) == by_name and by_name.index is None
    except SourceError:
        is_read = False
    is_shown = bool(name) and shown(str(by_name)) == str(by_name)
    return by_name if is_its_own and is_read and is_shown else CameraSpec(str(camera.index))


def camera_nodes(*, sysfs: Path = SYSFS) -> frozenset[str]:
    """What the kernel calls its cameras; when one comes or goes, this is another set.

    Cheap enough to be asked each second (0.02 ms), and empty elsewhere than on Linux.
    """
    try:
        return frozenset(os.listdir(sysfs))
    except OSError:
        return frozenset()


def list_cameras(
    *,
    sysfs: Path = SYSFS,
    devices: Path = DEVICES,
    platform: str = sys.platform,
    open_capture: CaptureOpener = open_camera,
) -> tuple[CameraInfo, ...]:
    """The cameras of this machine; empty where there is none.

    Parameters
    ----------
    sysfs, devices : Path
        Where Linux lists them, and where it has their files.
    platform : str
        As `sys.platform`; elsewhere than on Linux the extra ``cameras`` knows their names, and
        without it the first few indexes are opened.
    open_capture : callable
        Opens a camera, or gives None.
    """
    if platform == "linux":
        return tuple(
            dataclasses.replace(camera, modes=modes_of(devices / f"video{camera.index}"))
            for camera in _cameras_in(sysfs)
        )
    listed = _listed_by_package(platform)
    if listed is not None:
        return listed
    found = []
    for index in range(PROBED_INDEXES):
        capture = open_capture(index, CameraMode((640, 480), 30.0))
        if capture is not None:
            capture.release()
            found.append(CameraInfo(index, _numbered(index)))
    return tuple(found)


def find_camera(
    part: str, cameras: Sequence[CameraInfo] | None = None, *, platform: str = sys.platform
) -> CameraInfo:
    """The camera whose name holds `part`, in small or capital letters.

    Parameters
    ----------
    part : str
        Of the name. A camera that is called exactly so is meant, whatever others are called.
    cameras : sequence of CameraInfo, optional
        Among which it is sought; those of this machine if None.
    platform : str
        As `sys.platform`.

    Raises
    ------
    SourceError
        No name holds it, or several do.
    MissingExtraError
        Names are not known without the extra.
    """
    if cameras is None:
        if platform != "linux" and _listed_by_package(platform) is None:
            raise MissingExtraError("naming a camera", "cameras")
        cameras = list_cameras(platform=platform)
    wanted = part.strip().casefold()
    like = [camera for camera in cameras if wanted in camera.name.casefold()]
    exact = [camera for camera in like if camera.name.casefold() == wanted]
    found = exact or like
    if len(found) == 1:
        return found[0]
    if found:
        raise SourceError(f"several cameras are called {shown(part)}: use a number, {_told(found)}")
    raise SourceError(f"no camera is called {shown(part)}: {_found(cameras)}")


def why_not(index: int, *, sysfs: Path = SYSFS, devices: Path = DEVICES) -> str:
    """Why a camera cannot be opened, as far as the system tells without opening it.

    Parameters
    ----------
    index : int
    sysfs, devices : Path
        Where Linux lists the cameras, and where it has their files.
    """
    if sys.platform != "linux":
        return (
            f"camera {index} cannot be opened: is it connected, free of other programs, and "
            "allowed in the system's privacy settings?"
        )
    node = devices / f"video{index}"
    if not (sysfs / node.name).exists():
        return f"there is no camera {index}: {_found(_cameras_in(sysfs))}"
    if not node.exists():
        return f"camera {index} cannot be opened: {node} is missing; was it given to the container?"
    if not os.access(node, os.R_OK | os.W_OK):
        return (
            f"camera {index} may not be opened: permission denied for {node}; join the group that "
            "owns it (sudo usermod -aG video $USER) and log in again"
        )
    return f"camera {index} is busy: another program uses it; close that one first"


def _cameras_in(sysfs: Path) -> tuple[CameraInfo, ...]:
    """Capture nodes only: the kernel gives most cameras a second node for metadata."""
    found = []
    for node in sysfs.glob("video*"):
        number = node.name.removeprefix("video")
        if number.isdigit() and _text(node / "index") in ("", "0"):
            found.append(CameraInfo(int(number), _text(node / "name") or _numbered(number)))
    return tuple(sorted(found, key=lambda camera: camera.index))


def _listed_by_package(platform: str) -> tuple[CameraInfo, ...] | None:
    """The cameras with their names; None where the extra is not installed."""
    try:
        package = importlib.import_module("cv2_enumerate_cameras")
    except ImportError:
        return None
    backend = BACKENDS.get(platform)
    if backend not in package.supported_backends:
        return None
    # With a backend given, indexes are those that OpenCV opens with the same one.
    cameras = package.enumerate_cameras(backend)
    return tuple(CameraInfo(int(camera.index), str(camera.name)) for camera in cameras)


def _told(cameras: Sequence[CameraInfo]) -> str:
    return ", ".join(f"{camera.index} ({camera.name})" for camera in cameras)


def _found(cameras: Sequence[CameraInfo]) -> str:
    """Which cameras there are, as the end of a sentence."""
    return f"there are {_told(cameras)}" if cameras else "no camera was found at all"


def _numbered(index: object) -> str:
    """What a camera is called whose name nobody knows."""
    return f"camera {index}"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
