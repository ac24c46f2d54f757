"""A file that is written piece by piece and brought to the disk on the way."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

from motionapp.files.atomic import sync_folder

_sync = getattr(os, "fdatasync", os.fsync)
"""Brings the bytes and the length to the disk, and leaves out when it was: less to write."""


class SyncedFile:
    """A new file that a muxer writes into, from its beginning to its end.

    Parameters
    ----------
    path : Path
        Must not be there yet. Its folder is made.
    on_written : callable
        Given how many bytes have been written, each time.

    Raises
    ------
    OSError
        It is there (`FileExistsError`), or cannot be made.
    """

    def __init__(self, path: Path, *, on_written: Callable[[int], None]) -> None:
        missing = [folder for folder in path.parents if not folder.exists()]
        _make(path.parent)
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
        self._on_written = on_written
        self._is_dirty = False
        self._is_open = True
        self.written_bytes = 0
        self._is_broken = False
        """It could not be written: what a muxer has still to say is not heard."""
        for entry in (path, *missing):  # a name is lost in a power cut as contents are
            sync_folder(entry.parent)

    def write(self, data: bytes) -> int:
        """Write all of it."""
        if self._is_broken or not self._is_open:
            return len(data)
        rest = memoryview(data)
        try:
            while rest:
                done = os.write(self._descriptor, rest)
                rest = rest[done:]
                self.written_bytes += done
                self._on_written(done)
        except OSError:
            self._is_broken = True
            raise
        self._is_dirty = True
        return len(data)

    def seekable(self) -> bool:
        """Nothing is written again: a card would wear, and the power may fail in between."""
        return False

    def sync(self) -> bool:
        """Bring what was written to the disk; False: there was nothing new."""
        if not self._is_dirty:
            return False
        _sync(self._descriptor)
        self._is_dirty = False
        return True

    def close(self) -> None:
        """Let go of it; safe to call twice."""
        if self._is_open:
            self._is_open = False
            os.close(self._descriptor)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:  # which is said of a file that is there already
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), folder) from error
