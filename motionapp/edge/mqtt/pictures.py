"""Fetches pictures for the broker: one of each event as it begins, and its own as it ends."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

from motionapp.core.errors import MotionAppError
from motionapp.edge.mqtt.board import Board
from motionapp.edge.records import CameraStatus, Change, EventRecord
from motionapp.edge.seams import Service

_log = logging.getLogger(__name__)


class Pictures:
    """Puts the newest picture of each camera on the board. All of it runs on the event loop.

    Parameters
    ----------
    service : Service
    board : Board
    wake : callable
        Called when there is a new one.
    """

    def __init__(self, service: Service, board: Board, wake: Callable[[], None]) -> None:
        self._service, self._board, self._wake = service, board, wake
        self._wanted: dict[str, str | None] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._seen: set[str] = set()

    def note_event(self, change: Change, event: EventRecord) -> None:
        """Of an event of motion: as it begins the camera's newest picture, at its end its own."""
        if event.kind == "motion" and change != "update":
            self._want(event.camera, event.snapshot if change == "end" else None)

    def note_status(self, status: CameraStatus) -> None:
        """A camera's first picture is shown, so that there is one before anything moves."""
        if status.state == "live" and status.name not in self._seen:
            self._want(status.name, None)

    def forget(self, camera: str) -> None:
        """A camera is gone: what is under way is of no use any more."""
        self._seen.discard(camera)
        self._wanted.pop(camera, None)
        if camera in self._tasks:
            self._tasks.pop(camera).cancel()

    def close(self) -> None:
        """No more of them. From any thread."""
        for task in tuple(self._tasks.values()):
            with contextlib.suppress(RuntimeError):  # the loop is closed
                task.get_loop().call_soon_threadsafe(task.cancel)

    def _want(self, camera: str, path: str | None) -> None:
        """One at a time for each camera; of those that are wanted meanwhile, the last."""
        self._wanted[camera] = path
        if camera not in self._tasks or self._tasks[camera].done():
            self._tasks[camera] = asyncio.get_running_loop().create_task(self._fetch(camera))

    async def _fetch(self, camera: str) -> None:
        while camera in self._wanted:
            path = self._wanted.pop(camera)
            try:
                jpeg = await self._picture(camera, path)
            except (MotionAppError, OSError, KeyError) as error:
                _log.debug("no picture of %s: %s", camera, error)
                continue
            if jpeg:
                self._seen.add(camera)
                if not self._board.note_snapshot(camera, jpeg):
                    _log.warning("MQTT: the picture of %s is too large to be told", camera)
                self._wake()

    async def _picture(self, camera: str, path: str | None) -> bytes | None:
        file = None if path is None else self._service.file_of(path)
        if file is None:
            return await self._service.snapshot(camera)
        return await asyncio.to_thread(file.read_bytes)
