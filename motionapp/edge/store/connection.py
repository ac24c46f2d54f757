"""A connection to the store's file: durable, and every complaint of SQLite a sentence."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from motionapp.core.errors import OutputError

BUSY_S: Final = 5.0
WAL_BYTES: Final = 8 << 20
"""To what the log is cut back; SQLite moves it into the file after about four megabytes."""
DISCOMFORT: Final = (sqlite3.Error, UnicodeDecodeError)
"""The second where SQLite quotes what is damaged."""
_NO_ROOM_BYTES: Final = 1 << 16
DAMAGED: Final = frozenset([sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB])


class Unsound(ValueError):
    """The file is not a store as any version wrote it, or not the one that was opened."""


def connect(path: Path) -> sqlite3.Connection:
    """Open the file, or make it; what is committed is on the disk.

    Raises
    ------
    sqlite3.Error
        It cannot be opened, or is no database.
    """
    connection = look_at(path)
    try:
        # Works only before there is a table: pages of removed rows are given back.
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA journal_size_limit = {WAL_BYTES}")
    except BaseException:
        connection.close()
        raise
    return connection


def look_at(path: Path) -> sqlite3.Connection:
    """Open the file as it is, which may be damaged, or none of ours.

    Raises
    ------
    sqlite3.Error
        It cannot be opened.
    """
    # Autocommit: transactions are begun by hand, so that DDL is in them, too. Whoever calls from
    # another thread does so from one at a time.
    connection = sqlite3.connect(
        path, timeout=BUSY_S, isolation_level=None, check_same_thread=False
    )
    connection.text_factory = _text
    # We are alone with it (see `opening`): no shared memory, which needs a disk with room.
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("PRAGMA cell_size_check = ON")
    return connection


def _text(content: bytes) -> str:
    """Damage within a word must not make a whole answer impossible."""
    return content.decode("utf-8", errors="replace")


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what SQLite complains of into a sentence.

    Raises
    ------
    OutputError
        In place of an `sqlite3.Error`.
    """
    try:
        yield
    except DISCOMFORT as error:
        raise OutputError(sentence_of(path, error)) from error


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """All that the block writes is on the disk when it ends, or nothing of it.

    Raises
    ------
    OutputError
        It cannot be written: a full disk, say. The connection can be used again.
    """
    with translated(path):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            # Of some errors, a full disk among them, SQLite rolls back by itself.
            if connection.in_transaction:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
            raise


def primary_code(error: Exception) -> int:
    """SQLite's own number for an error, without what it adds; 0 where it gave none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def sentence_of(path: Path, error: Exception) -> str:
    """What is wrong with the file, and what to do."""
    code = primary_code(error)
    if _is_for_want_of_room(path, error):
        return (
            f"{path} cannot be written: the disk is full. It is as it was before; make room, or "
            "lower max_gb in [store]."
        )
    if code in DAMAGED or isinstance(error, UnicodeDecodeError):
        return (
            f"{path} is damaged ({error}). It is put aside, and what is in it and in the files "
            "beside it is kept."
        )
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return f"{path} is held by another program: end that one."
    return f"{path} cannot be used: {error}. See to the disk and to the rights of its folder."


def is_damage(error: OutputError) -> bool:
    """Whether something could not be read or written because the file is damaged, or gone."""
    cause = error.__cause__
    if isinstance(cause, (Unsound, UnicodeDecodeError)):
        return True
    code = getattr(cause, "sqlite_errorcode", 0)
    return code == sqlite3.SQLITE_IOERR_SHORT_READ or code & 0xFF in DAMAGED


def is_full(path: Path, error: OutputError) -> bool:
    """Whether something could not be written because the disk is full."""
    cause = error.__cause__
    return isinstance(cause, sqlite3.Error) and _is_for_want_of_room(path, cause)


def _is_for_want_of_room(path: Path, error: Exception) -> bool:
    """Where files beside the database cannot be made or grow, SQLite gives other reasons."""
    code = primary_code(error)
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN):
        with contextlib.suppress(OSError):
            return shutil.disk_usage(path.parent).free < _NO_ROOM_BYTES
    return code == sqlite3.SQLITE_FULL
