"""Recording: by hand, by event with what came before it, and what is left when the disk is full."""

from __future__ import annotations

import contextlib
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.cover import Cover, Patch
from motionapp.core.event import Event
from motionapp.core.frame import Frame
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.gui.play.recorder import Plan, Recorder
from motionapp.privacy import covered
from motionapp.testing import frame_at

pytestmark = pytest.mark.timeout(30)
NOW = datetime(2026, 11, 29, 12, 30, 5)


class Noise:
    """A picture that does not compress, each another."""

    def __init__(self, seed: int, size: tuple[int, int] = (320, 240)) -> None:
        rng = np.random.default_rng(seed)
        self._bgr = rng.integers(0, 255, (size[1], size[0], 3), np.uint8)

    def luma_at(self, level: int) -> NDArray[np.uint8]:
        raise NotImplementedError

    def bgr(self) -> NDArray[np.uint8]:
        return self._bgr


class Ear:
    """Hears of files, and waits for them."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self._changed = threading.Condition()

    def __call__(self, written: str, trouble: str) -> None:
        with self._changed:
            self.told.append((written, trouble))
            self._changed.notify_all()

    def wait_for(self, holds: Callable[[], object]) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: bool(holds()), 10), self.told


def times_of(path: str | Path) -> list[float]:
    """Of the pictures in a file, in hundredths."""
    with av.open(str(path)) as container:
        return [round(float(frame.time or 0), 2) for frame in container.decode(video=0)]


def event(start_s: float, end_s: float, *, is_open: bool = False) -> Event:
    return Event(
        f"all@{round(start_s * 1000)}", "all", start_s, end_s, "walk", 0.9, start_s,
        Box(0, 0, 9, 9), ended_by=None if is_open else "motion",
    )  # fmt: skip


def play(recorder: Recorder, frames: range, moments: dict[int, Moment] | None = None) -> None:
    for index in frames:
        if moments and index in moments:
            recorder.note(moments[index])
        recorder.show(frame_at(index))


@pytest.fixture
def ear() -> Ear:
    return Ear()


def test_it_records_until_the_file_has_been_told_of(tmp_path: Path) -> None:
    """Or a take that begins in between would be thought to be the one before."""
    recording: list[bool] = []

    def told(written: str, trouble: str) -> None:
        recording.append(recorder.is_recording)

    recorder = Recorder(Plan(tmp_path), "a.mp4", told)
    recorder.record(True)
    recorder.show(replace(frame_at(0), pixels=Noise(0)))
    recorder.end()

    assert recording == [True]
    assert not recorder.is_recording


def test_by_hand_it_is_recorded_from_when_it_is_asked_for(tmp_path: Path, ear: Ear) -> None:
    recorder = Recorder(Plan(tmp_path / "films"), "front door?.MP4", ear, now=lambda: NOW)
    play(recorder, range(10))
    recorder.record(True)
    play(recorder, range(10, 35))
    recorder.end()

    ((written, trouble),) = ear.told
    assert trouble == ""
    assert written == str(tmp_path / "films" / "front_door_2026-11-29_12-30-05.mp4")
    assert times_of(written) == [round(n / 25, 2) for n in range(25)]
    assert list((tmp_path / "films").glob(".*")) == []


def test_a_step_back_in_the_recording_is_none_in_the_film(tmp_path: Path, ear: Ear) -> None:
    recorder = Recorder(Plan(tmp_path), "a", ear, now=lambda: NOW)
    recorder.record(True)
    play(recorder, range(100, 110))
    play(recorder, range(50, 60))
    recorder.end()

    assert times_of(ear.told[0][0]) == [round(n / 25, 2) for n in range(20)]


def test_ending_by_hand_finishes_the_file_also_where_no_picture_comes(
    tmp_path: Path, ear: Ear
) -> None:
    recorder = Recorder(Plan(tmp_path), "a", ear, now=lambda: NOW)
    recorder.record(True)
    play(recorder, range(5))
    ear_waits = threading.Event()
    while not recorder.is_recording:
        ear_waits.wait(0.002)

    recorder.record(False)
    ear.wait_for(lambda: ear.told)
    recorder.record(True)
    play(recorder, range(5, 9))
    recorder.end()

    assert [Path(written).name for written, _ in ear.told] == [
        "a_2026-11-29_12-30-05.mp4", "a_2026-11-29_12-30-05_2.mp4",
    ]  # fmt: skip


def test_an_event_is_recorded_with_what_came_before_and_after_it(tmp_path: Path, ear: Ear) -> None:
    plan = Plan(tmp_path, by_event=True, before_s=1.0, after_s=0.4)
    recorder = Recorder(plan, "a", ear, now=lambda: NOW)
    opened = Moment("t", frame_at(75), opened=(event(3.0, 3.0, is_open=True),))
    ended = Moment("t", frame_at(100), closed=(event(3.0, 4.0),))

    play(recorder, range(60))
    settle(recorder)
    play(recorder, range(60, 150), {75: opened, 100: ended})
    recorder.end()

    ((written, trouble),) = ear.told
    assert trouble == ""
    length_s = times_of(written)[-1]
    # From a second before it was told, to 0.4 s after its end; to a picture or two.
    assert 2.2 <= length_s <= 2.5


def settle(recorder: Recorder) -> None:
    """Until all that came has been dealt with."""
    pause = threading.Event()
    while recorder._waiting:
        pause.wait(0.002)


def test_nothing_is_copied_while_nothing_is_asked_for(tmp_path: Path, ear: Ear) -> None:
    class Untouchable:
        def luma_at(self, level: int) -> NDArray[np.uint8]:
            raise AssertionError

        def bgr(self) -> NDArray[np.uint8]:
            raise AssertionError("nobody records")

    recorder = Recorder(Plan(tmp_path), "a", ear)
    recorder.show(replace(frame_at(0), pixels=Untouchable()))
    recorder.end()

    assert ear.told == []


@contextlib.contextmanager
def room_for(size: int) -> Iterator[None]:
    """Files of this process can be no larger."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_what_was_written_before_the_disk_was_full_can_be_played(tmp_path: Path, ear: Ear) -> None:
    frames: list[Frame] = [replace(frame_at(n), pixels=Noise(n)) for n in range(120)]
    recorder = Recorder(Plan(tmp_path), "a", ear, now=lambda: NOW)
    recorder.record(True)
    with room_for(3_000_000):
        for frame in frames:
            recorder.show(frame)
        recorder.end()

    ((written, trouble),) = ear.told
    assert "cannot be written" in trouble
    assert len(times_of(written)) >= 25
    assert list(tmp_path.glob(".*")) == []


