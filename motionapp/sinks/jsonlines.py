"""One JSON line when an event opens, changes or closes: for whoever follows a running watch."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TextIO

from motionapp.core.moment import Moment
from motionapp.files.atomic import UNWRITABLE_LETTERS, cannot_write
from motionapp.sinks.documents import Document, event_document, json_line


class JsonLinesSink:
    """Writes lines as they happen, flushed: the one output that does not wait to be whole.

    Parameters
    ----------
    target : Path or text stream
        A file, or an open stream (standard output, say), which is not closed. What stands in a
        file stays until the first moment comes: a camera that is not there costs nobody's lines.
    drops : callable
        How many pictures capture has dropped so far; for the last line.
    clock : callable
        Gives seconds; for the elapsed time in the last line.
    """

    def __init__(
        self,
        target: Path | TextIO,
        *,
        drops: Callable[[], int] = lambda: 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path = target if isinstance(target, Path) else None
        self._is_new = self._path is not None and not self._path.exists()
        self._stream: TextIO = _opened(target) if isinstance(target, Path) else target
        self._has_begun = False
        self._drops, self._clock = drops, clock
        self._began_s = clock()
        self._frames = 0
        self._start_utc: datetime | None = None
        self._is_done = False

    def accept(self, moment: Moment) -> None:
        """Write a line for every event that opened, changed or closed."""
        self._begin()
        if moment.frame is not None:
            self._frames += 1
            self._start_utc = self._start_utc or moment.frame.epoch.start_utc
        happened = (
            *(("opened", event) for event in moment.opened),
            *(("changed", event) for event in moment.changed),
            *(("closed", event) for event in moment.closed),
        )
        for kind, event in happened:
            document = event_document(event, start_utc=self._start_utc)
            self._write({"type": kind, "event": document})

    def close(self) -> None:
        """Write the last line: frames, drops and elapsed time."""
        if self._is_done:
            return
        elapsed_s = round(max(0.0, self._clock() - self._began_s), 3)
        figures = {"frames": self._frames, "drops": self._drops(), "elapsed_s": elapsed_s}
        try:
            self._begin()
            self._write({"type": "ended", **figures})
        finally:
            self._end()

    def abandon(self) -> None:
        """Stop where we are: a missing last line says that it did not end well."""
        self._end()
        if self._path is not None and self._is_new and not self._has_begun:
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)

    def _begin(self) -> None:
        """Empty the file, once: from here on it is this run's."""
        if self._has_begun:
            return
        self._has_begun = True
        if self._path is not None and self._path.is_file():  # a pipe cannot be emptied
            try:
                self._stream.truncate(0)
            except OSError as error:
                raise cannot_write(self._path, error) from error

    def _write(self, document: Document) -> None:
        try:
            self._stream.write(json_line(document) + "\n")
            self._stream.flush()
        except BrokenPipeError:
            raise  # the reader of a pipe has left, which is its right: no error of ours
        except OSError as error:
            raise cannot_write(self._path or Path("standard output"), error) from error

    def _end(self) -> None:
        if self._is_done:
            return
        self._is_done = True
        if self._path is not None:
            # Every line has been flushed; one that could not be has been reported.
            with contextlib.suppress(OSError):
                self._stream.close()


def _opened(path: Path) -> TextIO:
    """The file, with what stands in it; a place that cannot be written is told at once."""
    try:
        return open(path, "a", encoding="utf-8", errors=UNWRITABLE_LETTERS, newline="\n")
    except OSError as error:
        raise cannot_write(path, error) from error
