"""The table of recordings and snapshots: what lies in the folder, and which events are in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from motionapp.edge.store.rows import from_us, optional_moment, optional_us, to_us

_COLUMNS: Final = "number, path, camera, start_us, end_us, size_bytes, is_open, noted_us"
_IS_LOCKED: Final = (
    "EXISTS (SELECT 1 FROM holds JOIN events ON events.number = holds.event"
    " WHERE holds.path = files.path AND events.is_locked)"
)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A recording or a snapshot."""

    number: int
    """Of the store: the order in which they came, whatever clocks said."""
    path: str
    """In the folder of the store."""
    camera: str
    start_utc: datetime
    end_utc: datetime | None
    """None while it is written, and of a snapshot."""
    size_bytes: int
    noted_utc: datetime
    """When the store heard of it; put right when the clock is."""
    is_open: bool = False
    """It is being written."""
    is_locked: bool = False
    """An event in it is kept however old."""


class Files:
    """Files in an open store. Every change is part of a transaction that the caller began."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def all(self) -> list[StoredFile]:
        """Every one, in the order in which they came."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS}, {_IS_LOCKED} FROM files ORDER BY number"
        )
        return [_file_of(row) for row in rows]

    def paths(self) -> set[str]:
        """Of every one."""
        return {path for (path,) in self._connection.execute("SELECT path FROM files")}

    def open_ones(self) -> list[StoredFile]:
        """What is being written."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS}, {_IS_LOCKED} FROM files WHERE is_open ORDER BY number"
        )
        return [_file_of(row) for row in rows]

    def has(self, path: str) -> bool:
        """Whether there is such a file."""
        row = self._connection.execute("SELECT 1 FROM files WHERE path = ?", (path,)).fetchone()
        return row is not None

    def add(
        self,
        path: str,
        camera: str,
        start_utc: datetime,
        *,
        end_utc: datetime | None,
        size_bytes: int,
        is_open: bool,
        noted: tuple[int, int],
    ) -> None:
        """A file that has begun; one that is known keeps its place in the order."""
        self._connection.execute(
            "INSERT INTO files (path, camera, start_us, end_us, size_bytes, is_open, boot,"
            " noted_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (path) DO UPDATE SET end_us = coalesce(excluded.end_us, end_us),"
            " size_bytes = max(excluded.size_bytes, size_bytes), is_open = excluded.is_open",
            (
                *(path, camera, to_us(start_utc), optional_us(end_utc)),
                *(size_bytes, is_open, *noted),
            ),
        )

    def end(self, path: str, *, end_utc: datetime | None, size_bytes: int) -> None:
        """It is whole."""
        self._connection.execute(
            "UPDATE files SET is_open = 0, end_us = ?, size_bytes = ? WHERE path = ?",
            (optional_us(end_utc), size_bytes, path),
        )

    def hold(self, path: str, events: Iterable[int]) -> None:
        """These events are in it."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO holds SELECT ?, number FROM events WHERE number = ?",
            [(path, event) for event in events],
        )

    def events_in(self, path: str) -> list[int]:
        """The numbers of the events in it."""
        rows = self._connection.execute(
            "SELECT event FROM holds WHERE path = ? ORDER BY event", (path,)
        )
        return [event for (event,) in rows]

    def remove(self, path: str) -> None:
        """It is gone."""
        self._connection.execute("DELETE FROM files WHERE path = ?", (path,))
        self._connection.execute("DELETE FROM holds WHERE path = ?", (path,))


def _file_of(row: tuple[Any, ...]) -> StoredFile:  # Any: what SQLite gives
    number, path, camera, start, end, size_bytes, is_open, noted, is_locked = row
    return StoredFile(
        number=number,
        path=path,
        camera=camera,
        start_utc=from_us(start),
        end_utc=optional_moment(end),
        size_bytes=size_bytes,
        noted_utc=from_us(noted),
        is_open=bool(is_open),
        is_locked=bool(is_locked),
    )
