"""The tables, step by step as versions have added to them, and how an older file is brought up.

Every column says what may stand in it (`STRICT`, `CHECK`): SQLite's own check of a file then finds
values that cannot be, not only pages that cannot.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from motionapp.core.errors import SettingsError
from motionapp.core.version import __version__
from motionapp.edge.store.connection import Unsound
from motionapp.edge.store.rows import EARLIEST_US, LATEST_US

Step = tuple[str, ...]

_MOMENT: Final = f"BETWEEN {EARLIEST_US} AND {LATEST_US}"
_CAMERA: Final = (
    "camera TEXT NOT NULL CHECK (length(camera) BETWEEN 1 AND 40"
    " AND camera NOT GLOB '*[^a-z0-9_-]*')"
)

# Few indexes: each is one more page, four kilobytes, that every event writes to the card.
FIRST: Final[Step] = (
    "CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    f"""CREATE TABLE events (
        number INTEGER PRIMARY KEY AUTOINCREMENT CHECK (number > 0),
        {_CAMERA},
        kind TEXT NOT NULL CHECK (kind GLOB '[a-z]*' AND kind NOT GLOB '*[^a-z_]*'),
        state TEXT NOT NULL CHECK (state IN ('open', 'closed', 'lost')),
        start_us INTEGER NOT NULL CHECK (start_us {_MOMENT}),
        end_us INTEGER CHECK (end_us {_MOMENT} AND end_us >= start_us),
        last_us INTEGER NOT NULL CHECK (last_us {_MOMENT} AND last_us >= start_us),
        zone TEXT NOT NULL,
        label TEXT NOT NULL,
        score REAL,
        why TEXT NOT NULL,
        details TEXT NOT NULL CHECK (json_valid(details) AND json_type(details) = 'object'),
        recording TEXT,
        recording_start_us INTEGER CHECK (recording_start_us {_MOMENT}),
        snapshot TEXT,
        is_locked INTEGER NOT NULL DEFAULT 0 CHECK (is_locked IN (0, 1)),
        telling TEXT NOT NULL DEFAULT 'due' CHECK (telling IN ('due', 'begun', 'muted')),
        boot INTEGER NOT NULL,
        noted_us INTEGER NOT NULL CHECK (noted_us {_MOMENT}),
        CHECK ((state = 'open') = (end_us IS NULL))
    ) STRICT""",
    "CREATE INDEX events_of_camera ON events (camera, number)",
    "CREATE INDEX events_open ON events (number) WHERE state = 'open'",
    f"""CREATE TABLE files (
        number INTEGER PRIMARY KEY AUTOINCREMENT CHECK (number > 0),
        path TEXT NOT NULL UNIQUE,
        {_CAMERA},
        start_us INTEGER NOT NULL CHECK (start_us {_MOMENT}),
        end_us INTEGER CHECK (end_us {_MOMENT}),
        size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
        is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),
        boot INTEGER NOT NULL,
        noted_us INTEGER NOT NULL CHECK (noted_us {_MOMENT})
    ) STRICT""",
    "CREATE INDEX files_open ON files (number) WHERE is_open",
    """CREATE TABLE holds (
        path TEXT NOT NULL,
        event INTEGER NOT NULL REFERENCES events (number) ON DELETE CASCADE,
        PRIMARY KEY (path, event)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX holds_of_event ON holds (event)",
    f"""CREATE TABLE changes (
        number INTEGER PRIMARY KEY AUTOINCREMENT CHECK (number > 0),
        at_us INTEGER NOT NULL CHECK (at_us {_MOMENT}),
        {_CAMERA},
        key TEXT NOT NULL,
        value TEXT NOT NULL CHECK (json_valid(value)),
        who TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX changes_of_key ON changes (camera, key, number)",
    """CREATE TABLE outbox (
        number INTEGER PRIMARY KEY AUTOINCREMENT CHECK (number > 0),
        event INTEGER NOT NULL,
        change TEXT NOT NULL CHECK (change IN ('new', 'update', 'end')),
        topic TEXT NOT NULL,
        payload BLOB NOT NULL,
        qos INTEGER NOT NULL CHECK (qos IN (0, 1, 2)),
        retain INTEGER NOT NULL CHECK (retain IN (0, 1))
    ) STRICT""",
    "CREATE INDEX outbox_of_event ON outbox (event)",
    "CREATE INDEX outbox_updates ON outbox (number) WHERE change = 'update'",
    # Counted as it changes, in the same transaction: counting a hundred thousand takes too long.
    "CREATE TABLE outbox_size"
    " (messages INTEGER NOT NULL, bytes INTEGER NOT NULL, dropped INTEGER NOT NULL) STRICT",
    "INSERT INTO outbox_size VALUES (0, 0, 0)",
    """CREATE TRIGGER outbox_more AFTER INSERT ON outbox BEGIN
        UPDATE outbox_size SET messages = messages + 1,
            bytes = bytes + length(new.topic) + length(new.payload);
    END""",
    """CREATE TRIGGER outbox_less AFTER DELETE ON outbox BEGIN
        UPDATE outbox_size SET messages = messages - 1,
            bytes = bytes - length(old.topic) - length(old.payload);
    END""",
)

STEPS: Final[tuple[Step, ...]] = (FIRST,)
"""Never changed once they are out: another version is another step."""
LATEST_THAT_CAN_BE: Final = 1000
"""A larger number is no version but damage."""


def version_of(connection: sqlite3.Connection) -> int:
    """Which version has written a file; 0: it is empty.

    Raises
    ------
    Unsound
        It is none of ours, or does not agree with itself: the number stands in two places, because
        that of the file's header is four bytes that nothing else guards.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if version == 0 and tables == 0:
        return 0
    row = connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
    if row is None or row[0] != str(version) or not 0 < version <= LATEST_THAT_CAN_BE:
        raise Unsound("it has no version, or two")
    return int(version)


def migrate(connection: sqlite3.Connection, name: str, steps: Sequence[Step] = STEPS) -> int:
    """Bring a file to this version, inside the transaction that is open.

    Parameters
    ----------
    connection : sqlite3.Connection
    name : str
        Of the file, for the sentence.
    steps : sequence of Step
        What each version adds to the one before.

    Returns
    -------
    int
        The version that it had; 0 for an empty one.

    Raises
    ------
    SettingsError
        A later version has written it.
    """
    version = version_of(connection)
    if version > len(steps):
        raise SettingsError(
            f"{name} has schema {version}, motionapp {__version__} knows up to {len(steps)}: a "
            "newer motionapp has written it. Use that one, or name another folder in [store] dir."
        )
    for step in steps[version:]:
        for statement in step:
            connection.execute(statement)
    if version < len(steps):
        connection.execute(f"PRAGMA user_version = {len(steps)}")
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('schema', ?)", (str(len(steps)),))
    return version
