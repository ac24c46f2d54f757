"""What every sink keeps to: whole or not at all, closing and abandoning as often as one likes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from motionapp.core.errors import OutputError
from motionapp.core.event import Event, Segment
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.core.seams import Sink
from motionapp.sinks import EventsSink, JsonLinesSink
from motionapp.sinks.video import AnnotatedVideoSink
from motionapp.testing import frame_at, frames_from


@dataclass(frozen=True)
class Kind:
    """A sink, how it is made in a folder, and what it leaves there."""

    make: Callable[[Path], Sink]
    files: frozenset[str]
    needs_frames: bool = False
    is_live: bool = False
    """Lines appended as they happen: the exception to whole or not at all."""


KINDS = {
    "events": Kind(
        lambda folder: EventsSink(folder, "a.mp4"),
        frozenset({"events.json", "events.csv", "segments.csv"}),
    ),
    "video": Kind(
        lambda folder: AnnotatedVideoSink(folder / "annotated.mp4"),
        frozenset({"annotated.mp4"}),
        needs_frames=True,
    ),
    "lines": Kind(
        lambda folder: JsonLinesSink(folder / "lines.jsonl"),
        frozenset({"lines.jsonl"}),
        is_live=True,
    ),
}

SEGMENT = Segment("walk", 0.9, 0.04, 0.12, 1, (1,), Box(1, 2, 30, 40), ((0.04, 10.0, 20.0),))
CLOSED = Event(
    "all@40", "all", 0.04, 0.12, "walk", 0.9, 0.08, Box(1, 2, 30, 40), (SEGMENT,), "motion"
)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def feed(sink: Sink, frames: int = 5) -> None:
    for index in range(frames):
        sink.accept(Moment("a", frame_at(index), closed=(CLOSED,) if index == 3 else ()))
    sink.accept(Moment("a", None))


def test_closing_publishes_whole_files_and_leaves_nothing_else(kind: Kind, tmp_path: Path) -> None:
    sink = kind.make(tmp_path)
    feed(sink)

    sink.close()

    assert files_in(tmp_path) == kind.files
    assert all((tmp_path / name).stat().st_size for name in kind.files)


def test_until_it_is_closed_nothing_has_its_name(kind: Kind, tmp_path: Path) -> None:
    sink = kind.make(tmp_path)

    feed(sink)

    assert kind.is_live or not files_in(tmp_path) & kind.files
    sink.abandon()


def test_closing_twice_is_closing_once(kind: Kind, tmp_path: Path) -> None:
    sink = kind.make(tmp_path)
    feed(sink)
    sink.close()
    before = {name: (tmp_path / name).read_bytes() for name in kind.files}

    sink.close()
    sink.abandon()

    assert {name: (tmp_path / name).read_bytes() for name in files_in(tmp_path)} == before


def test_abandoning_leaves_nothing_and_may_be_repeated(kind: Kind, tmp_path: Path) -> None:
    sink = kind.make(tmp_path)
    feed(sink)

    sink.abandon()
    sink.abandon()
    sink.close()

    assert kind.is_live or files_in(tmp_path) == set()


def test_abandoning_keeps_what_an_earlier_run_has_left(kind: Kind, tmp_path: Path) -> None:
    if kind.is_live:
        pytest.skip("lines are written anew as they happen")
    for name in kind.files:
        (tmp_path / name).write_text("earlier")
    sink = kind.make(tmp_path)
    feed(sink)

    sink.abandon()

    assert {(tmp_path / name).read_text() for name in files_in(tmp_path)} == {"earlier"}


def test_without_any_moment_it_closes_quietly(kind: Kind, tmp_path: Path) -> None:
    sink = kind.make(tmp_path)

    sink.close()

    assert files_in(tmp_path) == (set() if kind.needs_frames else kind.files)


def test_one_frame_is_enough(kind: Kind, tmp_path: Path) -> None:
    sink = kind.make(tmp_path)
    feed(sink, frames=1)

    sink.close()

    assert files_in(tmp_path) == kind.files


def test_a_size_change_in_the_middle_is_no_trouble(kind: Kind, tmp_path: Path) -> None:
    sink = kind.make(tmp_path)
    for start_s, size in ((0.0, (64, 48)), (0.2, (48, 96)), (0.4, (33, 17))):
        pictures = [np.full((size[1], size[0]), 90, np.uint8)] * 5
        for frame in frames_from(pictures, start_s=start_s):
            sink.accept(Moment("a", frame))

    sink.close()

    assert files_in(tmp_path) == kind.files


def test_the_same_moments_give_the_same_files(kind: Kind, tmp_path: Path) -> None:
    if kind.is_live:
        pytest.skip("the last line has the elapsed time")
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        sink = kind.make(folder)
        feed(sink)
        sink.close()

    one, two = ({n: (folder / n).read_bytes() for n in kind.files} for folder in folders)
    assert one == two


def test_a_folder_that_is_gone_is_an_output_error(kind: Kind, tmp_path: Path) -> None:
    folder = tmp_path / "gone"

    with pytest.raises(OutputError, match="cannot be written"):  # noqa: PT012  any of the three
        sink = kind.make(folder)
        feed(sink)
        sink.close()

    assert not folder.exists()
