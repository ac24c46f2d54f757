"""What can still be read of a damaged file, row by row, into a new one."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from motionapp.edge.store.connection import DISCOMFORT, primary_code

TABLES: Final = ("events", "files", "changes", "outbox", "holds", "meta")
"""In this order: one that refers to another comes behind it."""
_REFUSED: Final = frozenset(
    [
        *(sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH),
        *(sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_ERROR),
    ]
)
"""A row that a damaged page has made up, by the checks of the new table."""
_MOST_HOLES: Final = 64
"""Damage is mostly in one place; strides that double pass a million rows in twenty."""


def salvage(damaged: Path, into: sqlite3.Connection) -> int:
    """Copy all rows that can be read and that may stand in the tables.

    Parameters
    ----------
    damaged : Path
        It is only read.
    into : sqlite3.Connection
        New tables, in a transaction.

    Returns
    -------
    int
        How many events there are now.
    """
    # As it stands, with its log; where SQLite makes nothing of that, without.
    for how in ("mode=ro", "immutable=1"):
        address = f"{damaged.absolute().as_uri()}?{how}"
        with contextlib.ExitStack() as stack:
            try:
                reader = stack.enter_context(contextlib.closing(_reader(address)))
            except DISCOMFORT:
                continue
            if _copy_all(reader, into):
                break
    return _count_events(into)


def copied(damaged: sqlite3.Connection, into: sqlite3.Connection) -> int:
    """Copy all rows that an open connection can read; as `salvage`."""
    before, damaged.text_factory = damaged.text_factory, _text
    try:
        _copy_all(damaged, into)
    finally:
        damaged.text_factory = before
    return _count_events(into)


def _count_events(connection: sqlite3.Connection) -> int:
    (events,) = connection.execute("SELECT count(*) FROM events").fetchone()
    return int(events)


def _reader(address: str) -> sqlite3.Connection:
    reader = sqlite3.connect(address, uri=True, isolation_level=None)
    reader.text_factory = _text
    return reader


def _text(content: bytes) -> str | None:
    """What is no text any more is nothing, which the new tables refuse."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _copy_all(reader: sqlite3.Connection, into: sqlite3.Connection) -> int:
    """How many rows were read."""
    return sum(_copy(reader, into, table) for table in TABLES)


def _copy(reader: sqlite3.Connection, into: sqlite3.Connection, table: str) -> int:
    """Copy one table; how many rows were read of it. What cannot be written is raised."""
    wanted = [row[1] for row in into.execute(f"PRAGMA table_info({table})")]
    there = {row[1] for row in _readable(_columns(reader, table))}
    columns = [name for name in wanted if name in there]
    if not columns:
        return 0
    marks = ", ".join("?" * len(columns))
    insert = f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({marks})"
    read = 0
    for row in _readable(_rows(reader, table, columns)):
        read += 1
        try:
            into.execute(insert, row)
        except sqlite3.Error as error:
            if primary_code(error) not in _REFUSED:  # the disk is full, say
                raise
    return read


def _columns(reader: sqlite3.Connection, table: str) -> Iterator[tuple[Any, ...]]:
    yield from reader.execute(f"PRAGMA table_info({table})")


def _readable(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Rows up to the first that cannot be read."""
    with contextlib.suppress(*DISCOMFORT):
        yield from rows


def _rows(reader: sqlite3.Connection, table: str, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    """Rows as far as they can be read; some of them twice.

    Numbered ones also behind each hole, with strides that double, and at last from the end.
    """
    query = f"SELECT {', '.join(columns)} FROM {table}"
    if columns[0] != "number":
        yield from reader.execute(query)
        return
    reached, stride = 0, 1
    for _ in range(_MOST_HOLES):
        try:
            for row in reader.execute(f"{query} WHERE number > {reached} ORDER BY number"):
                reached, stride = row[0], 1
                yield row
        except DISCOMFORT:
            reached, stride = reached + stride, stride * 2
        else:
            return
    yield from reader.execute(f"{query} ORDER BY number DESC")
