"""What a camera's process says becomes events in the store, and is told once it is there.

Calls follow one another, for each camera: what is told is in order, and durable before that.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from motionapp.core.errors import OutputError
from motionapp.edge.protocol import Message
from motionapp.edge.records import Change, EventKind, EventRecord, EventState

WHOLE = "all"
"""The zone of what is about the whole camera."""
MOST_KNOWN = 1000
"""Events of one process to which something may still come: a picture does within seconds, the end
of a recording within an hour."""
DETAILS = ("box", "peak_s", "start_s", "ended_by")


class Book(Protocol):
    """The store, as far as events are written into it; each call is durable when it returns."""

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
        ...

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
        ...

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
        ...

    async def attach(self, number: int, **fields: Any) -> EventRecord | None:
        """Note its recording or picture; None if there is no such event."""
        ...

    async def begin_recording(self, path: str, events: Sequence[int]) -> None:
        """A file is being written, and these events are in it."""
        ...

    async def end_recording(
        self, path: str, end_utc: datetime | None, events: Sequence[int]
    ) -> None:
        """A file is whole."""
        ...


@dataclass(slots=True)
class _Open:
    """An open event of motion, as its process tells of it."""

    number: int
    start_utc: datetime
    start_s: float
    last_s: float
    details: dict[str, Any]
    segments: dict[tuple[int, float], Mapping[str, Any]] = field(default_factory=dict)

    def utc(self, t_s: float) -> datetime:
        """When a second of its source was."""
        return self.start_utc + timedelta(seconds=t_s - self.start_s)

    def take(self, segments: Iterable[Mapping[str, Any]]) -> None:
        """Segments that are new, or not as they were."""
        for segment in segments:
            self.segments[(segment["group"], segment["start_s"])] = segment

    def all_details(self) -> dict[str, Any]:
        """All that is known of it."""
        return {**self.details, "segments": list(self.segments.values())}


class Ledger:
    """Keeps the events of one camera.

    Parameters
    ----------
    camera : str
    book : Book
    told : callable
        Told of each change, once it is durable.
    utc : callable
        The time on the wall.
    """

    def __init__(
        self,
        camera: str,
        book: Book,
        *,
        told: Callable[[Change, EventRecord], None],
        utc: Callable[[], datetime],
    ) -> None:
        self._camera, self._book, self._told, self._utc = camera, book, told, utc
        self._open: dict[str, _Open] = {}
        """Of motion, by the ids that its process gives them."""
        self._numbers: dict[str, int] = {}
        """Of those that were open in this process, also once they are closed: what belongs to them
        may come later."""
        self._recorded_in: dict[str, set[int]] = {}
        """Which events are in the files that are being written."""
        self._has_recording: set[int] = set()
        self._others: dict[tuple[EventKind, str], EventRecord] = {}
        """Outages and the like that are open, one of each kind."""
        self._ends: dict[int, tuple[datetime, Mapping[str, Any]]] = {}
        """When and how events ended that could not be closed for want of room, by number."""

    async def hear(self, message: Message) -> None:
        """Write down what a message says of events; others are not for here."""
        handlers: dict[str, Callable[[Message], Awaitable[None]]] = {
            "opened": self._opened,
            "changed": self._changed,
            "open": self._changed,
            "closed": self._closed,
            "crossing": self._crossed,
            "kept": self._kept,
            "health": self._health,
            "recording": self._recorded,
        }
        handler = handlers.get(message["type"])
        if handler is not None:
            await handler(message)

    async def catch_up(self) -> None:
        """Close what has ended and could not be closed. Raises `OutputError` if it still cannot."""
        while self._ends:
            number, (end_utc, fields) = next(iter(self._ends.items()))
            del self._ends[number]  # nobody else closes it meanwhile, and tells so twice
            try:
                record = await self._book.close_event(number, end_utc, **fields)
            except OutputError:
                self._ends[number] = (end_utc, fields)
                raise
            self._told("end", record)

    async def lose(self) -> None:
        """Its process has ended: what is open ends with its last known second."""
        for opened in self._open.values():
            fields = {"state": "lost", "details": opened.all_details()}
            self._ends[opened.number] = (opened.utc(opened.last_s), fields)
        self._open.clear()
        self._numbers.clear()
        self._recorded_in.clear()
        self._has_recording.clear()
        for kind, zone in [each for each in self._others if each != ("outage", WHOLE)]:
            self._end_other(kind, self._utc(), zone)  # whoever comes next sees for itself
        await self.catch_up()

    async def begin(
        self, kind: EventKind, since_utc: datetime, why: str, *, zone: str = WHOLE
    ) -> None:
        """The camera is out, or cannot see; told once more where the reason has changed.

        Its zone says what of it is: ``recording`` where only the stream that is recorded is out.
        """
        known = self._others.get((kind, zone))
        if known is None:
            record = await self._book.open_event(
                self._camera, kind, since_utc, zone=zone, label=kind, why=why
            )
            self._others[kind, zone] = record
            self._told("new", record)
        elif known.why != why:
            record = await self._book.update_event(known.number, last_utc=self._utc(), why=why)
            self._others[kind, zone] = record
            self._told("update", record)

    async def end(self, kind: EventKind, at_utc: datetime, *, zone: str = WHOLE) -> None:
        """It is over."""
        self._end_other(kind, at_utc, zone)
        await self.catch_up()

    def _end_other(self, kind: EventKind, at_utc: datetime, zone: str = WHOLE) -> None:
        known = self._others.pop((kind, zone), None)
        if known is not None:
            self._ends[known.number] = (max(at_utc, known.start_utc), {})

    # -- messages ---------------------------------------------------------------------------

    async def _opened(self, message: Message) -> None:
        event = message["event"]
        start_utc = self._start_of(event)
        details = {key: event.get(key) for key in DETAILS}
        opened = _Open(0, start_utc, event["start_s"], event["peak_s"], details)
        opened.take(event["segments"])
        record = await self._book.open_event(
            self._camera,
            "motion",
            start_utc,
            zone=event["zone"],
            label=event["label"],
            score=event["score"],
            details=opened.all_details(),
        )
        opened.number = record.number
        self._open[event["id"]] = opened
        self._numbers[event["id"]] = record.number
        while len(self._numbers) > MOST_KNOWN:
            self._has_recording.discard(self._numbers.pop(next(iter(self._numbers))))
        self._told("new", record)

    async def _changed(self, message: Message) -> None:
        opened = self._open.get(message["id"])
        if opened is None:
            return
        opened.take(message["segments"])
        opened.last_s = message["end_s"]
        record = await self._book.update_event(
            opened.number,
            last_utc=opened.utc(opened.last_s),
            label=message["label"],
            score=message["score"],
            details=opened.all_details(),
        )
        self._told("update", record)

    async def _closed(self, message: Message) -> None:
        event = message["event"]
        opened = self._open.pop(event["id"], None)
        if opened is None:
            return
        opened.segments.clear()
        opened.take(event["segments"])
        opened.details |= {key: event.get(key) for key in DETAILS}
        fields = {
            "label": event["label"], "score": event["score"], "details": opened.all_details(),
        }  # fmt: skip
        self._ends[opened.number] = (opened.utc(event["end_s"]), fields)
        await self.catch_up()

    async def _crossed(self, message: Message) -> None:
        crossing = {key: message[key] for key in ("zone", "t_s", "track_id", "direction")}
        for opened in self._open.values():
            opened.details.setdefault("crossings", []).append(crossing)

    async def _kept(self, message: Message) -> None:
        number = self._numbers.get(message["id"])
        if number is not None:
            await self._book.attach(number, snapshot=message["snapshot"])

    async def _recorded(self, message: Message) -> None:
        """A file grows and is whole in the end; each event has the first one that it is in."""
        change, path = message["change"], message["path"]
        numbers = [self._numbers[name] for name in message["events"] if name in self._numbers]
        known = self._recorded_in.setdefault(path, set())
        if change == "begun" or set(numbers) - known:
            await self._book.begin_recording(path, numbers)
        start_utc = datetime.fromisoformat(message["start_utc"])
        for number in numbers:
            if number not in known and number not in self._has_recording:
                await self._book.attach(number, recording=path, recording_start_utc=start_utc)
                self._has_recording.add(number)
        known.update(numbers)
        if change == "finished":
            end_utc = datetime.fromisoformat(message["end_utc"])
            del self._recorded_in[path]
            await self._book.end_recording(path, end_utc, numbers)

    async def _health(self, message: Message) -> None:
        at_utc, zone = datetime.fromisoformat(message["utc"]), message.get("zone", WHOLE)
        if message["begins"]:
            await self.begin(message["kind"], at_utc, str(message["why"]), zone=zone)
        else:
            await self.end(message["kind"], at_utc, zone=zone)

    def _start_of(self, event: Mapping[str, Any]) -> datetime:
        text = event["start_utc"]
        return self._utc() if text is None else datetime.fromisoformat(text)
