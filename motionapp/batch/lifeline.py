"""A worker's ear for the batch: lines as they come, and an end when the batch has died.

A worker notices a broken pipe when it next says something. One that hangs says nothing, and would
stay for ever, with its hands in a folder that the next batch writes into.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Iterator
from typing import Final, TextIO

ORPHANED: Final = 1
"""Exit code of a worker whose batch has died."""
LOOK_EVERY_S: Final = 0.1


def lines_while_batch_lives(stream: TextIO) -> Iterator[str]:
    """The lines of a pipe; this process ends on the spot if the batch dies, whatever it does then.

    Parameters
    ----------
    stream : text stream
        The reading end of the pipe from the batch.
    """
    batch = os.getppid()
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def listen() -> None:
        for line in stream:
            lines.put(line)
        lines.put(None)
        # A dying process closes its pipes a moment before its children get another parent. On
        # Windows they never do: there the broken pipe has to be enough.
        while os.getppid() == batch:
            time.sleep(LOOK_EVERY_S)
        os._exit(ORPHANED)

    # A daemon: it waits for a pipe that only the batch closes, and must not keep us until then.
    threading.Thread(target=listen, name="lifeline", daemon=True).start()
    while (line := lines.get()) is not None:
        yield line
