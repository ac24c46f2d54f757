"""The rule of time, against a model with exact fractions."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.sources.timeline import Shape, Stamp, Timeline

SMALL = Shape((64, 48))
LARGE = Shape((128, 96))

TICKS = st.sampled_from([Fraction(1, 25), Fraction(1, 1000), Fraction(1, 90_000)])
STEPS = st.lists(
    st.tuples(st.integers(-50, 5000), st.integers(1, 4000), st.sampled_from([SMALL, LARGE])),
    min_size=1,
    max_size=60,
)


def model(tick: Fraction, steps: list[tuple[int, int, Shape]]) -> list[tuple[Fraction, int] | None]:
    """Time and epoch of each frame by the words of the design; None: dropped."""
    told: list[tuple[Fraction, int] | None] = []
    pts = shown = Fraction(0)
    duration = Fraction(0)
    epoch = -1
    shape: Shape | None = None
    for number, (difference, ticks, form) in enumerate(steps):
        if number and difference == 0:
            told.append(None)
            continue
        gap = difference * tick
        is_new = shape != form or gap < 0 or gap > max(Fraction(2), 5 * duration)
        if number:
            shown += duration if gap < 0 else gap
        epoch += number == 0 or is_new
        pts, duration, shape = pts + difference, ticks * tick, form
        told.append((shown, epoch))
    return told


@given(TICKS, STEPS, st.integers(-(10**12), 10**12))
def test_time_and_epochs_are_those_of_the_design(
    tick: Fraction, steps: list[tuple[int, int, Shape]], first: int
) -> None:
    timeline = Timeline(tick)
    pts = first

    stamps: list[Stamp | None] = []
    for number, (difference, ticks, shape) in enumerate(steps):
        pts += difference if number else 0
        stamps.append(timeline.step(pts, shape, ticks))

    expected = model(tick, steps)
    assert [(s.pts_s, s.epoch.number) if s else None for s in stamps] == [
        (float(e[0]), e[1]) if e else None for e in expected
    ]
    assert timeline.dropped == expected.count(None)


@given(TICKS, STEPS)
def test_time_strictly_increases(tick: Fraction, steps: list[tuple[int, int, Shape]]) -> None:
    timeline = Timeline(tick)
    pts = 0
    times = []

    for difference, ticks, shape in steps:
        pts += difference
        stamp = timeline.step(pts, shape, ticks)
        times += [stamp.pts_s] if stamp else []

    assert all(a < b for a, b in pairwise(times))


def test_seconds_are_one_division_of_integers() -> None:
    timeline = Timeline(Fraction(1001, 30_000), first_pts=7)

    stamp = timeline.step(7 + 12_345, SMALL)

    assert stamp is not None
    assert stamp.pts_s == 12_345 * 1001 / 30_000


def test_the_first_stamp_is_that_of_the_source_also_where_reading_begins_later() -> None:
    timeline = Timeline(Fraction(1, 100), first_pts=500)

    stamp = timeline.step(1500, SMALL)

    assert stamp is not None
    assert (stamp.pts_s, stamp.epoch.origin_s) == (10.0, 10.0)


def test_a_step_back_continues_after_the_last_frame_in_a_new_epoch() -> None:
    timeline = Timeline(Fraction(1, 100))
    for pts in (100, 104, 108):
        timeline.step(pts, SMALL, 4)

    back, then = timeline.step(0, SMALL, 4), timeline.step(4, SMALL, 4)

    assert back is not None
    assert then is not None
    assert (back.pts_s, back.epoch.number, back.epoch.origin_s) == (0.12, 1, 0.12)
    assert (then.pts_s, then.epoch) == (0.16, back.epoch)
    assert timeline.steps_back == 1


@pytest.mark.parametrize(("gap_s", "epoch"), [(2.0, 0), (2.01, 1)])
def test_a_gap_beyond_two_seconds_begins_an_epoch_and_stays(gap_s: float, epoch: int) -> None:
    timeline = Timeline(Fraction(1, 100))
    timeline.step(0, SMALL, 4)

    stamp = timeline.step(round(gap_s * 100), SMALL, 4)

    assert stamp is not None
    assert (stamp.pts_s, stamp.epoch.number) == (gap_s, epoch)


def test_slow_pictures_of_three_seconds_each_are_one_epoch() -> None:
    timeline = Timeline(Fraction(1, 100))

    stamps = [timeline.step(300 * number, SMALL, 300) for number in range(4)]

    assert {stamp.epoch.number for stamp in stamps if stamp} == {0}


@pytest.mark.parametrize(
    ("rate", "expected_s"), [(Fraction(50), 0.02), (None, 0.04)], ids=["rate", "nothing known"]
)
def test_frames_without_stamps_follow_one_another(rate: Fraction | None, expected_s: float) -> None:
    timeline = Timeline(Fraction(1, 1_200_000), rate_hz=rate)

    times = [stamp.pts_s for _ in range(4) if (stamp := timeline.step(None, SMALL))]

    assert times == pytest.approx([expected_s * number for number in range(4)])


def test_without_a_rate_a_frame_lasts_as_long_as_the_one_before() -> None:
    timeline = Timeline(Fraction(1, 1000))
    timeline.step(0, SMALL)

    stamp = timeline.step(66, SMALL)

    assert stamp is not None
    assert stamp.duration_s == 0.066
