"""The annotated video: times, sizes, form."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from motionapp.core.errors import OutputError
from motionapp.core.moment import Moment
from motionapp.sinks.h264 import fitted
from motionapp.sinks.video import AnnotatedVideoSink
from motionapp.testing import frames_from


def write(path: Path, times_s: list[float], size: tuple[int, int] = (64, 48)) -> None:
    sink = AnnotatedVideoSink(path)
    pictures = [
        np.full((size[1], size[0]), 60 + 4 * number, np.uint8) for number in range(len(times_s))
    ]
    for frame in frames_from(pictures, times_s=times_s):
        sink.accept(Moment("a", frame))
    sink.close()


def test_it_is_h264_with_its_index_in_front(tmp_path: Path) -> None:
    write(tmp_path / "a.mp4", [0.0, 0.04, 0.08])

    with av.open(str(tmp_path / "a.mp4")) as container:
        codec = container.streams.video[0].codec_context
        assert (codec.name, codec.pix_fmt, codec.width, codec.height) == ("h264", "yuv420p", 64, 48)
    content = (tmp_path / "a.mp4").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_uneven_times_stay_as_they_are(tmp_path: Path) -> None:
    times_s = [0.0, 0.04, 0.16, 0.2, 1.7, 1.71]

    write(tmp_path / "a.mp4", times_s)

    with av.open(str(tmp_path / "a.mp4")) as container:
        read_s = [float(frame.time) for frame in container.decode(video=0)]
    assert read_s == pytest.approx(times_s, abs=1e-4)


def test_the_last_picture_is_shown_as_long_as_any_other(tmp_path: Path) -> None:
    write(tmp_path / "a.mp4", [0.0, 0.04, 0.08])

    with av.open(str(tmp_path / "a.mp4")) as container:
        stream = container.streams.video[0]
        assert stream.time_base is not None
        assert stream.duration is not None
        assert float(stream.duration * stream.time_base) == pytest.approx(0.12)


@pytest.mark.parametrize("size", [(63, 47), (65, 48), (2, 2), (16, 301)])
def test_odd_sizes_get_one_more_row_or_column(tmp_path: Path, size: tuple[int, int]) -> None:
    write(tmp_path / "a.mp4", [0.0, 0.04], size)

    with av.open(str(tmp_path / "a.mp4")) as container:
        frame = next(container.decode(video=0))
    assert (frame.width, frame.height) == (size[0] + size[0] % 2, size[1] + size[1] % 2)


def test_another_size_is_fitted_with_black_borders() -> None:
    tall = np.full((80, 20, 3), 200, np.uint8)

    picture = fitted(tall, (64, 40))

    assert picture.shape == (40, 64, 3)
    lit = np.flatnonzero(picture[20].sum(axis=1))
    assert (lit[0], lit[-1]) == (27, 36)


def test_a_picture_is_not_drawn_upon(tmp_path: Path) -> None:
    """`Frame.bgr()` is shared and read-only; the sink draws on a copy of its own."""
    (frame,) = frames_from([np.full((48, 64), 90, np.uint8)])
    sink = AnnotatedVideoSink(tmp_path / "a.mp4")

    sink.accept(Moment("a", frame))
    sink.abandon()

    assert not frame.bgr().flags.writeable


def test_a_place_that_cannot_be_written_is_an_output_error(tmp_path: Path) -> None:
    sink = AnnotatedVideoSink(tmp_path / "gone" / "a.mp4")
    (frame,) = frames_from([np.full((48, 64), 90, np.uint8)])

    with pytest.raises(OutputError, match=r"a\.mp4 cannot be written"):
        sink.accept(Moment("a", frame))
    sink.abandon()
