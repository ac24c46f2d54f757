"""What the service remembers: durable when a method returns, in order whatever the clocks say."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self

from motionapp.edge.records import Change, EventKind, EventRecord, EventState
from motionapp.edge.seams import EventQuery
from motionapp.edge.store.changes import Changes, SettingsChange
from motionapp.edge.store.events import Events
from motionapp.edge.store.files import Files, StoredFile
from motionapp.edge.store.mending import Mended, end_of, keep, mend, place_of, size_of
from motionapp.edge.store.outbox import MOST_BYTES, MOST_MESSAGES, Message, Outbox, Waiting
from motionapp.edge.store.renewal import take_up
from motionapp.edge.store.rows import optional_us
from motionapp.edge.store.session import REBUILDING, Session

Messages = Callable[[EventRecord], Iterable[Message]]
"""What is to be told of an event as it is now. Called within the transaction, twice where the disk
was full at first: it may neither wait nor do anything else."""
_NOTHING: Final[Mapping[str, Any]] = {}


def nobody(event: EventRecord) -> Iterable[Message]:
    """Tells no one."""
    return ()


class Store:
    """An open store. Used by one thread at a time; a method returns when all is on the disk.

    Parameters
    ----------
    folder : Path
        Its own; made if it is not there.
    now : callable
        Gives the time on the wall, with its zone.
    on_lost : callable
        What is to be told of an event that was open when the service ended without a word.
    monotonic_s : callable
        Gives seconds that go on whatever the clock on the wall is set to.
    most_messages, most_bytes : int
        The bounds of what waits for the broker.

    Raises
    ------
    OutputError
        Another service has the folder, or it cannot be written to. So do all methods that write:
        then nothing was written, and the store can be used again once there is room.
    SettingsError
        A later version has written it.
    """

    def __init__(
        self,
        folder: Path,
        *,
        now: Callable[[], datetime],
        on_lost: Messages = nobody,
        monotonic_s: Callable[[], float] = time.monotonic,
        most_messages: int = MOST_MESSAGES,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self.folder = folder
        self.session: Final = Session(folder, now, monotonic_s)
        """For retention, which stands beside it."""
        self._most = most_messages, most_bytes
        self._bind()
        try:
            self.lost, self.mended = self.session.write(lambda: self._begin(on_lost))
        except BaseException:
            self.close()
            raise
        self.session.cover(self.session.meta.last_event)
        self._is_whole = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the folder; safe to call twice. What is open stays open: see `on_lost`."""
        self.session.close()

    @property
    def is_whole(self) -> bool:
        """Whether it can be used; else `renew` is to be called, and nothing else."""
        return self._is_whole and self.session.is_sound

    def renew(
        self, going: Mapping[int, EventRecord], writing: Mapping[str, Iterable[int]]
    ) -> tuple[str, ...]:
        """Put a file that was damaged or removed in use aside, and go on in another one.

        Given are events that go on, by number, and the events in recordings that are being written,
        by path. Returns what was done, for the log. Raises `OutputError`; may be called again."""
        self._is_whole, handed_to = False, self._outbox.handed_to
        sentences = () if self.session.is_sound else self.session.reopen()
        self._bind()
        self._outbox.hand_on(handed_to)
        mended = take_up(self.session, going, writing, handed_to=handed_to)
        self.session.cover(self.session.meta.last_event)
        self._is_whole = True
        return (*sentences, *mended.sentences)

    @property
    def boots(self) -> int:
        """How often it was opened, this time included."""
        return self.session.boot

    @property
    def sentences(self) -> tuple[str, ...]:
        """What had to be done at opening, for the log."""
        lost = (f"events that were open when the service ended: {len(self.lost)}",)
        return (*self.session.sentences, *(lost if self.lost else ()), *self.mended.sentences)

    # ------------------------------------------------------------ events

    def open_event(
        self,
        camera: str,
        kind: EventKind,
        start_utc: datetime,
        *,
        zone: str = "all",
        label: str = "motion",
        score: float | None = None,
        why: str = "",
        details: Mapping[str, Any] = _NOTHING,
        messages: Messages = nobody,
    ) -> EventRecord:
        """An event has begun; it gets its number, and is on the disk with what is to be told."""

        def act() -> EventRecord:
            event = self._events.add(
                camera, kind, start_utc, zone=zone, label=label, score=score, why=why,
                details=details, noted=self.session.noted(),
            )  # fmt: skip
            self.session.cover(event.number)
            return self._told(event, "new", messages)

        return self.session.write(act)

    def update_event(
        self,
        number: int,
        *,
        label: str | None = None,
        score: float | None = None,
        why: str | None = None,
        details: Mapping[str, Any] | None = None,
        last_utc: datetime | None = None,
        messages: Messages = nobody,
    ) -> EventRecord:
        """More is known of an event that goes on; what is None stays. One that has ended stays as
        it is, and nothing is told. Raises `KeyError` where there is none."""

        def act() -> EventRecord:
            if (ended := self._ended(number)) is not None:
                return ended
            if last_utc is not None:
                self._events.know_until(number, last_utc)
            event = self._events.know(number, label=label, score=score, why=why, details=details)
            return self._told(event, "update", messages)

        return self.session.write(act)

    def close_event(
        self,
        number: int,
        end_utc: datetime,
        *,
        state: EventState = "closed",
        label: str | None = None,
        score: float | None = None,
        details: Mapping[str, Any] | None = None,
        recording: str | None = None,
        recording_start_utc: datetime | None = None,
        snapshot: str | None = None,
        messages: Messages = nobody,
    ) -> EventRecord:
        """An event has ended, or is lost with those who saw it; what is None stays. One that has
        ended before stays as it is, and nothing is told. Raises `KeyError` where there is none,
        `ValueError` for a path that is not of the template."""

        def act() -> EventRecord:
            if (ended := self._ended(number)) is not None:
                return ended
            self._events.end(number, end_utc, state=state)
            self._attach(number, recording, recording_start_utc, snapshot)
            event = self._events.know(number, label=label, score=score, details=details)
            return self._told(event, "end", messages)

        return self.session.write(act)

    def touch(self, last_utc: Mapping[int, datetime]) -> None:
        """The last known second of events that go on, by number: one write for all of them."""

        def act() -> None:
            for number, moment in last_utc.items():
                self._events.know_until(number, moment)

        if last_utc:
            self.session.write(act)

    def attach(
        self,
        number: int,
        *,
        recording: str | None = None,
        recording_start_utc: datetime | None = None,
        snapshot: str | None = None,
    ) -> EventRecord:
        """An event has a recording or a snapshot; what is None stays. Raises `KeyError` where there
        is no event, `ValueError` for a path that is not of the template."""
        return self.session.write(
            lambda: self._attach(number, recording, recording_start_utc, snapshot)
        )

    def lock(self, number: int, *, is_locked: bool) -> EventRecord | None:
        """Keep an event with its files however old it is, or no longer; None if there is none."""
        if self.event(number) is None:
            return None
        return self.session.write(lambda: self._events.change(number, is_locked=int(is_locked)))

    def event(self, number: int) -> EventRecord | None:
        """One by its number."""
        with self.session.reading():
            return self._events.one(number)

    def events(self, query: EventQuery) -> list[EventRecord]:
        """The newest first. Those since a moment are those that last into it."""
        with self.session.reading():
            return self._events.found(query)

    def count_events(self) -> int:
        """How many there are."""
        with self.session.reading():
            return self._events.count()

    def open_events(self, camera: str | None = None) -> list[EventRecord]:
        """What goes on, the oldest first."""
        with self.session.reading():
            return self._events.open_ones(camera)

    # ------------------------------------------------------------ what waits for the broker

    def waiting(self, most: int) -> list[Message]:
        """The next messages, the oldest first; again the same until they are `sent`."""
        with self.session.reading():
            return self._outbox.waiting(most)

    def sent(self, numbers: Iterable[int]) -> None:
        """The broker has them."""
        gone = tuple(numbers)
        if gone:
            self.session.write(lambda: self._outbox.remove(gone))

    @property
    def outbox(self) -> Waiting:
        """How much waits, and how much was given up."""
        with self.session.reading():
            return self._outbox.size

    # ------------------------------------------------------------ settings that were changed

    def note_change(self, camera: str, key: str, value: Any, who: str) -> None:
        """Somebody has set something from outside; `value` is what JSON can hold."""
        self.session.write(lambda: self._changes.add(self.session.now(), camera, key, value, who))

    def changes(self, most: int = 100, *, camera: str | None = None) -> list[SettingsChange]:
        """The last changes, the newest first."""
        with self.session.reading():
            return self._changes.newest(most, camera)

    def changed_settings(self) -> dict[tuple[str, str], Any]:
        """What was said last, by camera and key: it holds over restarts."""
        with self.session.reading():
            return self._changes.in_force()

    # ------------------------------------------------------------ recordings

    def begin_recording(self, path: str, *, events: Iterable[int] = ()) -> None:
        """A recording is being written; camera and start are in its name.

        Raises `ValueError` for a path that is not of the template.
        """
        held = tuple(events)
        self.session.write(lambda: self._keep(path, held, is_open=True))

    def end_recording(
        self, path: str, *, end_utc: datetime | None, events: Iterable[int] = ()
    ) -> None:
        """A recording is whole; these events are in it, beside those that were told before."""
        held = tuple(events)

        def act() -> None:
            self._keep(path, held, is_open=False)
            self._files.end(path, end_utc=end_utc, size_bytes=size_of(self.folder, path))

        self.session.write(act)

    def settle_recordings(self, camera: str) -> list[str]:
        """Whoever recorded a camera is gone: what was being written ends where it is whole.

        Without it, such a file would count as being written, and never be removed. Returns their
        paths.
        """
        with self.session.reading():
            left = [one for one in self._files.open_ones() if one.camera == camera]
        for one in left:
            self.end_recording(one.path, end_utc=end_of(self.folder, one) or one.start_utc)
        return [one.path for one in left]

    def recordings(self) -> list[StoredFile]:
        """All recordings and snapshots, in the order in which they came; what is being written
        with the size that it has now."""
        with self.session.reading():
            return [
                replace(one, size_bytes=size_of(self.folder, one.path)) if one.is_open else one
                for one in self._files.all()
            ]

    def events_in(self, path: str) -> list[int]:
        """The numbers of the events in a recording."""
        with self.session.reading():
            return self._files.events_in(path)

    def file_of(self, path: str) -> Path | None:
        """Where a recording or snapshot lies; None if it is not one of the store's, or gone. Asks
        only the disk: any thread may call it."""
        return place_of(self.folder, path)

    # ------------------------------------------------------------ within a transaction

    def _begin(self, on_lost: Messages) -> tuple[tuple[EventRecord, ...], Mended]:
        """What was open is lost, and what lies in the folder is brought into agreement."""
        meta = self.session.meta
        self._outbox.recount()
        lost = []
        for event in self._events.open_ones():
            ended = self._events.lose(event.number)
            lost.append(self._told(ended, "end", on_lost))
        is_rebuilding, noted = meta.number(REBUILDING) is not None, self.session.noted()
        mended = mend(
            self.folder, self.session.connection, noted=noted, is_rebuilding=is_rebuilding
        )
        meta.remove(REBUILDING)
        return tuple(lost), mended

    def _bind(self) -> None:
        connection, (most_messages, most_bytes) = self.session.connection, self._most
        self._events = Events(connection)
        self._files = Files(connection)
        self._changes = Changes(connection)
        self._outbox = Outbox(connection, most_messages=most_messages, most_bytes=most_bytes)

    def _ended(self, number: int) -> EventRecord | None:
        """An event that has ended; None if it goes on. Raises `KeyError` if there is none."""
        event = self._events.one(number)
        if event is None:
            raise KeyError(number)
        return None if event.state == "open" else event

    def _told(self, event: EventRecord, change: Change, messages: Messages) -> EventRecord:
        self._outbox.add(event.number, change, messages(event))
        return event

    def _attach(
        self,
        number: int,
        recording: str | None,
        recording_start_utc: datetime | None,
        snapshot: str | None,
    ) -> EventRecord:
        event = self._events.change(
            number,
            recording=recording,
            recording_start_us=optional_us(recording_start_utc),
            snapshot=snapshot,
        )
        for path in (recording, snapshot):
            if path is not None and self._files.has(path):
                self._files.hold(path, [number])
            elif path is not None:
                self._keep(path, (number,), is_open=False)
        return event

    def _keep(self, path: str, events: Iterable[int], *, is_open: bool) -> None:
        noted = self.session.noted()
        keep(self.folder, self._files, path, events, is_open=is_open, noted=noted)
