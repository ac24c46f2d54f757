"""The running service: all cameras, the store, and those who are told."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import shutil
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from motionapp.core.errors import MotionAppError, OutputError, SettingsError
from motionapp.edge.book import StoreBook
from motionapp.edge.camera.settings import settings_of
from motionapp.edge.records import CameraStatus, Change, EventRecord
from motionapp.edge.seams import CHANGEABLE, EventQuery, Teller
from motionapp.edge.store.retention import Kept
from motionapp.edge.watched import WatchedCamera
from motionapp.settings import Settings
from motionapp.settings.edge import CameraSettings, EdgeSettings

TICK_S: Final = 1.0
STATUS_EACH: Final = 10
"""Ticks from one telling of all figures to the next."""
RETENTION_EACH: Final = 120
"""... and from one look at what is kept to the next: at 8 Mbit/s, 120 MB are written meanwhile."""
ROOM_EACH: Final = 10
"""... and where nothing can be recorded for want of room: it is to go on when there is some."""
LIVE_HZ: Final = 5.0
"""Of the picture on a page: enough to follow somebody, and 2 % of a core a camera."""

NO_ROOM: Final = "the store has no room for another recording"

log = logging.getLogger(__name__)


class EdgeService:
    """Watches from `start` until `close`. All of it on one event loop; see `seams.Service`.

    Parameters
    ----------
    settings : EdgeSettings
    book : StoreBook
    tellers : sequence of Teller
        May be added to until `start`.
    """

    def __init__(
        self, settings: EdgeSettings, book: StoreBook, tellers: Sequence[Teller] = ()
    ) -> None:
        self.settings, self._book = settings, book
        self.tellers = list(tellers)
        self._watched: dict[str, WatchedCamera] = {}
        self.counters: list[Callable[[], Mapping[str, float]]] = []
        """Asked for the figures of others who work in the service."""
        self.partings: list[Callable[[str], None]] = []
        """Told the name of a camera that has gone from the configuration."""
        self._contents: dict[str, Settings] = {}
        """What the files of a camera said when it was begun."""
        self._ticks = 0
        self._kept = Kept()
        self._no_room = ""
        """Why nothing may be recorded."""
        self._complaint = ""
        """Why the bounds could not be kept, as it was told."""
        self._states: dict[str, str] = {}
        """As they were logged last."""

    async def start(self) -> None:
        """Begin to watch."""
        for camera in self.settings.camera:
            self._contents[camera.name] = settings_of(camera, {})
            self._watched[camera.name] = await self._watching(camera, self.settings)
        for sentence in self._book.store.sentences:
            log.warning("%s", sentence)
        await self.tick()

    async def close(self, until_s: float = math.inf) -> None:
        """End all: what is open is closed.

        Parameters
        ----------
        until_s : float
            When the processes must have ended, by `time.monotonic`.
        """
        await asyncio.gather(*(watched.close(until_s) for watched in self._watched.values()))

    async def tick(self) -> None:
        """Look after every camera; called each `TICK_S`."""
        self._ticks += 1
        results = await asyncio.gather(
            *(watched.tick() for watched in self._watched.values()), return_exceptions=True
        )
        for result in results:
            if isinstance(result, MotionAppError):
                log.warning("%s", result)
            elif isinstance(result, BaseException):
                raise result
        if self._ticks % (ROOM_EACH if self._no_room else RETENTION_EACH) == 1:
            await self._keep_bounds()
        if self._ticks % STATUS_EACH == 0:
            for status in self.cameras():
                self._status_told(status)

    async def reload(self, settings: EdgeSettings) -> None:
        """Watch by another configuration: cameras that it leaves as they are go on.

        Raises
        ------
        MotionAppError
            It cannot be; all goes on as before.
        """
        contents = {camera.name: settings_of(camera, {}) for camera in settings.camera}
        new = {
            camera.name: await self._watching(camera, settings)
            for camera in settings.camera
            if settings.record != self.settings.record
            or camera.name not in self._watched
            or camera != self._watched[camera.name].camera
            or contents[camera.name] != self._contents[camera.name]
        }
        self.settings, self._contents = settings, contents
        old = [
            watched
            for name, watched in self._watched.items()
            if name in new or name not in contents
        ]
        await asyncio.gather(*(watched.close() for watched in old))
        gone = [name for name in self._watched if name not in contents]
        self._watched = {name: new.get(name) or self._watched[name] for name in contents}
        for name in gone:
            self._states.pop(name, None)
            for part in self.partings:
                part(name)
        await self.tick()

    # -- what others ask --------------------------------------------------------------------

    def cameras(self) -> Sequence[CameraStatus]:
        """All of them, in the order of the configuration."""
        return [watched.status for watched in self._watched.values()]

    async def events(self, query: EventQuery) -> Sequence[EventRecord]:
        """The newest first."""
        return await self._book.events(query)

    async def event(self, number: int) -> EventRecord | None:
        """One by its number."""
        return await self._book.event(number)

    def file_of(self, path: str) -> Path | None:
        """Where a recording or snapshot lies; None if it is not one of the store's, or gone."""
        return self._book.store.file_of(path)

    async def lock(self, number: int, *, is_locked: bool) -> EventRecord | None:
        """Keep an event however old it is, or no longer; None if there is none."""
        return await self._book.lock(number, is_locked=is_locked)

    async def snapshot(self, camera: str) -> bytes | None:
        """The newest picture with what is drawn on it, as JPEG; None if there is none."""
        return await self._watched[camera].picture()

    async def pictures(self, camera: str) -> AsyncIterator[bytes]:
        """The same again and again, until nobody asks for more."""
        loop = asyncio.get_running_loop()
        while camera in self._watched:
            began_s = loop.time()
            picture = await self._watched[camera].picture()
            if picture is not None:
                yield picture
            await asyncio.sleep(max(0.0, began_s + 1 / LIVE_HZ - loop.time()))

    async def heat(self, camera: str) -> bytes | None:
        """Where it has moved since its process began, as PNG over a picture."""
        return await self._watched[camera].picture("heat")

    async def why(self, camera: str, at_utc: datetime) -> Mapping[str, Any]:
        """Why there was no event at an instant of the last minutes."""
        return await self._watched[camera].why(at_utc)

    async def change(self, camera: str, changes: Mapping[str, Any], *, who: str) -> CameraStatus:
        """Change some of `CHANGEABLE`; it is noted in the store who did."""
        watched = self._watched[camera]
        checked(changes)
        await watched.change(changes)
        for key, value in changes.items():
            await self._book.note_change(camera, key, value, who)
        self._status_told(watched.status)
        return watched.status

    def figures(self) -> Mapping[str, float]:
        """Figures of the whole service by name."""
        figures = {
            "store_bytes": float(self._kept.used_bytes),
            "store_over_bytes": float(self._kept.over_bytes),
            "store_renewals": float(self._book.renewals),
            "recording_is_off": float(bool(self._no_room)),
            "store_waiting": float(sum(one.waiting for one in self._watched.values())),
        }
        with contextlib.suppress(OSError):  # a disk that is gone is told by who writes to it
            figures["disk_free_bytes"] = float(shutil.disk_usage(self.settings.store.dir).free)
        for counted in self.counters:
            figures |= counted()
        return figures

    async def _keep_bounds(self) -> None:
        """Remove what is too old or too much; told where that does not help."""
        try:
            self._kept = await self._book.keep_bounds(self.settings.store)
        except OutputError as error:
            if str(error) != self._complaint:  # each ten seconds, on a disk that is full
                log.warning("%s", error)
            self._complaint = str(error)
            return
        self._complaint = ""
        if self._kept.removed:
            log.info("%d old files were removed", self._kept.removed)
        self._allow_recording(is_allowed=not self._kept.over_bytes)

    def _allow_recording(self, *, is_allowed: bool) -> None:
        """Let be recorded or not; told once, where that changes."""
        folder = self.settings.store.dir
        if is_allowed and self._no_room:
            log.warning("%s has room again: it is recorded", folder)
        elif not is_allowed and not self._no_room:
            log.warning(
                "%s holds more than it may, or its disk has too little room, and nothing more can "
                "go: the rest is locked, is being written, or is of other programs. Nothing is "
                "recorded until there is room; unlock events, or see to max_gb and the disk",
                folder,
            )
        self._no_room = "" if is_allowed else NO_ROOM
        for watched in self._watched.values():
            watched.allow_recording(self._no_room)

    # -- telling ----------------------------------------------------------------------------

    async def _watching(self, camera: CameraSettings, settings: EdgeSettings) -> WatchedCamera:
        changes = await self._book.last_changes(camera.name)
        before = self._watched.get(camera.name)
        watched = WatchedCamera(
            camera,
            settings.record,
            settings.store.dir,
            self._book,
            changes={key: value for key, value in changes.items() if key in CHANGEABLE},
            event_told=self._event_told,
            status_told=self._status_told,
            written=None if before is None else before.written,
        )
        watched.allow_recording(self._no_room)
        return watched

    def _event_told(self, change: Change, event: EventRecord) -> None:
        for teller in self.tellers:
            teller.event_changed(change, event)

    def _status_told(self, status: CameraStatus) -> None:
        if self._states.get(status.name) != status.state:
            self._states[status.name] = status.state
            why = f": {status.why}" if status.why else ""
            log.info("%s is %s%s", status.name, status.state, why)
        for teller in self.tellers:
            teller.camera_changed(status)


def checked(changes: Mapping[str, Any]) -> None:
    """Refuse changes that are none, or of the wrong kind.

    Raises
    ------
    SettingsError
        It names the first of them.
    """
    kinds: dict[str, tuple[type, ...]] = {
        "is_enabled": (bool,),
        "sensitivity": (int, float),
        "frontend": (str,),
    }
    if not changes:
        raise SettingsError(f"nothing is changed: give one of {', '.join(CHANGEABLE)}")
    for key, value in changes.items():
        if key not in kinds:
            raise SettingsError(f"{key} cannot be changed here: {', '.join(CHANGEABLE)} can")
        is_fit = isinstance(value, kinds[key])
        if not is_fit or (isinstance(value, bool) and key != "is_enabled"):
            raise SettingsError(f"{key} cannot be {value!r}")
        if key == "sensitivity" and not 0.1 <= value <= 10:
            raise SettingsError(f"sensitivity is {value:g}: it goes from 0.1 to 10")
