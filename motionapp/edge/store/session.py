"""One start of the store: the folder is ours, the file is open, and the clock is watched."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

from motionapp.core.errors import OutputError
from motionapp.edge.store.clock import SetClock
from motionapp.edge.store.connection import (
    DISCOMFORT,
    Unsound,
    is_damage,
    is_full,
    transaction,
    translated,
)
from motionapp.edge.store.meta import Meta
from motionapp.edge.store.numbers import Mark
from motionapp.edge.store.opening import FILE, Opened, alone, opened
from motionapp.edge.store.replacing import copy_beside, identity_of, put_in_place
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
        self.is_sound = True
        """False once the file was found damaged, or gone, until it is `reopen`ed."""
        self._is_bound = False
        try:
            self._stack.enter_context(alone(folder))
            found = self._opened()
            self._bind(found.connection)
            self._stack.callback(lambda: self.connection.close())
            self.sentences = found.sentences
            self._mark = Mark(folder)
            self.written_utc = now()
            """When something could be written last."""
            self.boot = self.write(lambda: self._begin(found.is_new))
        except BaseException:
            self._stack.close()
            raise
        self._mark.cover(self.meta.last_event)
        hold_room(folder)

    def close(self) -> None:
        """Let go of the folder; safe to call twice."""
        self._stack.close()

    def reopen(self) -> tuple[str, ...]:
        """Go on in a new file with what can be read of the one that is damaged or gone.

        What is in the folder has to be brought into it by the caller. May be called again where it
        fails.

        Returns
        -------
        tuple of str
            What was done, for the log.

        Raises
        ------
        OutputError
            It cannot be written.
        """
        sentences = [f"{self.path} {self._damage()} while it was in use"]
        if self._is_bound:
            events = copy_beside(self.path, self.connection)
            self._is_bound = False
            with contextlib.suppress(*DISCOMFORT):
                self.connection.close()
            aside = put_in_place(self.path, self.now())
            where = "" if aside is None else f"; it lies beside as {aside.name}"
            sentences = [f"{sentences[0]}: a new one is begun with {events} events of it{where}"]
        found = self._opened()
        self._bind(found.connection)
        self.write(lambda: self._begin(is_new=True, boot=self.boot))
        self.is_sound = True
        return (*sentences, *found.sentences)

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
        with self._noticing(), translated(self.path):
            self._see_that_it_is_there()
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
        with self._noticing():
            self._see_that_it_is_there()
            with transaction(self.connection, self.path):
                done = act()
        if self.is_sound:  # else it is the new file that is being begun
            self.written_utc = self.now()
        return done

    @contextlib.contextmanager
    def _noticing(self) -> Iterator[None]:
        try:
            yield
        except OutputError as error:
            self.is_sound = self.is_sound and not is_damage(error)
            raise

    def _bind(self, connection: sqlite3.Connection) -> None:
        self.connection, self.meta = connection, Meta(connection)
        self._identity = identity_of(self.path)
        self._is_bound = True

    def _damage(self) -> str:
        if identity_of(self.path) is None:
            return "was removed"
        return "was damaged" if self._is_there() else "was replaced"

    def _is_there(self) -> bool:
        return identity_of(self.path) == self._identity

    def _see_that_it_is_there(self) -> None:
        """SQLite writes on into a file that has no name any more, and it ends with the service."""
        if not self._is_there():
            raise OutputError(
                f"{self.path} was removed or replaced while it was in use. What was in it is "
                "written anew."
            ) from Unsound("it is another file")

    def _opened(self) -> Opened:
        try:
            return opened(self.folder, self.now())
        except OutputError as error:
            if not (is_full(self.path, error) and give_room(self.folder)):
                raise
        return opened(self.folder, self.now())

    def _begin(self, is_new: bool, *, boot: int | None = None) -> int:
        """Count this start; a new file goes on with numbers where the one before may have been."""
        if is_new:
            self.meta.go_on_after(self._mark.number)
            self.meta.put(REBUILDING, 1)
        if boot is None:
            boot = (self.meta.number(_BOOTS) or 0) + 1
        self.meta.put(_BOOTS, boot)
        return boot
