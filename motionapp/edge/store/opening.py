"""Opens the store's file: alone with it, checked, and put aside where it is damaged."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from motionapp.core.errors import OutputError
from motionapp.edge.store.connection import (
    Unsound,
    connect,
    look_at,
    primary_code,
    transaction,
    translated,
)
from motionapp.edge.store.salvage import salvage
from motionapp.edge.store.schema import STEPS, Step, migrate, version_of
from motionapp.files.atomic import cannot_write, make_folder
from motionapp.files.locks import take

FILE: Final = "motionapp.sqlite3"
LOCK: Final = "motionapp.lock"
BESIDE: Final = ("-journal", "-wal", "-shm")
"""What SQLite keeps beside a file; they are of no use without it, nor it without them."""
_NO_DAMAGE: Final = frozenset(
    [
        *(sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED),
        *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL),
        *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM),
    ]
)
"""The disk, its rights or somebody else: putting the file aside would mend nothing."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An open file."""

    connection: sqlite3.Connection
    is_new: bool
    """It was begun just now: what lies in the folder is not in it yet."""
    sentences: tuple[str, ...]
    """What had to be done, for the log."""


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder for this process until the block ends; it is made if it is not there.

    Raises
    ------
    OutputError
        Another service has it, or it cannot be written to.
    """
    make_folder(folder)
    path = folder / LOCK
    try:
        # It stays: a lock file that is removed lets in whoever has opened it before.
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise cannot_write(path, error) from error
    try:
        if not take(descriptor):
            raise OutputError(
                f"{folder} is in use by another motionapp: end that one, or name another folder "
                "in [store] dir"
            )
        yield
    finally:
        os.close(descriptor)


def opened(folder: Path, now: datetime, *, steps: Sequence[Step] = STEPS) -> Opened:
    """The file in a folder that we are alone with, of this version and sound.

    Parameters
    ----------
    folder : Path
    now : datetime
        For the name of what is put aside.
    steps : sequence of Step
        What each version has added to the one before.

    Raises
    ------
    OutputError
        It cannot be opened or written.
    SettingsError
        A later version has written it.
    """
    path = folder / FILE
    sentences = []
    with translated(path):
        damage = damage_of(path) if path.exists() else ""
    if damage:
        aside = put_aside(path, now)
        sentences.append(
            f"{path} was damaged ({damage}): it lies beside as {aside.name}, and a new one is begun"
        )
    with translated(path):
        connection = connect(path)
    try:
        with transaction(connection, path):
            version = migrate(connection, str(path), steps)
            if version == 0:
                sentences += _bring_back(folder, connection)
    except BaseException:
        connection.close()
        raise
    return Opened(connection, version == 0, tuple(sentences))


def damage_of(path: Path) -> str:
    """What is wrong with a file, in SQLite's words mostly; empty if nothing.

    Raises
    ------
    sqlite3.Error
        It cannot be looked at.
    """
    if not _has_sound_header(path):
        return "its first bytes are no database's"
    try:
        with contextlib.closing(look_at(path)) as connection:
            # Not the quick one, which does not see that an index lacks a row: that would come up
            # again and again while the service runs, and never be mended.
            (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if found != "ok":
                return " ".join(str(found).split())
            version_of(connection)
    except (Unsound, UnicodeDecodeError) as error:
        return str(error)
    except sqlite3.Error as error:
        is_short = getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_IOERR_SHORT_READ
        if primary_code(error) in _NO_DAMAGE and not is_short:
            raise
        return str(error)
    return ""


def _has_sound_header(path: Path) -> bool:
    """Whether it begins as SQLite's files do, or is empty.

    Notes
    -----
    Bytes 18 and 19 say who may read and write it: a higher number makes it read-only without a
    word (https://www.sqlite.org/fileformat.html, 1.3.2).
    """
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as error:
        raise cannot_write(path, error) from error
    return not head or (
        len(head) == 100 and head.startswith(b"SQLite format 3\0") and set(head[18:20]) <= {1, 2}
    )


def put_aside(path: Path, now: datetime) -> Path:
    """Rename a damaged file and what belongs to it; a name is never taken twice.

    Raises
    ------
    OutputError
        It cannot be renamed.
    """
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    number = 1
    while any(os.path.lexists(f"{aside}{ending}") for ending in ("", *BESIDE)):
        number += 1
        aside = path.with_name(f"{path.name}.damaged-{stamp}-{number}")
    try:
        # The log first: one that is left alone would be taken for that of the new file.
        for ending in (*BESIDE, ""):
            with contextlib.suppress(FileNotFoundError):
                os.rename(f"{path}{ending}", f"{aside}{ending}")
    except OSError as error:
        raise cannot_write(path, error) from error
    return aside


def _bring_back(folder: Path, connection: sqlite3.Connection) -> list[str]:
    """Into a new file what can be read of the one that was put aside last.

    Also where the file was put aside by an earlier start, which ended before this was done.
    """
    asides = [
        path
        for path in folder.glob(f"{FILE}.damaged-*")
        if not path.name.endswith(BESIDE) and path.is_file()
    ]
    if not asides:
        return []
    newest = max(asides, key=lambda path: (path.stat().st_ctime_ns, path.name))
    events = salvage(newest, connection)
    return [f"events that could be read of {newest.name}: {events}"]
