"""Where recordings are placed on a common time line, and which epochs they share."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.frame import Epoch, Frame, Orientation
from motionapp.sources import BgrPicture
from motionapp.sources.borders import CLOSED_GAP_S, Border, Clock

BEGAN = datetime(2026, 3, 1, 12, tzinfo=UTC)
PICTURE = BgrPicture(np.zeros((2, 2, 3), np.uint8))

PARTS = st.lists(
    st.tuples(st.floats(0.04, 600), st.one_of(st.just(0.0), st.floats(-900, 900))),
    min_size=1,
    max_size=20,
)
"""How long each recording is, and how much later than its end the next one begins by the clock."""


def places(parts: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Begin and end of each on the time line."""
    clock, end_s, by_clock_s = Clock(), 0.0, 0.0
    told = []
    for length_s, pause_s in parts:
        begin_s = clock.place(BEGAN + timedelta(seconds=by_clock_s), end_s)
        end_s = begin_s + length_s
        by_clock_s += length_s + pause_s
        told.append((begin_s, end_s))
    return told


@given(PARTS)
def test_no_recording_begins_before_the_former_has_ended(parts: list[tuple[float, float]]) -> None:
    placed = places(parts)

    assert placed[0][0] == 0
    assert all(begin_s >= end_s for (_, end_s), (begin_s, _) in pairwise(placed))


@given(PARTS)
def test_a_pause_is_kept_whole_or_closed_whole(parts: list[tuple[float, float]]) -> None:
    for (_, end_s), (begin_s, _) in pairwise(places(parts)):
        assert begin_s == end_s or begin_s - end_s > CLOSED_GAP_S


@given(st.lists(st.tuples(st.floats(1, 600), st.floats(0, 900)), min_size=1, max_size=20))
def test_without_overlaps_no_recording_is_far_from_where_the_clock_says(
    parts: list[tuple[float, float]],
) -> None:
    by_clock_s = 0.0

    for (begin_s, _), (length_s, pause_s) in zip(places(parts), parts, strict=True):
        assert abs(begin_s - by_clock_s) <= CLOSED_GAP_S + 1e-3
        by_clock_s += length_s + pause_s


def test_short_pauses_add_up_to_a_gap() -> None:
    placed = places([(60.0, 0.9)] * 4)

    assert [begin_s for begin_s, _ in placed] == pytest.approx([0.0, 60.0, 120.0, 182.7])


def test_after_the_clock_was_set_back_gaps_are_measured_anew() -> None:
    placed = places([(60.0, -3600.0), (60.0, 10.0), (60.0, 0.0)])

    assert [begin_s for begin_s, _ in placed] == pytest.approx([0.0, 60.0, 130.0])


def test_without_a_clock_each_begins_where_the_former_ends() -> None:
    assert Clock().place(None, 12.5) == 12.5


OWN = Epoch(0, (64, 48), Fraction(1, 12_800))


def frame_of(epoch: Epoch, pts_s: float) -> Frame:
    return Frame(0, round(pts_s * 12_800), pts_s, 0.04, epoch, PICTURE)


@pytest.mark.parametrize(
    ("other", "begin_s", "number"),
    [
        (OWN, 0.04, 0),
        (OWN, 2.0, 0),
        (OWN, 2.01, 1),
        (dataclasses.replace(OWN, size=(96, 64)), 0.04, 1),
        (dataclasses.replace(OWN, orientation=Orientation(180)), 0.04, 1),
        (dataclasses.replace(OWN, orientation=Orientation(0, is_mirrored=True)), 0.04, 1),
        (dataclasses.replace(OWN, luma_range="limited"), 0.04, 1),
        (dataclasses.replace(OWN, time_base=Fraction(1, 1000)), 0.04, 1),
        (dataclasses.replace(OWN, number=1), 0.04, 1),
    ],
)
def test_a_recording_continues_the_epoch_if_it_is_like_the_former(
    other: Epoch, begin_s: float, number: int
) -> None:
    border = Border(BEGAN)

    last = border.placed(frame_of(OWN, 0.0), 0.0)
    first = border.placed(frame_of(dataclasses.replace(other), 0.0), begin_s)

    assert (last.index, first.index) == (0, 1)
    assert first.epoch.number == number
    assert first.pts_s == begin_s
    assert first.epoch.start_utc == BEGAN
    assert (first.epoch is last.epoch) == (number == 0)
    assert first.epoch.origin_s == (begin_s if number else 0.0)
