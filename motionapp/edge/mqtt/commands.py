"""Commands that come from the broker: heard on its thread, done on the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine
from concurrent.futures import Future
from typing import Any

from motionapp.core.errors import MotionAppError
from motionapp.edge.mqtt.topics import Command, Ignored, Topics, read_command
from motionapp.edge.mqtt.words import Words
from motionapp.edge.records import CameraStatus
from motionapp.edge.seams import Service

MOST_COMMANDS = 32
"""At work at once; more are dropped, with a word."""
WHO = "mqtt"
"""Who has changed something, in the store."""


class Commands:
    """Has done what is asked for.

    Parameters
    ----------
    topics : Topics
    service : Service
    words : Words
    changed : callable
        Called on the event loop with the camera and its status after a change; with None if the
        change was refused.
    """

    def __init__(
        self,
        topics: Topics,
        service: Service,
        words: Words,
        changed: Callable[[str, CameraStatus | None], None],
    ) -> None:
        self._topics, self._service, self._words = topics, service, words
        self._changed = changed
        self._loop: asyncio.AbstractEventLoop | None = None
        self._at_work: set[Future[None]] = set()

    def start(self) -> None:
        """On the event loop of the service, before anything is heard."""
        self._loop = asyncio.get_running_loop()

    def hear(
        self, topic: str, payload: bytes, *, is_retained: bool, cameras: Collection[str]
    ) -> None:
        """A message on a topic of commands.

        Parameters
        ----------
        topic : str
        payload : bytes
        is_retained : bool
        cameras : collection of str
            Those that there are.
        """
        command = read_command(self._topics, topic, payload, is_retained=is_retained)
        if isinstance(command, Command) and command.camera not in cameras:
            command = Ignored("there is no camera of that name")
        if isinstance(command, Command) and len(self._at_work) >= MOST_COMMANDS:
            command = Ignored("too many commands at once")
        if isinstance(command, Ignored):
            self._words.say(f"a message on {topic[:120]!r} is ignored: {command.why}")
        else:
            self._do(self._change(command))

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        assert self._loop is not None
        try:
            future = asyncio.run_coroutine_threadsafe(work, self._loop)
        except RuntimeError:  # the loop has been closed: the service is about to end
            work.close()
            return
        self._at_work.add(future)
        future.add_done_callback(self._at_work.discard)

    async def _change(self, command: Command) -> None:
        camera = command.camera
        try:
            status = await self._service.change(camera, command.changes, who=WHO)
        except KeyError:
            self._words.say(f"a command for {camera} is ignored: there is no such camera")
        except MotionAppError as error:
            self._words.say(f"a command for {camera} is refused: {error}")
            self._changed(camera, None)
        else:
            self._changed(camera, status)
