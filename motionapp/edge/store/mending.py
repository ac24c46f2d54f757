"""Brings tables and folder into agreement at each start: files without rows, rows without files.

A kill between a file and its row leaves one of them alone. Nothing on the disk is removed here but
folders of days in which nothing is left.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
from bisect import bisect_left, insort
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from motionapp.edge.store.events import Events
from motionapp.edge.store.files import Files, StoredFile
from motionapp.edge.store.mp4 import duration_s
from motionapp.edge.store.names import FileName, parse
from motionapp.edge.store.rows import to_us
from motionapp.settings.edge import NAME

REBUILT: Final = "rebuilt"
"""In the details of an event of which nothing was left but its recording."""
_TOLERANCE_US: Final = 2_000_000
"""Between the picture of an event and its first second."""
_BEFORE_US: Final = 3600 * 1_000_000
"""What began so long before has other recordings, too: the longest is an hour."""
_FROM_START: Final = 0
"""The start of the service that files are noted at whose own is not known: no clock that is set
puts them right."""
LATEST: Final = datetime.max.replace(tzinfo=UTC)
_CAMERA: Final = re.compile(NAME)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(slots=True)
class Mended:
    """What did not agree."""

    gone: int = 0
    """Rows whose file is not there any more."""
    found: int = 0
    """Files without a row, which have one now."""
    ended: int = 0
    """Recordings that were being written when the service ended."""
    rebuilt: int = 0
    """Events made of recordings, because the file with events was lost."""
    unplayable: int = 0
    """Of the recordings looked at, those of which nothing is whole."""
    unread: list[str] = field(default_factory=list)
    """Folders that could not be looked into: nothing was changed of what is in there."""

    @property
    def sentences(self) -> tuple[str, ...]:
        """One for each thing that was mended, for the log."""
        told = (
            ("recordings and snapshots that are gone from the disk, and forgotten", self.gone),
            ("recordings and snapshots on the disk that the store did not know", self.found),
            ("recordings that were cut off; what is whole of them is kept", self.ended),
            ("events made anew of their recordings", self.rebuilt),
            ("recordings that cannot be played", self.unplayable),
        )
        return (
            *(f"{what}: {number}" for what, number in told if number),
            *(f"a folder that cannot be looked into: {folder or '.'}" for folder in self.unread),
        )


def mend(
    folder: Path,
    connection: sqlite3.Connection,
    *,
    noted: tuple[int, int],
    is_rebuilding: bool,
    writing: Container[str] = (),
    told_until: datetime = LATEST,
) -> Mended:
    """Bring both into agreement, inside a transaction that the caller began.

    Parameters
    ----------
    folder : Path
    connection : sqlite3.Connection
    noted : tuple of int
        At which start of the service, and when in microseconds.
    is_rebuilding : bool
        Whether the tables are new: then a recording without an event becomes one.
    writing : container of str
        Paths of recordings that go on.
    told_until : datetime
        Of what was written later somebody is about to tell: no events are made of it.
    """
    mended = Mended()
    on_disk = _files_in(folder, mended)
    tables = _Tables(folder, Events(connection), Files(connection), connection, noted[1])
    for path in sorted(tables.files.paths() - set(on_disk)):
        if not path.startswith(tuple(mended.unread)):
            tables.events.forget_file(path)
            tables.files.remove(path)
            mended.gone += 1
    for one in [one for one in tables.files.open_ones() if one.path not in writing]:
        end_utc = end_of(folder, one)
        size_bytes = on_disk.get(one.path, one.size_bytes)
        tables.files.end(one.path, end_utc=end_utc or one.start_utc, size_bytes=size_bytes)
        mended.ended += 1
        mended.unplayable += end_utc is None
    new = [path for path in on_disk if not tables.files.has(path)]
    for name in sorted(filter(None, map(parse, new)), key=_in_order):
        is_told = _changed_s(folder / name.path) <= told_until.timestamp()
        tables.take_up(name, on_disk[name.path], mended, is_rebuilding=is_rebuilding and is_told)
    _mend_references(connection)
    return mended


def size_of(folder: Path, path: str) -> int:
    """Bytes of a file; 0 where there is none."""
    try:
        return (folder / path).stat().st_size
    except OSError:
        return 0


def _changed_s(path: Path) -> float:
    """When a file was written last, in seconds since 1970; 0.0 where there is none."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def place_of(folder: Path, path: str) -> Path | None:
    """Where a file of the store lies; None if it is not of the template, elsewhere, or gone."""
    if parse(path) is None:
        return None
    place = folder / path
    try:
        is_inside = place.resolve(strict=True).is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return None
    return place if is_inside and place.is_file() else None


def keep(
    folder: Path,
    files: Files,
    path: str,
    events: Iterable[int],
    *,
    is_open: bool,
    noted: tuple[int, int],
) -> None:
    """A row for a file, with the events that are in it. Raises `ValueError` for a path that is not
    of the template."""
    name = parse(path)
    if name is None:
        raise ValueError(f"{path!r} is no path of a recording or a snapshot")
    files.add(
        path,
        name.camera,
        name.start_utc,
        end_utc=None,
        size_bytes=size_of(folder, path),
        is_open=is_open,
        noted=noted,
    )
    files.hold(path, events)


