"""The picture has room for every candidate."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from motionapp.training.comparison.drawing import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Mark
from motionapp.training.comparison.drawing import picture_of as picture

MARKS = st.builds(
    Mark,
    number=st.integers(1, 30),
    title=st.just("one"),
    cost_ms=st.floats(0.01, 1e4),
    accuracy=st.floats(0.0, 1.0),
    error=st.floats(0.0, 0.3),
    file_bytes=st.integers(1, 10**8),
    colour=st.integers(0, 3),
    is_on_front=st.booleans(),
)


@given(st.lists(MARKS, min_size=1, max_size=16))
def test_every_point_and_whisker_lies_within_the_picture(marks: list[Mark]) -> None:
    drawn = picture(marks)

    assert len(drawn.points) == len(marks)
    for point in drawn.points:
        assert LEFT - 0.1 <= point.x <= WIDTH - RIGHT + 0.1
        for y in (point.y, point.low, point.high):
            assert TOP - 0.1 <= y <= HEIGHT - BOTTOM + 0.1
        assert point.high <= point.y <= point.low


@given(st.lists(MARKS, min_size=1, max_size=16))
def test_dearer_is_further_right_and_better_is_higher(marks: list[Mark]) -> None:
    points = picture(marks).points

    for one in points:
        for other in points:
            if one.mark.cost_ms < other.mark.cost_ms:
                assert one.x <= other.x
            if one.mark.accuracy < other.mark.accuracy:
                assert one.y >= other.y


@given(st.lists(MARKS, min_size=1, max_size=16))
def test_the_marks_of_the_axes_are_few_and_within(marks: list[Mark]) -> None:
    drawn = picture(marks)

    assert 1 <= len(drawn.up) <= 9
    assert 1 <= len(drawn.across) <= 24
    assert all(LEFT - 0.1 <= x <= WIDTH - RIGHT + 0.1 for x, _ in drawn.across)


def test_without_candidates_nothing_is_drawn() -> None:
    assert picture([]).points == ()


@given(st.lists(MARKS, min_size=1, max_size=16))
def test_a_number_stands_on_its_own_point(marks: list[Mark]) -> None:
    for point in picture(marks).points:
        x, y = point.number_at
        assert math.dist((x, y), (point.x, point.y)) <= 0.7 * point.r


def test_a_small_point_on_a_large_one_leaves_both_numbers_to_be_read() -> None:
    large, small = (
        Mark(number, "one", 50.0, accuracy, 0.01, file_bytes, 0)
        for number, accuracy, file_bytes in ((1, 0.972, 3_000_000), (2, 0.970, 800_000))
    )

    first, second = picture([large, small]).points

    assert second.number_at == (second.x, second.y)
    assert math.dist(first.number_at, (second.x, second.y)) > second.r
    assert first.number_at[1] < first.y
