"""What every source promises, whatever it reads.

A new source joins by one maker in `MAKERS`: a function that is given a folder and a number of
frames and returns a source with so many, the second half of another size where it is asked for.
"""

from __future__ import annotations

import gc
import itertools
import os
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.analysis import Analysis
from motionapp.core.errors import SourceError
from motionapp.core.frame import Frame
from motionapp.core.seams import Damage, Source
from motionapp.frontends import registry
from motionapp.runtime.vectors import ask_vectors
from motionapp.runtime.walk import walk
from motionapp.scenes.scene import Scene
from motionapp.settings import AnalysisSettings
from motionapp.sources import (
    CameraSource,
    FileSource,
    ImagesSource,
    JoinedSource,
    StreamSource,
)
from motionapp.sources.capture import CameraMode
from motionapp.sources.synthetic import SyntheticSource

FRAMES = 12
SIZE, OTHER_SIZE = (64, 48), (96, 64)


class Maker(Protocol):
    """Makes a source of `count` frames at 25 per second."""

    def __call__(self, folder: Path, count: int = FRAMES, *, changes_size: bool = False) -> Source:
        """Make it."""
        ...


def pictures(count: int, size: tuple[int, int]) -> list[NDArray[np.uint8]]:
    """Pictures that are all different."""
    return [np.full((size[1], size[0], 3), 30 + 9 * number, np.uint8) for number in range(count)]


def all_pictures(count: int, *, changes_size: bool) -> list[NDArray[np.uint8]]:
    if not changes_size:
        return pictures(count, SIZE)
    return pictures(count // 2, SIZE) + pictures(count - count // 2, OTHER_SIZE)


def write_stream(path: Path, shown: list[NDArray[np.uint8]]) -> None:
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("libx264", rate=25)  # encoders differ in type
        stream.height, stream.width = shown[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        for bgr in shown:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(bgr, "bgr24")))
        container.mux(stream.encode(None))


