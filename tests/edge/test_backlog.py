"""What waits for the store: in order, never more than a bound, and counted where it is refused."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.edge.backlog import GONE, Backlog
from motionapp.edge.protocol import Message

FEW, MOST = 6, 12


def opened(name: str) -> dict[str, Any]:
    return {"type": "opened", "event": {"id": name}}


def changed(name: str) -> dict[str, Any]:
    return {"type": "changed", "id": name}


def closed(name: str) -> dict[str, Any]:
    return {"type": "closed", "event": {"id": name}}


def outage(why: str | None, zone: str = "all") -> dict[str, Any]:
    return {"type": "health", "kind": "outage", "zone": zone, "begins": bool(why), "why": why}


def recording(change: str, path: str = "door/x.mp4") -> dict[str, Any]:
    return {"type": "recording", "change": change, "path": path}


def told(*messages: Message) -> Backlog:
    backlog = Backlog(few=FEW, most=MOST)
    for message in messages:
        backlog.put(message)
    return backlog


def taken(backlog: Backlog) -> list[Message]:
    """All that waits, in order."""

    async def take() -> list[Message]:
        found = []
        while len(backlog):
            found.append(await backlog.first())
            backlog.done()
        return found

    return asyncio.run(take())


def test_what_is_for_the_store_waits_in_order_and_nothing_else_does() -> None:
    about = [opened("a"), changed("a"), recording("begun"), outage("no answer"), closed("a")]
    others: list[dict[str, Any]] = [
        {"type": "beat", "age_s": 0.1},
        {"type": "sources"},
        recording("failed"),
    ]

    backlog = told(about[0], *others, *about[1:])

    assert taken(backlog) == about


def test_the_first_message_stays_until_it_is_done() -> None:
    backlog = told(opened("a"), closed("a"))

    async def look() -> None:
        assert await backlog.first() == opened("a")
        assert await backlog.first() == opened("a")
        backlog.done()
        assert await backlog.first() == closed("a")

    asyncio.run(look())


def test_what_is_said_on_the_way_is_left_out_first_and_ends_are_kept() -> None:
    begun = [opened(str(number)) for number in range(FEW)]

    backlog = told(*begun, *[changed("0")] * 50, closed("0"), recording("grown"))

    assert taken(backlog) == [*begun, closed("0")]
    assert backlog.lost == 0


def test_events_that_find_no_room_are_counted_and_nothing_of_them_waits() -> None:
    begun = [opened(str(number)) for number in range(MOST)]
    kept = {"type": "kept", "id": "x", "snapshot": "door/x.jpg"}

    backlog = told(*begun, opened("x"), changed("x"), kept, closed("x"), outage("gone", "main"))
    backlog.put(recording("begun"))

    assert backlog.lost == 2
    assert backlog.open_motion == MOST
    assert taken(backlog) == begun


def test_an_event_that_is_refused_still_counts_as_movement_until_it_ends() -> None:
    backlog = told(*[outage("w", str(number)) for number in range(MOST)], opened("x"))

    assert backlog.open_motion == 1
    backlog.put(closed("x"))
    assert backlog.open_motion == 0


def test_another_reason_of_what_goes_on_is_no_event_of_its_own() -> None:
    backlog = told(outage("a"), *[outage(str(number)) for number in range(99)], outage(None))

    assert len(backlog) == FEW + 1
    assert backlog.lost == 0
    assert taken(backlog)[-1] == outage(None)


def test_an_outage_of_the_camera_outlives_its_process() -> None:
    begun = [opened(str(number)) for number in range(FEW)]

    backlog = told(outage("a"), *begun, GONE, *[outage(str(n)) for n in range(99)], outage(None))

    assert taken(backlog) == [outage("a"), *begun, GONE, outage(None)]


NAMES = st.sampled_from("abcd")
MESSAGES = st.one_of(
    st.builds(opened, NAMES), st.builds(changed, NAMES), st.builds(closed, NAMES),
    st.builds(outage, st.sampled_from([None, "x", "y"]), NAMES), st.just(GONE),
    st.builds(recording, st.sampled_from(["begun", "grown", "finished"]), NAMES),
)  # fmt: skip


@given(st.lists(st.tuples(MESSAGES, st.integers(0, 9))))
def test_it_is_bounded_and_what_was_taken_as_begun_is_taken_as_ended(
    story: list[tuple[Message, int]],
) -> None:
    backlog = Backlog(few=3, most=5)
    out: list[Message] = []

    async def live() -> None:
        for message, pull in story:
            backlog.put(message)
            assert len(backlog) <= 5 + 12 + 1  # each thing that goes on may end
            if pull == 0 and len(backlog):
                out.append(await backlog.first())
                backlog.done()

    asyncio.run(live())
    seen = [*out, *taken(backlog)]
    going: set[str] = set()
    for message in seen:
        if message["type"] == "opened":
            going.add(message["event"]["id"])
        elif message["type"] == "closed":
            going.discard(message["event"]["id"])
        elif message is GONE:
            going.clear()
    told_open: set[str] = set()
    for message, _ in story:
        if message["type"] == "opened":
            told_open.add(message["event"]["id"])
        elif message["type"] == "closed":
            told_open.discard(message["event"]["id"])
        elif message is GONE:
            told_open.clear()
    assert going <= told_open


@pytest.mark.parametrize("bad", [{"type": "opened"}, {"type": "closed", "event": None}])
def test_a_message_that_is_none_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError)):
        told(bad)
