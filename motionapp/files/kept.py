"""Files that save work when they are there and cost nothing but time when they are not.

A bounded folder: the ones that nobody has asked for the longest go first. Whatever is wrong with
it, a full disk say, is told once, and the work goes on without it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

ENDING: Final = ".npz"
PART: Final = ".part"
LOW_WATER: Final = 0.9
"""Where room is made, so much of the bound stays taken: else every file would have to make some."""
LEAST_FREE_BYTES: Final = 500_000_000
"""Left on the disk for results: hours of work must not end for want of what was only kept."""
WRITES_A_LOOK: Final = 50
"""Others write into the folder, too: after so many files it is looked at again."""
PART_S: Final = 3600.0
"""What is half written for so long was left by a process that was killed."""


class _Entry(NamedTuple):
    used_s: float
    size_bytes: int
    name: str


class KeptFiles:
    """A folder of files that may be gone at any time. For one thread of each of many processes.

    Parameters
    ----------
    folder : Path
        Is made when the first file is written.
    most_bytes : int
        All of its files together; several processes may go over it by what they write between two
        looks at the folder.
    on_trouble : callable
        Is told once, in a sentence, why nothing is kept any more.
    clock : callable
        Seconds since 1970, as files are stamped.

    Notes
    -----
    What this object has read or written does not make room for more: with a data set that is larger
    than the bound each file would go just before it is asked for again.
    """

    def __init__(
        self,
        folder: Path,
        *,
        most_bytes: int,
        on_trouble: Callable[[str], None] = lambda sentence: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.folder = folder
        self._most_bytes = most_bytes
        self._on_trouble = on_trouble
        self._clock = clock
        self._used: set[str] = set()
        self._room_bytes = 0
        self._writes = 0
        self._has_ended = False

    def read(self, key: str) -> bytes | None:
        """What was kept under a key; None where there is nothing, or it cannot be read."""
        path = self._path(key)
        try:
            content = path.read_bytes()
        except OSError:
            return None
        # Not by the time of reading, which most systems do not write down.
        with contextlib.suppress(OSError):
            os.utime(path)
        self._used.add(path.name)
        return content

    def write(self, key: str, content: bytes) -> None:
        """Keep something under a key (letters and digits), in place of what was there."""
        if self._has_ended:
            return
        try:
            if self._has_room(len(content)):
                self._write(self._path(key), content)
        except OSError as error:
            self._end(f"{self.folder} cannot be written: {error.strerror or error}")

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}{ENDING}"

    def _write(self, path: Path, content: bytes) -> None:
        # A name of its own: others may be writing the same file. It is not flushed to the disk:
        # what a power cut leaves of it is found damaged, and made anew.
        descriptor, part = tempfile.mkstemp(prefix=".", suffix=PART, dir=self.folder)
        try:
            with open(descriptor, "wb") as file:
                file.write(content)
            os.replace(part, path)
        finally:
            with contextlib.suppress(OSError):
                os.unlink(part)  # gone already, unless something went wrong
        self._used.add(path.name)
        self._room_bytes -= len(content)

    def _has_room(self, size_bytes: int) -> bool:
        if self._writes % WRITES_A_LOOK == 0 or self._room_bytes < size_bytes:
            self._room_bytes = self._make_room(size_bytes)
        self._writes += 1
        if self._room_bytes >= size_bytes:
            return True
        self._end(
            f"{self.folder} is full: it may take {self._most_bytes / 1e9:g} GB, and "
            f"{LEAST_FREE_BYTES / 1e9:g} GB of the disk stay free"
        )
        return False

    def _make_room(self, size_bytes: int) -> int:
        """Bytes that may be written now, after what is old has gone where it had to."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        entries = sorted(self._entries())
        taken = sum(entry.size_bytes for entry in entries)
        free = shutil.disk_usage(self.folder).free - LEAST_FREE_BYTES
        most = min(self._most_bytes, taken + free)
        wanted = LOW_WATER * most if taken + size_bytes > most else most
        for entry in entries:
            if taken + size_bytes <= wanted:
                break
            if entry.name not in self._used:
                # Windows does not let go of what somebody reads: then the next one goes.
                with contextlib.suppress(OSError):
                    (self.folder / entry.name).unlink()
                    taken -= entry.size_bytes
        return int(most - taken)

    def _entries(self) -> list[_Entry]:
        """The files that are there; takes away what killed processes left half written."""
        found = []
        with os.scandir(self.folder) as listed:
            for one in listed:
                # It may have gone since it was listed: others make room, too.
                with contextlib.suppress(OSError):
                    stat = one.stat(follow_symlinks=False)
                    if one.name.endswith(ENDING):
                        found.append(_Entry(stat.st_mtime, stat.st_size, one.name))
                    elif one.name.endswith(PART) and self._clock() - stat.st_mtime > PART_S:
                        os.unlink(one.path)
        return found

    def _end(self, reason: str) -> None:
        self._has_ended = True
        self._on_trouble(reason)


def cache_folder(environment: Mapping[str, str], platform: str = sys.platform) -> Path | None:
    """The folder for what may be deleted at any time, as each system has it; it may be absent.

    Parameters
    ----------
    environment : mapping
        `XDG_CACHE_HOME` counts on every system, if it is a full path.
    platform : str
        As `sys.platform`.

    Returns
    -------
    Path or None
        None where nobody is at home.

    References
    ----------
    XDG Base Directory Specification, freedesktop.org.
    """
    home = Path(os.path.expanduser("~"))
    usual = home / ".cache"
    if platform == "darwin":
        usual = home / "Library" / "Caches"
    elif platform == "win32":
        usual = Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local")
    asked = Path(environment.get("XDG_CACHE_HOME", ""))
    place = asked if asked.is_absolute() else usual
    return place / "motionapp" if place.is_absolute() else None
