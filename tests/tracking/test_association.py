"""Pairs of tracks and regions, against models that loop."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.geometry import Box
from motionapp.tracking.association import (
    SIZE_WEIGHT,
    boxes_array,
    cheapest_pairs,
    costs,
    covered_shares,
    gaps,
)

boxes = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h),
    st.integers(-20, 60),
    st.integers(-20, 60),
    st.integers(1, 30),
    st.integers(1, 30),
)
several = st.lists(boxes, max_size=6)


def greedy(cost: np.ndarray, reach: float) -> dict[int, int]:
    """Again and again the cheapest pair of those whose track and region are both free."""
    pairs: dict[int, int] = {}
    while True:
        free = [
            (cost[t, r], t, r)
            for t in range(cost.shape[0])
            for r in range(cost.shape[1])
            if t not in pairs and r not in pairs.values() and cost[t, r] <= reach
        ]
        if not free:
            return pairs
        _, t, r = min(free)
        pairs[t] = r


@given(st.integers(0, 6), st.integers(0, 6), st.floats(0, 1.2), st.data())
def test_pairs_are_those_of_a_patient_search(
    tracks: int, regions: int, reach: float, data: st.DataObject
) -> None:
    few = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5])  # ties are common
    cost = np.array(
        [[data.draw(few) for _ in range(regions)] for _ in range(tracks)], np.float64
    ).reshape(tracks, regions)

    assert cheapest_pairs(cost, reach=reach) == greedy(cost, reach)


@given(several, several)
def test_costs_are_distance_in_lengths_and_change_of_size(
    expected: list[Box], seen: list[Box]
) -> None:
    cost = costs(boxes_array(expected), boxes_array(seen))

    assert cost.shape == (len(expected), len(seen))
    for i, a in enumerate(expected):
        for j, b in enumerate(seen):
            length = max(a.width, a.height, b.width, b.height)
            apart = np.hypot(a.centre[0] - b.centre[0], a.centre[1] - b.centre[1]) / length
            growth = 1 - min(a.area, b.area) / max(a.area, b.area)
            assert np.isclose(cost[i, j], apart + SIZE_WEIGHT * growth)
            assert (cost[i, j] == 0) == (a == b)


@given(several, several)
def test_shares_and_gaps_are_those_of_the_boxes(inner: list[Box], outer: list[Box]) -> None:
    shares = covered_shares(boxes_array(inner), boxes_array(outer))
    across, down = gaps(boxes_array(inner))

    assert shares.shape == (len(inner), len(outer))
    assert across.shape == down.shape == (len(inner), len(inner))
    for i, a in enumerate(inner):
        for j, b in enumerate(outer):
            assert np.isclose(shares[i, j], a.intersection(b) / a.area)
        for j, b in enumerate(inner):
            assert (across[i, j], down[i, j]) == a.gap(b)
