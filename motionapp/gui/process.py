"""A process that says lines, at low priority, and that ends soon once nobody wants it. No Qt."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from motionapp.gui.jobs import Ticket

LOW_PRIORITY: Final = 10
"""Of `nice`: what is watched meanwhile goes first."""
LOOK_EACH_S: Final = 0.1
"""So often it is asked whether it is still wanted, however silent it is."""
GRACE_S: Final = 1.0
"""So long it has to write down where it stands. A window closes within two seconds, and a training
that is killed has lost a minute at most."""


def run_heard(command: Sequence[str], ticket: Ticket, hear: Callable[[str], None]) -> int | None:
    """Run a process to its end, and hear what it says on its error stream.

    Parameters
    ----------
    command : sequence of str
    ticket : Ticket
        Once it is not wanted any more, the process is ended as by Ctrl-C, and after `GRACE_S` by
        force.
    hear : callable
        Is told each line.

    Returns
    -------
    int or None
        What it ended with; None where it was not wanted any longer.
    """
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        text=True, encoding="utf-8", errors="replace",
        start_new_session=True,  # so that it can be ended with all that it has begun
    ) as process:  # fmt: skip
        with suppress(OSError, AttributeError):  # where the system has no such thing
            os.setpriority(os.PRIO_PROCESS, process.pid, LOW_PRIORITY)
        lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        reader = threading.Thread(target=_read, args=(process, lines), name="said")
        reader.start()
        is_over = False
        try:
            is_over = _hear_all(lines, ticket, hear)
        finally:
            if not is_over:
                _end(process)
            reader.join()
    return process.returncode if is_over else None


def _read(process: subprocess.Popen[str], lines: queue.SimpleQueue[str | None]) -> None:
    assert process.stderr is not None  # it was asked for
    for line in process.stderr:
        lines.put(line)
    lines.put(None)


def _hear_all(
    lines: queue.SimpleQueue[str | None], ticket: Ticket, hear: Callable[[str], None]
) -> bool:
    """False: it is not wanted any longer."""
    while ticket.is_wanted:
        try:
            line = lines.get(timeout=LOOK_EACH_S)
        except queue.Empty:
            continue
        if line is None:
            return True
        if line.strip():
            hear(line)
    return False


def _end(process: subprocess.Popen[str]) -> None:
    if hasattr(os, "killpg"):
        process.send_signal(signal.SIGINT)
    else:
        process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(GRACE_S)
    # Also where it has ended in time: one that it has begun may go on, and hold what is read here.
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
