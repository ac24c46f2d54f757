"""Children that are kept between tasks: a network is loaded once for each, not once for each file.

A worker of the cluster has one for each task that it does at a time. They end with it, or when work
with other settings comes.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from motionapp.batch.cluster.one_task import NOTHING
from motionapp.batch.limits import limits_of
from motionapp.batch.pool import WORKER, Pool
from motionapp.batch.protocol import encode, setup_message
from motionapp.settings.tree import Settings


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    setup: str
    pool: Pool
    life: ExitStack
    """Ends the child."""


class KeptPools:
    """Pools of one child each, lent for a task at a time; safe to use from several threads.

    Parameters
    ----------
    command : sequence of str
        Starts a child.
    """

    def __init__(self, command: Sequence[str] = WORKER) -> None:
        self._command = command
        self._lock = threading.Lock()
        self._idle: list[_Kept] = []
        self._is_closed = False

    @contextlib.contextmanager
    def lent(self, settings: Settings, network_threads: int) -> Iterator[Pool]:
        """A pool whose child has loaded what these settings need, or will.

        After an error its child is ended: nobody knows what it is at.
        """
        setup = encode(setup_message(settings, network_threads))
        kept = self._taken(setup) or self._begun(setup, settings)
        try:
            yield kept.pool
        except BaseException:
            kept.life.close()
            raise
        self._given_back(kept)

    def open(self) -> None:
        """Keep children from now on."""
        with self._lock:
            self._is_closed = False

    def close(self) -> None:
        """End all that wait; those at work end when they are given back."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for kept in idle:
            kept.life.close()

    def _taken(self, setup: str) -> _Kept | None:
        """One that fits; those for other settings are ended."""
        with self._lock:
            others = [kept for kept in self._idle if kept.setup != setup]
            fitting = [kept for kept in self._idle if kept.setup == setup]
            taken = fitting.pop() if fitting else None
            self._idle = fitting
        for kept in others:
            kept.life.close()
        return taken

    def _begun(self, setup: str, settings: Settings) -> _Kept:
        pool = Pool(NOTHING, setup, self._command, limits_of(settings.run))
        life = ExitStack()
        life.enter_context(pool.running(1))
        return _Kept(setup, pool, life)

    def _given_back(self, kept: _Kept) -> None:
        with self._lock:
            is_kept = not self._is_closed
            if is_kept:
                self._idle.append(kept)
        if not is_kept:
            kept.life.close()
