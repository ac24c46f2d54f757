"""A camera's process on the event loop: started, spoken to, ended."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import math
import os
import signal
import time
from collections.abc import AsyncIterator
from typing import Any, Final

from motionapp.core.addresses import without_passwords
from motionapp.core.errors import SourceError
from motionapp.edge.protocol import LONGEST_LINE, Job, Message, job_line, line_of, message_in
from motionapp.processes import clean_environment, own_command

ANSWER_S: Final = 5.0
"""A picture of 8K is made in a fifth of that on a small box."""
FAREWELL_S: Final = 1.3
"""So long a process may take to close what it writes: mostly some tenths of a second. Those that
hang are killed in time for a service to end within two, others being waited for behind them."""
LEAST_S: Final = 0.2
"""... and so long in any case, also where a stop comes when others have used up its time."""

log = logging.getLogger(__name__)


class CameraProcess:
    """One process. `messages` must be read for as long as it lives.

    Parameters
    ----------
    job : Job
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        self._process: asyncio.subprocess.Process | None = None
        self._log: asyncio.Task[None] | None = None
        self._numbers = itertools.count(1)
        self._asked: dict[int, asyncio.Future[Message]] = {}
        self._has_spoken = self._is_mute = False
        """It has said something, and will say no more."""

    async def start(self) -> None:
        """Start it, and give it its job.

        Raises
        ------
        SourceError
            The machine has no room for another process, say.
        """
        try:
            self._process = await asyncio.create_subprocess_exec(
                *own_command("_camera"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                limit=LONGEST_LINE,
                env=clean_environment(os.environ),
                start_new_session=True,  # Ctrl-C is for the service, which ends it itself
            )
        except OSError as error:
            raise SourceError(f"its process cannot be started: {error.strerror}") from error
        self._log = asyncio.create_task(self._follow_log(self._process))
        self._write(job_line(self._job))

    async def messages(self) -> AsyncIterator[Message]:
        """What it says, but for answers, until it says no more. One that speaks rubbish is
        killed."""
        assert self._process is not None
        assert self._process.stdout is not None
        try:
            while line := await self._process.stdout.readline():
                message = message_in(line)
                self._has_spoken = True
                if message["type"] == "answer":
                    self._resolve(message)
                else:
                    yield message
        except (SourceError, ValueError, KeyError, TypeError) as error:  # or a line without end
            log.warning("%s: %s", self._job.camera.name, error)
            self.kill()
        finally:
            self._is_mute = True
            for future in self._asked.values():
                if not future.done():
                    future.set_exception(self._no_answer())

    async def ask(self, kind: str, **fields: Any) -> Message:
        """Ask for something.

        Raises
        ------
        SourceError
            There is no answer: it has ended, or hangs.
        """
        if self._process is None or self._is_mute:
            raise self._no_answer()
        number = next(self._numbers)
        future: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._asked[number] = future
        self._write(line_of({"type": kind, "number": number, **fields}))
        try:
            return await asyncio.wait_for(future, ANSWER_S)
        except TimeoutError:
            raise self._no_answer() from None
        finally:
            self._asked.pop(number, None)

    def tell(self, kind: str, **fields: Any) -> None:
        """Say something that is not answered."""
        if self._process is not None and not self._is_mute:
            self._write(line_of({"type": kind, **fields}))

    async def end(self, until_s: float = math.inf) -> None:
        """Have it close what it writes, and end; killed where that takes too long.

        Parameters
        ----------
        until_s : float
            No longer than until then, by `time.monotonic`, but for `LEAST_S`.
        """
        process = self._process
        if process is None:
            return
        if not self._has_spoken:  # it still imports libraries, and writes nothing yet
            self.kill()
        elif process.stdin is not None:
            process.stdin.close()
        try:
            left_s = max(LEAST_S, until_s - time.monotonic())
            await asyncio.wait_for(process.wait(), min(FAREWELL_S, left_s))
        except TimeoutError:
            self.kill()
            await process.wait()

    def kill(self) -> None:
        """End it at once, whatever it does."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    async def how_it_ended(self) -> str:
        """Wait for its end; how that came, for a person."""
        assert self._process is not None
        code = await self._process.wait()
        if self._log is not None:
            await self._log
        if code < 0:
            with contextlib.suppress(ValueError):
                return f"its process was ended by {signal.Signals(-code).name}"
        return f"its process ended with exit code {code}"

    def _write(self, line: str) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, RuntimeError):  # it has died: its end is on its way
            self._process.stdin.write(line.encode())

    def _no_answer(self) -> SourceError:
        return SourceError(f"the process of {self._job.camera.name} does not answer")

    def _resolve(self, message: Message) -> None:
        future = self._asked.pop(int(message["number"]), None)
        if future is not None and not future.done():
            future.set_result(message)

    async def _follow_log(self, process: asyncio.subprocess.Process) -> None:
        """What it says to nobody in particular: libraries may name an address, with its secret."""
        assert process.stderr is not None
        secrets = [self._job.camera.url.get_secret_value()]
        if self._job.camera.main_url is not None:
            secrets.append(self._job.camera.main_url.get_secret_value())
        while True:
            try:
                line = await process.stderr.readline()
            except ValueError:  # without end
                continue
            if not line:
                return
            text = without_passwords(line.decode("utf-8", "replace").rstrip(), secrets)
            log.warning("%s: %s", self._job.camera.name, text)
