"""Cameras, with a capture that is played by a script."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.errors import SourceError
from motionapp.sources import CameraInfo, CameraSource, list_cameras
from motionapp.sources.camera import Capture


class ScriptedCapture:
    """Gives the pictures of a list, None where a read fails, and then nothing."""

    def __init__(self, pictures: list[NDArray[np.uint8] | None]) -> None:
        self._pictures = iter(pictures)
        self._next: NDArray[np.uint8] | None = None
        self.is_released = False

    def grab(self) -> bool:
        self._next = next(self._pictures, None)
        return self._next is not None

    def retrieve(self) -> tuple[bool, NDArray[np.uint8] | None]:
        return self._next is not None, self._next

    def release(self) -> None:
        self.is_released = True


def picture(grey: int = 7, size: tuple[int, int] = (32, 24)) -> NDArray[np.uint8]:
    return np.full((size[1], size[0], 3), grey, np.uint8)


def scripted(capture: Capture | None, *, step_ns: int = 40_000_000) -> CameraSource:
    ticks = itertools.count(5_000_000_000, step_ns)
    return CameraSource(0, clock=lambda: next(ticks), open_capture=lambda *_: capture)


def test_frames_are_stamped_on_arrival() -> None:
    frames = list(itertools.islice(scripted(ScriptedCapture([picture()] * 3)).frames(), 3))

    assert [frame.pts_s for frame in frames] == [0.0, 0.04, 0.08]
    assert [frame.captured_ns for frame in frames] == [5_000_000_000 + n * 40_000_000 for n in
                                                       range(3)]  # fmt: skip
    assert [frame.index for frame in frames] == [0, 1, 2]


def test_a_failed_read_is_tried_again() -> None:
    capture = ScriptedCapture([picture(1), None, None, picture(2)])

    frames = list(itertools.islice(scripted(capture).frames(), 2))

    assert [int(frame.bgr()[0, 0, 0]) for frame in frames] == [1, 2]
    assert frames[1].pts_s == pytest.approx(0.12)


def test_a_camera_that_falls_silent_is_lost_and_released() -> None:
    capture = ScriptedCapture([picture()])
    frames = scripted(capture).frames()
    next(frames)

    with pytest.raises(SourceError, match="camera 0 has stopped sending pictures"):
        next(frames)
    with pytest.raises(StopIteration):
        next(frames)
    assert capture.is_released


def test_a_long_silence_begins_an_epoch() -> None:
    source = scripted(ScriptedCapture([picture()] * 2), step_ns=3_000_000_000)

    frames = list(itertools.islice(source.frames(), 2))

    assert [frame.epoch.number for frame in frames] == [0, 1]


def test_the_size_is_known_with_the_first_frame() -> None:
    source = scripted(ScriptedCapture([picture(size=(64, 48))]))
    before = source.info

    next(source.frames())

    assert (before.size, source.info.size) == (None, (64, 48))
    assert source.info.is_live


def test_closing_releases_the_camera() -> None:
    capture = ScriptedCapture([picture()] * 9)
    source = scripted(capture)
    next(source.frames())

    source.close()
    source.close()

    assert capture.is_released


def test_a_camera_that_is_not_there_gets_one_plain_sentence() -> None:
    with pytest.raises(SourceError, match="camera 0"):
        next(scripted(None).frames())
    with pytest.raises(SourceError, match="numbered from 0"):
        CameraSource(-1)


def test_opening_a_missing_camera_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SourceError, match="camera 99"):
        next(CameraSource(99).frames())

    assert capfd.readouterr() == ("", "")


def test_linux_lists_cameras_without_their_metadata_nodes(tmp_path: Path) -> None:
    for node, index, name in (
        ("video10", "0", "Doorbell"),
        ("video2", "0", "Integrated Camera\n"),
        ("video3", "1", "Integrated Camera"),
    ):
        (tmp_path / node).mkdir()
        (tmp_path / node / "index").write_text(index)
        (tmp_path / node / "name").write_text(name)

    assert list_cameras(sysfs=tmp_path, platform="linux") == (
        CameraInfo(2, "Integrated Camera"),
        CameraInfo(10, "Doorbell"),
    )
    assert list_cameras(sysfs=tmp_path / "none", platform="linux") == ()


def test_elsewhere_the_first_indexes_are_tried() -> None:
    opened = {1: ScriptedCapture([])}

    found = list_cameras(platform="win32", open_capture=lambda index, *_: opened.get(index))

    assert found == (CameraInfo(1, "camera 1"),)
    assert opened[1].is_released
