"""Stamps of live sources against the clocks: what jumps, what drifts, and what only comes late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.frame import Epoch
from motionapp.sources.arrival import WINDOW_S, Arrival
from motionapp.sources.timeline import LONGEST_GAP_S, Shape, Timeline

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


class Clocks:
    """A monotonic clock that begins anywhere, and one on the wall that may be set."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.wall = NOON

    def ns(self) -> int:
        return round((1000 + self.now_s) * 1e9)

    def utc(self) -> datetime:
        return self.wall + timedelta(seconds=self.now_s)


def cuts(came: Iterable[tuple[float, float]], clocks: Clocks | None = None) -> dict[int, float]:
    """Which of the frames `(stamp_s, now_s)` begin an epoch, and how long after the one before."""
    clocks = clocks or Clocks()
    arrival = Arrival(clocks.ns, clocks.utc)
    found = {}
    for number, (stamp_s, now_s) in enumerate(came):
        clocks.now_s = now_s
        since_s = arrival.step(stamp_s, clocks.ns())
        if since_s is not None:
            found[number] = since_s
    return found


@given(
    st.lists(st.floats(0, 1.5), min_size=1, max_size=200),
    st.integers(1, 50),
    st.floats(0, 1e6),
)
def test_what_comes_late_by_less_than_a_gap_is_no_jump(
    delays_s: list[float], rate_hz: int, first_s: float
) -> None:
    now_s, came = 0.0, []
    for number, delay_s in enumerate(delays_s):
        now_s = max(now_s, number / rate_hz + delay_s)
        came.append((first_s + number / rate_hz, now_s))

    assert cuts(came) == {}


def test_segments_that_come_at_once_are_no_jumps_for_an_hour() -> None:
    """Three at the beginning, and one each six seconds."""
    came = [
        (segment * 6 + number / 10, max(0, segment - 2) * 6 + number / 1000)
        for segment in range(600)
        for number in range(60)
    ]

    assert cuts(came) == {}


def test_what_was_held_up_on_its_way_and_comes_at_once_is_no_jump() -> None:
    came = [(n / 10, max(n / 10, 20.0 if 100 <= n < 200 else 0)) for n in range(1000)]

    assert cuts(came) == {}


@pytest.mark.parametrize("jump_s", [3600.0, -3600.0, 47721.0, -0.5])
def test_a_clock_that_jumps_begins_an_epoch_by_arrival(jump_s: float) -> None:
    came = [(n / 10 + (jump_s if n >= 50 else 0), n / 10) for n in range(100)]

    assert cuts(came) == {50: pytest.approx(0.1)}


def test_a_hole_that_was_waited_for_is_left_to_the_stamps() -> None:
    came = [(n / 10 + (8.0 if n >= 50 else 0), n / 10 + (8.3 if n >= 50 else 0)) for n in range(99)]

    assert cuts(came) == {}


def test_a_camera_that_was_held_still_has_its_wall_clock_set_anew() -> None:
    """Its stamps go on as if nothing had been: from then on they are ten seconds behind."""
    came = [(n / 10, n / 10 + (10 if n >= 600 else 0)) for n in range(2000)]

    found = cuts(came)

    assert len(found) == 1
    number, since_s = found.popitem()
    assert 600 < number <= 600 + 10 * 2 * WINDOW_S
    assert since_s == pytest.approx(0.1)


@pytest.mark.parametrize("speed", [1.002, 0.998])
def test_a_clock_that_is_a_little_fast_or_slow_stays_right_within_a_gap(speed: float) -> None:
    clocks = Clocks()
    arrival = Arrival(clocks.ns, clocks.utc)
    timeline = Timeline(Fraction(1, 1000), start_of=arrival.start_of)
    worst_s, epochs = 0.0, set[int]()

    for number in range(60_000):  # at two per second, over eight hours
        clocks.now_s = number / 2
        pts = round(number / 2 * speed * 1000)
        since_s = arrival.step(pts / 1000, clocks.ns())
        stamp = timeline.step(pts, Shape((64, 48)), since_s=since_s)
        assert stamp is not None
        off = told_utc(stamp.epoch, stamp.pts_s) - clocks.utc()
        worst_s = max(worst_s, abs(off.total_seconds()))
        epochs.add(stamp.epoch.number)

    assert worst_s < LONGEST_GAP_S + 2 * WINDOW_S * 0.002 + 0.1
    assert 10 < len(epochs) < 40


def told_utc(epoch: Epoch, pts_s: float) -> datetime:
    assert epoch.start_utc is not None
    return epoch.start_utc + timedelta(seconds=pts_s)


@pytest.mark.parametrize("at", [1, 100, 299, 500])
@pytest.mark.parametrize("years", [3, -3])
def test_a_wall_clock_that_is_set_is_believed_at_once(years: int, at: int) -> None:
    """A small box without a battery wakes in 1970, until a time server answers: within seconds,
    mostly, which no window of stamps has shown by then."""
    clocks = Clocks()
    arrival = Arrival(clocks.ns, clocks.utc)
    timeline = Timeline(Fraction(1, 1000), start_of=arrival.start_of)
    seen: list[Epoch] = []
    last_s = -1.0

    for number in range(2000):
        clocks.now_s = number / 10
        if number == at:
            clocks.wall += timedelta(days=365 * years)
        since_s = arrival.step(number / 10, clocks.ns())
        stamp = timeline.step(number * 100, Shape((64, 48)), since_s=since_s)
        assert stamp is not None
        assert stamp.pts_s == pytest.approx(number / 10, abs=0.01)  # time goes on
        assert stamp.pts_s > last_s
        last_s = stamp.pts_s
        if not seen or stamp.epoch is not seen[-1]:
            seen.append(stamp.epoch)

    assert [epoch.start_utc for epoch in seen] == [
        NOON,
        pytest.approx(NOON + timedelta(days=365 * years), abs=timedelta(seconds=0.02)),
    ]
    assert seen[1].origin_s == pytest.approx(at / 10)


def test_frames_that_are_dropped_for_their_stamp_count_for_nothing() -> None:
    came = [(0.0, 0.0), (0.1, 0.1), (0.1, 5.0), (5.2, 5.2)]

    assert cuts(came) == {}
