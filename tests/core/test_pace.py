"""How far apart pictures come, and what is stretched where they come seldom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.pace import Pace, SlowTime, at_least_frames, stretch_for


def steps_of(times: list[float], duration_s: float = 0.04) -> list[float]:
    pace = Pace()
    return [pace.step(time_s, duration_s) for time_s in times]


def test_the_first_pictures_are_taken_at_their_word() -> None:
    assert steps_of([0.0, 0.5, 1.0]) == [0.04, 0.04, 0.04]


def test_a_hole_changes_no_pace() -> None:
    times = [k * 0.04 for k in range(10)]
    times += [time_s + 1.9 for time_s in times]

    assert steps_of(times)[3:] == pytest.approx([0.04] * 17)


def test_a_camera_that_drops_to_three_a_second_is_known_for_it_after_three_pictures() -> None:
    times = [k * 0.04 for k in range(26)] + [1 + k / 3 for k in range(1, 6)]

    assert steps_of(times)[26:] == pytest.approx([0.04, 0.04, 1 / 3, 1 / 3, 1 / 3])


def test_a_step_back_in_time_begins_anew() -> None:
    assert steps_of([0.0, 1.0, 2.0, 3.0, 1.0])[3:] == [1.0, 0.04]


@given(st.floats(10, 240), st.sampled_from([(0.25, 1), (1.0, 2), (1.0, 4), (4.0, 8), (6.0, 24)]))
def test_at_ten_pictures_a_second_or_more_a_memory_is_as_long_as_it_says(
    rate_hz: float, rule: tuple[float, int]
) -> None:
    seconds, frames = rule

    assert at_least_frames(seconds, 1 / rate_hz, frames) == seconds


@given(st.integers(1, 4), st.floats(0.02, 600))
def test_a_memory_reaches_as_many_pictures_back_as_it_must(frames: int, step_s: float) -> None:
    back_s = round(round(frames * step_s + 7.0, 3) - 7.0, 3)

    assert at_least_frames(0.1, step_s, frames) >= back_s - 0.0006


@pytest.mark.parametrize(
    ("rate_hz", "stretch"), [(50, 1), (10, 1), (4, 1), (3, 2), (2, 2), (1, 4), (0.1, 64)]
)
def test_time_runs_slower_until_every_look_has_its_picture(rate_hz: float, stretch: int) -> None:
    assert stretch_for(1 / rate_hz) == stretch


def test_slow_time_changes_its_speed_at_the_end_of_a_block() -> None:
    slow = SlowTime(2.0)

    seen = [slow.step(0.0, 0.04), slow.step(1.5, 0.5), slow.step(2.5, 0.5), slow.step(3.0, 0.04)]

    assert seen == [0.0, 1.5, 1.25, 1.5]
