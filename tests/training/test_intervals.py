"""Intervals hold the share that was measured, and are taken over groups."""

from __future__ import annotations

import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motionapp.training.intervals import (
    FEWEST_TO_DRAW,
    effective_count,
    interval,
    spread_of,
    wilson,
)


@st.composite
def of_groups(draw: st.DrawFn, least: int = 2, most: int = 12) -> tuple[list[int], list[int]]:
    counts = draw(st.lists(st.integers(1, 12), min_size=least, max_size=most))
    return [draw(st.integers(0, count)) for count in counts], counts


@given(st.floats(0, 1), st.integers(1, 10_000))
def test_wilson_s_interval_holds_its_share_and_stays_within_0_to_1(
    share: float, count: int
) -> None:
    low, high = wilson(share, count)

    assert 0 <= low <= share <= high <= 1
    assert low < high


def test_wilson_s_interval_is_the_one_of_the_books() -> None:
    """8 of 10: 49.0 to 94.3 %, Newcombe, "Two-sided confidence intervals for the single
    proportion", 1998, gives 0.4902 and 0.9433."""
    assert wilson(0.8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)


@given(of_groups())
def test_groups_are_worth_at_least_their_number_and_at_most_their_recordings(
    groups: tuple[list[int], list[int]],
) -> None:
    right, counts = (np.array(one) for one in groups)

    worth = effective_count(right, counts)

    assert len(counts) <= worth <= counts.sum()


def test_groups_that_are_right_or_wrong_as_a_whole_are_worth_one_recording_each() -> None:
    assert effective_count(np.array([8, 0, 8, 0]), np.array([8, 8, 8, 8])) == 4
    assert effective_count(np.array([4, 4, 4, 4]), np.array([8, 8, 8, 8])) == 32


@given(of_groups())
def test_the_interval_holds_the_share(groups: tuple[list[int], list[int]]) -> None:
    right, counts = groups

    found = interval(right, counts)

    assert found is not None
    assert 0 <= found.low <= sum(right) / sum(counts) + 1e-9
    assert sum(right) / sum(counts) - 1e-9 <= found.high <= 1
    assert found.method == "Wilson, effective number"


@settings(max_examples=5, deadline=None)
@given(of_groups(FEWEST_TO_DRAW, FEWEST_TO_DRAW + 5))
def test_many_groups_are_drawn_again_and_again(groups: tuple[list[int], list[int]]) -> None:
    right, counts = groups

    found = interval(right, counts)

    assert found is not None
    assert found == interval(right, counts)
    if 0 < sum(right) < sum(counts):
        assert found.method == "bootstrap over groups"
        assert found.low <= sum(right) / sum(counts) <= found.high


def test_many_groups_that_are_all_right_have_an_interval_all_the_same() -> None:
    found = interval([5] * 40, [5] * 40)

    assert found is not None
    assert found.method == "Wilson, effective number"
    assert 0.9 < found.low < found.high == 1.0


def test_one_group_says_nothing_of_others() -> None:
    assert interval([3], [4]) is None
    assert interval([3, 0], [4, 0]) is None


def test_more_groups_of_the_same_make_it_narrower() -> None:
    few, many = interval([3, 4] * 3, [5] * 6), interval([3, 4] * 10, [5] * 20)

    assert few is not None
    assert many is not None
    assert many.high - many.low < few.high - few.low


@given(st.lists(st.floats(0, 1), min_size=2, max_size=12))
def test_the_spread_is_that_of_the_statistics_module(values: list[float]) -> None:
    found = spread_of(values)

    assert found is not None
    assert (found.count, found.low, found.high) == (len(values), min(values), max(values))
    assert found.mean == pytest.approx(statistics.fmean(values))
    assert found.deviation == pytest.approx(statistics.stdev(values))


def test_one_value_has_no_deviation_and_none_has_no_spread() -> None:
    one = spread_of([0.5])

    assert one is not None
    assert one.deviation is None
    assert spread_of([]) is None
