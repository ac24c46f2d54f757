"""Which recordings fall into parts, and where: a pure rule."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from motionapp.batch.plan import (
    LEAST_PART_S,
    PER_WORKER,
    SEARCHED_S,
    borders_of,
    candidates,
    parts_of,
    why_whole,
)
from motionapp.runtime.part import Part
from motionapp.settings import Settings, apply_changes
from motionapp.sources.packet_index import PacketIndex

REST_S = 3.0


def index_of(
    length_s: float,
    *,
    rate_hz: float = 5.0,
    key_each: int = 10,
    busy: tuple[tuple[float, float], ...] = (),
) -> PacketIndex:
    pts_s = np.arange(0, length_s, 1 / rate_hz)
    sizes = np.full(len(pts_s), 200, np.int32)
    for from_s, to_s in busy:
        sizes[(pts_s >= from_s) & (pts_s < to_s)] = 2000
    is_key = np.arange(len(pts_s)) % key_each == 0
    sizes[is_key] = 20_000
    return PacketIndex("h264", True, pts_s, sizes, is_key, True)


def parts(index: PacketIndex, *, at_most: int = 8, workers: int = 2) -> tuple[Part, ...]:
    return parts_of(index, at_most=at_most, workers=workers, rest_s=REST_S)


@given(
    st.floats(30, 90_000).filter(lambda s: s < 40_000),
    st.integers(2, 64),
    st.integers(2, 16),
)
def test_parts_lie_side_by_side_and_none_is_too_short_to_pay(
    length_s: float, at_most: int, workers: int
) -> None:
    found = parts(index_of(length_s, rate_hz=1.0), at_most=at_most, workers=workers)

    assume(found)
    assert found[0].start_s == 0.0
    assert found[-1].end_s == math.inf
    assert all(one.end_s == other.start_s for one, other in pairwise(found))
    assert len(found) <= at_most
    edges_s = [0.0, *(part.start_s for part in found[1:]), length_s]
    assert min(b - a for a, b in pairwise(edges_s)) >= LEAST_PART_S / 3
    part_s = length_s / len(found)
    for k, part in enumerate(found):
        assert abs(part.start_s - k * part_s) <= min(SEARCHED_S, part_s / 4) + 2


@pytest.mark.parametrize(
    ("length_s", "workers", "count"),
    [(100, 2, 0), (240, 2, 2), (240, 8, 2), (600, 2, 2), (600, 4, 4), (3600, 2, 8), (3600, 16, 16)],
)
def test_longer_recordings_fall_into_more_parts(length_s: float, workers: int, count: int) -> None:
    found = parts(index_of(length_s), at_most=workers * PER_WORKER, workers=workers)

    assert len(found) == count


def test_a_part_begins_where_it_has_been_quiet_for_as_long_as_a_rest_needs() -> None:
    index = index_of(600, busy=((200.0, 310.0), (320.0, 420.0)))

    (border_s,) = borders_of(index, 2, rest_s=REST_S)

    assert 310.0 + REST_S <= border_s <= 320.0


def test_of_equally_quiet_places_the_even_division_is_taken() -> None:
    assert borders_of(index_of(900), 3, rest_s=REST_S) == pytest.approx((300.0, 600.0), abs=1.0)


def test_large_key_pictures_are_no_motion() -> None:
    index = index_of(600, key_each=50, busy=((0.0, 299.0), (306.0, 600.0)))

    (border_s,) = borders_of(index, 2, rest_s=REST_S)

    assert 302.0 <= border_s <= 306.0


def test_where_all_pictures_are_key_pictures_their_sizes_count() -> None:
    index = index_of(600, key_each=1)

    assert len(parts(index)) == 2


@pytest.mark.parametrize(
    "index",
    [
        replace(index_of(3600), is_sound=False),
        replace(index_of(3600), can_seek=False),
        index_of(3600, key_each=1_000_000),
        index_of(0),
    ],
    ids=["not sound", "cannot seek", "one key picture", "empty"],
)
def test_what_cannot_be_begun_in_its_middle_stays_whole(index: PacketIndex) -> None:
    assert parts(index) == ()


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"run.annotated": True, "run.masks": True}, "an annotated video and masks"),
        ({"run.frames": "jsonl"}, "every frame"),
        ({"run.report": True}, "a report"),
        ({"run.start_s": 3.0}, "a part of it"),
        ({"run.end_s": 3.0}, "a part of it"),
        ({"run.join": True}, "joined"),
        ({"analysis.frontend": "background"}, "background"),
        ({"analysis.steady": "on"}, "camera"),
    ],
)
def test_what_needs_all_that_was_before_stays_whole(changes: dict[str, object], word: str) -> None:
    assert word in why_whole(apply_changes(Settings(), changes))


@pytest.mark.parametrize(
    "changes",
    [{}, {"run.clips": "copy"}, {"analysis.frontend": "flow"}, {"analysis.frontend": "pose"}],
)
def test_what_forgets_may_fall_into_parts(changes: dict[str, object]) -> None:
    assert why_whole(apply_changes(Settings(), changes)) == ""


@given(st.dictionaries(st.integers(0, 500), st.integers(0, 10**12)), st.integers(1, 64))
def test_few_recordings_fall_into_parts_and_none_without_a_second_worker(
    sizes: dict[int, int], workers: int
) -> None:
    found = candidates(sizes, workers=workers)

    assert len(found) <= PER_WORKER * workers
    assert all(count >= 2 for count in found.values())
    assert not found or workers > 1


def test_a_long_one_among_small_ones_falls_into_parts_and_equal_ones_do_not() -> None:
    small = dict.fromkeys(range(20), 60)

    assert candidates({**small, 20: 3600}, workers=2) == {20: 6}
    assert candidates(dict.fromkeys(range(50), 60), workers=2) == {}
    assert candidates({0: 5}, workers=2) == {0: 8}
    assert candidates({0: 5}, workers=1) == {}
