"""One camera of the service, with a process that says what a test has it say."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self, cast

import pytest
from pydantic import SecretStr

from motionapp.core.errors import OutputError
from motionapp.edge import watched
from motionapp.edge.backlog import Backlog
from motionapp.edge.book import StoreBook
from motionapp.edge.protocol import Job, Message
from motionapp.edge.records import CameraStatus, Change, EventRecord
from motionapp.edge.watched import WatchedCamera
from motionapp.settings.edge import CameraSettings, RecordSettings
from tests.edge.test_ledger import NOON, Pages, changed, closed, opened

pytestmark = pytest.mark.timeout(30)


class Script:
    """In place of a process: says what it is given, and hears what it is told."""

    last: Script

    def __init__(self, job: Job) -> None:
        self.job = job
        self.heard: list[Mapping[str, Any]] = []
        self._lines: asyncio.Queue[Message | None] = asyncio.Queue()
        Script.last = self

    async def start(self) -> None:
        pass

    def say(self, *messages: Message) -> None:
        for message in messages:
            self._lines.put_nowait(message)

    async def messages(self) -> AsyncIterator[Message]:
        while (message := await self._lines.get()) is not None:
            yield message

    def tell(self, kind: str, **fields: Any) -> None:
        self.heard.append({"type": kind, **fields})

    async def end(self, until_s: float = 0.0) -> None:
        self.kill()

    def kill(self) -> None:
        self._lines.put_nowait(None)

    async def how_it_ended(self) -> str:
        return "its process was ended by SIGKILL"


class Slow(Pages):
    """A book that may take nothing, or nothing yet."""

    def __init__(self) -> None:
        super().__init__()
        self.may = asyncio.Event()
        self.may.set()
        self.settled = 0

    async def open_event(self, *args: Any, **more: Any) -> EventRecord:
        await self._wait()
        return await super().open_event(*args, **more)

    async def update_event(self, *args: Any, **more: Any) -> EventRecord:
        await self._wait()
        return await super().update_event(*args, **more)

    async def settle(self, camera: str) -> None:
        await self._wait()
        self.settled += 1

    async def _wait(self) -> None:
        await self.may.wait()
        if self.is_full:
            raise OutputError("the disk is full")


class Watch:
    """A camera that is watched, its book, and a clock that is turned by hand."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.book = Slow()
        self.events: list[tuple[Change, EventRecord]] = []
        self.states: list[CameraStatus] = []
        self.it = WatchedCamera(
            CameraSettings(name="door", url=SecretStr("rtsp://127.0.0.1/")),
            RecordSettings(),
            Path("kept"),
            cast(StoreBook, self.book),
            changes={},
            event_told=lambda change, event: self.events.append((change, event)),
            status_told=self.states.append,
            monotonic=lambda: self.now_s,
            utc=lambda: NOON + timedelta(seconds=self.now_s),
        )

    @classmethod
    async def begun(cls) -> Self:
        watch = cls()
        await watch.it.tick()
        return watch

    async def go(self, seconds: float) -> None:
        """Time goes on, and all that can be done is done."""
        self.now_s += seconds
        await self.it.tick()
        for _ in range(100):
            await asyncio.sleep(0)

    async def beat(self, seconds: int) -> None:
        """The process lives, with a new picture each second."""
        for _ in range(seconds):
            Script.last.say({"type": "beat", "age_s": 0.0})
            await self.go(1.0)

    @property
    def numbers(self) -> list[tuple[Change, int]]:
        return [(change, event.number) for change, event in self.events]


@pytest.fixture(autouse=True)
def script(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched, "CameraProcess", Script)


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def inside() -> None:
        await test()

    asyncio.run(inside())


