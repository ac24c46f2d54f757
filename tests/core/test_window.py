"""Which earlier picture is compared: `LagWindow` against a list that forgets nothing."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.window import TIME_TOLERANCE_S, LagWindow


class RememberingAll:
    """Rule 3.1 of the design, word for word."""

    def __init__(self, lag_s: float) -> None:
        self.lag_s = lag_s
        self.times: list[float] = []
        self.all_times: list[float] = []

    def step(self, t: float, duration_s: float) -> float | None:
        earlier = [then for then in self.times if then <= t - self.lag_s + TIME_TOLERANCE_S]
        compared = max(earlier) if earlier else max(self.times, default=None)
        self.times.append(t)
        self.all_times.append(t)
        steps = [b - a for a, b in itertools.pairwise(self.all_times)][-5:]
        step_s = sorted(steps)[len(steps) // 2] if len(steps) >= 3 else 0.0
        if compared is None:
            return None
        if t - compared > 3 * max(self.lag_s, duration_s, step_s) + TIME_TOLERANCE_S:
            self.times = [t]  # what only primes is the beginning of all memory
            return None
        return compared


def compared_times(lag_s: float, stamps: list[tuple[float, float]]) -> list[float | None]:
    window: LagWindow[float] = LagWindow(lag_s)
    found = []
    for pts_s, duration_s in stamps:
        compared = window.step(pts_s, duration_s, pts_s)
        if compared is not None:
            assert compared.lag_s == pts_s - compared.item
        found.append(None if compared is None else compared.item)
    return found


stamps = st.lists(st.tuples(st.integers(1, 900), st.integers(5, 200)), min_size=1, max_size=60).map(
    lambda pairs: [
        (tick / 1000, duration / 1000)
        for tick, duration in zip(
            itertools.accumulate(gap for gap, _ in pairs), (d for _, d in pairs), strict=True
        )
    ]
)


@given(st.sampled_from([0.02, 0.04, 0.08, 0.1, 0.5, 1.0]), stamps)
def test_the_compared_time_follows_the_rule_at_any_spacing(
    lag_s: float, stamps: list[tuple[float, float]]
) -> None:
    model = RememberingAll(lag_s)

    assert compared_times(lag_s, stamps) == [model.step(*stamp) for stamp in stamps]


@given(
    st.sampled_from([10.0, 12.5, 24.0, 25.0, 30000 / 1001, 30.0, 50.0, 60.0]),
    st.sampled_from([0.04, 0.08, 0.1, 0.2]),
)
def test_at_a_constant_rate_the_lag_is_always_the_same(rate_hz: float, lag_s: float) -> None:
    """Rounding of time stamps must not pick now three, now four frames back."""
    stamps = [(round(k / rate_hz, 6), 1 / rate_hz) for k in range(400)]
    back = {
        round((t - then) * rate_hz)
        for (t, _), then in list(zip(stamps, compared_times(lag_s, stamps), strict=True))[20:]
        if then is not None
    }

    assert len(back) == 1
    assert back.pop() / rate_hz >= min(lag_s, 1 / rate_hz) - TIME_TOLERANCE_S


def test_doubled_frames_compare_the_same_pictures_at_the_same_times() -> None:
    """At 50 frames per second, each of 25 shown twice: the pictures compared stay the same."""
    single: LagWindow[int] = LagWindow(0.08)
    doubled: LagWindow[int] = LagWindow(0.08)

    once = {k: single.step(k * 0.04, 0.04, k) for k in range(50)}
    twice = {k: doubled.step(k * 0.02, 0.02, k // 2) for k in range(100)}

    for k in range(4, 50):
        assert once[k].item == twice[2 * k].item == k - 2  # type: ignore[union-attr]


def test_the_first_item_primes_and_the_second_is_compared_with_it() -> None:
    assert compared_times(0.08, [(0.0, 0.04), (0.04, 0.04), (0.08, 0.04)]) == [None, 0.0, 0.0]


def test_after_a_long_gap_an_item_only_primes() -> None:
    stamps = [(0.0, 0.04), (0.04, 0.04), (5.0, 0.04), (5.04, 0.04)]

    assert compared_times(0.08, stamps) == [None, 0.0, None, 5.0]


@pytest.mark.parametrize(("gap_s", "is_compared"), [(0.24, True), (0.25, False)])
def test_three_lags_are_the_farthest(gap_s: float, is_compared: bool) -> None:
    stamps = [(0.0, 0.04), (gap_s, 0.04)]

    assert (compared_times(0.08, stamps)[1] is not None) == is_compared


def test_slow_sources_are_compared_over_their_own_frame_duration() -> None:
    """One picture in two seconds is a time lapse, not a row of gaps."""
    assert compared_times(0.08, [(0.0, 2.0), (2.0, 2.0), (4.0, 2.0)]) == [None, 0.0, 2.0]


def test_memory_holds_one_lag_and_no_more() -> None:
    window: LagWindow[int] = LagWindow(0.08)
    for k in range(10_000):
        window.step(k * 0.02, 0.02, k)

    assert len(window._items) <= 6


def test_pictures_that_come_more_seldom_than_they_say_are_compared_all_the_same() -> None:
    """Issue 14: a camera that drops to 3 per second at night goes on calling it 25."""
    stamps = [(k * 0.04, 0.04) for k in range(50)] + [(2 + k / 3, 0.04) for k in range(12)]

    found = compared_times(0.08, stamps)

    assert found[51:53] == [None, None]
    assert found[53:] == [t for t, _ in stamps[52:-1]]
