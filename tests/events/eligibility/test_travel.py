"""Who has gone somewhere: boxes that pulsate have not, bodies that pass have."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.geometry import Box
from motionapp.core.track import Group
from motionapp.events.eligibility.travel import MOST_BACKDATED_S, Travels, shifted_px

STEP_S = 0.04
HEIGHT = 200


def body(
    box: Box, *, number: int = 1, tracks: tuple[int, ...] = (1,), born_s: float = 0.0
) -> Group:
    return Group(
        group_id=number, box=box, reach=box, track_ids=tracks,
        is_seen=True, is_confirmed=True, born_s=born_s,
    )  # fmt: skip


def standing(width: int = 20, x: int = 100) -> Box:
    return Box(x, 40, x + width, 90)


def stepped(
    travels: Travels, now_s: float, groups: list[Group], least_px: float
) -> tuple[Group, ...]:
    return travels.step(now_s, groups, least_px / HEIGHT, height_px=HEIGHT)


boxes = st.tuples(
    st.integers(0, 300), st.integers(0, 200), st.integers(1, 80), st.integers(1, 80)
).map(lambda v: Box(v[0], v[1], v[0] + v[2], v[1] + v[3]))


@given(boxes, st.integers(-100, 100), st.integers(-100, 100))
def test_a_box_of_one_size_has_gone_as_far_as_it_was_moved(box: Box, dx: int, dy: int) -> None:
    assert shifted_px(box, box.shifted(dx, dy)) == pytest.approx(math.hypot(dx, dy))


@given(boxes, boxes)
def test_a_box_that_grows_or_shrinks_has_gone_nowhere(one: Box, other: Box) -> None:
    assert shifted_px(one, one.union(other)) == 0.0
    assert shifted_px(one.union(other), one) == 0.0


@given(boxes, boxes)
def test_the_way_back_is_as_long_and_never_longer_than_the_centre_went_twice(
    one: Box, other: Box
) -> None:
    there = shifted_px(one, other)

    assert there == shifted_px(other, one)
    assert there <= math.dist(one.centre, other.centre) + 1e-9


def test_a_body_counts_from_the_frame_on_at_which_it_has_gone_far_enough() -> None:
    travels = Travels()
    groups = [
        stepped(travels, k * STEP_S, [body(standing(x=100 + 2 * k))], 30.0)[0] for k in range(30)
    ]

    assert [group.moves for group in groups] == [False] * 15 + [True] * 15
    told = groups[-1].standing
    assert told is not None
    assert (told.rule, told.measured, told.needed) == ("travel", 58 / HEIGHT, 0.15)


def test_a_body_that_waves_counts_not_at_all() -> None:
    """Its box pulsates between 20 and 80 pixels, to the left, to the right, to both sides."""
    travels = Travels()
    spans = [(100, 120), (70, 120), (100, 150), (70, 150)]
    for k in range(100):
        x0, x1 = spans[k % 4]
        (group,) = travels.step(
            k * STEP_S, [body(Box(x0, 40, x1, 90))], 10.0 / HEIGHT, height_px=HEIGHT
        )
        assert not group.moves
        assert not group.is_settled


def test_who_has_gone_once_counts_also_on_the_way_back() -> None:
    travels = Travels()
    way = [100, 120, 140, 120, 100, 100]
    counts = [
        stepped(travels, k * STEP_S, [body(standing(x=x))], 30.0)[0].moves
        for k, x in enumerate(way)
    ]

    assert counts == [False, False, True, True, True, True]


def test_a_walker_counts_also_while_one_body_with_a_tree_and_the_tree_never_does() -> None:
    """The older number is the tree's: it stands for both while they touch."""
    travels = Travels()
    tree = body(Box(200, 0, 300, 150), number=1, tracks=(1,))
    walker = [body(standing(x=x), number=2, tracks=(2,)) for x in (100, 150, 190)]
    both = body(Box(200, 0, 300, 150), number=1, tracks=(1, 2))

    apart = [stepped(travels, k * STEP_S, [tree, walk], 40.0) for k, walk in enumerate(walker)]
    (together,) = stepped(travels, 0.12, [both], 40.0)
    (alone,) = stepped(travels, 0.16, [tree], 40.0)

    assert [[group.moves for group in groups] for groups in apart] == [
        [False, False], [False, True], [False, True],
    ]  # fmt: skip
    assert together.moves
    assert not alone.moves


def test_motion_on_the_spot_long_before_the_journey_does_not_count() -> None:
    travels = Travels()
    stepped(travels, 0.0, [body(standing())], 30.0)
    (group,) = stepped(travels, 60.0, [body(standing(x=150))], 30.0)
    (later,) = stepped(travels, 61.0, [body(standing(x=150))], 30.0)

    assert group.since_s == 60.0 - MOST_BACKDATED_S
    assert later.since_s == group.since_s


def test_who_has_left_is_forgotten() -> None:
    travels = Travels()
    stepped(travels, 0.0, [body(standing())], 30.0)
    stepped(travels, 0.04, [body(standing(x=150))], 30.0)
    stepped(travels, 0.08, [], 30.0)

    (again,) = stepped(travels, 0.12, [body(standing(x=150))], 30.0)

    assert not again.moves
    assert again.standing is not None
    assert again.standing.measured == 0.0
