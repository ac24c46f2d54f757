"""Values and a small service for the tests of those who tell."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from motionapp.core.errors import SettingsError
from motionapp.edge.records import CameraStatus, EventRecord

T = TypeVar("T")
MOMENT = datetime(2026, 11, 30, 8, 0, 0, tzinfo=UTC)


def event(number: int = 1, **changes: Any) -> EventRecord:
    """An event of motion at the door that has just begun."""
    begun = EventRecord(
        number=number,
        camera="door",
        kind="motion",
        state="open",
        start_utc=MOMENT,
        end_utc=None,
        last_utc=MOMENT,
        details={"box": [1, 2, 30, 40]},
    )
    return replace(begun, **changes)


def ended(begun: EventRecord) -> EventRecord:
    """The same event, ten seconds later."""
    end = begun.start_utc + timedelta(seconds=10)
    return replace(begun, state="closed", end_utc=end, last_utc=end, label="walk", score=0.9)


def status(name: str = "door", **changes: Any) -> CameraStatus:
    """A camera that gives pictures."""
    live = CameraStatus(
        name=name, state="live", since_utc=MOMENT, pictures=100, age_s=0.1, frontend="absdiff"
    )
    return replace(live, **changes)


class SmallService:
    """As much of a `Service` as the broker asks for."""

    def __init__(self, *cameras: str) -> None:
        self.statuses = {name: status(name) for name in cameras}
        self.asked: list[tuple[str, Mapping[str, Any], str]] = []
        self.jpeg: bytes | None = b"\xff\xd8a picture"
        self.files: dict[str, Path] = {}
        self.refuses = ""

    def cameras(self) -> Sequence[CameraStatus]:
        return tuple(self.statuses.values())

    async def snapshot(self, camera: str) -> bytes | None:
        return self.jpeg

    def file_of(self, path: str) -> Path | None:
        return self.files.get(path)

    async def change(self, camera: str, changes: Mapping[str, Any], *, who: str) -> CameraStatus:
        self.asked.append((camera, changes, who))
        if self.refuses:
            raise SettingsError(self.refuses)
        self.statuses[camera] = replace(self.statuses[camera], **changes)
        return self.statuses[camera]


class Desk:
    """An event loop on a thread of its own, as the service has one."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop

    def do(self, what: Callable[[], T]) -> T:
        """Call it on the loop, and wait for it."""

        async def call() -> T:
            return what()

        return asyncio.run_coroutine_threadsafe(call(), self.loop).result(10)


@contextlib.contextmanager
def desk() -> Iterator[Desk]:
    """A loop that runs."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="desk")
    thread.start()
    try:
        yield Desk(loop)
    finally:
        pending = asyncio.run_coroutine_threadsafe(_settle(), loop)
        pending.result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _settle() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_default_executor()
