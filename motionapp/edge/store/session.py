"""One start of the store: the folder is ours, the file is open, and the clock is watched."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

from motionapp.core.errors import OutputError
from motionapp.edge.store.clock import SetClock
from motionapp.edge.store.connection import is_full, transaction, translated
from motionapp.edge.store.meta import Meta
from motionapp.edge.store.numbers import Mark
from motionapp.edge.store.opening import FILE, Opened, alone, opened
from motionapp.edge.store.room import give_room, hold_room
from motionapp.edge.store.rows import EARLIEST_US, LATEST_US, to_us

T = TypeVar("T")
_BOOTS: Final = "boots"
REBUILDING: Final = "rebuilding"
"""Set in a new file until what lies in the folder is in it: a start that was cut short is told."""


class Session:
    """An open file in a folder that nobody else has.

    Parameters
    ----------
    folder : Path
    now : callable
        Gives the time on the wall, with its zone.
    monotonic_s : callable
        Gives seconds that go on whatever the clock on the wall is set to.

    Raises
    ------
    OutputError
        Another service has the folder, or it cannot be written to.
    SettingsError
        A later version has written the file.
    """

    def __init__(
        self, folder: Path, now: Callable[[], datetime], monotonic_s: Callable[[], float]
    ) -> None:
        self.folder, self.path = folder, folder / FILE
        self.now, self.monotonic_s = now, monotonic_s
        self._clock = SetClock(now(), monotonic_s())
        self._stack = contextlib.ExitStack()
        try:
            self._stack.enter_context(alone(folder))
            found = self._opened()
            self.connection = found.connection
            self._stack.callback(self.connection.close)
            self.sentences = found.sentences
            self.meta = Meta(self.connection)
            self._mark = Mark(folder)
            self.boot = self.write(lambda: self._begin(found.is_new))
        except BaseException:
            self._stack.close()
            raise
        self._mark.cover(self.meta.last_event)
        hold_room(folder)

    def close(self) -> None:
        """Let go of the folder; safe to call twice."""
        self._stack.close()

    def write(self, act: Callable[[], T]) -> T:
        """Do something in one transaction, which is on the disk on return.

        On a full disk it is done again with the room that was held back.

        Raises
        ------
        OutputError
            It cannot be written; nothing of it was.
        """
        try:
            return self._in_transaction(act)
        except OutputError as error:
            if not (is_full(self.path, error) and give_room(self.folder)):
                raise
        return self._in_transaction(act)

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Complaints are sentences: `OutputError`."""
        with translated(self.path):
            yield

    def noted(self) -> tuple[int, int]:
        """At which start of the service something was noted, and when, in microseconds.

        Where the clock was set since the last time, what was noted at this start is put right:
        else what came before NTP answered would soon look old enough to be removed. To be called in
        a transaction; one that fails leaves it as it was, and ages a little wrong.
        """
        now = self.now()
        leap = self._clock.leap(now, self.monotonic_s())
        if leap is not None:
            leap_us = int(leap.total_seconds() * 1_000_000)
            for table in ("events", "files"):
                self.connection.execute(
                    f"UPDATE {table} SET noted_us = max(?, min(?, noted_us + ?)) WHERE boot = ?",
                    (EARLIEST_US, LATEST_US, leap_us, self.boot),
                )
        return self.boot, to_us(now)

    def cover(self, number: int) -> None:
        """No later event gets this number, even if the file is lost."""
        self._mark.cover(number)

    def _in_transaction(self, act: Callable[[], T]) -> T:
        with transaction(self.connection, self.path):
            return act()

    def _opened(self) -> Opened:
        try:
            return opened(self.folder, self.now())
        except OutputError as error:
            if not (is_full(self.path, error) and give_room(self.folder)):
                raise
        return opened(self.folder, self.now())

    def _begin(self, is_new: bool) -> int:
        """Count this start; a new file goes on with numbers where the one before may have been."""
        if is_new:
            self.meta.go_on_after(self._mark.number)
            self.meta.put(REBUILDING, 1)
        boot = (self.meta.number(_BOOTS) or 0) + 1
        self.meta.put(_BOOTS, boot)
        return boot