def test_a_store_that_takes_nothing_for_a_while_ends_no_watching() -> None:
    """Beats were not read once a thousand messages waited: its process was taken for dead."""

    async def test() -> None:
        watch = await Watch.begun()
        await watch.beat(2)
        watch.book.may.clear()
        for number in range(1500):
            name = f"all@{number}"
            Script.last.say(opened(name, number), closed(name, number, number + 0.5))
        await watch.beat(30)

        assert watch.it.status.state == "live"
        assert watch.it.status.starts == 1
        watch.book.may.set()
        for _ in range(200):
            await watch.go(0.01)
            if len(watch.book.events) == 1500:
                break
        await watch.it.close()
        assert len(watch.book.events) == 1500
        assert {event.state for event in watch.book.events.values()} == {"closed"}

    run(test)


def test_events_of_a_full_disk_are_written_with_their_times_once_there_is_room(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def test() -> None:
        watch = await Watch.begun()
        await watch.beat(2)
        watch.book.is_full = True
        Script.last.say(opened("a", 0.1), {"type": "kept", "id": "a", "snapshot": "door/a.jpg"})
        await watch.beat(1)
        assert watch.it.status.open_events == 1  # it is told that something moves
        Script.last.say(closed("a", 0.1, 5.0), opened("b", 7.0))
        await watch.beat(40)
        assert watch.book.events == {}
        assert watch.it.waiting == 4

        watch.book.is_full = False
        await watch.beat(1)

        assert watch.numbers == [("new", 1), ("end", 1), ("new", 2)]
        first = watch.book.events[1]
        assert (first.start_utc, first.end_utc) == (
            NOON + timedelta(seconds=0.1), NOON + timedelta(seconds=5.0),
        )  # fmt: skip
        assert first.snapshot == "door/a.jpg"
        assert (watch.it.waiting, watch.it.status.lost_events) == (0, 0)
        await watch.it.close()

    with caplog.at_level(logging.WARNING):
        run(test)
    assert caplog.text.count("not all that happens is written down") == 1
    assert caplog.text.count("what waited is written down, nothing is lost") == 1


def test_movement_that_has_ended_is_told_so_while_its_end_waits_for_room() -> None:
    async def test() -> None:
        watch = await Watch.begun()
        await watch.beat(2)
        Script.last.say(opened("a", 0.1))
        await watch.beat(1)
        watch.book.is_full = True
        Script.last.say(changed("a", 2.0))
        await watch.beat(1)
        assert watch.states[-1].open_events == 1
        Script.last.say(closed("a", 0.1, 5.0))
        await watch.beat(2)

        assert watch.it.waiting == 2
        assert watch.states[-1].open_events == 0
        watch.book.is_full = False
        await watch.it.close()
        assert watch.numbers == [("new", 1), ("update", 1), ("end", 1)]

    run(test)


def test_events_for_which_there_is_no_room_in_memory_either_are_counted_and_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(watched, "Backlog", lambda: Backlog(few=2, most=3))

    async def test() -> None:
        watch = await Watch.begun()
        watch.book.is_full = True
        for number in range(5):
            Script.last.say(opened(str(number), number), closed(str(number), number, number + 0.5))
        await watch.beat(2)

        # Three messages wait: two events and the end of the first, then the end of the second.
        assert watch.it.status.lost_events == 3
        assert watch.states[-1].lost_events == 3
        watch.book.is_full = False
        await watch.beat(1)
        assert watch.numbers == [("new", 1), ("end", 1), ("new", 2), ("end", 2)]
        await watch.it.close()

    with caplog.at_level(logging.WARNING):
        run(test)
    assert "3 events that began meanwhile are lost" in caplog.text


def test_a_process_that_dies_while_the_disk_is_full_is_started_again_at_once() -> None:
    async def test() -> None:
        watch = await Watch.begun()
        await watch.beat(2)
        Script.last.say(opened("a", 0.1))
        await watch.beat(1)
        watch.book.is_full = True
        Script.last.say(opened("b", 1.0))
        Script.last.kill()
        await watch.go(1.0)
        assert watch.it.status.state == "lost"
        await watch.go(5.0)
        assert watch.it.status.starts == 2
        Script.last.say(opened("a", 0.2))
        await watch.beat(2)

        watch.book.is_full = False
        await watch.beat(2)

        motion = [event for event in watch.book.events.values() if event.kind == "motion"]
        assert [event.state for event in motion] == ["lost", "lost", "open"]
        (outage,) = (event for event in watch.book.events.values() if event.kind == "outage")
        assert outage.state == "closed"
        assert outage.end_utc is not None
        assert outage.end_utc - outage.start_utc > timedelta(seconds=5)
        await watch.it.close()

    run(test)


def test_an_end_while_the_store_hangs_is_not_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    async def test() -> None:
        watch = await Watch.begun()
        await watch.beat(2)
        watch.book.may.clear()
        Script.last.say(opened("a", 0.1), opened("b", 0.2))
        await watch.beat(1)

        loop = asyncio.get_running_loop()
        began_s = loop.time()
        await watch.it.close(until_s=0.0)
        assert loop.time() - began_s < 1.0
        watch.book.may.set()

    with caplog.at_level(logging.WARNING):
        run(test)
    assert "3 messages were not written down before the end" in caplog.text


def test_an_end_that_is_broken_off_can_be_asked_for_again() -> None:
    """A stop breaks off a reload, and ends all cameras, those that were being ended among them."""

    async def test() -> None:
        watch = await Watch.begun()
        Script.last.say(opened("a", 0.1))
        await watch.beat(2)
        may_end = asyncio.Event()

        async def how_it_ended() -> str:
            await may_end.wait()
            return "its process ended with exit code 0"

        Script.last.how_it_ended = how_it_ended  # type: ignore[method-assign]
        closing = asyncio.create_task(watch.it.close())
        for _ in range(20):
            await asyncio.sleep(0)
        closing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await closing

        may_end.set()
        await watch.it.close()
        assert watch.numbers == [("new", 1), ("end", 1)]

    run(test)


def test_when_it_was_out_is_right_on_any_clock() -> None:
    async def test() -> None:
        watch = await Watch.begun()
        await watch.beat(3)
        Script.last.say({"type": "lost", "why": "no answer"})
        await watch.go(10.0)
        await watch.beat(1)
        await watch.it.close()

        (outage,) = watch.book.events.values()
        assert (outage.why, outage.state) == ("no answer", "closed")
        assert outage.end_utc is not None
        assert 10 <= (outage.end_utc - outage.start_utc).total_seconds() <= 12
        assert outage.start_utc < datetime(2026, 6, 2, tzinfo=UTC)

    run(test)


def test_where_nothing_may_be_recorded_its_process_hears_so_and_the_next_one_too() -> None:
    async def test() -> None:
        watch = await Watch.begun()
        await watch.beat(1)
        first = Script.last
        watch.it.allow_recording("no room")
        watch.it.allow_recording("no room")
        assert watch.states[-1].unrecorded_why == "no room"
        first.kill()
        await watch.go(1.0)
        await watch.go(5.0)
        second = Script.last
        assert second is not first
        watch.it.allow_recording()
        assert watch.states[-1].unrecorded_why == ""

        off, on = ({"type": "recording", "is_allowed": allowed} for allowed in (False, True))
        assert (first.heard, second.heard) == ([off], [off, on])
        await watch.it.close()

    run(test)


def test_that_its_process_can_record_nothing_is_seen_and_told_at_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def test() -> None:
        watch = await Watch.begun()
        await watch.beat(1)
        watch.book.is_full = True
        about = {"path": "", "events": [], "start_utc": NOON.isoformat(), "why": "no rights"}
        Script.last.say({"type": "recording", "change": "failed", **about})
        await watch.beat(2)
        begun = {**about, "change": "begun", "path": "door/x.mp4", "why": ""}
        Script.last.say({"type": "recording", **begun})
        await watch.beat(2)
        assert watch.states[-1].unrecorded_why == "no rights"
        grown = {**about, "change": "grown", "path": "door/x.mp4", "why": ""}
        Script.last.say({"type": "recording", **grown})
        await watch.beat(2)
        assert watch.states[-1].unrecorded_why == ""
        await watch.it.close()

    with caplog.at_level(logging.WARNING):
        run(test)
    assert "door: nothing is recorded: no rights" in caplog.text
