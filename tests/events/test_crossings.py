"""Who goes over a line counts once in each direction, and jitter counts nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from motionapp.events.crossings import Point, Walker, distance, passages

LINE: tuple[Point, ...] = ((0.0, 50.0), (100.0, 50.0))
"""From left to right: its right side is below."""
MARGIN = 5.0

coordinates = st.floats(-20, 120, allow_nan=False).map(lambda value: round(value, 2))
points = st.tuples(coordinates, coordinates)
lines = st.lists(points, min_size=2, max_size=6).filter(
    lambda line: all(math.dist(*pair) > 1 for pair in pairwise(line))
)


def gone(way: Iterable[Point], line: Sequence[Point] = LINE, margin: float = MARGIN) -> list[str]:
    walker = Walker(line)
    steps = [walker.step(float(number), at, margin) for number, at in enumerate(way)]
    return [step[0] for step in steps if step is not None]


def test_down_over_a_line_from_left_to_right_is_to_its_right() -> None:
    assert gone([(50, 20), (50, 45), (50, 55), (50, 80)]) == ["right"]
    assert gone([(50, 80), (50, 20)]) == ["left"]


def test_along_a_line_that_leads_down_the_right_side_is_the_picture_s_left() -> None:
    assert gone([(80, 50), (20, 50)], ((50, 0), (50, 100))) == ["right"]


def test_who_comes_back_counts_once_in_each_direction_however_often() -> None:
    to_and_fro = [(50.0, 20.0), (50.0, 80.0)] * 3

    assert gone(to_and_fro) == ["right", "left"]


def test_who_turns_round_on_the_line_has_not_gone_over_it() -> None:
    assert gone([(50, 20), (50, 48), (50, 52), (50, 53), (50, 47), (50, 20)]) == []


def test_who_goes_round_an_end_has_not_gone_over_it() -> None:
    assert gone([(50, 20), (120, 20), (120, 80), (50, 80)]) == []


def test_who_is_first_seen_on_the_line_has_come_from_nowhere() -> None:
    assert gone([(50, 49), (50, 51), (50, 80)]) == []


def test_a_way_through_a_corner_of_a_line_counts_once() -> None:
    corner = ((0.0, 50.0), (50.0, 50.0), (100.0, 50.0))

    assert gone([(50, 20), (50, 80)], corner) == ["right"]
    assert gone([(50, 20), (50, 50), (50, 80)], corner) == ["right"]


def test_a_tip_that_is_only_touched_is_not_gone_over() -> None:
    """Both arms of the tip are crossed, one to each side."""
    tip = ((0.0, 100.0), (50.0, 50.0), (100.0, 100.0))

    assert gone([(20, 51), (80, 51)], tip, margin=0.0) == []


def test_the_time_is_that_on_the_line_and_not_that_when_it_was_sure() -> None:
    walker = Walker(LINE)
    walker.step(0.0, (50, 20), MARGIN)
    walker.step(1.0, (50, 48), MARGIN)
    assert walker.step(2.0, (50, 52), MARGIN) is None

    assert walker.step(3.0, (50, 80), MARGIN) == ("right", pytest.approx(1.5))


def test_after_a_jump_it_comes_from_nowhere_again() -> None:
    walker = Walker(LINE)
    walker.step(0.0, (50, 20), MARGIN)
    walker.jump()

    assert walker.step(1.0, (50, 80), MARGIN) is None
    assert walker.step(2.0, (50, 20), MARGIN) == ("left", pytest.approx(1.5))


@given(lines, st.lists(points, min_size=1, max_size=30))
def test_each_direction_counts_once_at_most(line: list[Point], way: list[Point]) -> None:
    said = gone(way, line)

    assert len(said) == len(set(said)) <= 2


@given(lines, st.lists(points, min_size=2, max_size=15))
def test_along_a_line_the_other_way_left_is_right(line: list[Point], way: list[Point]) -> None:
    # A point on the line is on its right, whichever way it leads: that alone has no mirror.
    assume(all(distance(line, at) > 1e-6 for at in way))
    assume(all(distance([*way], corner) > 1e-6 for corner in line))
    other = {"left": "right", "right": "left"}

    assert gone(way, line[::-1]) == [other[said] for said in gone(way, line)]


@given(
    st.lists(st.sampled_from([20.0, 80.0]), min_size=1, max_size=8),
    st.data(),
)
def test_jitter_below_the_margin_changes_nothing(sides: list[float], data: st.DataObject) -> None:
    """Going over it clearly, hanging about on it, and trembling all the while."""
    tremble = st.floats(-MARGIN * 0.49, MARGIN * 0.49)
    steady, shaken = [], []
    for y in sides:
        for at in ((50.0, y), (50.0, 50.0), (50.0, 50.0)):
            steady.append(at)
            shaken.append((at[0] + data.draw(tremble), at[1] + data.draw(tremble)))
    steady.append(steady[-3])
    shaken.append(shaken[-3])

    assert gone(shaken) == gone(steady)


@given(st.lists(st.floats(50 - MARGIN * 0.99, 50 + MARGIN * 0.99), max_size=40))
def test_trembling_on_the_line_counts_nothing(ys: list[float]) -> None:
    assert gone([(50.0, 20.0), *((50.0, y) for y in ys), (50.0, 20.0)]) == []


@given(points, points, points)
def test_a_way_in_two_parts_goes_over_as_often_as_its_parts(
    start: Point, end: Point, other: Point
) -> None:
    """So that the rate of pictures does not matter: what lies between two is a straight way."""
    triangle = [LINE[0], LINE[1]]
    there, onward, back = (
        passages(triangle, *way)[0] for way in ((start, other), (other, end), (end, start))
    )

    assert abs(there + onward + back) <= 1  # round an end of the line, or not
