"""What is kept and what goes: by age, by size, by the room on the disk; the oldest first.

The planning is a pure rule; `Retention` carries it out every few minutes.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Final

from motionapp.core.errors import OutputError
from motionapp.edge.store.changes import Changes
from motionapp.edge.store.clock import BelievedClock
from motionapp.edge.store.events import Events
from motionapp.edge.store.files import Files, StoredFile
from motionapp.edge.store.names import parse
from motionapp.edge.store.room import hold_room
from motionapp.edge.store.rows import from_us, to_us
from motionapp.edge.store.store import Store
from motionapp.settings.edge import StoreSettings

FIRST_KNOWN: Final = datetime(2025, 1, 1, tzinfo=UTC)
"""Before the program was written: a clock that says an earlier time was not set."""
AT_ONCE: Final = 50
"""Files removed before their rows are: a kill leaves at most so many rows to mend."""
_MOST_DAYS: Final = 365_000.0
_EMPTY_PAGES: Final = 500
"""Given back to the disk at a time: two megabytes, some tens of milliseconds on a card."""
_SEEN: Final = "seen_us"
"""What time was believed last."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to go."""

    remove: tuple[StoredFile, ...]
    """The oldest first."""
    over_bytes: int
    """So much is still too much afterwards: what is left is locked, or being written, or others
    fill the disk. Nothing more should be recorded until it is 0."""


def plan(
    recordings: Sequence[StoredFile],
    *,
    now: datetime,
    max_bytes: int,
    max_age: timedelta,
    free_bytes: int,
    min_free_bytes: int,
) -> Plan:
    """Decide what goes.

    Parameters
    ----------
    recordings : sequence of StoredFile
        In the order of the store, which is that of their removal. Those of locked events and those
        that are being written count, but stay.
    now : datetime
        A time that is believed; see `BelievedClock`.
    max_bytes : int
        More than this may not be there.
    max_age : timedelta
        What the store has heard of before goes.
    free_bytes : int
        Free on the disk now.
    min_free_bytes : int
        Less than this must not be free.
    """
    over = max(sum(one.size_bytes for one in recordings) - max_bytes, min_free_bytes - free_bytes)
    cutoff = _before(now, max_age)
    remove = []
    for one, noted in zip(recordings, _times(recordings, now), strict=True):
        if not (one.is_locked or one.is_open) and (noted < cutoff or over > 0):
            remove.append(one)
            over -= one.size_bytes
    return Plan(tuple(remove), max(0, over))


@dataclass(frozen=True, slots=True)
class Kept:
    """How a look at the store went."""

    removed: int = 0
    removed_bytes: int = 0
    forgotten: int = 0
    """Events too old, of which no file is left."""
    stuck: int = 0
    """Files that cannot be removed."""
    free_bytes: int = 0
    over_bytes: int = 0
    """As of `Plan`: above 0, nothing more should be recorded."""
    used_bytes: int = 0
    """By recordings and snapshots."""


class Retention:
    """Removes what is too old or too much. Used by the store's thread, every few minutes.

    Parameters
    ----------
    store : Store
    settings : StoreSettings

    Notes
    -----
    Files go first, then their rows. A kill in between leaves rows without files, which the next
    start forgets; the other way round, the file would be found again and taken up as a recording.
    And where the disk is full, the rows cannot be written before files have gone.
    """

    def __init__(self, store: Store, settings: StoreSettings) -> None:
        self._folder, self._session, self._store = store.folder, store.session, store
        self._max_bytes = int(settings.max_gb * 1e9)
        self._max_age = timedelta(days=min(settings.max_days, _MOST_DAYS))
        self._min_free_bytes = int(settings.min_free_gb * 1e9)
        seen_us = self._session.meta.number(_SEEN)
        self._clock = BelievedClock(self._session.now() if seen_us is None else from_us(seen_us))
        self._stuck: set[str] = set()

    def step(self) -> Kept:
        """Look once, and remove what is to go.

        Raises
        ------
        OutputError
            The store cannot be written, or the disk not be looked at. What was removed stays
            removed, and the next step goes on.
        """
        now = self._clock.step(self._session.now(), self._session.monotonic_s())
        files = self._store.recordings()
        stuck_bytes = sum(one.size_bytes for one in files if one.path in self._stuck)
        decided = plan(
            [one for one in files if one.path not in self._stuck],
            now=now,
            max_bytes=self._max_bytes - stuck_bytes,
            max_age=self._max_age,
            free_bytes=free_bytes(self._folder),
            min_free_bytes=self._min_free_bytes,
        )
        gone: list[StoredFile] = []
        for begin in range(0, len(decided.remove), AT_ONCE):
            some = [one for one in decided.remove[begin : begin + AT_ONCE] if self._removed(one)]
            self._forget(some)
            gone += some
        forgotten = self._forget_before(now)
        removed_bytes = sum(one.size_bytes for one in gone)
        return Kept(
            removed=len(gone),
            removed_bytes=removed_bytes,
            forgotten=forgotten,
            stuck=len(self._stuck),
            free_bytes=free_bytes(self._folder),
            over_bytes=decided.over_bytes,
            used_bytes=sum(one.size_bytes for one in files) - removed_bytes,
        )

    def _removed(self, one: StoredFile) -> bool:
        """Whether a file is gone from the disk, now or before. Nothing that is not of the template
        is touched, and nothing elsewhere, whatever the row says."""
        place = self._folder / one.path
        try:
            is_inside = place.parent.resolve().is_relative_to(self._folder.resolve())
            if parse(one.path) is not None and is_inside:
                place.unlink(missing_ok=True)
        except OSError:
            # Asked for again at the next start; until then, others go in its place.
            self._stuck.add(one.path)
            return False
        return True

    def _forget(self, files: Sequence[StoredFile]) -> None:
        events, table = Events(self._session.connection), Files(self._session.connection)

        def act() -> None:
            for one in files:
                events.forget_file(one.path)
                table.remove(one.path)

        self._session.write(act)

    def _forget_before(self, now: datetime) -> int:
        """Remove rows that are too old, give their room back, and note how late it is."""
        connection, cutoff_us = self._session.connection, to_us(_before(now, self._max_age))

        def act() -> int:
            self._session.meta.put(_SEEN, to_us(now))
            Changes(connection).forget_before(cutoff_us)
            return Events(connection).forget_before(to_us(FIRST_KNOWN), cutoff_us)

        forgotten = self._session.write(act)
        with self._session.reading():
            (empty,) = connection.execute("PRAGMA freelist_count").fetchone()
            if empty > _EMPTY_PAGES:
                connection.execute(f"PRAGMA incremental_vacuum({_EMPTY_PAGES})").fetchall()
        hold_room(self._folder)
        return forgotten


def free_bytes(folder: Path) -> int:
    """Free on the disk of a folder. Raises `OutputError` where it cannot be looked at."""
    try:
        return shutil.disk_usage(folder).free
    except OSError as error:
        raise OutputError(f"{folder} cannot be looked at: {error.strerror}") from error


def _times(recordings: Sequence[StoredFile], now: datetime) -> list[datetime]:
    """When each came, as far as clocks can be believed.

    A time that cannot be is taken from the next one in order that can: it is not younger than that,
    and so is rather kept too long. A time before that of an earlier one is the earlier one's.
    """
    times: list[datetime] = []
    later = now
    for one in reversed(recordings):
        later = one.noted_utc if FIRST_KNOWN <= one.noted_utc <= now else later
        times.append(later)
    return list(accumulate(reversed(times), max))


def _before(now: datetime, age: timedelta) -> datetime:
    """So long before; the beginning of time where that is further."""
    try:
        return now - age
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)
