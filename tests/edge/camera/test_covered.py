"""Recording a camera with privacy zones: nothing of what lies beneath is ever written."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.cover import NO_COVER, Cover, Patch
from motionapp.core.frame import Frame
from motionapp.edge.camera.covered import CoveredRecorder
from motionapp.edge.camera.recorder import Recorded
from motionapp.privacy import covered
from motionapp.settings.edge import RecordSettings
from motionapp.testing import frame_at

pytestmark = pytest.mark.timeout(30)
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
LEFT = Cover((Patch("desk", ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))),))
ALL = Cover((Patch("room", ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))),))


class Bright:
    """A white picture."""

    def luma_at(self, level: int) -> NDArray[np.uint8]:
        raise NotImplementedError

    def bgr(self) -> NDArray[np.uint8]:
        return np.full((64, 96, 3), 250, np.uint8)


def frame(number: int, cover: Cover = NO_COVER) -> Frame:
    plain = frame_at(number)
    epoch = replace(plain.epoch, size=(96, 64), start_utc=NOON)
    return covered(replace(plain, epoch=epoch, pixels=Bright()), cover)


def made(folder: Path, told: list[Recorded], cover: Cover, **plan: Any) -> CoveredRecorder:
    settings = RecordSettings.model_validate({"before_s": 1.0, "after_s": 0.5, **plan})
    return CoveredRecorder(settings, folder, "door", told.append, cover=cover)


def play(recorder: CoveredRecorder, frames: range, cover: Cover = NO_COVER) -> None:
    pause = threading.Event()
    for number in frames:
        recorder.show(frame(number, cover))
        while recorder._waiting:
            pause.wait(0.001)


def pictures_in(path: Path) -> list[NDArray[np.uint8]]:
    with av.open(str(path)) as container:
        return [each.to_ndarray(format="bgr24") for each in container.decode(video=0)]


def test_an_event_is_recorded_with_what_came_before_it_all_of_it_covered(tmp_path: Path) -> None:
    told: list[Recorded] = []
    recorder = made(tmp_path, told, LEFT)
    play(recorder, range(100))
    recorder.event_opened("a", NOON + timedelta(seconds=3.8))
    play(recorder, range(100, 125))
    recorder.event_closed("a", NOON + timedelta(seconds=4.5))
    play(recorder, range(125, 200))
    recorder.close()

    finished = told[-1]
    assert (finished.change, finished.event_ids, finished.why) == ("finished", ("a",), "")
    assert finished.start_utc == NOON + timedelta(seconds=2.0)
    pictures = pictures_in(tmp_path / finished.path)
    assert len(pictures) == 76  # from 2.0, which is the key frame before 2.8, to 5.0
    assert max(int(picture[:, :44].max()) for picture in pictures) < 80
    assert min(int(picture[:, 54:].min()) for picture in pictures) > 200
    assert recorder.dropped == 0
    assert recorder.budget.total_bytes == (tmp_path / finished.path).stat().st_size


def test_what_came_before_a_zone_was_drawn_is_not_recorded_any_more(tmp_path: Path) -> None:
    told: list[Recorded] = []
    recorder = made(tmp_path, told, NO_COVER)
    play(recorder, range(40))
    play(recorder, range(40, 50), ALL)
    recorder.event_opened("a", NOON + timedelta(seconds=1.9))
    play(recorder, range(50, 60), ALL)
    recorder.close()

    pictures = pictures_in(tmp_path / told[-1].path)
    assert len(pictures) == 20
    assert max(int(picture.max()) for picture in pictures) < 80


def test_a_zone_that_lies_outside_of_the_picture_is_told_and_nothing_is_written(
    tmp_path: Path,
) -> None:
    told: list[Recorded] = []
    outside = Cover((Patch("desk", ((500.0, 0.0), (600.0, 0.0), (600.0, 9.0)), unit="px"),))
    recorder = made(tmp_path, told, outside, when="always")
    play(recorder, range(1))
    recorder.show(frame(1))
    recorder.close()

    (failed,) = told
    assert failed.change == "failed"
    assert "desk lies outside of the picture" in failed.why
    assert list(tmp_path.iterdir()) == []


def test_it_takes_no_packets(tmp_path: Path) -> None:
    recorder = made(tmp_path, [], LEFT)
    recorder.close()

    assert not hasattr(recorder, "accept")


def test_an_encoder_that_is_too_slow_loses_pictures_and_counts_them(tmp_path: Path) -> None:
    class Waiting(Bright):
        def __init__(self) -> None:
            self.is_asked, self.may_go_on = threading.Event(), threading.Event()

        def bgr(self) -> NDArray[np.uint8]:
            self.is_asked.set()
            self.may_go_on.wait(10)
            return super().bgr()

    told: list[Recorded] = []
    recorder = made(tmp_path, told, NO_COVER, when="always")
    slow = Waiting()
    recorder.show(replace(frame(0), pixels=slow))
    assert slow.is_asked.wait(10)
    for number in range(1, 21):
        recorder.show(frame(number))
    slow.may_go_on.set()
    recorder.close()

    assert recorder.dropped == 12
    assert len(pictures_in(tmp_path / told[-1].path)) == 9
