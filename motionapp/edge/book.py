"""The store on a thread of its own, so that the event loop never waits for a disk."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from motionapp.core.errors import OutputError
from motionapp.edge.mqtt.outbox import messages_of
from motionapp.edge.records import Change, EventKind, EventRecord, EventState
from motionapp.edge.seams import EventQuery
from motionapp.edge.store.outbox import Message
from motionapp.edge.store.retention import Kept, Retention
from motionapp.edge.store.store import Store
from motionapp.settings.edge import StoreSettings

T = TypeVar("T")
RENEW_EACH_S: Final = 10.0
"""A file that is damaged again at once is of a disk that dies: it is read and written no faster."""
MessagesOf = Callable[[Change, EventRecord], Iterable[Message]]
"""What is to be told of an event, written with it in one transaction."""


log = logging.getLogger(__name__)


def stored_messages(change: Change, event: EventRecord) -> Iterable[Message]:
    """What the broker is told of an event."""
    drafts = messages_of(change, event)
    return [Message(one.topic, one.payload, one.qos, one.retain) for one in drafts]


def no_messages(change: Change, event: EventRecord) -> Iterable[Message]:
    """There is no broker."""
    return ()


class BookOutbox:
    """The outbox of a book, asked on any thread but the store's own."""

    def __init__(self, book: StoreBook) -> None:
        self._book = book

    def waiting(self, most: int, /) -> Sequence[Message]:
        """The oldest of those that are not sent yet."""
        return self._book.submit(lambda: self._book.store.waiting(most)).result()

    def sent(self, numbers: Sequence[int], /) -> None:
        """The broker has them."""
        self._book.submit(lambda: self._book.store.sent(numbers)).result()


