"""Cameras, with a capture that is played by a script."""

from __future__ import annotations

import itertools
import logging
import sys
import types
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.errors import MissingExtraError, SourceError
from motionapp.sources import CameraInfo, CameraSource, find_camera, list_cameras
from motionapp.sources import camera as camera_module
from motionapp.sources.camera import why_not
from motionapp.sources.capture import CameraMode, Capture, open_camera


class ScriptedCapture:
    """Gives the pictures of a list, None where a read fails, and then nothing."""

    def __init__(
        self,
        pictures: list[NDArray[np.uint8] | None],
        mode: CameraMode | None = None,
    ) -> None:
        self.mode = mode or CameraMode((0, 0), 0.0)
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


def test_elsewhere_the_first_indexes_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", None)
    opened = {1: ScriptedCapture([])}

    found = list_cameras(platform="win32", open_capture=lambda index, *_: opened.get(index))

    assert found == (CameraInfo(1, "camera 1"),)
    assert opened[1].is_released


def test_elsewhere_the_extra_knows_the_names(monkeypatch: pytest.MonkeyPatch) -> None:
    package = types.ModuleType("cv2_enumerate_cameras")
    listed = [types.SimpleNamespace(index=1, name="Porch")]
    monkeypatch.setattr(package, "supported_backends", (cv2.CAP_MSMF,), raising=False)
    monkeypatch.setattr(package, "enumerate_cameras", lambda backend: listed, raising=False)
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", package)

    assert list_cameras(platform="win32") == (CameraInfo(1, "Porch"),)
    assert find_camera("porch", platform="win32") == CameraInfo(1, "Porch")


CAMERAS = (
    CameraInfo(0, "Integrated Camera"),
    CameraInfo(2, "Logi C920"),
    CameraInfo(4, "Logi C920 Pro"),
    CameraInfo(6, "Twin"),
    CameraInfo(8, "Twin"),
)


@pytest.mark.parametrize(
    ("part", "index"), [("integrated", 0), ("C920 PRO", 4), ("logi c920", 2), (" camera ", 0)]
)
def test_a_camera_is_found_by_a_part_of_its_name(part: str, index: int) -> None:
    assert find_camera(part, CAMERAS).index == index


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ("logi", r"several cameras are called logi: use a number, 2 \(Logi C920\), 4 \(Logi C920"),
        ("twin", r"several cameras are called twin: use a number, 6 \(Twin\), 8 \(Twin\)"),
        ("door", r"no camera is called door: there are 0 \(Integrated Camera\), 2"),
    ],
)
def test_a_name_that_is_nobodys_or_several_cameras_lists_them(part: str, sentence: str) -> None:
    with pytest.raises(SourceError, match=sentence):
        find_camera(part, CAMERAS)
    with pytest.raises(SourceError, match="no camera was found at all"):
        find_camera("any", ())


def test_a_name_where_names_are_not_known_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", None)

    with pytest.raises(MissingExtraError, match=r"motionapp\[cameras\]"):
        find_camera("porch", platform="darwin")


class FakeVideoCapture:
    """A camera behind `cv2.VideoCapture` that gives 30 pictures of 720p compressed, 10 if not."""

    def __init__(self, *, needs_mjpg: bool) -> None:
        self.set_to: dict[int, float] = {}
        self._needs_mjpg = needs_mjpg

    def isOpened(self) -> bool:  # noqa: N802
        return True

    def set(self, what: int, value: float) -> bool:
        self.set_to[what] = value
        return True

    def get(self, what: int) -> float:
        slow = self._needs_mjpg and cv2.CAP_PROP_FOURCC not in self.set_to
        return 10.0 if what == cv2.CAP_PROP_FPS and slow else self.set_to.get(what, 0.0)

    def release(self) -> None:
        self.set_to.clear()


@pytest.mark.parametrize("needs_mjpg", [True, False])
def test_compressed_pictures_are_asked_for_where_the_rate_needs_them(
    needs_mjpg: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakeVideoCapture(needs_mjpg=needs_mjpg)
    monkeypatch.setattr(cv2, "VideoCapture", lambda *_: fake)

    capture = open_camera(0, CameraMode((1280, 720), 30.0))

    assert capture is not None
    assert capture.mode == CameraMode((1280, 720), 30.0)
    assert (cv2.CAP_PROP_FOURCC in fake.set_to) == needs_mjpg
    if needs_mjpg:
        assert fake.set_to[cv2.CAP_PROP_FOURCC] == cv2.VideoWriter.fourcc(*"MJPG")


def test_a_camera_that_gives_less_than_it_was_asked_for_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    capture = ScriptedCapture([picture(size=(64, 48))] * 2, CameraMode((64, 48), 15.0))
    source = scripted(capture)

    with caplog.at_level(logging.WARNING):
        list(itertools.islice(source.frames(), 2))

    assert source.info.rate_hz == 15
    assert caplog.messages == [
        "camera:0 was asked for 1280x720 at 30 pictures per second "
        "and gives 64x48 at 15 pictures per second"
    ]
    assert source.info.note == caplog.messages[0]


def test_a_camera_that_gives_what_it_was_asked_for_is_not_spoken_of(
    caplog: pytest.LogCaptureFixture,
) -> None:
    capture = ScriptedCapture([picture(size=(64, 48))], CameraMode((64, 48), 29.97))
    source = CameraSource(0, name="camera:porch", size=(64, 48), open_capture=lambda *_: capture)

    with caplog.at_level(logging.WARNING):
        next(source.frames())

    assert (source.info.name, source.info.note) == ("camera:porch", "")
    assert not caplog.messages


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell")
def test_why_a_camera_cannot_be_opened_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sysfs, devices = tmp_path / "sys", tmp_path / "dev"
    (sysfs / "video0").mkdir(parents=True)
    (sysfs / "video0" / "name").write_text("Porch")
    devices.mkdir()

    nobody = why_not(3, sysfs=sysfs, devices=devices)
    no_node = why_not(0, sysfs=sysfs, devices=devices)
    (devices / "video0").touch()
    busy = why_not(0, sysfs=sysfs, devices=devices)
    monkeypatch.setattr(camera_module.os, "access", lambda *_: False)  # root may do all
    forbidden = why_not(0, sysfs=sysfs, devices=devices)

    assert nobody == "there is no camera 3: there are 0 (Porch)"
    assert "is missing" in no_node
    assert "another program uses it" in busy
    assert "permission denied" in forbidden
