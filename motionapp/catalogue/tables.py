"""The files of a catalogue: where they lie, what they are called, and which is the newest word.

A recording's events come in a file of their own, named after the recording and its content:
`<key>-<content>.parquet`. Packing makes one `packed-<content>.parquet` of a folder's files. What a
file of its own says of a recording stands above what packed ones say, and of equals the newer
one's word: so nobody has to lock anything to write, and a reader never sees half of a change.
"""

from __future__ import annotations

import contextlib
import os
import re
import urllib.parse
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from motionapp.catalogue.form import EVENTS

PACKED: Final = "packed"
RECORDING_DIGITS: Final = 16
"""Of what a recording is known by."""
CONTENT_DIGITS: Final = 16
LONGEST_BYTES: Final = 200
"""Of a folder's name, of the 255 that file systems take."""

_NAME: Final = re.compile(
    rf"({PACKED}|[0-9a-f]{{{RECORDING_DIGITS}}})-[0-9a-f]{{{CONTENT_DIGITS}}}\.parquet"
)
_PLAIN: Final = re.compile(r"[^\w.+ -]")


@dataclass(frozen=True, slots=True)
class TableFile:
    """One file of the catalogue's."""

    path: Path
    camera: str
    month: str
    key: str | None
    """The recording that it is all about; None of a packed one."""
    changed_ns: int

    @property
    def rank(self) -> tuple[bool, int, str]:
        """Of two that speak of a recording, the greater one is right."""
        return self.key is not None, self.changed_ns, self.path.name


def partition(folder: Path, camera: str, month: str) -> Path:
    """The folder of a camera's tables of a month, in the form that Hive and its kin read."""
    return folder / EVENTS / f"camera={_quoted(camera)}" / f"month={_quoted(month)}"


def files_of(folder: Path) -> list[TableFile]:
    """All files of a catalogue, the one whose word counts least first."""
    found: list[TableFile] = []
    for camera in _folders(folder / EVENTS, "camera="):
        for month in _folders(Path(camera), "month="):
            found += _files_in(Path(month), _value(camera), _value(month))
    return sorted(found, key=lambda one: one.rank)


def _files_in(place: Path, camera: str, month: str) -> list[TableFile]:
    found = []
    with contextlib.suppress(OSError), os.scandir(place) as entries:
        for entry in entries:
            if _NAME.fullmatch(entry.name) is None:
                continue
            with contextlib.suppress(OSError):  # another has replaced it meanwhile
                changed_ns = entry.stat().st_mtime_ns
                stem = entry.name.partition("-")[0]
                key = None if stem == PACKED else stem
                found.append(TableFile(place / entry.name, camera, month, key, changed_ns))
    return found


def _folders(place: Path, prefix: str) -> list[str]:
    try:
        with os.scandir(place) as entries:
            return sorted(e.path for e in entries if e.name.startswith(prefix) and e.is_dir())
    except OSError:
        return []


def _value(path: str) -> str:
    return urllib.parse.unquote(os.path.basename(path).partition("=")[2])


def _quoted(name: str) -> str:
    """A name as a part of a folder's name that every system takes, and that can be read back."""
    while True:
        quoted = _PLAIN.sub(lambda found: urllib.parse.quote(found[0], safe=""), name)
        quoted = re.sub(r"^[. ]|[. ]$", lambda found: f"%{ord(found[0]):02X}", quoted)
        if len(quoted.encode("utf-8", "surrogateescape")) <= LONGEST_BYTES or not name:
            return quoted
        name = name[:-1]
