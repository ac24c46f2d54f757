"""The table of single values: how often the service was started, and up to when it knows."""

from __future__ import annotations

import sqlite3


class Meta:
    """Values in an open file. Every change is part of a transaction that the caller began."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def number(self, key: str) -> int | None:
        """A whole number; None where there is none that can be."""
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        try:
            return None if row is None else int(row[0])
        except ValueError:
            return None

    def put(self, key: str, number: int) -> None:
        """Set one."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, str(number)))

    def remove(self, key: str) -> None:
        """It is not there any more."""
        self._connection.execute("DELETE FROM meta WHERE key = ?", (key,))

    @property
    def last_event(self) -> int:
        """The highest number that the file has given to an event."""
        return self._last("events")

    def go_on_after(self, number: int, table: str = "events") -> None:
        """The next event, or row of another table, gets a higher number than this."""
        if number > self._last(table):
            self._connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
            self._connection.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (table, number))

    def _last(self, table: str) -> int:
        row = self._connection.execute(
            "SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)
        ).fetchone()
        return 0 if row is None else int(row[0])
