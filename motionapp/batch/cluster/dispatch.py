"""Which files go to a worker together, and what a lost worker means for each of them.

Knows nothing of Dask and of clocks: told what happened, it says what comes next. An engine that
counts the deaths of workers blames every file that waited beside the deadly one; here only the file
that was being analysed is suspected.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

TASK_S: Final = 20.0
"""A task takes about so long. A scheduler needs some milliseconds and 10 kB for each: less than a
thousandth of it; and when a worker is lost, at most so much work is lost with it."""
MOST_FILES: Final = 200
"""In one task: its message stays below 100 kB."""
LEAST_S: Final = 0.02
"""Nothing takes less than opening a file and writing three."""
MOST_LOSSES: Final = 3
"""A file that was under way so often when its worker was lost has failed. A deadly one is there
each time; a worker that is ended for other reasons every 20 s meets a file of 2 s by chance with
one in twenty, three times in a row with one in eight thousand."""
MOST_TIMES: Final = 50
"""A file is handed out, lest workers that die before they begin go on for ever."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Files for one task, in the order in which they are analysed."""

    number: int
    files: tuple[int, ...]


@dataclass(slots=True)
class _Out:
    """A bundle that is with a worker, or on its way."""

    files: list[int]
    under_way: int | None = None
    """The file that is being analysed."""
    has_begun: bool = False


@dataclass(slots=True)
class _Pace:
    """How long files took, by their bytes."""

    spent_s: float = 0.0
    size_bytes: int = 0
    files: int = 0

    def add(self, size_bytes: int, elapsed_s: float) -> None:
        self.spent_s += elapsed_s
        self.size_bytes += size_bytes
        self.files += 1

    def expect_s(self, size_bytes: int) -> float:
        """For a file of that size; one that has none is as long as others were."""
        if size_bytes and self.size_bytes:
            return max(LEAST_S, size_bytes * self.spent_s / self.size_bytes)
        return max(LEAST_S, self.spent_s / self.files)


class Tasks(Protocol):
    """What is to be done, as `batch.agenda.Agenda` knows it."""

    def next(self) -> int | None:
        """The next task, if there is one."""
        ...

    def is_moot(self, number: int) -> bool:
        """Whether nobody needs to know any more what it would give."""
        ...


