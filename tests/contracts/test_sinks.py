"""What every sink keeps to: whole or not at all, closing and abandoning as often as one likes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from motionapp.core.errors import OutputError
from motionapp.core.event import Event, Segment
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.core.motion import Motion, Region
from motionapp.core.seams import Sink
from motionapp.sinks import EventsSink, JsonLinesSink
from motionapp.sinks.clips.encoding import EncodeCutter
from motionapp.sinks.clips.sink import ClipsSink
from motionapp.sinks.frames import FramesSink
from motionapp.sinks.heat import HeatSink
from motionapp.sinks.masks import MasksSink
from motionapp.sinks.report import ReportSink
from motionapp.sinks.thumbnails import ThumbnailsSink
from motionapp.sinks.video import AnnotatedVideoSink
from motionapp.testing import ScriptedSource, frame_at, frames_from


def only(*names: str) -> Callable[[int, int], set[str]]:
    """The same files whatever comes."""
    return lambda frames, events: set(names)


@dataclass(frozen=True)
class Kind:
    """A sink, how it is made in a folder, and what it leaves there."""

    make: Callable[[Path], Sink]
    files: Callable[[int, int], set[str]]
    """By the number of frames and of events that were seen."""
    is_live: bool = False
    """Lines appended as they happen: the exception to whole or not at all."""
    needs: str = ""
    """A package that it cannot be made without."""


def one_an_event(name: str) -> Callable[[int, int], set[str]]:
    return lambda frames, events: {name} if events else set()


def with_frames(name: str) -> Callable[[int, int], set[str]]:
    return lambda frames, events: {name} if frames else set()


KINDS = {
    "events": Kind(
        lambda folder: EventsSink(folder, "a.mp4"),
        only("events.json", "events.csv", "segments.csv"),
    ),
    "video": Kind(
        lambda folder: AnnotatedVideoSink(folder / "annotated.mp4"), with_frames("annotated.mp4")
    ),
    "lines": Kind(
        lambda folder: JsonLinesSink(folder / "lines.jsonl"), only("lines.jsonl"), is_live=True
    ),
    "clips": Kind(
        lambda folder: ClipsSink(folder, EncodeCutter(ScriptedSource)),
        one_an_event("clips/all@40.mp4"),
    ),
    "thumbnails": Kind(
        lambda folder: ThumbnailsSink(folder, ScriptedSource),
        one_an_event("thumbnails/all@40.jpg"),
    ),
    "masks": Kind(
        MasksSink,
        lambda frames, events: {f"masks/{index:06d}.png" for index in range(frames)},
    ),
    "heat": Kind(HeatSink, with_frames("heatmap.png")),
    "report": Kind(lambda folder: ReportSink(folder, "a.mp4"), only("report.html")),
    "frames": Kind(FramesSink, only("frames.jsonl")),
    "table": Kind(
        lambda folder: FramesSink(folder, "parquet"), only("frames.parquet"), needs="pyarrow"
    ),
}

SEGMENT = Segment("walk", 0.9, 0.04, 0.12, 1, (1,), Box(1, 2, 30, 40), ((0.04, 10.0, 20.0),))
CLOSED = Event(
    "all@40", "all", 0.04, 0.12, "walk", 0.9, 0.08, Box(1, 2, 30, 40), (SEGMENT,), "motion"
)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    found = KINDS[request.param]
    if found.needs:
        pytest.importorskip(found.needs)
    return found


def files_in(folder: Path) -> set[str]:
    """Files below a folder, also those with temporary names, and folders that are empty."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() or not any(path.iterdir())
    }


def feed(sink: Sink, frames: int = 5) -> None:
    """So many frames, in which something moves, and an event from the fourth on."""
    mask = np.zeros((48, 64), np.uint8)
    mask[8:24, 8:40] = 255
    motion = Motion(strength=0.1, regions=(Region(Box(8, 8, 40, 24), 512.0, 3.0),), mask=mask)
    for index in range(frames):
        closed = (CLOSED,) if index == 3 else ()
        sink.accept(Moment("a", frame_at(index), motion, closed=closed))
    sink.accept(Moment("a", None))


