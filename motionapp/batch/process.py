"""One worker process as the batch sees it: started, spoken to, ended. Why is for `pool`."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from motionapp.batch.protocol import Message, decode
from motionapp.processes import clean_environment

FAREWELL_S: Final = 5.0
"""How long a worker may take to tidy up before it is killed."""

Heard = Callable[["Worker", Message | None], None]
"""Told what a worker says, and None when it says no more."""


@dataclass(slots=True, eq=False)
class Worker:
    """A process, and what it is doing."""

    process: subprocess.Popen[str]
    reader: threading.Thread | None = None
    job: int | None = None
    picture_px: int = 0
    """Pixels of the pictures that it reads; 0 before it has said so."""
    is_ready: bool = False
    heard_s: float = field(default_factory=time.monotonic)
    ended_because: str = ""
    """Why we have ended it ourselves, if we have."""

    @property
    def is_busy(self) -> bool:
        """Whether it owes us progress: it starts, or has a job."""
        return self.job is not None or not self.is_ready

    @property
    def how_it_ended(self) -> str:
        """In words that follow "the process that analysed it"."""
        return self.ended_because or _ending(self.process.returncode)

    def tell(self, line: str) -> None:
        """Write a line to it; from now on it has its time."""
        assert self.process.stdin is not None
        self.heard_s = time.monotonic()
        with contextlib.suppress(OSError):  # it has died: the end of its pipe is on its way
            self.process.stdin.write(line)
            self.process.stdin.flush()

    def end(self, because: str) -> None:
        """Kill it; its reader sees the end of the pipe and reports it."""
        self.ended_because = because
        self.process.kill()

    def interrupt(self) -> None:
        """Ask it to tidy up and go, as Ctrl-C would."""
        if self.process.poll() is not None:
            return
        if os.name == "posix":
            self.process.send_signal(signal.SIGINT)
        else:
            self.process.terminate()

    def close_stdin(self) -> None:
        """There will be no more jobs."""
        if self.process.stdin is not None:
            with contextlib.suppress(OSError):
                self.process.stdin.close()

    def let_go(self) -> None:
        """Wait for its end, which its pipe has announced."""
        self.close_stdin()
        try:
            self.process.wait(timeout=FAREWELL_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.reader is not None:
            self.reader.join()
        if self.process.stdout is not None:
            self.process.stdout.close()


def start_worker(command: Sequence[str], on_heard: Heard) -> Worker:
    """Start a process, and a thread that does nothing but read its pipe.

    Parameters
    ----------
    command : sequence of str
    on_heard : callable
        Called on that thread.
    """
    process = subprocess.Popen(
        list(command),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=clean_environment(os.environ),
        # Ctrl-C reaches the whole group of a terminal: only the batch itself decides.
        start_new_session=True,
    )
    worker = Worker(process)
    worker.reader = threading.Thread(target=_listen, args=(worker, on_heard), name="worker-pipe")
    worker.reader.start()
    return worker


def _listen(worker: Worker, on_heard: Heard) -> None:
    """Ends when the worker's end of the pipe closes."""
    assert worker.process.stdout is not None
    with contextlib.suppress(ValueError):  # rubbish on the pipe: treated like its end
        for line in worker.process.stdout:
            on_heard(worker, decode(line))
    on_heard(worker, None)


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
