"""The picture has room for every candidate."""

from __future__ import annotations

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
