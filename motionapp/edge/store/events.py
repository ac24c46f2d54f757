"""The table of events. Numbers order them, never clocks."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from motionapp.edge.records import EventKind, EventRecord, EventState
from motionapp.edge.seams import EventQuery
from motionapp.edge.store.rows import (
    EVENT_COLUMNS,
    clean,
    details_text,
    event_of,
    optional_us,
    to_us,
)

MOST: Final = 1000
"""Events an answer has at most."""


class Events:
    """Events in an open file. Every change is part of a transaction that the caller began."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def one(self, number: int) -> EventRecord | None:
        """By its number."""
        row = self._connection.execute(
            f"SELECT {EVENT_COLUMNS} FROM events WHERE number = ?", (number,)
        ).fetchone()
        return None if row is None else event_of(row)

    def open_ones(self, camera: str | None = None) -> list[EventRecord]:
        """What goes on, the oldest first."""
        rows = self._connection.execute(
            f"SELECT {EVENT_COLUMNS} FROM events WHERE state = 'open'"
            " AND (? IS NULL OR camera = ?) ORDER BY number",
            (camera, camera),
        )
        return [event_of(row) for row in rows]

    def count(self) -> int:
        """How many there are."""
        (number,) = self._connection.execute("SELECT count(*) FROM events").fetchone()
        return int(number)

    def found(self, query: EventQuery) -> list[EventRecord]:
        """The newest first; of a stretch of time those that reach into it.

        Raises
        ------
        ValueError
            More or fewer are asked for than can be.
        """
        if not 1 <= query.most <= MOST:
            raise ValueError(f"between 1 and {MOST} events can be asked for, not {query.most}")
        terms, values = _terms(query)
        where = f"WHERE {' AND '.join(terms)}" if terms else ""
        rows = self._connection.execute(
            f"SELECT {EVENT_COLUMNS} FROM events {where} ORDER BY number DESC LIMIT ?",
            (*values, query.most),
        )
        return [event_of(row) for row in rows]

    def add(
        self,
        camera: str,
        kind: EventKind,
        start_utc: datetime,
        *,
        zone: str,
        label: str,
        score: float | None,
        why: str,
        details: Mapping[str, Any],
        noted: tuple[int, int],
    ) -> EventRecord:
        """An open one; `noted` is at which start of the service, and when it came."""
        start_us = to_us(start_utc)
        values = (camera, kind, start_us, start_us, clean(zone), clean(label), score, clean(why))
        added = self._connection.execute(
            "INSERT INTO events (camera, kind, state, start_us, last_us, zone, label, score, why,"
            " details, boot, noted_us) VALUES (?, ?, 'open', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*values, details_text(details), *noted),
        )
        assert added.lastrowid is not None
        return self._sure(added.lastrowid)

    def restore(self, event: EventRecord, noted: tuple[int, int]) -> None:
        """One that goes on, with the number that it had: its row is lost. Its beginning was told,
        or is lost too."""
        start_us = to_us(event.start_utc)
        values = (event.number, event.camera, event.kind, start_us)
        texts = (event.zone, event.label, event.score, event.why, details_text(event.details))
        files = (event.recording, optional_us(event.recording_start_utc), event.snapshot)
        self._connection.execute(
            "INSERT INTO events (number, camera, kind, state, start_us, last_us, zone, label,"
            " score, why, details, recording, recording_start_us, snapshot, is_locked, telling,"
            " boot, noted_us) VALUES"
            " (?, ?, ?, 'open', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'begun', ?, ?)",
            (
                *(*values, max(start_us, to_us(event.last_utc)), *texts),
                *(*files, event.is_locked, *noted),
            ),
        )

    def change(self, number: int, **columns: Any) -> EventRecord:  # Any: what SQLite takes
        """Set columns; one that is None stays as it is.

        Raises
        ------
        KeyError
            There is no such event.
        """
        told = {name: value for name, value in columns.items() if value is not None}
        if told:
            names = ", ".join(f"{name} = ?" for name in told)
            self._connection.execute(
                f"UPDATE events SET {names} WHERE number = ?", (*told.values(), number)
            )
        return self._sure(number)

    def know(
        self,
        number: int,
        *,
        label: str | None,
        score: float | None,
        details: Mapping[str, Any] | None,
        why: str | None = None,
    ) -> EventRecord:
        """More is known of one; what is None stays. Raises `KeyError` where there is none."""
        return self.change(
            number,
            label=None if label is None else clean(label),
            score=score,
            why=None if why is None else clean(why),
            details=None if details is None else details_text(details),
        )

    def know_until(self, number: int, last_utc: datetime) -> None:
        """Its last known second is this one, if it is later than the one before."""
        self._connection.execute(
            "UPDATE events SET last_us = max(last_us, ?) WHERE number = ? AND state = 'open'",
            (to_us(last_utc), number),
        )

    def end(self, number: int, end_utc: datetime, *, state: EventState = "closed") -> None:
        """Close it; an end before its start, of a clock that was put back, becomes the start."""
        end_us = to_us(end_utc)
        self._connection.execute(
            "UPDATE events SET state = ?, end_us = max(start_us, ?),"
            " last_us = max(last_us, ?) WHERE number = ? AND state = 'open'",
            (state, end_us, end_us, number),
        )

    def lose(self, number: int) -> EventRecord:
        """End it where it was known last: the service ended without a word."""
        self._connection.execute(
            "UPDATE events SET state = 'lost', end_us = last_us WHERE number = ?"
            " AND state = 'open'",
            (number,),
        )
        return self._sure(number)

    def forget_file(self, path: str) -> None:
        """No event has this file any more."""
        self._connection.execute(
            "UPDATE events SET recording = NULL, recording_start_us = NULL WHERE recording = ?1"
            " AND number IN (SELECT event FROM holds WHERE path = ?1)",
            (path,),
        )
        self._connection.execute(
            "UPDATE events SET snapshot = NULL WHERE snapshot = ?1"
            " AND number IN (SELECT event FROM holds WHERE path = ?1)",
            (path,),
        )

    def forget_before(self, first_us: int, cutoff_us: int) -> int:
        """Remove those that were noted between two moments and of which no file is left.

        Open and locked ones stay. Returns how many went.
        """
        return self._connection.execute(
            "DELETE FROM events WHERE noted_us >= ? AND noted_us < ? AND state != 'open'"
            " AND NOT is_locked AND recording IS NULL AND snapshot IS NULL",
            (first_us, cutoff_us),
        ).rowcount

    def _sure(self, number: int) -> EventRecord:
        found = self.one(number)
        if found is None:
            raise KeyError(number)
        return found


def _terms(query: EventQuery) -> tuple[list[str], list[object]]:
    """What must hold of a row, and with which values."""
    asked: tuple[tuple[str, object], ...] = (
        ("camera = ?", query.camera),
        ("kind = ?", query.kind),
        ("label = ?", query.label),
        ("zone = ?", query.zone),
        ("number < ?", query.before_number),
        ("start_us < ?", None if query.until_utc is None else to_us(query.until_utc)),
    )
    terms = [(term, value) for term, value in asked if value is not None]
    if query.since_utc is not None:
        terms.append(("(last_us >= ? OR state = 'open')", to_us(query.since_utc)))
    return [term for term, _ in terms], [value for _, value in terms]
