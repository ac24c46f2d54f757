"""One camera of the service: its process, its supervision and its events, put together."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from motionapp.core.errors import OutputError, SettingsError, SourceError
from motionapp.edge.backlog import END, GONE, Backlog
from motionapp.edge.book import StoreBook
from motionapp.edge.camera.budget import WriteBudget
from motionapp.edge.camera.settings import settings_of
from motionapp.edge.ledger import Ledger
from motionapp.edge.process import CameraProcess
from motionapp.edge.protocol import Job, Message, picture_in
from motionapp.edge.records import CameraStatus, Change, EventRecord
from motionapp.edge.schedule import is_armed
from motionapp.edge.supervision import Supervision
from motionapp.settings.edge import CameraSettings, RecordSettings

WRITE_S: Final = 0.2
"""So long a stop may take to write down what waits for the store, once its process has ended."""
COMPLAIN_EACH_S: Final = 600.0

log = logging.getLogger(__name__)


def local_now() -> datetime:
    """The face of this machine's clock, by which cameras are armed, in summer and winter."""
    return datetime.now()


class WatchedCamera:
    """Runs from `start` until `close`; everything on the event loop.

    Parameters
    ----------
    camera : CameraSettings
    record : RecordSettings
    folder : Path
        Of the store.
    book : StoreBook
    changes : mapping
        What was changed from outside before.
    event_told, status_told : callable
        Told of events once they are durable, and of states.
    written : WriteBudget, optional
        What has been written of it before.
    """

    def __init__(
        self,
        camera: CameraSettings,
        record: RecordSettings,
        folder: Path,
        book: StoreBook,
        *,
        changes: Mapping[str, Any],
        event_told: Callable[[Change, EventRecord], None],
        status_told: Callable[[CameraStatus], None],
        written: WriteBudget | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        utc: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.camera, self._record, self._folder, self._book = camera, record, folder, book
        self._changes = dict(changes)
        self._status_told = status_told
        self._now_s, self._utc = monotonic, utc
        self._ledger = Ledger(camera.name, book, told=event_told, utc=utc)
        self._supervision = Supervision(monotonic(), is_wanted=self._is_wanted())
        self._process: CameraProcess | None = None
        self._task: asyncio.Task[None] | None = None
        self._figures: Mapping[str, Any] = {}
        self.written = written or WriteBudget(monotonic)
        """Over all its processes: one that is armed by night has another each day."""
        self._settings: Mapping[str, Any] = {}
        self._told: CameraStatus | None = None
        self._is_closing = False
        self._complain_at_s = -math.inf
        self._is_refused = False
        """The store takes nothing, and that was told."""
        self._lost_told = 0
        """Events of which it was told that they are lost."""
        self._backlog = Backlog()
        self._writing: asyncio.Task[None] | None = None
        self._again = asyncio.Event()
        """What could not be written down is tried again."""
        self._no_room = ""
        """Why nothing may be recorded."""
        self._no_file = ""
        """Why its process can record nothing."""
        self._outage: str | None = None
        """Why it is out, as was said last; None: it is not."""
        self._ticking = asyncio.Lock()
        """A change from outside looks after it, too."""

    async def tick(self) -> None:
        """Look after it; called each second or so."""
        async with self._ticking:
            await self._tick()

    async def _tick(self) -> None:
        if self._is_closing:
            return
        if self._writing is None:
            self._writing = asyncio.create_task(self._write(), name=f"{self.camera.name}-events")
        elif self._writing.done():
            self._writing.result()  # it ends before all only where it is broken
        self._again.set()
        now_s = self._now_s()
        orders = (
            *self._supervision.want(self._is_wanted(), now_s),
            *self._supervision.tick(now_s),
        )
        for order in orders:
            if order == "start":
                await self._start()
            elif self._process is not None:
                is_gentle = order == "end" or not self._is_wanted()
                await self._process.end() if is_gentle else self._process.kill()
        self._note_outage()
        self._tell()

    async def close(self, until_s: float = math.inf) -> None:
        """End it: what is open is closed, what is written finished.

        Parameters
        ----------
        until_s : float
            When its process must have ended, by `time.monotonic`.
        """
        self._is_closing = True
        async with self._ticking:  # what is being started has to be there to be ended
            self._supervision.want(False, self._now_s())  # no loss, and not to be started again
            if self._process is not None:
                await self._process.end(until_s)
            if self._task is not None:  # who is broken off meanwhile must not break it off
                await asyncio.shield(self._task)
            self._say_outage(None)
            self._backlog.put(END)
            await self._end_writing(until_s)

    def allow_recording(self, why_not: str = "") -> None:
        """Let it be recorded, or say why it may not be."""
        if why_not != self._no_room:
            self._no_room = why_not
            self._tell_recording()
            if self._told is not None:  # else it is told when it is watched
                self._tell()

    @property
    def waiting(self) -> int:
        """Messages that wait for the store."""
        return len(self._backlog)

    @property
    def status(self) -> CameraStatus:
        """How it is now."""
        seen = self._supervision.seen
        figures, settings = self._figures, self._settings
        since = timedelta(seconds=self._now_s() - seen.since_s)
        size = figures.get("size")
        return CameraStatus(
            name=self.camera.name,
            state=seen.state,
            since_utc=self._utc() - since,
            why=seen.why,
            is_enabled=bool(self._changes.get("is_enabled", self.camera.is_enabled)),
            is_armed=is_armed(self.camera.schedule, local_now()),
            open_events=self._backlog.open_motion,
            pictures=figures.get("pictures", 0),
            pictures_hz=figures.get("pictures_hz", 0.0),
            age_s=figures.get("age_s"),
            dropped=figures.get("dropped", 0),
            starts=self._supervision.starts,
            size=None if size is None else (size[0], size[1]),
            frontend=settings.get("frontend", ""),
            sensitivity=settings.get("sensitivity", 1.0),
            written_bytes=figures.get("written_bytes", 0),
            lost_events=self._backlog.lost,
            unrecorded_why="" if self._record.when == "never" else self._no_room or self._no_file,
            written_day_bytes=self.written.day_bytes,
        )

    async def picture(self, kind: str = "picture") -> bytes | None:
        """Its newest picture as JPEG, or with ``heat`` its heat map as PNG; None: there is none."""
        answer = await self._ask(kind)
        text = None if answer is None else answer["picture"]
        return None if text is None else picture_in(text)

    async def why(self, at_utc: datetime) -> Mapping[str, Any]:
        """What became of an instant."""
        answer = await self._ask("why", at_utc=at_utc.isoformat())
        if answer is None:
            return {"event": None, "sentence": "The camera is not watched now.", "verdicts": []}
        return {key: answer[key] for key in ("event", "sentence", "verdicts")}

    async def change(self, changes: Mapping[str, Any]) -> None:
        """Watch it otherwise from now on. Raises `SettingsError` for what does not fit."""
        inside = {key: value for key, value in changes.items() if key != "is_enabled"}
        if inside:
            # Also where no process is there to say so: what is remembered must work at each start.
            settings_of(self.camera, {**self._changes, **inside})
            answer = await self._ask("change", changes=inside)
            if answer is not None and answer["refused"] is not None:
                raise SettingsError(answer["refused"])
        self._changes |= changes
        await self.tick()

    # -- its process ------------------------------------------------------------------------

    def _is_wanted(self) -> bool:
        is_enabled = self._changes.get("is_enabled", self.camera.is_enabled)
        return bool(is_enabled) and is_armed(self.camera.schedule, local_now())

    async def _start(self) -> None:
        if self._task is not None:
            await asyncio.shield(self._task)
        inside = {key: value for key, value in self._changes.items() if key != "is_enabled"}
        process = CameraProcess(Job(self.camera, self._record, self._folder, inside))
        self._figures, self._no_file = {}, ""
        try:
            await process.start()
        except SourceError as error:
            self._supervision.exited(str(error), self._now_s())
            return
        self._process = process
        if self._no_room:
            self._tell_recording()
        self._task = asyncio.create_task(self._follow(process), name=self.camera.name)

    def _tell_recording(self) -> None:
        if self._process is not None:
            self._process.tell("recording", is_allowed=not self._no_room)

    async def _follow(self, process: CameraProcess) -> None:
        """Read what it says at once, so that nobody takes it for dead; others write it down."""
        try:
            async for message in process.messages():
                self._supervision.hear(message, self._now_s())
                self._note(message)
                self._backlog.put(message)
        except (KeyError, TypeError, ValueError) as error:  # of a later version, say
            self._give_up(error)
        self._process = None
        self._backlog.put(GONE)
        self._supervision.exited(await process.how_it_ended(), self._now_s())
        self._tell()

    # -- its events -------------------------------------------------------------------------

    async def _write(self) -> None:
        """Write down what waits, in order; what the store cannot take is tried again."""
        while (message := await self._backlog.first()) is not END:
            try:
                await self._write_down(message)
            except OutputError as error:  # it has no room, and says so; watching goes on
                self._complain(error)
                if self._is_closing:
                    return
                self._again.clear()
                await self._again.wait()
                continue
            except (KeyError, TypeError, ValueError) as error:
                self._give_up(error)
            else:
                self._note_written()
            self._backlog.done()

    async def _write_down(self, message: Message) -> None:
        await self._ledger.catch_up()
        if message is GONE:
            await self._ledger.lose()
            await self._book.settle(self.camera.name)
            self._tell()
        else:
            await self._ledger.hear(message)

    async def _end_writing(self, until_s: float) -> None:
        """Wait until all is written down, though not for ever."""
        if self._writing is None:
            return
        self._again.set()
        longest_s = None if math.isinf(until_s) else max(WRITE_S, until_s - time.monotonic())
        await asyncio.wait([self._writing], timeout=longest_s)
        left = len(self._backlog) - 1
        if left > 0:
            log.warning(
                "%s: %d messages were not written down before the end", self.camera.name, left
            )

    def _complain(self, error: OutputError) -> None:
        """Not of each event: the log may be on the disk that is full."""
        if self._complain_at_s <= self._now_s():
            self._complain_at_s = self._now_s() + COMPLAIN_EACH_S
            self._is_refused = True
            log.warning("%s: not all that happens is written down: %s", self.camera.name, error)

    def _note_written(self) -> None:
        """Tell once that the store takes again what it did not."""
        lost = self._backlog.lost - self._lost_told
        if len(self._backlog) > 1 or not (self._is_refused or lost):
            return
        self._is_refused, self._lost_told = False, self._backlog.lost
        missing = f"{lost} events that began meanwhile are lost" if lost else "nothing is lost"
        log.warning("%s: what waited is written down, %s", self.camera.name, missing)

    def _give_up(self, error: Exception) -> None:
        log.error(
            "%s: its process said what nobody understands",
            self.camera.name,
            exc_info=log.isEnabledFor(logging.DEBUG) and error,
        )
        if self._process is not None:
            self._process.kill()

    def _note(self, message: Message) -> None:
        kind = message["type"]
        if kind == "beat":
            before = self._figures.get("written_bytes", 0)
            self.written.add(message.get("written_bytes", before) - before)
            self._figures = message
        elif kind == "settings":
            self._settings = message
        elif kind == "warning":
            log.warning("%s: %s", self.camera.name, message["sentence"])
        elif kind == "recording":
            if message["change"] == "failed":
                self._no_file = str(message["why"])
                log.warning("%s: nothing is recorded: %s", self.camera.name, self._no_file)
            elif message["change"] == "grown":
                self._no_file = ""

    async def _ask(self, kind: str, **fields: Any) -> Message | None:
        """None where there is no process, or none that answers."""
        if self._process is None:
            return None
        try:
            return await self._process.ask(kind, **fields)
        except SourceError as error:
            if not self._is_closing:
                log.warning("%s", error)
            return None

    def _note_outage(self) -> None:
        """An outage is an event: from its last picture to its next one."""
        seen = self._supervision.seen
        if seen.blind_since_s is not None:
            self._say_outage(seen.why, ago_s=self._now_s() - seen.blind_since_s)
        elif seen.state in ("live", "disabled"):
            self._say_outage(None)

    def _say_outage(self, why: str | None, *, ago_s: float = 0.0) -> None:
        """Have it written down, if it is news, as what its process says of the camera."""
        if why == self._outage:
            return
        self._outage = why
        utc = (self._utc() - timedelta(seconds=ago_s)).isoformat()
        about = {"kind": "outage", "utc": utc, "begins": why is not None, "why": why}
        self._backlog.put({"type": "health", **about})

    def _tell(self) -> None:
        status = self.status
        told, self._told = self._told, status
        if told is None or _what_matters(told) != _what_matters(status):
            self._status_told(status)


def _what_matters(status: CameraStatus) -> tuple[object, ...]:
    """What is told at once where it changes; figures can wait."""
    return (
        status.state,
        status.why,
        status.open_events > 0,
        status.lost_events,
        status.unrecorded_why,
    )
