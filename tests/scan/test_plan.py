"""Seconds that are looked at, read and skipped."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from motionapp.scan.plan import (
    Stretch,
    doubts,
    halves_of,
    parts_of,
    restless_place,
    skipped,
    united,
)
from motionapp.scan.quiet import BIN_S, WINDOWS_S, Unrest

STRETCHES = st.lists(
    st.tuples(st.integers(0, 200), st.integers(1, 40)).map(
        lambda given: Stretch(given[0] / 2, (given[0] + given[1]) / 2)
    ),
    max_size=12,
)


def calm(seconds: float, *, blocks: int = 1) -> Unrest:
    bins = int(seconds / BIN_S)
    return Unrest(np.zeros((len(WINDOWS_S), bins), np.float32), seconds / blocks, seconds)


def halves(stretches: list[Stretch]) -> set[int]:
    """The half seconds of some stretches."""
    return {n for each in stretches for n in range(round(each.from_s * 2), round(each.to_s * 2))}


@given(STRETCHES)
def test_what_is_united_are_the_same_seconds_in_order(stretches: list[Stretch]) -> None:
    found = united(stretches)

    assert halves(found) == halves(stretches)
    assert all(a.to_s < b.from_s for a, b in pairwise(found))


@given(STRETCHES, st.integers(0, 240))
def test_what_is_read_and_what_is_skipped_are_the_recording(
    read: list[Stretch], length: int
) -> None:
    duration_s = length / 2

    left = skipped(read, duration_s)

    inside = {n for n in halves(read) if n < length}
    assert halves(left) | inside == set(range(length))
    assert not halves(left) & inside


@given(STRETCHES, st.integers(0, 30))
def test_parts_are_apart_by_more_than_is_read_before_them(
    stretches: list[Stretch], lead: int
) -> None:
    parts = parts_of(stretches, lead_s=float(lead))

    assert all(b.start_s - a.end_s > lead for a, b in pairwise(parts))
    for each in stretches:
        assert any(p.start_s <= each.from_s and each.to_s <= p.end_s for p in parts)


def test_a_doubt_covers_the_window_that_stands_out() -> None:
    unrest = calm(60.0)
    unrest.values[WINDOWS_S.index(4.0), int(30 / BIN_S)] = 5.0
    unrest.values[WINDOWS_S.index(0.5), int(50 / BIN_S)] = 5.0

    assert doubts(unrest, 3.0) == [Stretch(28.0, 32.0), Stretch(49.75, 50.25)]
    assert doubts(unrest, 6.0) == []


def test_the_last_half_never_ends() -> None:
    unrest = calm(100.0, blocks=2)

    assert halves_of(unrest, 0) == [Stretch(0.0, 25.0), Stretch(25.0, 50.0)]
    assert halves_of(unrest, 1) == [Stretch(50.0, 75.0), Stretch(75.0, math.inf)]


def test_the_most_restless_place_is_sought_away_from_what_is_known() -> None:
    unrest, half = calm(100.0), Stretch(0.0, 50.0)
    unrest.values[0, int(20 / BIN_S)] = 2.0
    unrest.values[1, int(40 / BIN_S)] = 1.0

    assert restless_place(unrest, half, []) == 20.0
    assert restless_place(unrest, half, [Stretch(19.0, 22.0)]) == 40.0
    assert restless_place(unrest, half, [Stretch(0.0, 60.0)]) is None
