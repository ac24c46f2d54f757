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


@given(rates=st.lists(st.sampled_from([0.1, 0.5, 1.0, 2.0, 8.0]), min_size=1, max_size=12))
def test_at_any_speed_no_frame_comes_early_and_a_change_takes_none_away(
    rates: list[float],
) -> None:
    """The model: between two frames pass 40 ms of the recording, at the speed of the moment."""
    clock = HandClock()
    pacer = Pacer(clock, clock.wait, rate=rates[0])
    played = pacer.play(frame_at(n) for n in range(len(rates) + 1))
    due_ns = clock.now_ns
    assert next(played).captured_ns == due_ns

    for rate in rates:
        pacer.set_rate(rate)
        due_ns += round(0.04 / rate * 1e9)
        frame = next(played)
        assert frame.captured_ns == pytest.approx(due_ns, abs=1000)
        assert clock.now_ns >= frame.captured_ns


def test_a_recording_that_is_opened_paused_shows_its_first_frame_and_stands() -> None:
    clock = HandClock()
    pacer = Pacer(clock, clock.wait, is_paused=True)
    played = pacer.play([frame_at(500), frame_at(501), frame_at(502)])

    assert next(played).index == 500

    clock.turn(100.0)
    pacer.resume()
    second = next(played)
    assert second.captured_ns == clock.now_ns
    assert clock.waits_s == [pytest.approx(0.04)]


def test_steps_hand_frames_on_at_once_and_it_goes_on_from_there() -> None:
    clock = HandClock()
    pacer = Pacer(clock, clock.wait, is_paused=True)
    played = pacer.play(frame_at(n) for n in range(9))
    next(played)

    pacer.step(2)

    assert [next(played).index, next(played).index] == [1, 2]
    assert clock.waits_s == []
    pacer.resume()
    assert next(played).index == 3
    assert clock.waits_s == [pytest.approx(0.04)]


def test_steps_count_only_while_it_stands() -> None:
    clock = HandClock()
    pacer = Pacer(clock, clock.wait)
    played = pacer.play(frame_at(n) for n in range(9))
    next(played)

    pacer.step()

    next(played)
    assert clock.waits_s == [pytest.approx(0.04)]


@pytest.mark.timeout(30)
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