class StoreBook:
    """A store whose every call is awaited; `ledger.Book` and more.

    Parameters
    ----------
    store : Store
        Used by nobody else on another thread.
    thread : ThreadPoolExecutor
        With one thread.
    messages_of : callable
    """

    def __init__(
        self, store: Store, thread: ThreadPoolExecutor, messages_of: MessagesOf = no_messages
    ) -> None:
        self.store, self._thread = store, thread
        self._messages_of = messages_of
        self._retention: Retention | None = None
        self._going: dict[int, EventRecord] = {}
        """Events that go on, and ..."""
        self._writing: dict[str, tuple[int, ...]] = {}
        """... recordings that are being written, with the events in them: what a new file takes up
        where the old one is lost. Used on the store's thread."""
        self._renew_at_s = -math.inf
        self.renewals = 0
        """How often the store's file was found damaged, or gone, and another one begun."""

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, folder: Path, messages_of: MessagesOf = no_messages
    ) -> AsyncIterator[StoreBook]:
        """The store of a folder while the block lasts."""
        with ThreadPoolExecutor(1, thread_name_prefix="store") as thread:
            loop = asyncio.get_running_loop()
            make = partial(
                Store,
                folder,
                now=lambda: datetime.now(UTC),
                on_lost=partial(messages_of, "end"),
            )
            store = await loop.run_in_executor(thread, make)
            try:
                yield cls(store, thread, messages_of)
            finally:
                await loop.run_in_executor(thread, store.close)

    @property
    def outbox(self) -> BookOutbox:
        """What waits for the broker, for another thread."""
        return BookOutbox(self)

    def submit(self, do: Callable[[], T]) -> Future[T]:
        """Do something on the store's thread. Raises `OutputError` where the service has ended."""
        try:
            return self._thread.submit(self._done, do)
        except RuntimeError:
            raise OutputError("the store is closed: the service ends") from None

    async def call(self, do: Callable[[], T]) -> T:
        """Do something on the store's thread."""
        return await asyncio.wrap_future(self.submit(do))

    # -- on the store's thread --------------------------------------------------------------

    def _done(self, do: Callable[[], T]) -> T:
        """Do it; once more with a new file where that is damaged, or gone."""
        if self.store.is_whole:
            try:
                return do()
            except OutputError:
                if self.store.is_whole:
                    raise
        self._renew()
        return do()

    def _renew(self) -> None:
        now_s = time.monotonic()
        if now_s < self._renew_at_s:
            raise OutputError(
                "the store's file is damaged, and another one cannot be begun yet: it is tried "
                f"again each {RENEW_EACH_S:g} s"
            )
        self._renew_at_s = now_s + RENEW_EACH_S
        for sentence in self.store.renew(self._going, self._writing):
            log.warning("%s", sentence)
        self.renewals += 1

    def _noted(self, event: EventRecord) -> EventRecord:
        """The same event; whether it goes on is remembered."""
        if event.state == "open":
            self._going[event.number] = event
        else:
            self._going.pop(event.number, None)
        return event

    def _settle(self, camera: str) -> None:
        for path in [path for path in self._writing if path.startswith(f"{camera}/")]:
            del self._writing[path]
        self.store.settle_recordings(camera)

    def _begin_recording(self, path: str, events: Sequence[int]) -> None:
        self.store.begin_recording(path, events=events)
        self._writing[path] = (*self._writing.get(path, ()), *events)

    def _end_recording(self, path: str, end_utc: datetime | None, events: Sequence[int]) -> None:
        self.store.end_recording(path, end_utc=end_utc, events=events)
        self._writing.pop(path, None)

    def _lock(self, number: int, *, is_locked: bool) -> EventRecord | None:
        event = self.store.lock(number, is_locked=is_locked)
        return None if event is None else self._noted(event)

    # -- events -----------------------------------------------------------------------------

    async def keep_bounds(self, settings: StoreSettings) -> Kept:
        """Remove what is too old or too much."""
        if self._retention is None:
            self._retention = await self.call(lambda: Retention(self.store, settings))
        return await self.call(self._retention.step)

    async def settle(self, camera: str) -> None:
        """Its process has ended: what it was writing is whole, as far as it goes."""
        await self.call(lambda: self._settle(camera))

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
        """Begin one."""
        messages = partial(self._messages_of, "new")
        return await self.call(
            lambda: self._noted(self.store.open_event(
                camera, kind, start_utc, zone=zone, label=label, score=score, why=why,
                details=details or {}, messages=messages,
            ))
        )  # fmt: skip

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
        """Note how it stands; None leaves what is known."""
        messages = partial(self._messages_of, "update")
        return await self.call(
            lambda: self._noted(self.store.update_event(
                number, label=label, score=score, why=why, details=details, last_utc=last_utc,
                messages=messages,
            ))
        )  # fmt: skip

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
        """End it."""
        messages = partial(self._messages_of, "end")
        return await self.call(
            lambda: self._noted(self.store.close_event(
                number, end_utc, state=state, label=label, score=score,
                details=details, messages=messages,
            ))
        )  # fmt: skip

    async def attach(self, number: int, **fields: Any) -> EventRecord | None:
        """Note its recording or picture; None if there is no such event any more."""
        try:
            return await self.call(lambda: self._noted(self.store.attach(number, **fields)))
        except KeyError:
            return None

    async def begin_recording(self, path: str, events: Sequence[int]) -> None:
        """A file is being written, and these events are in it."""
        await self.call(lambda: self._begin_recording(path, events))

    async def end_recording(
        self, path: str, end_utc: datetime | None, events: Sequence[int]
    ) -> None:
        """A file is whole."""
        await self.call(lambda: self._end_recording(path, end_utc, events))

    # -- what others ask --------------------------------------------------------------------

    async def events(self, query: EventQuery) -> list[EventRecord]:
        """The newest first."""
        return await self.call(lambda: self.store.events(query))

    async def event(self, number: int) -> EventRecord | None:
        """One by its number."""
        return await self.call(lambda: self.store.event(number))

    async def lock(self, number: int, *, is_locked: bool) -> EventRecord | None:
        """Keep it however old, or no longer."""
        return await self.call(lambda: self._lock(number, is_locked=is_locked))

    async def note_change(self, camera: str, key: str, value: Any, who: str) -> None:
        """Somebody has changed something."""
        await self.call(lambda: self.store.note_change(camera, key, value, who))

    async def last_changes(self, camera: str) -> dict[str, Any]:
        """What was changed last of a camera, by its name."""
        known = await self.call(self.store.changed_settings)
        return {key: value for (name, key), value in known.items() if name == camera}