def end_of(folder: Path, one: StoredFile | FileName) -> datetime | None:
    """When a recording ends, as far as it is whole; None if nothing of it is."""
    length_s = duration_s(folder / one.path)
    try:
        return None if length_s is None else one.start_utc + timedelta(seconds=length_s)
    except OverflowError:  # the last day of the year 9999
        return None


@dataclass(frozen=True, slots=True)
class _Tables:
    folder: Path
    events: Events
    files: Files
    connection: sqlite3.Connection
    now_us: int
    spans: dict[str, list[tuple[int, ...]]] = field(default_factory=dict)
    """First and last known moment and number of each event, by camera, in order of time: looked for
    once, where there is a file whose events are not known."""

    def take_up(
        self, name: FileName, size_bytes: int, mended: Mended, *, is_rebuilding: bool
    ) -> None:
        """Give a file its row, and find the events that are in it."""
        is_recording = name.ending == "mp4"
        found_utc = end_of(self.folder, name) if is_recording else None
        end_utc = found_utc or name.start_utc
        mended.unplayable += is_recording and found_utc is None
        # As old as its name says, so that it is not kept twice as long as others.
        noted = _FROM_START, min(self.now_us, to_us(name.start_utc))
        self.files.add(
            name.path,
            name.camera,
            name.start_utc,
            end_utc=end_utc if is_recording else None,
            size_bytes=size_bytes,
            is_open=False,
            noted=noted,
        )
        mended.found += 1
        events = self._events_between(name.camera, name.start_utc, end_utc)
        if is_rebuilding and is_recording and not events:
            events = [self._rebuilt(name, end_utc, noted)]
            mended.rebuilt += 1
        self.files.hold(name.path, events if is_recording else events[:1])
        column = "recording" if is_recording else "snapshot"
        for number in events if is_recording else events[:1]:
            event = self.events.one(number)
            if event is not None and getattr(event, column) is None:
                self.events.change(number, **{column: name.path})
                if is_recording:
                    self.events.change(number, recording_start_us=to_us(name.start_utc))

    def _events_between(self, camera: str, start_utc: datetime, end_utc: datetime) -> list[int]:
        """Of a camera, in the order of their numbers."""
        if camera not in self.spans:
            rows = self.connection.execute(
                "SELECT start_us, last_us, number FROM events WHERE camera = ?", (camera,)
            )
            self.spans[camera] = sorted(rows)
        spans, start_us = self.spans[camera], to_us(start_utc)
        first = bisect_left(spans, (start_us - _BEFORE_US,))
        behind = bisect_left(spans, (to_us(end_utc) + _TOLERANCE_US,))
        found = (span for span in spans[first:behind] if span[1] >= start_us - _TOLERANCE_US)
        return sorted(number for _, _, number in found)

    def _rebuilt(self, name: FileName, end_utc: datetime, noted: tuple[int, int]) -> int:
        event = self.events.add(
            name.camera,
            "motion",
            name.start_utc,
            zone="all",
            label="motion",
            score=None,
            why="",
            details={REBUILT: True},
            noted=noted,
        )
        self.events.end(event.number, end_utc)
        span = to_us(name.start_utc), to_us(end_utc), event.number
        insort(self.spans.setdefault(name.camera, []), span)
        return event.number


def _in_order(name: FileName) -> tuple[bool, datetime, str]:
    """Recordings before pictures, which may belong to an event that is made of one."""
    return name.ending == "jpg", name.start_utc, name.path


def _files_in(folder: Path, mended: Mended) -> dict[str, int]:
    """What is of the template below a folder, and its bytes; days with nothing in them go."""
    found = {}
    for camera in _folders(folder, "", _CAMERA, mended):
        for day in _folders(folder, camera, _DAY, mended):
            for entry in _entries(folder, day, mended):
                path = f"{day}/{entry.name}"
                if parse(path) is not None and entry.is_file(follow_symlinks=False):
                    found[path] = size_of(folder, path)
            # It only goes if there is nothing at all in it.
            with contextlib.suppress(OSError):
                (folder / day).rmdir()
    return found


def _folders(folder: Path, below: str, pattern: re.Pattern[str], mended: Mended) -> Iterator[str]:
    for entry in _entries(folder, below, mended):
        if pattern.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False):
            yield f"{below}/{entry.name}" if below else entry.name


def _entries(folder: Path, below: str, mended: Mended) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder / below) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        mended.unread.append(f"{below}/" if below else "")
        return []


def _mend_references(connection: sqlite3.Connection) -> None:
    """No event names a file that is not there; every file that one names is held by it."""
    for column in ("recording", "snapshot"):
        connection.execute(
            f"UPDATE events SET {column} = NULL WHERE {column} IS NOT NULL"
            f" AND {column} NOT IN (SELECT path FROM files)"
        )
        connection.execute(
            f"INSERT OR IGNORE INTO holds SELECT {column}, number FROM events"
            f" WHERE {column} IS NOT NULL"
        )
    connection.execute(
        "UPDATE events SET recording_start_us = NULL"
        " WHERE recording IS NULL AND recording_start_us IS NOT NULL"
    )
    connection.execute("DELETE FROM holds WHERE path NOT IN (SELECT path FROM files)")
