"""Modes of cameras, listed by a driver that is played by a script."""

from __future__ import annotations

import errno
import struct
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from motionapp.sources import CameraInfo, camera_nodes, list_cameras
from motionapp.sources import camera as camera_module
from motionapp.sources.camera_modes import (
    DISCRETE,
    ENUM_FORMATS,
    ENUM_INTERVALS,
    ENUM_SIZES,
    MOST_LISTED,
    USUAL_RATES_HZ,
    USUAL_SIZES,
    modes_of,
    offered,
)
from motionapp.sources.capture import CameraMode

Sizes = dict[tuple[int, int], list[tuple[int, int]]]
"""Of each size, its intervals as fractions of a second."""
STEPWISE = 3
T = TypeVar("T")


class Driver:
    """Answers as `linux/videodev2.h` lays it out."""

    def __init__(self, formats: dict[bytes, Sizes], *, is_stepwise: bool = False) -> None:
        self._formats, self._is_stepwise = formats, is_stepwise

    def __call__(self, device: int, number: int, buffer: bytearray) -> None:
        n = struct.unpack_from("=I", buffer)[0]
        {ENUM_FORMATS: self._format, ENUM_SIZES: self._size, ENUM_INTERVALS: self._interval}[
            number
        ](n, buffer)

    def _format(self, n: int, buffer: bytearray) -> None:
        struct.pack_into("=4s", buffer, 44, self._nth(list(self._formats), n))

    def _size(self, n: int, buffer: bytearray) -> None:
        sizes = self._formats[bytes(buffer[4:8])]
        if self._is_stepwise:
            self._nth([0], n)
            widths, heights = zip(*sizes, strict=True)
            steps = (min(widths), max(widths), 2, min(heights), max(heights), 2)
            struct.pack_into("=7I", buffer, 8, STEPWISE, *steps)
        else:
            struct.pack_into("=3I", buffer, 8, DISCRETE, *self._nth(list(sizes), n))

    def _interval(self, n: int, buffer: bytearray) -> None:
        size = struct.unpack_from("=II", buffer, 8)
        if self._is_stepwise:
            self._nth([0], n)
            # From a hundredth of a second to a 20th.
            struct.pack_into("=5I", buffer, 16, STEPWISE, 1, 100, 1, 20)
        else:
            intervals = self._formats[bytes(buffer[4:8])][size]
            struct.pack_into("=3I", buffer, 16, DISCRETE, *self._nth(intervals, n))

    @staticmethod
    def _nth(listed: list[T], n: int) -> T:
        if n >= len(listed):
            raise OSError(errno.EINVAL, "no more")
        return listed[n]


@pytest.fixture
def node(tmp_path: Path) -> Path:
    path = tmp_path / "video0"
    path.touch()
    return path


def test_modes_of_all_formats_are_listed_once_from_small_to_large(node: Path) -> None:
    driver = Driver(
        {
            b"YUYV": {(640, 480): [(1, 30), (1, 15)], (1280, 720): [(1, 10)]},
            b"MJPG": {(1280, 720): [(1, 30)], (640, 480): [(1, 30)], (320, 240): [(1001, 30000)]},
            b"H264": {(1920, 1080): [(1, 30)]},
        }
    )

    modes = modes_of(node, ask=driver)

    assert modes == (
        CameraMode((320, 240), 29.97),
        CameraMode((640, 480), 15.0),
        CameraMode((640, 480), 30.0),
        CameraMode((1280, 720), 10.0),
        CameraMode((1280, 720), 30.0),
    )
    assert offered(modes) == (
        ((320, 240), (29.97,)),
        ((640, 480), (15.0, 30.0)),
        ((1280, 720), (10.0, 30.0)),
    )


def test_of_a_camera_with_any_size_in_between_the_usual_ones_are_told(node: Path) -> None:
    driver = Driver({b"YUYV": {(640, 480): [], (1920, 1080): []}}, is_stepwise=True)

    modes = modes_of(node, ask=driver)

    assert {mode.size for mode in modes} == {(640, 480), (1280, 720), (1920, 1080)}
    assert {mode.rate_hz for mode in modes} == {30.0, 60.0}  # 15 is slower than a 20th of a second


def test_a_size_without_rates_is_offered_without(node: Path) -> None:
    modes = modes_of(node, ask=Driver({b"YUYV": {(640, 480): [(0, 30)]}}))

    assert modes == (CameraMode((640, 480), 0.0),)
    assert offered(modes) == (((640, 480), ()),)


def test_a_driver_that_lists_without_end_is_cut_off(node: Path) -> None:
    def endless(device: int, number: int, buffer: bytearray) -> None:
        asked.append(number)
        if number == ENUM_SIZES:
            raise OSError(errno.EINVAL, "no more")

    asked: list[int] = []

    assert modes_of(node, ask=endless) == ()
    assert asked.count(ENUM_FORMATS) == MOST_LISTED


def test_where_no_modes_are_listed_the_usual_ones_are_offered(node: Path, tmp_path: Path) -> None:
    assert modes_of(node) == ()  # a file, which the kernel does not ask
    assert modes_of(tmp_path / "nowhere") == ()
    assert offered(()) == tuple((size, USUAL_RATES_HZ) for size in USUAL_SIZES)


def test_cameras_are_listed_with_their_modes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "video2").mkdir()
    (tmp_path / "video2" / "name").write_text("Porch")
    mode = CameraMode((640, 480), 30.0)
    modes: Callable[[Path], tuple[CameraMode, ...]] = {tmp_path / "dev/video2": (mode,)}.__getitem__
    monkeypatch.setattr(camera_module, "modes_of", modes)

    found = list_cameras(sysfs=tmp_path, devices=tmp_path / "dev", platform="linux")

    assert found == (CameraInfo(2, "Porch", (mode,)),)


def test_a_camera_that_comes_makes_another_set_of_nodes(tmp_path: Path) -> None:
    before = camera_nodes(sysfs=tmp_path)
    (tmp_path / "video0").mkdir()

    assert camera_nodes(sysfs=tmp_path) == before | {"video0"}
    assert camera_nodes(sysfs=tmp_path / "none") == frozenset()
