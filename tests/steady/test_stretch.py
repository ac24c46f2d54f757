"""Pictures that use little of their range."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.analysis import Analysis
from motionapp.assembly import open_source
from motionapp.core.cover import Cover, Patch
from motionapp.core.event import Event
from motionapp.core.frame import Frame
from motionapp.privacy import covered
from motionapp.scenes.named import SCENES
from motionapp.settings import load_settings
from motionapp.sources.synthetic import SyntheticSource
from motionapp.steady.stretch import Stretch
from motionapp.testing import frames_from

Grey = NDArray[np.float32]


@pytest.fixture(scope="module")
def walk() -> list[Grey]:
    """The first five seconds of a walk, in grey levels."""
    source = SyntheticSource(SCENES["walk"]())
    found = []
    for frame in source.frames():
        if frame.pts_s >= 5:
            break
        found.append(frame.luma_at(1).astype(np.float32))
    return found


def thermal(grey: Grey) -> NDArray[np.uint16]:
    """Sixteen bits, of which a whole scene uses a sixtieth."""
    return np.asarray(30000 + grey * 4, np.uint16)


def recorded(
    path: Path, walk: list[Grey], form: str, as_stored: Callable[[Grey], NDArray[np.uint16]]
) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=25)
        stream.width, stream.height, stream.pix_fmt = 320, 180, form
        for grey in walk:
            deep = av.VideoFrame.from_ndarray(as_stored(grey), format="gray16le")
            for packet in stream.encode(deep.reformat(format=form)):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
    return path


def events_of(spec: Path) -> list[Event]:
    changes = {"analysis.recognition.classifier": "none", "analysis.people": "off"}
    analysis = Analysis(load_settings(changes=changes).analysis)
    found: list[Event] = []
    source = open_source(str(spec))
    for frame in source.frames():
        found += analysis.step(frame).closed
    source.close()
    return found + list(analysis.finish().closed)


@pytest.mark.parametrize(
    ("form", "as_stored"),
    [
        ("gray16le", thermal),
        ("gray10le", lambda grey: np.asarray(500 + grey * 0.12, np.uint16) << 6),
        ("gray", lambda grey: np.asarray(140 + grey * 0.06, np.uint16) << 8),
        ("yuv420p10le", lambda grey: np.asarray(500 + grey * 0.12, np.uint16) << 6),
    ],
)
def test_a_walk_that_uses_little_of_the_range_is_an_event(
    tmp_path: Path, walk: list[Grey], form: str, as_stored: Callable[[Grey], NDArray[np.uint16]]
) -> None:
    (event,) = events_of(recorded(tmp_path / "walk.mkv", walk, form, as_stored))
    assert event.start_s == pytest.approx(1.52, abs=0.3)


def test_a_folder_of_sixteen_bit_images_is_stretched_too(tmp_path: Path, walk: list[Grey]) -> None:
    for number, grey in enumerate(walk):
        cv2.imwrite(str(tmp_path / f"{number:03d}.png"), thermal(grey))
    (event,) = events_of(tmp_path)
    assert event.start_s == pytest.approx(1.52, abs=0.1)


def test_pictures_that_use_their_range_stay_as_they_are(walk: list[Grey]) -> None:
    stretch = Stretch()
    frames: list[Frame] = list(SyntheticSource(SCENES["still"]()).frames())[:60]
    stretch.start(frames[0].epoch)
    assert all(stretch.step(frame) is frame for frame in frames)


def test_sixteen_bits_that_use_their_range_stay_as_they_are(
    tmp_path: Path, walk: list[Grey]
) -> None:
    path = recorded(
        tmp_path / "walk.mkv", walk[:20], "gray16le", lambda grey: np.asarray(grey * 257, np.uint16)
    )
    stretch = Stretch()
    source = open_source(str(path))
    frames = source.frames()
    first = next(iter(frames))
    stretch.start(first.epoch)
    assert stretch.step(first) is first
    source.close()


def test_a_cover_does_not_make_a_narrow_range_look_wide(walk: list[Grey]) -> None:
    """Else somebody in fog would be lost because a window in the picture is private."""
    corner = Cover((Patch("corner", ((0.0, 0.0), (0.3, 0.0), (0.3, 0.3), (0.0, 0.3))),))
    pictures = [np.asarray(np.clip(140 + grey * 0.06, 0, 255), np.uint8) for grey in walk[:60]]
    stretch = Stretch()
    steps = []
    for frame in frames_from(pictures):
        hidden = covered(frame, corner)
        if frame.index == 0:
            stretch.start(hidden.epoch)
        steps.append(stretch.step(hidden) is not hidden)

    assert all(steps)
