"""Small pictures of events."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.overlay.palette import MOTION_COLOUR
from motionapp.sinks.thumbnails import ThumbnailsSink, thumbnail
from motionapp.sources.file import FileSource

from .conftest import WriteRecording, code_of, event_at


def read(path: Path) -> np.ndarray:
    return np.asarray(cv2.imread(str(path)))


def test_the_picture_is_that_of_the_peak(write_recording: WriteRecording, tmp_path: Path) -> None:
    path = write_recording(stamps_ms=range(3000, 7000, 40))
    events = [event_at(1.0, 3.0, peak_s=2.2), event_at(0.2, 0.9, peak_s=0.48)]
    sink = ThumbnailsSink(tmp_path, lambda: FileSource(path))
    for frame in FileSource(path).frames():
        sink.accept(Moment("a", frame))
    sink.accept(Moment("a", None, closed=tuple(events)))

    sink.close()

    names = [sink.fields_of(event)["thumbnail"] for event in events]
    assert names == ["thumbnails/all@1000.jpg", "thumbnails/all@200.jpg"]
    assert [code_of(read(tmp_path / str(name))[44:]) for name in names] == [55, 12]
    assert sink.problems == ()


@pytest.mark.parametrize(("size", "small"), [((1280, 720), (320, 180)), ((200, 99), (200, 99))])
def test_large_pictures_become_small_and_small_ones_stay(
    size: tuple[int, int], small: tuple[int, int]
) -> None:
    picture = thumbnail(np.full((size[1], size[0], 3), 90, np.uint8), event_at(1, 2))

    assert picture.shape == (small[1], small[0], 3)


def test_the_box_is_drawn_where_it_is_in_the_small_picture() -> None:
    event = replace(event_at(1, 2), box=Box(400, 200, 800, 600))
    large = np.full((720, 1280, 3), 90, np.uint8)

    picture = thumbnail(large, event)

    rows, columns = np.nonzero((picture == MOTION_COLOUR).all(axis=2))
    assert (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1) == (100, 50, 200, 150)
    assert (large == 90).all()


def test_a_source_that_is_gone_costs_the_pictures_only(
    write_recording: WriteRecording, tmp_path: Path
) -> None:
    path = write_recording(count=5)
    sink = ThumbnailsSink(tmp_path, lambda: FileSource(path))
    sink.accept(Moment("a", None, closed=(event_at(0.0, 0.1), event_at(0.12, 0.2))))
    path.unlink()

    sink.close()

    assert sink.problems == ("2 thumbnails are missing",)
    assert sink.fields_of(event_at(0.0, 0.1)) == {}
    assert list(tmp_path.iterdir()) == []
