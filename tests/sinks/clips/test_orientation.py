"""Clips of recordings that are turned or mirrored: kept in a copy, applied where encoded."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sinks.clips.compared import check_clip, pictures_of, psnr_db
from tests.sinks.clips.conftest import KEYS, cut
from tests.sinks.clips.test_joined import Joined, cut_joined
from tests.sinks.conftest import WriteRecording, event_at
from tests.sources.matrices import ALL_EIGHT, Matrix, give_matrix

EVENT = event_at(2.0, 2.4)
MIRRORED: Matrix = (-1, 0, 0, 1)


@pytest.mark.parametrize("matrix", ALL_EIGHT)
def test_a_copied_clip_keeps_the_matrix_and_an_encoded_one_needs_none(
    matrix: Matrix, write_recording: WriteRecording, folder: Path
) -> None:
    path = give_matrix(write_recording(options=KEYS, count=75), matrix)
    recording = pictures_of(path)

    copied = cut(path, folder, "copy", EVENT)
    assert check_clip(folder, copied, EVENT, recording) == ""
    encoded = cut(path, folder, "encode", EVENT).fields_of(EVENT)

    clip, start_s = pictures_of(folder / str(encoded["clip"])), encoded["clip_start_s"]
    assert isinstance(start_s, float)
    first = next(each for each in recording if each.time_s >= start_s - 0.002)
    assert clip[0].bgr.shape == first.bgr.shape
    assert psnr_db(clip[0].bgr, first.bgr) >= 30


@pytest.mark.parametrize("matrix", ALL_EIGHT)
def test_a_clip_in_matroska_is_shown_as_its_recording_is(
    matrix: Matrix, write_recording: WriteRecording, folder: Path
) -> None:
    options = {"codec": "mpeg1video", "options": {"bf": "0"}, "count": 75}
    path = give_matrix(write_recording("a.mov", **options), matrix)

    sink = cut(path, folder, "copy", EVENT)

    assert sink.problems == ()
    check_clip(folder, sink, EVENT, pictures_of(path))


def test_an_event_that_goes_on_mirrored_is_encoded(
    write_recording: WriteRecording, folder: Path
) -> None:
    first = write_recording("a.mp4", options=KEYS)
    second = give_matrix(write_recording("b.mp4", first=100, options=KEYS), MIRRORED)

    _, problems, notes = cut_joined(Joined(first, second, 4.0), folder, event_at(3.6, 4.8))

    assert problems == ()
    assert [note.split(", because ")[0] for note in notes] == ["1 clip encoded instead of copied"]
