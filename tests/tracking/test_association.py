"""Pairs of tracks and regions, against models that try everything."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.geometry import Box, Edges
from motionapp.tracking.association import SIZE_WEIGHT, cheapest_pairs, covered_share, holders

boxes = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h),
    st.integers(-20, 60),
    st.integers(-20, 60),
    st.sampled_from([1, 5, 10, 30]),  # few sizes: ties are common
    st.sampled_from([1, 5, 10, 30]),
)
between_pixels = st.builds(
    lambda box, dx, dy: (box.x0 + dx, box.y0 + dy, box.x1 + dx, box.y1 + dy),
    boxes,
    st.sampled_from([0.0, 0.25, 0.5]),
    st.sampled_from([0.0, 0.25, 0.5]),
)
several = st.lists(boxes, max_size=8)


def cost(a: Edges, b: Edges) -> float:
    """Distance in lengths of the longer box, and the change of size."""
    aw, ah, bw, bh = a[2] - a[0], a[3] - a[1], b[2] - b[0], b[3] - b[1]
    apart = math.hypot((a[0] + a[2]) / 2 - (b[0] + b[2]) / 2, (a[1] + a[3]) / 2 - (b[1] + b[3]) / 2)
    growth = 1 - min(aw * ah, bw * bh) / max(aw * ah, bw * bh)
    return apart / max(aw, ah, bw, bh) + SIZE_WEIGHT * growth


def patient(expected: list[Edges], seen: list[Box], reach: float) -> dict[int, int]:
    """Again and again the cheapest pair of those whose track and region are both free."""
    pairs: dict[int, int] = {}
    while True:
        free = [
            (cost(a, b), t, r)
            for t, a in enumerate(expected)
            for r, b in enumerate(seen)
            if t not in pairs and r not in pairs.values() and cost(a, b) <= reach
        ]
        if not free:
            return pairs
        _, t, r = min(free)
        pairs[t] = r


@given(st.lists(between_pixels, max_size=8), several, st.sampled_from([0.0, 0.1, 0.6, 1.0, 3.0]))
def test_pairs_are_those_of_a_patient_search(
    expected: list[Edges], seen: list[Box], reach: float
) -> None:
    assert cheapest_pairs(expected, seen, reach=reach) == patient(expected, seen, reach)


def test_a_tie_goes_to_the_earlier_track_and_then_to_the_earlier_region() -> None:
    left, middle, right = Box(0, 0, 10, 10), Box(4, 0, 14, 10), Box(8, 0, 18, 10)

    assert cheapest_pairs([right, left], [middle], reach=0.6) == {0: 0}
    assert cheapest_pairs([middle], [right, left], reach=0.6) == {0: 0}


def test_of_a_near_region_and_one_of_the_same_size_the_size_may_decide() -> None:
    track = Box(0, 0, 20, 20)
    speck, as_large = Box(9, 9, 11, 11), Box(5, 0, 25, 20)

    assert cheapest_pairs([track], [speck, as_large], reach=0.6) == {0: 1}


@given(boxes, boxes)
def test_the_covered_share_counts_common_pixels(inner: Box, outer: Box) -> None:
    assert covered_share(inner, outer) == pytest.approx(inner.intersection(outer) / inner.area)


@given(boxes, several, st.sampled_from([0.5, 0.6, 1.0]))
def test_holders_are_all_places_that_cover_enough(
    box: Box, places: list[Box], share: float
) -> None:
    enough = [i for i, place in enumerate(places) if box.intersection(place) >= share * box.area]

    assert holders(box, places, share=share) == enough