def make_file(folder: Path, count: int = FRAMES, *, changes_size: bool = False) -> Source:
    if not changes_size:
        write_stream(folder / "clip.mp4", pictures(count, SIZE))
        return FileSource(folder / "clip.mp4")
    path = folder / "clip.h264"
    write_stream(folder / "a.h264", pictures(count // 2, SIZE))
    write_stream(folder / "b.h264", pictures(count - count // 2, OTHER_SIZE))
    path.write_bytes((folder / "a.h264").read_bytes() + (folder / "b.h264").read_bytes())
    return FileSource(path)


def make_joined(folder: Path, count: int = FRAMES, *, changes_size: bool = False) -> Source:
    shown = all_pictures(count, changes_size=changes_size)
    stretches = [part for part in (shown[: count // 2], shown[count // 2 :]) if part]
    paths = [folder / f"{number}.mp4" for number in range(len(stretches))]
    for path, stretch in zip(paths, stretches, strict=True):
        write_stream(path, stretch)
    return JoinedSource(paths)


def make_images(folder: Path, count: int = FRAMES, *, changes_size: bool = False) -> Source:
    for number, bgr in enumerate(all_pictures(count, changes_size=changes_size)):
        cv2.imwrite(str(folder / f"in{number}.png"), bgr)
    return ImagesSource(folder)


class EndingCapture:
    """A camera that sends the given pictures and is then unplugged."""

    def __init__(self, shown: list[NDArray[np.uint8]]) -> None:
        self._shown = iter(shown)
        self._next: NDArray[np.uint8] | None = None

    @property
    def mode(self) -> CameraMode:
        return CameraMode(SIZE, 30.0)

    def grab(self) -> bool:
        self._next = next(self._shown, None)
        return self._next is not None

    def retrieve(self) -> tuple[bool, NDArray[np.uint8] | None]:
        return self._next is not None, self._next

    def release(self) -> None:
        self._shown = iter(())


class EndingCamera(CameraSource):
    """A camera whose loss is taken as its end, so that it can be compared with the others."""

    def __init__(self, shown: list[NDArray[np.uint8]]) -> None:
        self._ticks: Iterator[int] = iter(())
        super().__init__(
            0,
            clock=lambda: next(self._ticks),
            utc=lambda: datetime(2026, 6, 1, tzinfo=UTC),
            open_capture=lambda *_: EndingCapture(shown),
        )

    def frames(self, start_s: float = 0.0) -> Any:  # a pass, wrapped: closing is the source's
        self._ticks = itertools.count(10**9, 40_000_000)
        return until_lost(super().frames(start_s))


def until_lost(frames: Iterator[Frame]) -> Iterator[Frame]:
    try:
        yield from frames
    except SourceError as error:
        if "has stopped" not in str(error):
            raise


def make_camera(folder: Path, count: int = FRAMES, *, changes_size: bool = False) -> Source:
    return EndingCamera(all_pictures(count, changes_size=changes_size))


def make_synthetic(folder: Path, count: int = FRAMES, *, changes_size: bool = False) -> Source:
    if changes_size:
        pytest.skip("a scene has one size")
    return SyntheticSource(Scene("small", SIZE, count / 25, seed=9_000_000))


MAKERS: dict[str, Maker] = {
    "file": make_file,
    "joined": make_joined,
    "images": make_images,
    "camera": make_camera,
    "synthetic": make_synthetic,
}


@pytest.fixture(params=sorted(MAKERS))
def make(request: pytest.FixtureRequest) -> Maker:
    """One maker after the other."""
    return MAKERS[request.param]


def told(frame: Frame) -> tuple[Any, ...]:
    """All that two runs can be compared by."""
    return (
        frame.index,
        frame.pts,
        frame.pts_s,
        frame.duration_s,
        frame.epoch,
        frame.is_flagged,
        frame.luma_at(1).tobytes(),
        frame.bgr().tobytes(),
    )


def told_of_part(frame: Frame) -> tuple[Any, ...]:
    """The same without what is counted within an iteration."""
    return (frame.pts, frame.pts_s, frame.duration_s, frame.epoch.size, frame.bgr().tobytes())


def test_time_begins_at_zero_and_strictly_increases(make: Maker, tmp_path: Path) -> None:
    frames = list(make(tmp_path).frames())

    assert len(frames) == FRAMES
    assert frames[0].pts_s == 0.0
    assert all(a.pts_s < b.pts_s for a, b in pairwise(frames))
    assert [frame.pts_s for frame in frames] == pytest.approx([0.04 * n for n in range(FRAMES)])
    assert all(frame.duration_s == pytest.approx(0.04) for frame in frames)
    assert [frame.index for frame in frames] == list(range(FRAMES))


def test_pixels_have_the_size_of_their_epoch_and_cannot_be_written(
    make: Maker, tmp_path: Path
) -> None:
    for frame in make(tmp_path).frames():
        width, height = frame.epoch.size
        assert frame.bgr().shape == (height, width, 3)
        assert frame.luma_at(2).shape == (height >> 2, width >> 2)
        assert not frame.bgr().flags.writeable
        assert not frame.luma_at(0).flags.writeable
        assert not frame.luma_at(2).flags.writeable


def test_the_same_source_gives_the_same_frames_twice(make: Maker, tmp_path: Path) -> None:
    source = make(tmp_path)

    assert [told(frame) for frame in source.frames()] == [told(f) for f in source.frames()]
    assert source.damage == Damage()


def test_a_fresh_iteration_ends_the_former(make: Maker, tmp_path: Path) -> None:
    source = make(tmp_path)
    former = source.frames()
    next(former)

    fresh = source.frames()

    assert next(fresh).index == 0
    assert list(former) == []
    assert len(list(fresh)) == FRAMES - 1


@pytest.mark.parametrize("first", [0, 1, 5, FRAMES - 1, FRAMES])
def test_reading_begins_where_it_is_asked_to(make: Maker, tmp_path: Path, first: int) -> None:
    source = make(tmp_path)
    whole = [told_of_part(frame) for frame in source.frames()]

    part = [told_of_part(frame) for frame in source.frames(first * 0.04)]

    assert part == whole[first:]


def test_one_frame_is_enough(make: Maker, tmp_path: Path) -> None:
    frames = list(make(tmp_path, 1).frames())

    assert [(frame.pts_s, frame.epoch.size) for frame in frames] == [(0.0, SIZE)]


def test_a_size_change_begins_an_epoch_without_a_jump_in_time(make: Maker, tmp_path: Path) -> None:
    frames = list(make(tmp_path, changes_size=True).frames())

    half = FRAMES // 2
    assert [frame.epoch.number for frame in frames] == [0] * half + [1] * half
    assert {frame.epoch.size for frame in frames[half:]} == {OTHER_SIZE}
    assert frames[half].epoch.origin_s == frames[half].pts_s
    assert [frame.pts_s for frame in frames] == pytest.approx([0.04 * n for n in range(FRAMES)])


def test_closing_early_ends_the_iteration_and_twice_is_safe(make: Maker, tmp_path: Path) -> None:
    source = make(tmp_path)
    frames = source.frames()
    kept = next(frames)

    source.close()
    source.close()

    assert list(frames) == []
    assert kept.bgr().shape == (SIZE[1], SIZE[0], 3)  # what was given stays whole


def test_closing_before_reading_is_safe(make: Maker, tmp_path: Path) -> None:
    source = make(tmp_path)

    source.close()
    frames = source.frames()
    source.close()

    assert list(frames) == []


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files cannot be counted here")
@pytest.mark.parametrize("read", [0, 1, FRAMES])
def test_neither_threads_nor_files_are_left_behind(make: Maker, tmp_path: Path, read: int) -> None:
    source = make(tmp_path)
    gc.collect()
    before = (threading.active_count(), tasks(), len(os.listdir("/proc/self/fd")))

    for _ in range(3):
        list(itertools.islice(source.frames(), read))
    source.close()

    assert (threading.active_count(), tasks(), len(os.listdir("/proc/self/fd"))) == before


def tasks() -> int:
    """Threads of the process, the decoder's own among them."""
    return len(os.listdir("/proc/self/task"))


def no_camera(folder: Path) -> Iterator[Frame]:
    return CameraSource(0, open_capture=lambda *_: None).frames()


def no_images(folder: Path) -> Iterator[Frame]:
    return ImagesSource(folder).frames()


def no_file(folder: Path) -> Iterator[Frame]:
    (folder / "empty.mp4").touch()
    return FileSource(folder / "empty.mp4").frames()


def no_stream(folder: Path) -> Iterator[Frame]:
    return StreamSource("tcp://127.0.0.1:1").frames()


@pytest.mark.parametrize("read", [no_camera, no_images, no_file, no_stream])
def test_a_source_without_frames_is_one_plain_sentence(
    read: Callable[[Path], Iterator[Frame]], tmp_path: Path
) -> None:
    with pytest.raises(SourceError) as raised:
        next(read(tmp_path))

    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) > 10


def test_a_source_can_be_closed_by_another_thread_while_it_is_read(
    make: Maker, tmp_path: Path
) -> None:
    source = make(tmp_path)
    frames = source.frames()
    next(frames)

    closer = threading.Thread(target=source.close, name="closer")
    closer.start()
    rest = list(frames)
    closer.join()

    assert len(rest) < FRAMES


def refusal(source: Source, settings: AnalysisSettings) -> str:
    """Why a source has not what a front-end looks at; empty where it has."""
    try:
        ask_vectors(source, settings)
    except SourceError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", registry.names())
@pytest.mark.parametrize("changes_size", [False, True])
def test_every_front_end_looks_at_what_any_source_gives_and_sees_the_same_again(
    make: Maker, tmp_path: Path, name: str, changes_size: bool
) -> None:
    settings = AnalysisSettings(frontend=name)
    source = make(tmp_path, changes_size=changes_size)
    if why := refusal(source, settings):
        assert registry.needs_vectors(name)
        assert "--frontend flow" in why
        source.close()
        return
    runs = []
    for _ in range(2):
        analysis = Analysis(settings)
        runs.append([moment.motion for moment in walk(source.frames(), analysis)])
    source.close()

    first, second = runs
    assert len(first) == FRAMES + 1
    # Before anything was looked at, a moment says nothing.
    assert {motion.frontend for motion in first} - {""} <= {name, registry.gate_of(name)}
    for motion, again in zip(first, second, strict=True):
        assert (motion.frontend, motion.regions) == (again.frontend, again.regions)
        assert (motion.mask is None) == (again.mask is None)
        if motion.mask is not None and again.mask is not None:
            assert np.array_equal(motion.mask, again.mask)