def test_a_folder_that_cannot_be_made_is_told_once(tmp_path: Path, ear: Ear) -> None:
    (tmp_path / "films").write_text("a file is in the way")
    recorder = Recorder(Plan(tmp_path / "films"), "a", ear)
    recorder.record(True)
    play(recorder, range(20))
    recorder.end()

    ((written, trouble),) = ear.told
    assert written == ""
    assert "films" in trouble


def test_what_came_before_a_privacy_zone_was_drawn_is_not_recorded_any_more(
    tmp_path: Path, ear: Ear
) -> None:
    recorder = Recorder(Plan(tmp_path, by_event=True), "a", ear, now=lambda: NOW)
    cover = Cover((Patch("desk", ((0, 0), (1, 0), (1, 1), (0, 1))),))
    play(recorder, range(20))
    for index in range(20, 30):
        recorder.show(covered(frame_at(index), cover))
    recorder.note(Moment("a", frame_at(30), opened=(event(1.1, 1.2, is_open=True),)))
    recorder.show(covered(frame_at(30), cover))
    recorder.end()

    ((written, trouble),) = ear.told
    assert trouble == ""
    with av.open(written) as film:
        pictures = [frame.to_ndarray(format="bgr24") for frame in film.decode(video=0)]
    assert len(pictures) == 11
    assert max(int(picture.max()) for picture in pictures) < 60
