"""Which boxes are one body, against a model that looks at every pair until nothing changes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.geometry import Box
from motionapp.core.track import UPRIGHT
from motionapp.tracking.joining import (
    ACROSS_EXTENT,
    BESIDE_GAP,
    FRAGMENT_GAP,
    INSIDE_EXTENT,
    WIDEST_BODY,
    joined,
)

boxes = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h),
    st.integers(0, 120),
    st.integers(0, 60),
    st.integers(1, 30),
    st.integers(1, 50),
)
reaches = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h),
    st.integers(0, 90),
    st.integers(0, 40),
    st.integers(20, 120),
    st.integers(20, 80),
)
GAPS = st.sampled_from([0.0, 0.1, 0.6, 2.0])


def is_upright(box: Box) -> bool:
    return box.height >= UPRIGHT * box.width


def are_near(a: Box, b: Box, gap: float) -> bool:
    shorter, longer = sorted((max(a.width, a.height), max(b.width, b.height)))
    share = min(gap, BESIDE_GAP) if is_upright(a) and is_upright(b) else gap
    return max(a.gap(b)) <= max(share * shorter, FRAGMENT_GAP * longer)


def are_within(a: Box, b: Box, reach: Box) -> bool:
    return (
        reach.width <= WIDEST_BODY * reach.height
        and a.intersection(reach) / a.area >= INSIDE_EXTENT
        and b.intersection(reach) / b.area >= INSIDE_EXTENT
        and a.gap(b)[0] <= ACROSS_EXTENT * reach.height
        and not (is_upright(a) and is_upright(b))
    )


def patient(several: list[Box], known: list[Box], gap: float) -> list[list[int]]:
    """Join any two bodies that have two parts of one body, until there are none."""
    bodies = [[i] for i in range(len(several))]
    while True:
        pair = next(
            (
                (a, b)
                for a in bodies
                for b in bodies
                if a is not b
                and any(
                    are_near(several[i], several[j], gap)
                    or any(are_within(several[i], several[j], reach) for reach in known)
                    for i in a
                    for j in b
                )
            ),
            None,
        )
        if pair is None:
            return sorted(sorted(body) for body in bodies)
        bodies = [body for body in bodies if body not in pair] + [pair[0] + pair[1]]


@given(st.lists(boxes, max_size=9), st.lists(reaches, max_size=3), GAPS)
def test_bodies_are_those_of_a_patient_search(
    several: list[Box], known: list[Box], gap: float
) -> None:
    bodies = joined(several, known, gap=gap)

    assert [sorted(body) for body in bodies] == patient(several, known, gap)
    assert [body[0] for body in bodies] == [min(body) for body in bodies]


def test_a_chain_of_parts_is_one_body_in_whatever_order_they_come() -> None:
    left, middle, right = Box(0, 0, 30, 20), Box(35, 0, 65, 20), Box(70, 0, 100, 20)

    assert joined([left, right], [], gap=0.3) == [[0], [1]]
    assert [sorted(body) for body in joined([left, right, middle], [], gap=0.3)] == [[0, 1, 2]]


def test_a_head_and_a_foot_are_one_body_where_it_has_reached_so_far_only() -> None:
    head, foot = Box(40, 0, 60, 20), Box(40, 100, 70, 115)
    body, somebody_else = Box(30, 0, 75, 120), Box(200, 0, 245, 120)

    assert joined([head, foot], [body], gap=0.6) == [[0, 1]]
    assert joined([head, foot], [somebody_else], gap=0.6) == [[0], [1]]


def test_two_people_within_one_reach_are_two_bodies() -> None:
    one, other = Box(0, 0, 20, 80), Box(40, 0, 60, 80)

    assert joined([one, other], [Box(0, 0, 60, 80)], gap=0.6) == [[0], [1]]


def test_nothing_is_no_body() -> None:
    assert joined([], [Box(0, 0, 60, 80)], gap=0.6) == []