def test_closing_publishes_whole_files_and_leaves_nothing_else(kind: Kind, tmp_path: Path) -> None:
    sink = kind.make(tmp_path)
    feed(sink)

    sink.close()

    assert files_in(tmp_path) == kind.files(5, 1)
    assert all((tmp_path / name).stat().st_size for name in files_in(tmp_path))


def test_until_it_is_closed_nothing_has_its_name(kind: Kind, tmp_path: Path) -> None:
    sink = kind.make(tmp_path)

    feed(sink)

    assert kind.is_live or not files_in(tmp_path) & kind.files(5, 1)
    sink.abandon()


def test_closing_twice_is_closing_once(kind: Kind, tmp_path: Path) -> None:
    sink = kind.make(tmp_path)
    feed(sink)
    sink.close()
    before = {name: (tmp_path / name).read_bytes() for name in kind.files(5, 1)}

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
        pytest.skip("lines are appended as they happen")
    for name in kind.files(5, 1):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("earlier")
    sink = kind.make(tmp_path)
    feed(sink)

    sink.abandon()

    assert {(tmp_path / name).read_text() for name in files_in(tmp_path)} == {"earlier"}


def test_closing_replaces_what_an_earlier_run_has_left(kind: Kind, tmp_path: Path) -> None:
    if kind.is_live:
        pytest.skip("lines are appended")
    for name in kind.files(9, 1):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("earlier")
    sink = kind.make(tmp_path)
    feed(sink)

    sink.close()

    assert files_in(tmp_path) == kind.files(5, 1)
    assert all((tmp_path / name).read_bytes() != b"earlier" for name in files_in(tmp_path))


def test_without_any_moment_it_closes_quietly(kind: Kind, tmp_path: Path) -> None:
    sink = kind.make(tmp_path)

    sink.close()

    assert files_in(tmp_path) == kind.files(0, 0)


def test_one_frame_is_enough(kind: Kind, tmp_path: Path) -> None:
    sink = kind.make(tmp_path)
    feed(sink, frames=1)

    sink.close()

    assert files_in(tmp_path) == kind.files(1, 0)


def test_a_size_change_in_the_middle_is_no_trouble(kind: Kind, tmp_path: Path) -> None:
    sink = kind.make(tmp_path)
    index = 0
    for start_s, size in ((0.0, (64, 48)), (0.2, (48, 96)), (0.4, (33, 17))):
        picture = np.full((size[1], size[0]), 90, np.uint8)
        motion = Motion(
            strength=0.1,
            regions=(Region(Box(8, 8, 30, 16), 512.0, 3.0),),
            mask=picture // 90 * 255,
        )
        for frame in frames_from([picture] * 5, start_s=start_s):
            sink.accept(Moment("a", replace(frame, index=index), motion))
            index += 1

    sink.close()

    assert files_in(tmp_path) == kind.files(15, 0)


def test_the_same_moments_give_the_same_files(kind: Kind, tmp_path: Path) -> None:
    if kind.is_live:
        pytest.skip("the last line has the elapsed time")
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        sink = kind.make(folder)
        feed(sink)
        sink.close()

    one, two = ({n: (folder / n).read_bytes() for n in kind.files(5, 1)} for folder in folders)
    assert one == two


def test_a_folder_that_is_gone_is_an_output_error(kind: Kind, tmp_path: Path) -> None:
    folder = tmp_path / "gone"

    with pytest.raises(OutputError, match="cannot be written"):  # noqa: PT012  any of the three
        sink = kind.make(folder)
        feed(sink)
        sink.close()

    assert not folder.exists()


def test_a_disk_that_takes_no_more_is_an_output_error(kind: Kind, tmp_path: Path) -> None:
    """No file may grow: the system refuses every write, as it does on a full disk."""
    sink = kind.make(tmp_path)

    with (
        no_room(),
        pytest.raises(OutputError, match=f"{re.escape(str(tmp_path))}.* cannot be written"),
    ):
        feed_and_close(sink)
    sink.abandon()

    assert kind.is_live or files_in(tmp_path) == set()


def feed_and_close(sink: Sink) -> None:
    feed(sink)
    sink.close()


@contextmanager
def no_room() -> Iterator[None]:
    """Python ignores the signal that comes with the rejection."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
