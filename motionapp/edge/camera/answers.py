"""The child's side of the pipe: whole lines to the parent, from any thread."""

from __future__ import annotations

import io
import threading
from typing import Any, TextIO

from motionapp.edge.protocol import line_of


class Answers(io.TextIOBase):
    """A text stream of which each `write` is one line or more, never mixed with another thread's.

    Parameters
    ----------
    out : text stream
        The pipe.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._lock = threading.Lock()

    def write(self, text: str) -> int:
        """Write whole lines, at once."""
        with self._lock:
            self._out.write(text)
            self._out.flush()
        return len(text)

    def say(self, what: str, /, **fields: Any) -> None:
        """Write a message of a type. Raises `BrokenPipeError` where the parent has gone."""
        self.write(line_of({"type": what, **fields}))
