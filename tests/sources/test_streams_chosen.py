"""Several videos in one recording: which is read, and what is said of the others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.stream import Disposition

from motionapp.core.errors import SourceError
from motionapp.files.streams import Video, left_out, preferred
from motionapp.sources import FileSource
from motionapp.sources.joined import JoinedSource

WIDTHS = (64, 96)
"""Of the first and the second video."""


def two_videos(path: Path, *, default: int | None, has_sound_first: bool = False) -> Path:
    with av.open(str(path), "w") as container:
        sound: Any = container.add_stream("aac", rate=48_000) if has_sound_first else None
        streams: list[Any] = [container.add_stream("mpeg4", rate=25) for _ in WIDTHS]
        for number, (stream, width) in enumerate(zip(streams, WIDTHS, strict=True)):
            stream.width, stream.height, stream.pix_fmt = width, 48, "yuv420p"
            stream.disposition = Disposition.default if number == default else Disposition(0)
        for _ in range(5):
            for stream, width in zip(streams, WIDTHS, strict=True):
                pixels = np.full((48, width, 3), width, np.uint8)
                container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, "bgr24")))
        for stream in streams:
            container.mux(stream.encode(None))
        if sound is not None:
            silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
            silence.rate = 48_000
            container.mux(sound.encode(silence))
            container.mux(sound.encode(None))
    return path


@pytest.mark.parametrize("name", ["a.mkv", "a.mp4"])
@pytest.mark.parametrize("default", [0, 1])
def test_the_video_flagged_as_default_is_read(tmp_path: Path, name: str, default: int) -> None:
    source = FileSource(two_videos(tmp_path / name, default=default))

    assert source.info.size == (WIDTHS[default], 48)
    assert next(source.frames()).luma_at(0).shape == (48, WIDTHS[default])
    assert f"video stream {default + 1} of 2 is read" in source.info.note
    assert "left out" in source.info.note


def test_without_a_flag_the_first_video_is_read_even_behind_sound(tmp_path: Path) -> None:
    source = FileSource(two_videos(tmp_path / "a.ts", default=None, has_sound_first=True))

    assert source.info.size == (64, 48)
    assert source.info.note.startswith("video stream 1 of 2")


@pytest.mark.parametrize("number", [1, 2])
def test_a_number_chooses_among_the_videos(tmp_path: Path, number: int) -> None:
    path = two_videos(tmp_path / "a.ts", default=None, has_sound_first=True)

    source = FileSource(path, video_stream=number)
    joined = JoinedSource([path, path], video_stream=number)

    assert source.info.size == joined.info.size == (WIDTHS[number - 1], 48)
    assert [frame.epoch.size[0] for frame in joined.frames(0.2)] == [WIDTHS[number - 1]] * 5
    assert source.info.note == joined.info.note


def test_a_number_that_is_too_large_is_refused_with_how_many_there_are(tmp_path: Path) -> None:
    path = two_videos(tmp_path / "a.mkv", default=None)

    with pytest.raises(SourceError, match="has 2 video streams, so there is no stream 3 in it"):
        FileSource(path, video_stream=3)


def test_what_cannot_be_read_stands_behind_what_can_whatever_its_flag() -> None:
    read, unread = Video(is_default=False, is_readable=True), Video(True, is_readable=False)

    assert preferred([unread, read]) == 1
    assert preferred([unread, unread]) == 0
    assert preferred([read, Video(True, is_readable=True)]) == 1
    assert preferred([]) is None


def test_nothing_is_said_of_a_recording_with_one_video() -> None:
    assert left_out(0, 1) == ""
    assert "the 3 others are left out" in left_out(1, 4)
