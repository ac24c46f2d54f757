"""Whole lines at the end of a file or stream; what a full disk refuses is counted, not raised."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TextIO

from motionapp.core.errors import OutputError
from motionapp.files.atomic import UNWRITABLE_LETTERS, cannot_write
from motionapp.files.locks import take
from motionapp.sinks.rotation import Rotation

APPENDING = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
"""Windows would change line ends."""
_NEW_LINE = b"\n"
NO_ROTATION = Rotation()


class LineOut:
    """Writes lines as they happen, and goes on where one of them cannot be written.

    A camera is not to be left unwatched because a disk is full: there may be room again later.

    Parameters
    ----------
    target : Path or text stream
        A file, which is appended to and held against other instances; or an open stream (standard
        output, say), which is not closed.
    rotation : Rotation
        When a file is put aside for a new one.
    warn : callable
        Gets a sentence at the first line that is lost.

    Raises
    ------
    OutputError
        The file cannot be opened, or another instance writes into it.
    """

    def __init__(
        self,
        target: Path | TextIO,
        *,
        rotation: Rotation = NO_ROTATION,
        warn: Callable[[str], None] = lambda line: None,
    ) -> None:
        self._path = target if isinstance(target, Path) else None
        self._stream = None if isinstance(target, Path) else target
        self._name = "standard output" if self._path is None else str(self._path)
        self._warn = warn
        self._reason = ""
        self._is_new = self._path is not None and not self._path.exists()
        self._encoding = ("utf-8", UNWRITABLE_LETTERS)
        self._has_half = False
        """What was written last is no whole line, and could not be taken back."""
        self._rotation = rotation
        self._begun = rotation.now()
        """When the file was begun, as far as its day matters."""
        self._is_elsewhere = False
        """Somebody has put the file aside, and asks for a new one."""
        self._is_stuck = False
        """It could not be put aside, which is told once."""
        self._descriptor = self._opened()
        self.lost = 0
        """Lines that could not be written."""

    @property
    def complaint(self) -> str:
        """What was lost, in a sentence; empty if nothing was."""
        if not self.lost:
            return ""
        lines = "1 line is" if self.lost == 1 else f"{self.lost} lines are"
        return f"{self._name} cannot be written: {self._reason}; {lines} lost"

    def write(self, line: str) -> bool:
        """Write a line. False: it is lost. Raises only where a pipe's reader has left."""
        try:
            if self._descriptor is None:
                assert self._stream is not None
                self._stream.write(line + "\n")
                self._stream.flush()
            else:
                self._append(line.encode(*self._encoding) + _NEW_LINE)
        except BrokenPipeError:
            raise  # the reader of a pipe has left, which is its right: no error of ours
        except OSError as error:
            self._note(error)
            return False
        return True

    def reopen(self) -> None:
        """Write the next line into a file of the same name, whoever has put the old one aside.

        From any thread. Without effect on a stream.
        """
        self._is_elsewhere = self._path is not None

    def close(self) -> None:
        """Let go of a file; safe to call twice."""
        if self._path is not None and self._descriptor is not None:
            with contextlib.suppress(OSError):
                os.close(self._descriptor)
            self._descriptor, self._path = None, None

    def abandon(self) -> None:
        """Let go of a file, which goes if it is ours and nothing was written into it."""
        if self._path is not None and self._descriptor is not None and self._is_new:
            with contextlib.suppress(OSError):
                if os.fstat(self._descriptor).st_size == 0:
                    self._path.unlink(missing_ok=True)
        self.close()

    def _opened(self) -> int | None:
        """A descriptor, which alone can say what of a line was written; None where there is none.

        A stream's own buffer would keep what was refused, and write half of it later.
        """
        if self._path is None:
            assert self._stream is not None
            try:
                self._stream.flush()
                if self._stream.isatty():  # never full, and Windows has letters of its own there
                    return None
                self._encoding = (self._stream.encoding, self._stream.errors or UNWRITABLE_LETTERS)
                return self._stream.fileno()
            except (OSError, ValueError):  # it lives in memory
                return None
        try:
            descriptor = os.open(self._path, APPENDING, 0o666)
        except OSError as error:
            raise cannot_write(self._path, error) from error
        try:
            self._hold(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def _hold(self, descriptor: int) -> None:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return  # a pipe or device is nobody's
        if not take(descriptor):
            raise OutputError(
                f"another motionapp writes into {self._path}: end that one, or name another file"
            )
        status = os.fstat(descriptor)
        self._has_half = False  # that was in the file before it
        self._begun = self._rotation.now()
        if status.st_size:
            self._begun = datetime.fromtimestamp(status.st_mtime, self._begun.tzinfo)
        if status.st_size and self._path is not None:
            # A process that was killed may have left half a line. Not every log may be read.
            with contextlib.suppress(OSError), open(self._path, "rb") as file:
                file.seek(-1, os.SEEK_END)
                self._has_half = file.read(1) != _NEW_LINE

    def _append(self, data: bytes) -> None:
        self._turn_over(len(data))
        assert self._descriptor is not None
        if self._has_half:
            data = _NEW_LINE + data
        written = 0
        try:
            while written < len(data):
                written += os.write(self._descriptor, data[written:])
        except OSError:
            if written:
                self._take_back(written)
            raise
        self._has_half = False

    def _turn_over(self, more: int) -> None:
        """Begin a new file where one is due; what cannot be put aside is written on."""
        if self._path is None or self._descriptor is None:
            return
        # Before anything is looked at: who asks meanwhile asks for the next line.
        is_asked, self._is_elsewhere = self._is_elsewhere, False
        status = os.fstat(self._descriptor)
        is_due = stat.S_ISREG(status.st_mode) and self._rotation.is_due(
            status.st_size, self._begun, more
        )
        # What has the name now may be another's file, and nobody's after a first try that failed.
        is_ours = (is_asked or is_due) and _is_at(self._path, status)
        if not is_due and (is_ours or not is_asked):
            return
        before = self._descriptor
        try:
            if is_ours:
                self._rotation.put_aside(self._path)
            self._descriptor = self._opened()
        except (OSError, OutputError) as error:
            self._descriptor = before
            self._is_elsewhere = self._is_elsewhere or is_asked
            if not self._is_stuck:
                self._is_stuck = True
                self._warn(f"no new file could be begun, the old one is written on: {error}")
            return
        self._is_stuck = False
        os.close(before)

    def _take_back(self, count: int) -> None:
        """Cut off the part of a line for which there was room."""
        assert self._descriptor is not None
        try:
            begin = os.lseek(self._descriptor, 0, os.SEEK_CUR) - count
            os.ftruncate(self._descriptor, begin)
            os.lseek(self._descriptor, begin, os.SEEK_SET)
        except OSError:  # a pipe, say
            self._has_half = True

    def _note(self, error: OSError) -> None:
        self.lost += 1
        self._reason = error.strerror or str(error)
        if self.lost == 1:
            self._warn(
                f"{self._name} cannot be written: {self._reason}. Watching goes on, and lines "
                "are lost until there is room."
            )


def _is_at(path: Path, status: os.stat_result) -> bool:
    """Whether a file that is open still has its name."""
    try:
        return os.path.samestat(os.stat(path), status)
    except OSError:
        return False
