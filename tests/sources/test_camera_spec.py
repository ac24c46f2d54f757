"""How a camera is written, and what it is asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp import assembly
from motionapp.core.errors import SourceError
from motionapp.sources import CameraInfo, CameraSpec, camera_spec, spec_of
from motionapp.sources import camera as camera_module
from motionapp.sources.camera import open_named
from motionapp.sources.capture import CameraMode, Capture

HD = (1280, 720)


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("camera:0", CameraSpec("0")),
        ("camera:0,size=1280x720,rate=30", CameraSpec("0", HD, 30.0)),
        ("camera:2, rate=12.5 , size = 1280X720", CameraSpec("2", HD, 12.5)),
        ("camera:porch,size=1280×720", CameraSpec("porch", HD)),
        ("camera:Webcam, Inc.: HD,rate=5", CameraSpec("Webcam, Inc.: HD", None, 5.0)),
    ],
)
def test_size_and_rate_stand_behind_a_camera(text: str, spec: CameraSpec) -> None:
    assert camera_spec(text) == spec


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("camera:0,size=big", "big is no size of a picture"),
        ("camera:0,size=1280", "1280 is no size"),
        ("camera:0,size=", "nothing is no size"),
        ("camera:0,size=8x8", "sides of a picture have 16 to 16384 pixels"),
        ("camera:0,size=1280x99999", "sides of a picture"),
        ("camera:0,rate=fast", "fast is no number of pictures per second"),
        ("camera:0,rate=-1", "-1 is no number"),
        ("camera:0,rate=nan", "nan is no number"),
        ("camera:0,rate=0", "above 0 and at most 1000"),
        ("camera:0,rate=1001", "above 0 and at most 1000"),
        ("camera:0,fps=30", "asked for size and rate, not for fps"),
        ("camera:0,rate=30,rate=25", "it has two of rate"),
        ("camera:0,1280x720", "what stands behind the number is not understood"),
        ("camera:0?size=1280x720&rate=30", "what stands behind the number"),
        ("camera:0@30", "what stands behind the number"),
    ],
)
def test_what_is_not_understood_of_it_is_said_with_how_to_write_it(
    text: str, sentence: str
) -> None:
    with pytest.raises(SourceError, match=sentence) as caught:
        assembly.open_source(text)

    assert "write it as camera:0,size=1280x720,rate=30" in str(caught.value)


@given(
    st.one_of(st.integers(0, 99).map(str), st.text("abcXYZ ()-.:", min_size=1).map(str.strip)),
    st.none() | st.tuples(st.integers(16, 16384), st.integers(16, 16384)),
    st.none() | st.sampled_from([5.0, 12.5, 29.97, 30.0, 120.0]),
)
def test_what_is_written_is_read_the_same(
    which: str, size: tuple[int, int] | None, rate_hz: float | None
) -> None:
    spec = CameraSpec(which, size, rate_hz)

    assert camera_spec(str(spec)) == spec


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("camera:4,size=800x600,rate=15", CameraMode((800, 600), 15.0)),
        ("camera:4,rate=60", CameraMode(HD, 60.0)),
        ("camera:4", CameraMode(HD, 30.0)),
        ("camera:por,size=800x600", CameraMode((800, 600), 30.0)),
    ],
)
def test_the_device_is_asked_for_what_is_written(
    text: str, asked: CameraMode, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[tuple[int, CameraMode]] = []

    def open_camera(index: int, mode: CameraMode) -> Capture | None:
        opened.append((index, mode))
        return None

    monkeypatch.setattr(camera_module, "open_camera", open_camera)
    monkeypatch.setattr(camera_module, "list_cameras", lambda **_: (CameraInfo(4, "Porch"),))

    source = open_named(text)
    with pytest.raises(SourceError):
        next(source.frames())

    assert opened == [(4, asked)]
    assert source.info.name == text.partition(",")[0]


@pytest.mark.parametrize(
    ("name", "spec"),
    [
        ("Logi C920", "camera:Logi C920"),
        ("Cam: Front", "camera:Cam: Front"),
        ("Twin", "camera:3"),
        ("camera 3", "camera:3"),  # which is no name
        ("", "camera:3"),
        ("007", "camera:3"),
        ("4, the second", "camera:3"),
        ("x,rate=3", "camera:3"),
        ("me@home", "camera:3"),  # would be shown as a password
    ],
)
def test_a_camera_goes_by_its_name_where_that_finds_it_again(name: str, spec: str) -> None:
    camera = CameraInfo(3, name)
    others = (CameraInfo(0, "twin "), CameraInfo(1, "Logi C920 Pro"))

    assert str(spec_of(camera, (*others, camera))) == spec
