"""The rules of events against a model that looks at whole stretches of motion at once."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.clip import Prediction
from motionapp.core.event import MOTION, Event
from motionapp.core.frame import Epoch, Frame
from motionapp.core.geometry import Box
from motionapp.core.motion import Motion
from motionapp.core.standing import Standing
from motionapp.core.track import Group
from motionapp.events import EventBuilder, EventChanges
from motionapp.events.builder import TRIAL_S
from motionapp.events.eligibility.chain import Eligibility
from motionapp.settings.tree import EventSettings
from motionapp.testing import GreyPixels

STEP_S = 0.04
EPOCH = Epoch(0, (320, 180), Fraction(1, 25))
RULES = EventSettings(persist_s=0.3, hold_s=1.5)


def frame(index: int) -> Frame:
    return Frame(index, index, index * STEP_S, STEP_S, EPOCH, GreyPixels())


def body(number: int, born: int, *, is_seen: bool, is_confirmed: bool = True, x: int = 0) -> Group:
    box = Box(x, 10, x + 20, 60)
    return Group(
        group_id=number,
        box=box,
        reach=box,
        track_ids=(number,),
        is_seen=is_seen and is_confirmed,
        is_confirmed=is_confirmed,
        born_s=born * STEP_S,
    )


def no_label(group_id: int) -> None:
    return None


@dataclass
class Log:
    """What a builder said, with what each event looked like when."""

    opened: list[Event]
    changed: list[Event]
    closed: list[Event]

    def add(self, changes: EventChanges) -> None:
        for event in changes.opened:
            assert event.ended_by is None
            assert event.label == MOTION
        assert len(self.closed) + len(changes.closed) <= len(self.opened) + len(changes.opened)
        self.opened += changes.opened
        self.changed += changes.changed
        self.closed += changes.closed


def built(pictures: Iterable[Sequence[Group]], rules: EventSettings = RULES) -> Log:
    builder, log, count = EventBuilder(rules), Log([], [], []), 0
    eligibility = Eligibility(rules)
    for count, groups in enumerate(pictures, start=1):
        if rules.travel:
            groups = eligibility.step(
                count * STEP_S, Motion(), (), groups, restless=Motion(), size=EPOCH.size
            )
        log.add(builder.step(frame(count - 1), groups, (), no_label))
    log.add(builder.close("end", count * STEP_S))
    assert not builder.is_open
    return log


def stretches(motion: Sequence[bool]) -> list[tuple[int, int]]:
    """Runs of motion as first frame and first frame without."""
    edges = [
        k
        for k in range(len(motion) + 1)
        if (k < len(motion) and motion[k]) != (k > 0 and motion[k - 1])
    ]
    return list(zip(edges[::2], edges[1::2], strict=True))


def as_groups(motion: Sequence[bool], *, confirm: int, coast: int) -> list[list[Group]]:
    """Each stretch is a body of its own, sure after `confirm` frames, kept for `coast` more."""
    pictures: list[list[Group]] = [[] for _ in motion]
    for number, (first, end) in enumerate(stretches(motion), start=1):
        for k in range(first, min(end + coast, len(motion))):
            sure = min(k, end - 1) - first >= confirm
            pictures[k].append(body(number, first, is_seen=k < end, is_confirmed=sure))
    return pictures


def expected(
    motion: Sequence[bool], rules: EventSettings, *, confirm: int
) -> list[tuple[float, float, str]]:
    """Start, end and ending of each event, by whole stretches."""
    events: list[tuple[float, float, str]] = []
    start_s = still_s = None
    for first, end in stretches(motion):
        if end - 1 - first < confirm:
            continue
        if start_s is not None and still_s is not None and first * STEP_S > still_s + rules.hold_s:
            events.append((start_s, still_s, "motion"))
            start_s = None
        begun_s = first * STEP_S
        for k in range(first + confirm, min(end + 1, len(motion))):
            now_s = k * STEP_S
            if k == end:  # full length is reached at the very frame that is still
                if start_s is not None and still_s is None and is_full(now_s, start_s, rules):
                    events.append((start_s, now_s, "length"))
                    start_s = None
                break
            if start_s is None and now_s - begun_s >= rules.persist_s:
                start_s = begun_s
            elif start_s is not None and still_s is None and is_full(now_s, start_s, rules):
                events.append((start_s, now_s, "length"))
                start_s = now_s
            still_s = None
        still_s = end * STEP_S
    if start_s is not None and still_s is not None:
        last_s = len(motion) * STEP_S
        is_over = (len(motion) - 1) * STEP_S > still_s + rules.hold_s
        events.append((start_s, min(still_s, last_s), "motion" if is_over else "end"))
    return events


def is_full(now_s: float, start_s: float, rules: EventSettings) -> bool:
    return now_s - start_s >= rules.max_event_s


motions = st.lists(st.tuples(st.booleans(), st.integers(1, 60)), min_size=1, max_size=14).map(
    lambda runs: [moves for moves, count in runs for _ in range(count)]
)
rules = st.builds(
    EventSettings,
    persist_s=st.sampled_from([0.0, 0.1, 0.3, 1.0]),
    hold_s=st.sampled_from([0.5, 0.99, 1.5]),
    max_event_s=st.sampled_from([1.5, 4.0, 600.0]),
)


@given(motions, rules, st.sampled_from([0, 1, 5]))
def test_events_are_those_of_the_model(
    motion: list[bool], rules: EventSettings, confirm: int
) -> None:
    log = built(as_groups(motion, confirm=confirm, coast=6), rules)

    found = [(event.start_s, event.end_s, event.ended_by) for event in log.closed]
    assert found == expected(motion, rules, confirm=confirm)


several_bodies = st.lists(
    st.lists(
        st.tuples(st.integers(1, 4), st.booleans(), st.booleans()),
        max_size=4,
        unique_by=lambda entry: entry[0],
    ),
    max_size=80,
)


@given(several_bodies, rules, st.sampled_from([0.0, 0.1]))
def test_events_never_overlap_and_hold_their_segments(
    pictures: list[list[tuple[int, bool, bool]]], rules: EventSettings, travel: float
) -> None:
    """Whatever bodies do: come, go, flicker, turn out to be none, stay where they are."""
    rules = rules.model_copy(update={"travel": travel})
    born: dict[int, int] = {}
    groups = []
    for k, picture in enumerate(pictures):
        born = {n: born.get(n, k) for n, _, _ in picture}
        groups.append(
            [
                body(n, born[n], is_seen=s, is_confirmed=c, x=40 * n + 2 * k * (n % 2))
                for n, s, c in picture
            ]
        )

    log = built(groups, rules)

    assert [event.event_id for event in log.opened] == [event.event_id for event in log.closed]
    assert len({event.event_id for event in log.closed}) == len(log.closed)
    for event in log.closed:
        assert event.event_id == f"all@{round(event.start_s * 1000)}"
        assert 0.0 <= event.start_s < event.end_s
        assert event.start_s <= event.peak_s <= event.end_s
        for segment in event.segments:
            assert event.start_s <= segment.start_s < segment.end_s <= event.end_s
    for before, after in itertools.pairwise(log.closed):
        assert before.end_s <= after.start_s


# -- single rules, one picture each ------------------------------------------------------------


def one_body(*runs: tuple[int, bool]) -> list[list[Group]]:
    return as_groups([moves for count, moves in runs for _ in range(count)], confirm=0, coast=6)


def test_motion_that_does_not_last_opens_nothing() -> None:
    assert built(one_body((10, False), (7, True), (30, False))).opened == []


def test_an_event_opens_once_it_lasted_and_is_back_dated() -> None:
    builder = EventBuilder(RULES)
    opened_at = None
    for k, groups in enumerate(one_body((10, False), (20, True))):
        changes = builder.step(frame(k), groups, (), no_label)
        if changes.opened:
            opened_at, event = k, changes.opened[0]

    assert opened_at == 18
    assert event.start_s == pytest.approx(0.4)
    assert event.event_id == "all@400"


def test_the_end_is_the_first_frame_without_motion() -> None:
    (event,) = built(one_body((5, False), (25, True), (60, False))).closed

    assert event.start_s == pytest.approx(0.2)
    assert event.end_s == pytest.approx(1.2)
    assert event.ended_by == "motion"


def test_motion_up_to_the_end_closes_where_the_driver_says() -> None:
    (event,) = built(one_body((25, True))).closed

    assert event.end_s == pytest.approx(1.0)
    assert event.ended_by == "end"


@pytest.mark.parametrize(("pause", "count"), [(30, 1), (37, 1), (38, 2), (60, 2)])
def test_pauses_up_to_hold_keep_it_open(pause: int, count: int) -> None:
    log = built(one_body((25, True), (pause, False), (25, True), (60, False)))

    assert len(log.closed) == count


def test_a_long_event_closes_at_its_length_and_the_next_opens_at_once() -> None:
    rules = EventSettings(max_event_s=2.0)
    first, second, third = built(one_body((125, True), (60, False)), rules).closed

    assert (first.start_s, first.end_s, first.ended_by) == (0.0, 2.0, "length")
    assert (second.start_s, second.end_s, second.ended_by) == (2.0, 4.0, "length")
    assert (third.start_s, third.ended_by) == (4.0, "motion")
    assert third.segments[0].group == 1


def test_a_label_goes_on_in_the_event_that_follows_one_of_full_length() -> None:
    rules, log = EventSettings(max_event_s=2.0), Log([], [], [])
    builder = EventBuilder(rules)
    for k in range(75):
        looks = (Prediction(1, 0.5, 1.0, "walk", 0.9, (0.9,)),) if k == 25 else ()
        groups = [body(1, 0, is_seen=True)]
        log.add(builder.step(frame(k), groups, looks, lambda group_id: ("walk", 0.9)))
    log.add(builder.close("end", 3.0))

    assert [(event.label, event.score) for event in log.closed] == [("walk", 0.9)] * 2


def test_no_box_reaches_beyond_the_picture() -> None:
    width, height = frame(0).epoch.size

    (event,) = built([[body(1, 0, is_seen=True, x=width - 8)] for _ in range(40)]).closed

    assert event.box.x1 == width
    assert all(segment.box.x1 <= width for segment in event.segments)
    assert all(segment.box.y1 <= height for segment in event.segments)


def test_the_peak_is_when_most_was_moving() -> None:
    pictures = [
        [body(1, 0, is_seen=True), *([body(2, 20, is_seen=True, x=200)] if k >= 20 else [])]
        for k in range(40)
    ]
    (event,) = built(pictures).closed

    assert event.peak_s == pytest.approx(0.8)
    assert event.box == Box(0, 10, 220, 60)
    assert [segment.group for segment in event.segments] == [1, 2]


def test_a_speck_that_flickers_does_not_hold_an_event_open() -> None:
    """It is never sure to be motion, and somebody who comes much later is another event."""
    pictures = [[body(1, 0, is_seen=True)] for _ in range(25)]
    pictures += [[body(2, 30, is_seen=False, is_confirmed=False)] for _ in range(200)]
    pictures += [
        [body(2, 30, is_seen=False, is_confirmed=False), body(3, 225, is_seen=True, x=100)]
        for _ in range(25)
    ]

    first, second = built(pictures).closed

    assert first.end_s == pytest.approx(1.0)
    assert second.start_s == pytest.approx(9.0)


def test_a_body_that_pauses_longer_than_hold_begins_anew_where_it_moves_again() -> None:
    """Its track may outlive the pause: the second event is not back-dated into it."""
    rules = EventSettings(hold_s=0.7)
    runs = [(25, True), (23, False), (25, True), (60, False)]
    motion = [moves for count, moves in runs for _ in range(count)]
    pictures = [[body(1, 0, is_seen=moves)] for moves in motion]

    first, second = built(pictures, rules).closed

    assert (first.start_s, first.end_s) == (0.0, pytest.approx(1.0))
    assert (second.start_s, second.end_s) == (pytest.approx(1.92), pytest.approx(2.92))


def test_a_segment_never_begins_before_its_event() -> None:
    """Somebody moved too shortly for an event, then another one moves for longer."""
    pictures = [
        [body(1, 0, is_seen=k < 5), *([body(2, 10, is_seen=True, x=100)] if k >= 10 else [])]
        for k in range(40)
    ]

    (event,) = built(pictures).closed

    assert event.start_s == pytest.approx(0.4)
    assert [segment.group for segment in event.segments] == [2]


def test_who_parts_from_another_body_begins_a_segment_there_and_not_at_its_birth() -> None:
    """Two tracks are one body for two seconds, then two; both were born with the first picture."""
    pair = body(1, 0, is_seen=True)._replace(track_ids=(1, 2))
    parted = [body(1, 0, is_seen=True), body(2, 0, is_seen=True, x=100)]

    (event,) = built([[pair]] * 50 + [parted] * 25).closed

    starts_s = {segment.group: segment.start_s for segment in event.segments}
    assert starts_s == {1: 0.0, 2: pytest.approx(2.0)}


def test_a_body_that_must_travel_opens_an_event_from_its_birth_on() -> None:
    """180 pixels high: a tenth is 18, reached after nine frames of two pixels."""
    rules = EventSettings(travel=0.1)
    pictures = [[body(1, 0, is_seen=True, x=2 * k)] for k in range(40)]
    shaking = [[body(1, 0, is_seen=True, x=k % 2)] for k in range(40)]

    log = built(pictures, rules)

    assert [event.start_s for event in log.opened] == [0.0]
    assert log.opened[0].peak_s == pytest.approx(9 * STEP_S)
    assert built(shaking, rules).opened == []


def test_what_stays_in_place_does_not_keep_an_event_open() -> None:
    """A walker goes by, and a bush goes on shaking."""
    rules = EventSettings(travel=0.1)
    pictures = [
        [
            *([body(1, 0, is_seen=True, x=4 * k)] if k < 30 else []),
            body(2, 0, is_seen=True, x=200 + k % 3),
        ]
        for k in range(150)
    ]

    (event,) = built(pictures, rules).closed

    assert event.end_s == pytest.approx(1.2)
    assert [segment.group for segment in event.segments] == [1]


def test_what_was_closed_is_not_changed_by_what_follows() -> None:
    once = built(one_body((25, True), (60, False)))
    longer = built(one_body((25, True), (60, False), (25, True), (60, False)))

    assert longer.closed[0] == once.closed[0]


def test_closing_twice_closes_once() -> None:
    builder = EventBuilder(RULES)
    for k, groups in enumerate(one_body((25, True))):
        builder.step(frame(k), groups, (), no_label)

    assert len(builder.close("end", 1.0).closed) == 1
    assert builder.close("end", 1.0) == EventChanges()


def test_after_a_restart_time_may_begin_again() -> None:
    """A window that seeks back uses the same analysis."""
    builder, log = EventBuilder(RULES), Log([], [], [])
    for k in range(500, 525):
        log.add(builder.step(frame(k), [body(1, 500, is_seen=True)], (), no_label))
    log.add(builder.close("end", 21.0))
    builder.restart()
    for k in range(25):
        log.add(builder.step(frame(k), [body(1, 0, is_seen=True)], (), no_label))
    log.add(builder.close("end", 1.0))

    assert [event.event_id for event in log.closed] == ["all@20000", "all@0"]


def test_other_rules_end_nothing() -> None:
    builder = EventBuilder(RULES)
    for k, groups in enumerate(one_body((25, True))):
        builder.step(frame(k), groups, (), no_label)

    builder.retune(EventSettings(persist_s=5.0, hold_s=3.0))

    assert builder.is_open
    assert builder.step(frame(25), [], (), no_label) == EventChanges()
    assert builder.forget_s == 3.0


def test_a_crowd_leaves_a_bounded_number_of_segments() -> None:
    pictures = [
        [body(n, 10 * (n // 40), is_seen=True) for n in range(40 * (k // 10), 40 * (k // 10) + 40)]
        for k in range(100)
    ]

    (event,) = built(pictures).closed

    assert 40 <= len(event.segments) <= 256


def doubtful(group: Group) -> Group:
    return group._replace(standing=Standing(True, group.born_s, "displacement", is_doubtful=True))


def restless(group: Group) -> Group:
    standing = Standing(False, group.born_s, "displacement", is_settled=False)
    return group._replace(standing=standing)


def test_an_event_of_doubtful_bodies_is_held_back_and_then_told_from_its_beginning() -> None:
    count = round((TRIAL_S + 1) / STEP_S)
    log, builder = Log([], [], []), EventBuilder(RULES)

    for k in range(count):
        log.add(builder.step(frame(k), [doubtful(body(1, 0, is_seen=True))], (), no_label))
        assert bool(log.opened) == (k * STEP_S >= TRIAL_S)

    assert [event.start_s for event in log.opened] == [0.0]


def test_an_event_of_doubtful_bodies_whose_place_turns_out_restless_never_was() -> None:
    tree = [doubtful(body(1, 0, is_seen=True))] * 50
    tree += [restless(body(1, 0, is_seen=True))] * 100

    log = built([group] for group in tree)

    assert (log.opened, log.changed, log.closed) == ([], [], [])


def test_an_event_of_doubtful_bodies_that_ends_undecided_is_told_whole() -> None:
    near = [[doubtful(body(1, 0, is_seen=k < 50))] for k in range(75)] + [[]] * 30

    log = built(near)

    assert [(event.start_s, event.end_s) for event in log.closed] == [(0.0, 50 * STEP_S)]
    assert len(log.opened) == 1


def bush(*, is_seen: bool = True) -> Group:
    """What moves where leaves may be, and was twice found to be no person."""
    return doubtful(body(1, 0, is_seen=is_seen))._replace(is_nobody=True)


def test_a_bush_is_held_back_for_as_long_as_it_stirs_and_never_was() -> None:
    count = round((TRIAL_S + 4) / STEP_S)

    log = built([[bush()] for _ in range(count)] + [[]] * 100)

    assert (log.opened, log.changed, log.closed) == ([], [], [])


def test_a_car_that_was_held_back_is_told_from_its_beginning_once_it_goes_somewhere() -> None:
    went = Standing(True, 0.0, "displacement", 0.2, 0.2)
    car = [[bush()]] * round((TRIAL_S + 1) / STEP_S)
    car += [[bush()._replace(standing=went)]] * round(2 / STEP_S) + [[]] * 100

    log = built(car)

    assert [event.start_s for event in log.closed] == [0.0]
    assert [event.start_s for event in log.opened] == [0.0]


def test_a_person_beside_a_bush_is_told_with_it_when_the_time_is_over() -> None:
    both = [bush(), doubtful(body(2, 0, is_seen=True, x=200))]

    log = built([both] * round((TRIAL_S + 1) / STEP_S) + [[]] * 100)

    assert [event.start_s for event in log.closed] == [0.0]


def test_a_sure_body_opens_an_event_at_once_beside_a_doubtful_one() -> None:
    beside = [doubtful(body(2, 0, is_seen=True, x=200)), body(1, 0, is_seen=True)]

    log = built([beside] * 12)

    assert len(log.opened) == 1


def test_an_open_event_is_told_once_a_minute_also_without_names() -> None:
    pictures = [[body(1, 0, is_seen=True)] for _ in range(4000)]  # 160 s

    log = built(pictures)

    assert [round(event.end_s, 2) for event in log.changed] == [60.0, 120.0]
    assert len(log.opened) == len(log.closed) == 1
