"""Events of zones: each as if it were the only one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.event import Event
from motionapp.core.frame import Epoch, Frame
from motionapp.core.geometry import Box
from motionapp.core.motion import Motion, Region
from motionapp.core.track import Group
from motionapp.events import EventBuilder, EventChanges, ZoneEvents
from motionapp.events.eligibility.chain import Eligibility
from motionapp.settings.tree import EventSettings
from motionapp.testing import GreyPixels

STEP_S = 0.04
SIZE, SHAPE = (320, 180), (90, 160)
EPOCH = Epoch(0, SIZE, Fraction(1, 25))
RULES = EventSettings()


def half(name: str) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    mask = np.zeros(SHAPE, np.uint8)
    mask[:, slice(0, 80) if name == "left" else slice(80, 160)] = 255
    return mask


MASKS = {"left": half("left"), "right": half("right")}


def frame(index: int) -> Frame:
    return Frame(index, index, index * STEP_S, STEP_S, EPOCH, GreyPixels())


def body(x: int, *, number: int = 1, born: int = 0, is_seen: bool = True) -> Group:
    box = Box(x, 40, x + 40, 140)
    return Group(
        group_id=number, box=box, reach=box, track_ids=(number,),
        is_seen=is_seen, is_confirmed=True, born_s=born * STEP_S,
    )  # fmt: skip


def motion_of(groups: Iterable[Group]) -> Motion:
    mask = np.zeros(SHAPE, np.uint8)
    for group in groups:
        if group.is_seen:
            x0, y0, x1, y1 = (edge // 2 for edge in group.box.clipped(SIZE))
            mask[y0:y1, x0:x1] = 255
    return Motion(mask=mask)


def built(pictures: Sequence[Sequence[Group]], rules: EventSettings = RULES) -> list[Event]:
    events, eligibility = ZoneEvents(rules, ["left", "right"]), Eligibility(rules)
    closed: list[Event] = []
    for k, groups in enumerate(pictures):
        judged = eligibility.step(k * STEP_S, Motion(), (), groups, restless=Motion(), size=SIZE)
        closed += events.step(
            frame(k), judged, (), lambda number: None, motion=motion_of(groups), masks=MASKS
        ).closed
    closed += events.close("end", len(pictures) * STEP_S).closed
    assert not events.is_open
    return closed


STILL: list[list[Group]] = [[] for _ in range(80)]


def walk(start_x: int, end_x: int, frames: int) -> list[list[Group]]:
    return [[body(start_x + (end_x - start_x) * k // frames)] for k in range(frames)]


def test_a_body_in_one_zone_makes_an_event_of_that_zone() -> None:
    (event,) = built([*walk(20, 100, 50), *STILL])

    assert (event.zone, event.event_id) == ("left", "left@0")
    assert event.end_s == pytest.approx(2.0)


def test_a_walker_through_two_zones_makes_an_event_in_each() -> None:
    """The second one begins where the walker came in, and not where he was born."""
    left, right = built([*walk(20, 270, 100), *STILL])

    assert (left.zone, right.zone) == ("left", "right")
    assert left.start_s == 0.0
    # 20 % of a body of 40 pixels are over the border at 160 from x = 128 on, and at x = 152 all
    # but 20 % are.
    assert right.start_s == pytest.approx((128 - 20) / 250 * 4, abs=0.05)
    assert left.end_s == pytest.approx((152 - 20) / 250 * 4, abs=0.05)
    assert right.event_id == f"right@{round(right.start_s * 1000)}"


def test_a_body_on_the_border_is_in_both() -> None:
    events = built([*([body(140)] for _ in range(50)), *STILL])

    assert [(event.zone, event.start_s) for event in events] == [("left", 0.0), ("right", 0.0)]


def test_a_hand_over_the_border_is_not_in_the_other_zone() -> None:
    (event,) = built([*([body(126)] for _ in range(50)), *STILL])

    assert event.zone == "left"


def test_who_comes_back_into_a_zone_begins_there_anew() -> None:
    there, away = [[body(40)]] * 30, [[body(240)]] * 60

    events = built([*there, *away, *there, *STILL])

    assert [(event.zone, event.start_s) for event in events] == [
        ("left", 0.0),
        ("right", pytest.approx(1.2)),
        ("left", pytest.approx(3.6)),
    ]


def test_what_only_grazes_a_zone_now_and_then_never_lasts() -> None:
    """A frame in ten: its visits are not added up."""
    pictures = [[body(40 if k % 10 else 240)] for k in range(100)]

    assert [event.zone for event in built([*pictures, *STILL])] == ["left"]


def test_without_a_mask_the_box_decides() -> None:
    """The pose front-end has none."""
    events, motion = ZoneEvents(RULES, ["left", "right"]), Motion(regions=(REGION,))
    opened: list[Event] = []
    for k in range(25):
        opened += events.step(
            frame(k), [body(240)], (), lambda number: None, motion=motion, masks=MASKS
        ).opened

    assert [event.zone for event in opened] == ["right"]


REGION = Region(Box(240, 40, 280, 140), 4000.0, 2.0)


def test_travel_counts_over_zone_borders() -> None:
    """Who came from the other zone has gone far, who shakes in this one has not."""
    rules = EventSettings(travel=0.2)
    shaking = [[body(20 + k % 2, number=2), *groups] for k, groups in enumerate(walk(60, 270, 60))]

    events = built([*shaking, *STILL], rules)

    assert {event.zone for event in events} == {"left", "right"}
    assert {segment.group for event in events for segment in event.segments} == {1}


def test_other_rules_reach_every_zone_and_end_nothing() -> None:
    events = ZoneEvents(RULES, ["left", "right"])
    for k in range(25):
        groups = [body(140)]
        events.step(
            frame(k), groups, (), lambda number: None, motion=motion_of(groups), masks=MASKS
        )

    events.retune(EventSettings(hold_s=3.0))

    assert events.is_open
    assert events.forget_s == 3.0
    assert {event.ended_by for event in events.close("settings").closed} == {"settings"}
    events.restart()
    assert events.close("end") == EventChanges()


pictures = st.lists(
    st.lists(
        st.tuples(st.integers(1, 3), st.sampled_from([20, 40, 60]), st.booleans()),
        max_size=3,
        unique_by=lambda entry: entry[0],
    ),
    max_size=80,
)


@given(pictures)
def test_a_zone_with_everything_in_it_has_the_events_of_the_whole_picture(
    pictures: list[list[tuple[int, int, bool]]],
) -> None:
    """As long as bodies are in sight: who coasts is where it is expected."""
    born: dict[int, int] = {}
    groups = []
    for k, picture in enumerate(pictures):
        born = {n: born.get(n, k) for n, _, _ in picture}
        groups.append([body(x, number=n, born=born[n], is_seen=s) for n, x, s in picture])
    whole, closed = EventBuilder(RULES, "left"), []
    for k, picture_groups in enumerate(groups):
        closed += whole.step(frame(k), picture_groups, (), lambda number: None).closed
    closed += whole.close("end", len(groups) * STEP_S).closed

    zoned = built(groups)

    assert [(e.start_s, e.end_s) for e in zoned] == [(e.start_s, e.end_s) for e in closed]
