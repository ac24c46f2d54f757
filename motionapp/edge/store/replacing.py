"""A file that is damaged, or gone, while it is in use: another one in its place, with what is left.

What the open connection can still read is copied, which is more than the disk holds where the file
was removed: then nothing is lost.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from motionapp.edge.store.connection import DISCOMFORT, connect, transaction, translated
from motionapp.edge.store.opening import BESIDE, put_aside
from motionapp.edge.store.salvage import copied
from motionapp.edge.store.schema import STEPS, Step, migrate
from motionapp.files.atomic import cannot_write, sync_folder

ENDING: Final = ".new"


def identity_of(path: Path) -> tuple[int, int] | None:
    """Which file lies at a path, whatever it is called; None: there is none to be seen."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def copy_beside(path: Path, damaged: sqlite3.Connection, *, steps: Sequence[Step] = STEPS) -> int:
    """Make a new file beside an open one, with all that can be read of that.

    Parameters
    ----------
    path : Path
        Of the open one.
    damaged : sqlite3.Connection
        It is only read.
    steps : sequence of Step
        As of `opening.opened`.

    Returns
    -------
    int
        How many events are in it.

    Raises
    ------
    OutputError
        It cannot be written: for want of room, say. All is as it was.
    """
    beside = Path(f"{path}{ENDING}")
    _remove(beside)  # of an earlier try
    with translated(beside):
        connection = connect(beside)
    try:
        with transaction(connection, beside):
            migrate(connection, str(beside), steps)
            events = copied(damaged, connection)
        with translated(beside):  # into the file itself, which is moved without its log
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except BaseException:
        connection.close()
        _remove(beside)
        raise
    with contextlib.suppress(*DISCOMFORT):
        connection.close()
    return events


def put_in_place(path: Path, now: datetime) -> Path | None:
    """Put the new file where the old one was; that one must not be open any more.

    Returns
    -------
    Path or None
        Where the old one lies now; None where there was none.

    Raises
    ------
    OutputError
        It cannot be renamed.
    """
    aside = put_aside(path, now) if os.path.lexists(path) else None
    try:
        for ending in BESIDE:  # what a file that is gone has left
            with contextlib.suppress(FileNotFoundError):
                os.unlink(f"{path}{ending}")
        os.replace(f"{path}{ENDING}", path)
        sync_folder(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error
    return aside


def _remove(beside: Path) -> None:
    for ending in ("", *BESIDE):
        with contextlib.suppress(OSError):
            os.unlink(f"{beside}{ending}")
