"""Pacer: frames come when they are due, by a clock that the test turns."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.frame import Frame
from motionapp.runtime import Pacer
from motionapp.testing import EPOCH, HandClock, frame_at


@given(gaps_ms=st.lists(st.integers(1, 500), min_size=1, max_size=20))
def test_every_frame_comes_exactly_when_it_is_due(gaps_ms: list[int]) -> None:
    clock = HandClock()
    began_ns = clock.now_ns
    times_s = [sum(gaps_ms[:count]) / 1000 for count in range(len(gaps_ms))]
    frames = [replace(frame_at(n), pts_s=time_s) for n, time_s in enumerate(times_s)]

    for frame in Pacer(clock, clock.wait).play(frames):
        assert frame.captured_ns == clock.now_ns == began_ns + round(frame.pts_s * 1e9)


def test_a_recording_that_begins_in_its_middle_begins_at_once() -> None:
    clock = HandClock()
    began_ns = clock.now_ns

    first = next(Pacer(clock, clock.wait).play([frame_at(500)]))

    assert first.captured_ns == began_ns
    assert clock.waits_s == []


def test_a_late_frame_is_handed_on_with_the_time_when_it_was_due() -> None:
    clock = HandClock()
    played = Pacer(clock, clock.wait).play([frame_at(0), frame_at(1), frame_at(2)])
    first = next(played)
    assert first.captured_ns is not None
    clock.turn(0.07)

    second, third = next(played), next(played)

    assert second.captured_ns == first.captured_ns + 40_000_000
    assert third.captured_ns == first.captured_ns + 80_000_000
    assert clock.waits_s == [pytest.approx(0.01)]


def test_a_long_hole_before_a_new_epoch_is_shortened() -> None:
    clock = HandClock()
    late = replace(frame_at(1, epoch=replace(EPOCH, number=1)), pts_s=3600.0)

    list(Pacer(clock, clock.wait).play([frame_at(0), late]))

    assert clock.waits_s == [pytest.approx(2.0)]


def test_a_pause_takes_no_time_of_the_recording() -> None:
    clock = HandClock()
    pacer = Pacer(clock, clock.wait)
    played = pacer.play([frame_at(0), frame_at(1)])
    first = next(played)
    assert first.captured_ns is not None

    pacer.pause()
    assert pacer.is_paused
    clock.turn(100.0)
    pacer.resume()

    assert next(played).captured_ns == first.captured_ns + 100_040_000_000


@pytest.mark.timeout(5)
@pytest.mark.parametrize("is_paused", [False, True])
def test_closing_ends_a_waiting_pacer(is_paused: bool) -> None:
    """The next frame is due in an hour, or never."""
    pacer = Pacer()
    waiting = threading.Event()
    taken: list[int] = []

    def frames() -> list[Frame]:
        return [frame_at(0), replace(frame_at(1), pts_s=3600.0)]

    def play() -> None:
        for frame in pacer.play(frames()):
            taken.append(frame.index)
            if is_paused:
                pacer.pause()
            waiting.set()

    thread = threading.Thread(target=play, name="test")
    thread.start()
    waiting.wait()
    pacer.close()
    thread.join()

    assert taken == [0]