@dataclass(slots=True)
class Dispatch:
    """All tasks of a batch, on their way."""

    tasks: Tasks
    size_of: Callable[[int], int | None]
    """Bytes that a task reads; 0 where nobody knows; None: it goes by itself, and its time says
    nothing about others."""
    left_bytes: int
    """Of all that is to be read."""
    _waiting: deque[int] = field(default_factory=deque, init=False)
    """Taken from the tasks, and with nobody."""
    _alone: deque[int] = field(default_factory=deque, init=False)
    _out: dict[int, _Out] = field(default_factory=dict, init=False)
    _finished: set[int] = field(default_factory=set, init=False)
    _losses: dict[int, int] = field(default_factory=dict, init=False)
    _times: dict[int, int] = field(default_factory=dict, init=False)
    _pace: _Pace = field(default_factory=_Pace, init=False)
    _numbers: int = field(default=0, init=False)

    @property
    def out(self) -> frozenset[int]:
        """Numbers of the bundles that are with workers."""
        return frozenset(self._out)

    @property
    def moot(self) -> frozenset[int]:
        """Numbers of bundles that no worker has begun, and nobody needs any more."""
        return frozenset(
            number
            for number, bundle in self._out.items()
            if not bundle.has_begun and not any(self._is_open(index) for index in bundle.files)
        )

    def next_bundle(self, workers: int) -> Bundle | None:
        """Files for a worker; None where nothing waits.

        Parameters
        ----------
        workers : int
            How many there are: towards the end tasks become shorter, so that all end together.
        """
        files = self._suspect() or self._batch(workers)
        if not files:
            return None
        self._numbers += 1
        self._out[self._numbers] = _Out(files)
        for index in files:
            self._times[index] = self._times.get(index, 0) + 1
        return Bundle(self._numbers, tuple(files))

    def has_begun(self, number: int) -> bool:
        """Whether a worker has taken it into its hands."""
        return number in self._out and self._out[number].has_begun

    def began(self, number: int) -> None:
        """A worker has taken a bundle into its hands."""
        if number in self._out:
            self._out[number].has_begun = True

    def stopped(self, number: int) -> None:
        """Its worker closes in order: who takes it next begins it, and nobody is to blame."""
        if number in self._out:
            self._out[number].has_begun = False
            self._out[number].under_way = None

    def started(self, number: int, index: int) -> None:
        """A file of a bundle is being analysed."""
        if number in self._out:
            self._out[number].has_begun = True
            self._out[number].under_way = index

    def finished(self, number: int, index: int, elapsed_s: float | None) -> bool:
        """A file has its record; False where it had one before."""
        if number in self._out and self._out[number].under_way == index:
            self._out[number].under_way = None
        if not self._is_open(index):
            return False
        self._finished.add(index)
        size_bytes = self.size_of(index)
        if size_bytes is not None:
            self.left_bytes -= size_bytes
            if elapsed_s is not None:
                self._pace.add(size_bytes, elapsed_s)
        return True

    def ended(self, number: int) -> None:
        """A bundle has come to its end; what has no record waits again."""
        if number in self._out:
            self._wait_again(self._out.pop(number).files)

    def lost(self, number: int, *, is_blamed: bool) -> tuple[int, ...]:
        """A bundle will not come back.

        Parameters
        ----------
        number : int
        is_blamed : bool
            Its worker died of something; False where the scheduler went, which is no file's fault.

        Returns
        -------
        tuple of int
            Files that are given up, as they ended their worker too often.
        """
        bundle = self._out.pop(number, None)
        if bundle is None:
            return ()
        left = [index for index in bundle.files if self._is_open(index)]
        suspect = bundle.under_way
        if suspect is None and bundle.has_begun and len(left) == 1:
            suspect = left[0]
        given_up = tuple(index for index in left if self._times[index] >= MOST_TIMES)
        if is_blamed and suspect in left:
            self._losses[suspect] = self._losses.get(suspect, 0) + 1
            if self._losses[suspect] >= MOST_LOSSES:
                given_up = tuple({*given_up, suspect})
        self._finished.update(given_up)
        if is_blamed and bundle.has_begun and suspect is None:
            # Nobody can say which one it was: each by itself will.
            self._alone.extend(index for index in left if index not in given_up)
        else:
            self._wait_again(left)
        return given_up

    def withdraw(self) -> tuple[int, ...]:
        """What has been with a worker and waits again; it is not handed out any more."""
        left = tuple(index for index in (*self._alone, *self._waiting) if self._is_open(index))
        self._alone.clear()
        self._waiting.clear()
        return left

    def _suspect(self) -> list[int]:
        while self._alone:
            index = self._alone.popleft()
            if self._is_open(index):
                return [index]
        return []

    def _batch(self, workers: int) -> list[int]:
        """As many as fill a task's time; one as long as nobody knows how long they take."""
        most_s = min(TASK_S, self._expected_s() / (2 * max(1, workers)))
        files: list[int] = []
        taken_s = 0.0
        while len(files) < MOST_FILES and (index := self._first()) is not None:
            size_bytes = self.size_of(index)
            if files and (size_bytes is None or not self._pace.files):
                break
            needs_s = self._pace.expect_s(size_bytes or 0) if self._pace.files else 0.0
            if files and taken_s + needs_s > most_s:
                break
            files.append(self._waiting.popleft())
            taken_s += needs_s
            if size_bytes is None:
                break
        return files

    def _first(self) -> int | None:
        """The first that waits; it stays where it is."""
        while True:
            if not self._waiting:
                taken = self.tasks.next()
                if taken is None:
                    return None
                self._waiting.append(taken)
            if self._is_open(self._waiting[0]):
                return self._waiting[0]
            self._waiting.popleft()

    def _expected_s(self) -> float:
        """For all that has no record yet, as far as its bytes say."""
        if not self._pace.size_bytes:
            return math.inf if self._pace.files else 0.0
        return self.left_bytes * self._pace.spent_s / self._pace.size_bytes

    def _wait_again(self, files: list[int]) -> None:
        left = [index for index in files if self._is_open(index)]
        self._alone.extend(index for index in left if self._losses.get(index))
        self._waiting.extendleft(i for i in reversed(left) if not self._losses.get(i))

    def _is_open(self, index: int) -> bool:
        return index not in self._finished and not self.tasks.is_moot(index)
