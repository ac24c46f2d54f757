"""What waits for the broker: in order, bounded, and a beginning for every end."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.edge.records import EventRecord
from motionapp.edge.store.events import Events
from motionapp.edge.store.outbox import Message, Outbox, Waiting
from motionapp.edge.store.schema import migrate
from motionapp.edge.store.store import Store
from tests.edge.store.conftest import START, Open


def told(event: EventRecord, *, messages: int = 1, size_bytes: int = 10) -> Iterable[Message]:
    return [
        Message("house/events", bytes(size_bytes), qos=number % 3, retain=number % 2 == 1)
        for number in range(messages)
    ]


def changes(messages: Iterable[Message]) -> list[tuple[int, str]]:
    return [(one.event, one.change) for one in messages]


def test_messages_wait_in_order_until_they_are_sent(open_store: Open) -> None:
    store = open_store()
    for number in (1, 2):
        store.open_event("door", "motion", START, messages=told)
        store.update_event(number, label="walk", messages=told)
    store.close_event(1, START, messages=told)

    store = open_store()

    waiting = store.waiting(3)
    assert changes(waiting) == [(1, "new"), (1, "update"), (2, "new")]
    assert store.waiting(3) == waiting
    store.sent(one.number for one in waiting[:2])
    assert changes(store.waiting(3)) == [(2, "new"), (2, "update"), (1, "end")]
    assert store.outbox == Waiting(messages=3, size_bytes=3 * 22, dropped=0)
    store.sent([])


def test_a_message_is_given_back_as_it_was_put_in(store: Store) -> None:
    payload = bytes(range(256))
    message = Message("house/door/events", payload, qos=2, retain=True)

    store.open_event("door", "motion", START, messages=lambda event: [message])

    (found,) = store.waiting(9)
    assert (found.topic, found.payload, found.qos, found.retain) == (
        "house/door/events",
        payload,
        2,
        True,
    )


def test_beyond_the_bound_the_oldest_updates_go_first(open_store: Open) -> None:
    store = open_store(most_messages=4)
    store.open_event("door", "motion", START, messages=told)
    for score in (0.1, 0.2, 0.3, 0.4, 0.5):
        store.update_event(1, score=score, messages=lambda e: [Message("t", str(e.score).encode())])
    store.close_event(1, START, messages=told)

    waiting = store.waiting(9)

    assert changes(waiting) == [(1, "new"), (1, "update"), (1, "update"), (1, "end")]
    assert [one.payload for one in waiting[1:3]] == [b"0.4", b"0.5"]
    assert store.outbox.dropped == 3


def test_beyond_the_bound_an_event_goes_as_a_whole_and_stays_away(open_store: Open) -> None:
    store = open_store(most_messages=2)
    for _ in range(3):
        store.open_event("door", "motion", START, messages=told)
    for number in (1, 2, 3):
        store.update_event(number, score=0.5, messages=told)
        store.close_event(number, START, messages=told)

    assert changes(store.waiting(9)) == [(3, "new"), (3, "end")]
    assert store.outbox.messages + store.outbox.dropped == 9


def test_who_has_heard_of_a_beginning_hears_of_the_end(open_store: Open) -> None:
    store = open_store(most_messages=1)
    store.open_event("door", "motion", START, messages=lambda e: told(e, messages=2))
    # Two of them did not fit; of a third event both do.
    assert store.waiting(9) == []
    store = open_store(most_messages=3)
    store.open_event("door", "motion", START, messages=lambda e: told(e, messages=2))
    store.sent([store.waiting(1)[0].number])

    store = open_store(most_messages=1)
    store.open_event("door", "motion", START, messages=told)
    store.close_event(3, START, messages=told)

    assert changes(store.waiting(9)) == [(2, "new")]


def test_what_is_on_its_way_is_not_taken_back(open_store: Open) -> None:
    store = open_store(most_messages=2)
    store.open_event("door", "motion", START, messages=told)
    on_their_way = store.waiting(9)
    for _ in range(3):
        store.open_event("door", "motion", START, messages=told)
    store.close_event(1, START, messages=told)

    waiting = store.waiting(9)

    assert waiting[:1] == on_their_way
    assert changes(waiting)[-1] == (1, "end")


def test_large_messages_are_bounded_by_their_bytes(open_store: Open) -> None:
    store = open_store(most_bytes=10_000)
    for _ in range(5):
        store.open_event("door", "motion", START, messages=lambda e: told(e, size_bytes=4000))

    assert changes(store.waiting(9)) == [(4, "new"), (5, "new")]
    assert store.outbox.size_bytes < 10_000


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["open", "open", "update", "update", "close", "send", "hand", "restart"]),
        st.integers(0, 20),
        st.integers(1, 3),
    ),
    min_size=5,
    max_size=60,
)


class Road:
    """Events and outbox in memory, and a broker that takes what it is handed now and then."""

    def __init__(self, most: int) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        migrate(self.connection, "memory")
        self.events = Events(self.connection)
        self.most = most
        self.heard: dict[int, tuple[int, str]] = {}
        """By the broker, and it has said so; by numbers of messages."""
        self.on_their_way: dict[int, tuple[int, str]] = {}
        self.restart()

    def restart(self) -> None:
        """What was on its way when power went was not heard."""
        self.on_their_way.clear()
        self.outbox = Outbox(self.connection, most_messages=self.most)
        self.outbox.recount()

    def act(self, act: str, which: int, messages: int) -> None:
        open_ones = self.events.open_ones()
        event = open_ones[which % len(open_ones)] if open_ones else None
        if act == "open":
            event = self.events.add(
                *("door", "motion", START), zone="all", label="motion", score=None, why="",
                details={}, noted=(1, 0),
            )  # fmt: skip
            self.outbox.add(event.number, "new", told(event, messages=messages))
        elif act == "update" and event is not None:
            self.outbox.add(event.number, "update", told(event, messages=messages))
        elif act == "close" and event is not None:
            self.events.end(event.number, START)
            self.outbox.add(event.number, "end", told(event, messages=messages))
        elif act in ("hand", "send"):
            self.hand(which)
            if act == "send":
                self.settle()
        elif act == "restart":
            self.restart()

    def hand(self, most: int) -> None:
        numbers = [one.number for one in self.outbox.waiting(most)]
        assert numbers == sorted(numbers)
        self.on_their_way |= {
            one.number: (one.event, one.change) for one in self.outbox.waiting(most)
        }

    def settle(self) -> None:
        """The broker has all that is on its way."""
        self.outbox.remove(self.on_their_way)
        self.heard |= self.on_their_way
        self.on_their_way = {}


@given(ACTS, st.integers(1, 12))
def test_whatever_happens_the_broker_hears_beginning_updates_and_end_in_order(
    acts: list[tuple[str, int, int]], most: int
) -> None:
    road = Road(most)
    with closing(road.connection):
        for act in acts:
            road.act(*act)
        while road.events.open_ones():
            road.act("close", 0, 1)
        road.hand(1000)
        road.settle()

    for number in {event for event, _ in road.heard.values()}:
        said = [change for _, (event, change) in sorted(road.heard.items()) if event == number]
        order = {"new": 0, "update": 1, "end": 2}
        assert said == sorted(said, key=order.__getitem__)
        assert (said[0], said[-1]) == ("new", "end")


@given(ACTS, st.integers(1, 12))
def test_the_bound_holds_but_for_what_is_on_its_way_and_the_ends_of_what_was_heard(
    acts: list[tuple[str, int, int]], most: int
) -> None:
    road = Road(most)
    with closing(road.connection):
        for act, which, messages in acts:
            road.act(act, which, messages)
            if act != "open":
                continue  # room is made where something is put in
            heard = [*road.heard.values(), *road.on_their_way.values()]
            told = {event for event, _ in heard} - {n for n, change in heard if change == "end"}
            size = road.outbox.size
            assert size.messages <= most + len(road.on_their_way) + 3 * len(told)


@pytest.mark.parametrize("messages", [1, 3])
def test_the_bound_holds(open_store: Open, messages: int) -> None:
    store = open_store(most_messages=10)
    for number in range(1, 31):
        store.open_event("door", "motion", START, messages=lambda e: told(e, messages=messages))
        store.update_event(number, score=0.1, messages=lambda e: told(e, messages=messages))
        assert store.outbox.messages <= 10
        store.close_event(number, START, messages=lambda e: told(e, messages=messages))
        assert store.outbox.messages <= 10

    assert store.outbox.messages == len(store.waiting(100))
