"""When packets lie in time: missing stamps, jumps, other openings, and sound beside pictures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.packet import SOUND, VIDEO
from motionapp.sources.packet_line import Order, PacketLine, Place

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
STEP_S = 0.04


class World:
    """Two clocks, turned by hand, and a line."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.ahead_s = 0.0
        """How far the wall clock has been set ahead."""
        self.line = PacketLine(self.ns, self.utc)

    def ns(self) -> int:
        return round(self.now_s * 1e9)

    def utc(self) -> datetime:
        return NOON + timedelta(seconds=self.now_s - 1000 + self.ahead_s)

    def place(
        self, shown_s: float | None, decoded_s: float | None, stream: int = VIDEO, reorder: int = 0
    ) -> Place:
        return self.line.place(stream, shown_s, decoded_s, self.ns(), reorder=reorder)


def test_stamps_count_as_long_as_they_go_on_with_the_clock() -> None:
    world, found = World(), []
    for number in range(100):
        found.append(world.place(500 + number * STEP_S, 500 + number * STEP_S))
        world.now_s += STEP_S + (0.02 if number % 2 else -0.02)  # the network is none too even

    assert [place.at_s for place in found] == pytest.approx([n * STEP_S for n in range(100)])
    assert (found[50].utc - NOON).total_seconds() == pytest.approx(2.0, abs=0.03)


def test_packets_that_waited_while_the_stream_was_opened_are_not_of_the_future() -> None:
    world = World()
    for number in range(10):  # at once
        place = world.place(number * STEP_S, number * STEP_S)
        assert place.at_s == pytest.approx(number * STEP_S)
    assert place.utc == NOON

    world.now_s += STEP_S
    later = world.place(10 * STEP_S, 10 * STEP_S)
    assert later.at_s == pytest.approx(10 * STEP_S)
    assert (later.utc - world.utc()).total_seconds() == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("jump_s", [3600.0, -1800.0, -0.5])
def test_where_stamps_jump_the_clock_says_how_time_goes_on(jump_s: float) -> None:
    world, found = World(), []
    for number in range(100):
        stamp_s = number * STEP_S + (jump_s if number >= 50 else 0.0)
        found.append(world.place(stamp_s, stamp_s))
        world.now_s += STEP_S

    assert [place.at_s for place in found] == pytest.approx([n * STEP_S for n in range(100)])
    assert (found[-1].utc - NOON).total_seconds() == pytest.approx(99 * STEP_S)


def test_after_a_loss_the_line_goes_on_as_much_later_as_the_clock_says() -> None:
    world = World()
    world.place(7.0, 7.0)
    world.now_s += 30
    world.line.open()
    back = world.place(0.0, 0.0)

    assert back.at_s == pytest.approx(30.0)
    assert back.utc == NOON + timedelta(seconds=30)


def test_a_wall_clock_that_is_set_counts_from_the_next_opening() -> None:
    world = World()
    world.place(0.0, 0.0)
    world.now_s, world.ahead_s = world.now_s + 1, 86_400.0
    world.line.open()
    back = world.place(0.0, 0.0)

    assert back.at_s == pytest.approx(1.0)
    assert back.utc == NOON + timedelta(seconds=86_401)


def test_a_wall_clock_that_is_set_is_noticed_within_two_minutes_and_moves_no_line() -> None:
    world, found = World(), []
    for number in range(10 * 130):
        if number == 50:
            world.ahead_s = 86_400.0
        found.append(world.place(number / 10, number / 10))
        world.now_s += 0.1

    assert [place.at_s for place in found] == pytest.approx([n / 10 for n in range(1300)])
    assert (found[-1].utc - world.utc()).total_seconds() == pytest.approx(0.0, abs=0.2)


def test_sound_lies_beside_the_pictures_that_it_was_heard_with() -> None:
    world = World()
    world.place(100.0, 100.0)
    world.now_s += 0.3  # it comes late
    heard = world.place(100.01, 100.01, stream=SOUND)

    assert heard.at_s == pytest.approx(0.01)


def test_sound_that_counts_from_elsewhere_lies_where_it_arrived() -> None:
    world = World()
    world.place(100.0, 100.0)
    world.now_s += 0.3
    heard = world.place(0.0, 0.0, stream=SOUND)

    assert heard.at_s == pytest.approx(0.3)


def test_packets_without_stamps_lie_where_they_arrived() -> None:
    world = World()
    assert world.place(None, None).at_s == 0.0
    world.now_s += 0.5
    assert world.place(None, None).at_s == pytest.approx(0.5)


@given(st.integers(0, 3), st.integers(1, 20))
def test_without_times_of_decoding_none_is_shown_before_it_is_decoded(
    b_frames: int, groups: int
) -> None:
    """Each group is a picture that is shown last and, behind it, those shown before it."""
    shown = [0.0]
    for group in range(groups):
        first = group * (b_frames + 1)
        order = [first + b_frames + 1, *range(first + 1, first + b_frames + 1)]
        shown += [number * STEP_S for number in order]
    line = Order(depth=1 if b_frames else 0)
    decoded = [line.step(each, None) for each in shown]

    known = [each for each in decoded if each is not None]
    assert len(known) == len(shown)
    assert all(a <= b for a, b in pairwise(known))
    assert all(at_s <= shown_s + 1e-9 for at_s, shown_s in zip(known, shown, strict=True))
    steps = [b - a for a, b in pairwise(known[2:])]
    assert steps == pytest.approx([STEP_S] * len(steps))


stamps = st.one_of(st.none(), st.floats(-1e5, 1e5))
arrivals = st.lists(st.tuples(stamps, stamps, st.floats(0, 5), st.booleans()), max_size=40)


@given(arrivals, st.integers(0, 3))
def test_whatever_comes_time_never_goes_back(
    came: list[tuple[float | None, float | None, float, bool]], reorder: int
) -> None:
    world = World()
    last_s = {VIDEO: 0.0, SOUND: 0.0}
    for shown_s, decoded_s, waited_s, is_video in came:
        world.now_s += waited_s
        stream = VIDEO if is_video else SOUND
        place = world.place(shown_s, decoded_s, stream, reorder)

        assert place.shown_s >= place.at_s >= last_s[stream]
        last_s[stream] = place.at_s
