"""What a camera's process says becomes events, in order and each once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from motionapp.core.errors import OutputError
from motionapp.edge.ledger import Ledger
from motionapp.edge.records import Change, EventKind, EventRecord, EventState

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


class Pages:
    """A book in memory."""

    def __init__(self) -> None:
        self.events: dict[int, EventRecord] = {}
        self.is_full = False

    async def open_event(
        self,
        camera: str,
        kind: EventKind,
        start_utc: datetime,
        *,
        zone: str = "all",
        label: str = "motion",
        score: float | None = None,
        why: str = "",
        details: Mapping[str, Any] | None = None,
    ) -> EventRecord:
        number = len(self.events) + 1
        self.events[number] = EventRecord(
            number, camera, kind, "open", start_utc, None, start_utc,
            zone=zone, label=label, score=score, why=why, details=details or {},
        )  # fmt: skip
        return self.events[number]

    async def update_event(
        self,
        number: int,
        *,
        last_utc: datetime,
        label: str | None = None,
        score: float | None = None,
        why: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> EventRecord:
        known = self.events[number]
        assert known.state == "open"
        self.events[number] = replace(
            known,
            last_utc=last_utc,
            label=known.label if label is None else label,
            score=score,
            why=known.why if why is None else why,
            details=known.details if details is None else details,
        )
        return self.events[number]

    async def close_event(
        self,
        number: int,
        end_utc: datetime,
        *,
        state: EventState = "closed",
        label: str | None = None,
        score: float | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> EventRecord:
        if self.is_full:
            raise OutputError("the disk is full")
        record = await self.update_event(
            number, last_utc=end_utc, label=label, score=score, details=details
        )
        self.events[number] = replace(record, end_utc=end_utc, state=state)
        return self.events[number]

    async def begin_recording(self, path: str, events: Sequence[int]) -> None:
        pass

    async def end_recording(
        self, path: str, end_utc: datetime | None, events: Sequence[int]
    ) -> None:
        pass

    async def attach(self, number: int, **fields: Any) -> EventRecord | None:
        if self.is_full:
            raise OutputError("the disk is full")
        self.events[number] = replace(self.events[number], **fields)
        return self.events[number]


class Heard:
    """A ledger with its book, and what it told."""

    def __init__(self) -> None:
        self.told: list[tuple[Change, EventRecord]] = []
        self.pages = Pages()
        self.it = Ledger(
            "door",
            self.pages,
            told=lambda change, event: self.told.append((change, event)),
            utc=lambda: NOON,
        )

    def hear(self, *messages: dict[str, Any]) -> None:
        async def run() -> None:
            for message in messages:
                await self.it.hear(message)

        asyncio.run(run())

    @property
    def changes(self) -> list[tuple[Change, int]]:
        return [(change, event.number) for change, event in self.told]


def segment(start_s: float, label: str = "walk", group: int = 1) -> dict[str, Any]:
    return {"group": group, "start_s": start_s, "end_s": start_s + 1, "label": label}


def opened(name: str, start_s: float) -> dict[str, Any]:
    event = {
        "id": name, "zone": "all", "start_s": start_s, "end_s": None, "label": "motion",
        "score": None, "peak_s": start_s + 0.3, "box": [0, 0, 9, 9], "segments": [],
        "start_utc": (NOON + timedelta(seconds=start_s)).isoformat(), "ended_by": None,
    }  # fmt: skip
    return {"type": "opened", "event": event}


def closed(name: str, start_s: float, end_s: float) -> dict[str, Any]:
    event = opened(name, start_s)["event"]
    event |= {"end_s": end_s, "label": "walk", "score": 0.9, "segments": [segment(start_s)]}
    return {"type": "closed", "event": event | {"ended_by": "motion"}}


def changed(name: str, end_s: float, *segments: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "changed", "id": name, "label": "walk", "score": 0.8, "end_s": end_s,
        "segments": list(segments),
    }  # fmt: skip


def test_an_event_is_new_then_updated_then_ended() -> None:
    heard = Heard()

    heard.hear(
        opened("all@100", 0.1),
        changed("all@100", 2.0, segment(0.1, "run")),
        changed("all@100", 3.0, segment(0.1, "walk"), segment(2.0, "bend", group=2)),
        closed("all@100", 0.1, 5.0),
    )

    assert heard.changes == [("new", 1), ("update", 1), ("update", 1), ("end", 1)]
    after = heard.told[2][1]
    assert [one["label"] for one in after.details["segments"]] == ["walk", "bend"]
    last = heard.told[-1][1]
    assert (last.state, last.label, last.score) == ("closed", "walk", 0.9)
    assert last.end_utc == NOON + timedelta(seconds=5.0)


def test_the_same_id_of_another_run_is_another_event() -> None:
    heard = Heard()
    heard.hear(opened("all@100", 0.1))
    asyncio.run(heard.it.lose())
    heard.hear(opened("all@100", 0.1), closed("all@100", 0.1, 2.0))

    assert heard.changes == [("new", 1), ("end", 1), ("new", 2), ("end", 2)]
    assert [event.state for event in heard.pages.events.values()] == ["lost", "closed"]


def test_what_is_open_when_its_process_dies_ends_with_its_last_known_second() -> None:
    heard = Heard()
    heard.hear(opened("all@1000", 1.0), changed("all@1000", 4.0))

    asyncio.run(heard.it.lose())

    lost = heard.told[-1][1]
    assert (lost.state, lost.end_utc) == ("lost", NOON + timedelta(seconds=4.0))


def test_a_picture_that_comes_after_the_end_is_still_its_own() -> None:
    heard = Heard()

    heard.hear(
        opened("all@100", 0.1),
        closed("all@100", 0.1, 2.0),
        {"type": "kept", "id": "all@100", "snapshot": "door/x.jpg"},
        {"type": "kept", "id": "all@999", "snapshot": "door/y.jpg"},
    )

    assert heard.pages.events[1].snapshot == "door/x.jpg"


def test_an_outage_is_one_event_and_another_reason_an_update() -> None:
    heard = Heard()

    async def run() -> None:
        await heard.it.begin("outage", NOON, "refused")
        await heard.it.begin("outage", NOON, "refused")
        await heard.it.begin("outage", NOON, "no answer")
        await heard.it.end("outage", NOON + timedelta(seconds=9))
        await heard.it.end("outage", NOON + timedelta(seconds=9))

    asyncio.run(run())

    assert heard.changes == [("new", 1), ("update", 1), ("end", 1)]
    assert heard.told[-1][1].why == "no answer"


def test_a_clock_that_was_set_back_ends_no_outage_before_it_began() -> None:
    heard = Heard()

    async def run() -> None:
        await heard.it.begin("outage", NOON, "refused")
        await heard.it.end("outage", NOON - timedelta(days=365))

    asyncio.run(run())

    assert heard.told[-1][1].end_utc == NOON


def test_who_goes_over_a_line_is_in_the_event() -> None:
    heard = Heard()
    crossing = {"zone": "gate", "t_s": 1.5, "track_id": 3, "direction": "left"}

    heard.hear(
        opened("all@100", 0.1),
        {"type": "crossing", **crossing},
        closed("all@100", 0.1, 2.0),
        {"type": "crossing", **crossing},
    )

    assert heard.told[-1][1].details["crossings"] == [crossing]


def test_what_ends_while_the_disk_is_full_is_closed_once_there_is_room() -> None:
    """Once each, and with the ends that they had."""
    heard = Heard()
    heard.hear(opened("all@100", 0.1), opened("all@200", 0.2), changed("all@200", 4.0))

    async def fail_and_catch_up() -> None:
        await heard.it.begin("outage", NOON, "refused")
        heard.pages.is_full = True
        for end in (
            heard.it.hear(closed("all@100", 0.1, 2.0)),
            heard.it.end("outage", NOON + timedelta(seconds=3)),
            heard.it.lose(),
            heard.it.catch_up(),
        ):
            with pytest.raises(OutputError):
                await end
        heard.pages.is_full = False
        await asyncio.gather(heard.it.catch_up(), heard.it.catch_up())
        await heard.it.catch_up()

    asyncio.run(fail_and_catch_up())

    assert [(event.state, event.end_utc) for event in heard.pages.events.values()] == [
        ("closed", NOON + timedelta(seconds=2)),
        ("lost", NOON + timedelta(seconds=4)),
        ("closed", NOON + timedelta(seconds=3)),
    ]
    ends = [number for change, number in heard.changes if change == "end"]
    assert sorted(ends) == [1, 2, 3]


def test_a_recording_that_could_not_be_noted_is_noted_when_more_is_said_of_it() -> None:
    heard = Heard()
    heard.hear(opened("all@100", 0.1))
    recording = {
        "type": "recording", "path": "door/x.mp4", "events": ["all@100"], "why": "",
        "start_utc": NOON.isoformat(), "end_utc": NOON.isoformat(),
    }  # fmt: skip

    heard.pages.is_full = True
    with pytest.raises(OutputError):
        heard.hear({**recording, "change": "begun"})
    heard.pages.is_full = False
    heard.hear({**recording, "change": "grown"})

    assert heard.pages.events[1].recording == "door/x.mp4"
