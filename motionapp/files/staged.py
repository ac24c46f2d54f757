"""Folders that appear whole or not at all: filled under a temporary name, then renamed.

A folder belongs to the program: what an earlier run has left in it goes when the new one takes its
name, so that no file of another run stands among those of this one.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import zlib
from pathlib import Path
from typing import Final

from motionapp.core.event import Event
from motionapp.files.atomic import cannot_write, part_of

_UNSAFE: Final = re.compile(r"[^\w@.-]+")
"""What some file system or a link in a page would not take as it is."""
_LONGEST: Final = 80
"""Characters of a name; file systems allow 255 bytes, of which a letter may need four."""

LEFT_BY_DESKTOPS: Final = frozenset({".DS_Store", ".directory", "Thumbs.db", "desktop.ini"})
"""How a folder is shown: nobody's work."""


class StagedFolder:
    """Files of one kind on their way into `path`.

    Parameters
    ----------
    path : Path
        The finished folder; the one that it lies in exists.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._has_begun = False

    @property
    def part(self) -> Path:
        """The temporary folder."""
        return part_of(self.path)

    def place(self, name: str) -> Path:
        """Where the file `name` is to be written now.

        Raises
        ------
        OutputError
            The temporary folder cannot be made.
        """
        if not self._has_begun:
            try:
                _remove(self.part)  # what a killed run may have left
                self.part.mkdir()
            except OSError as error:
                raise cannot_write(self.path, error) from error
            self._has_begun = True
        return self.part / name

    def write(self, name: str, content: bytes, *, flush: bool = True) -> None:
        """Write a file of the folder.

        Parameters
        ----------
        name : str
        content : bytes
        flush : bool
            Wait until it is on the disk; some milliseconds, too long for one file a picture.

        Raises
        ------
        OutputError
            It cannot be written.
        """
        path = self.place(name)
        try:
            with open(path, "wb") as file:
                file.write(content)
                if flush:
                    file.flush()
                    os.fsync(file.fileno())
        except OSError as error:
            raise cannot_write(self.path / name, error) from error

    def publish(self) -> None:
        """Give the folder its name; without a file there is none, and no earlier one either.

        Raises
        ------
        OutputError
            It cannot be renamed; the temporary folder is removed.
        """
        aside = self.path.with_name(f".{self.path.name}.old.part")
        try:
            _remove(aside)
            if self.path.exists():
                self.path.rename(aside)
            if self._has_begun:
                self.part.rename(self.path)
            _remove(aside)
        except OSError as error:
            self.discard()
            raise cannot_write(self.path, error) from error

    def discard(self) -> None:
        """Remove the temporary folder, if there is one of ours."""
        if self._has_begun:
            # The place may be gone or read-only: then there is nothing of ours to tidy.
            with contextlib.suppress(OSError):
                _remove(self.part)


def file_stem(event: Event) -> str:
    """An event's id as a file's name: the same on every system, and no two events share one."""
    safe = _UNSAFE.sub("_", event.event_id)[-_LONGEST:]
    if safe == event.event_id and not safe.startswith("."):
        return safe
    return f"{safe.lstrip('.')}-{zlib.crc32(event.event_id.encode()):08x}"


def names_in(folder: Path) -> list[str]:
    """What a folder holds, in the order of the alphabet, but for what a file manager leaves in each
    folder that somebody looks into.

    Raises
    ------
    OutputError
        It cannot be looked into.
    """
    try:
        return sorted({one.name for one in folder.iterdir()} - LEFT_BY_DESKTOPS)
    except OSError as error:
        raise cannot_write(folder, error) from error


def safe_name(text: str) -> str:
    """What people call something, as a part of a file's name on every system."""
    return _UNSAFE.sub("_", text).strip("._")[:_LONGEST] or "recording"


def _remove(path: Path) -> None:
    """Remove a folder with what is in it; a link to one is removed itself."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)
