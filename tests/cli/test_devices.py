"""The list of cameras."""

from __future__ import annotations

import pytest

from motionapp.cli import main
from motionapp.sources import camera
from motionapp.sources.camera import CameraInfo
from motionapp.sources.capture import CameraMode


def test_a_camera_a_line_as_watch_wants_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = (CameraInfo(0, "Lens"), CameraInfo(2, "Other"))
    monkeypatch.setattr(camera, "list_cameras", lambda: found)

    assert main(["devices"]) == 0
    assert capsys.readouterr().out.splitlines() == ["camera:0  Lens", "camera:2  Other"]


def test_below_a_camera_stand_its_sizes_and_rates_as_they_are_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    modes = [((640, 480), 0.0), ((1280, 720), 10.0), ((1280, 720), 30.0)]
    lens = CameraInfo(0, "Lens", tuple(CameraMode(*mode) for mode in modes))
    monkeypatch.setattr(camera, "list_cameras", lambda: (lens,))

    assert main(["devices"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "camera:0  Lens",
        "    size=640x480  rate=unknown",
        "    size=1280x720  rate=10, 30",
    ]


def test_without_a_camera_there_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(camera, "list_cameras", lambda: ())

    assert main(["devices"]) == 0
    assert "There is no camera here" in capsys.readouterr().out
