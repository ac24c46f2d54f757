"""Which files go to a worker together, and what a lost worker means for each of them.

Knows nothing of Dask and of clocks: told what happened, it says what comes next. An engine that
counts the deaths of workers blames every file that waited beside the deadly one; here only the file
that was being analysed is suspected.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

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


@dataclass(slots=True)
class Dispatch:
    """All files of a batch, on their way.

    Parameters
    ----------
    sizes : mapping of int to int
        Bytes of each file, 0 where it has none; they are begun in this order.
    """

    sizes: Mapping[int, int]
    _waiting: deque[int] = field(init=False)
    _alone: deque[int] = field(default_factory=deque, init=False)
    _out: dict[int, _Out] = field(default_factory=dict, init=False)
    _unsettled: set[int] = field(init=False)
    _losses: dict[int, int] = field(default_factory=dict, init=False)
    _times: dict[int, int] = field(default_factory=dict, init=False)
    _pace: _Pace = field(default_factory=_Pace, init=False)
    _left_bytes: int = field(default=0, init=False)
    _numbers: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """All are waiting."""
        self._waiting = deque(self.sizes)
        self._unsettled = set(self.sizes)
        self._left_bytes = sum(self.sizes.values())

    @property
    def is_done(self) -> bool:
        """Whether every file has its record, or was given up."""
        return not self._unsettled

    @property
    def out(self) -> frozenset[int]:
        """Numbers of the bundles that are with workers."""
        return frozenset(self._out)

    @property
    def unsettled(self) -> frozenset[int]:
        """The files without a record."""
        return frozenset(self._unsettled)

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

    def started(self, number: int, index: int) -> None:
        """A file of a bundle is being analysed."""
        if number in self._out:
            self._out[number].has_begun = True
            self._out[number].under_way = index

    def finished(self, number: int, index: int, elapsed_s: float | None) -> bool:
        """A file has its record; False where it had one before."""
        if number in self._out and self._out[number].under_way == index:
            self._out[number].under_way = None
        if index not in self._unsettled:
            return False
        self._settle(index)
        if elapsed_s is not None:
            self._pace.add(self.sizes[index], elapsed_s)
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
        left = [index for index in bundle.files if index in self._unsettled]
        suspect = bundle.under_way
        if suspect is None and bundle.has_begun and len(left) == 1:
            suspect = left[0]
        given_up = tuple(index for index in left if self._times[index] >= MOST_TIMES)
        if is_blamed and suspect in left:
            self._losses[suspect] = self._losses.get(suspect, 0) + 1
            if self._losses[suspect] >= MOST_LOSSES:
                given_up = tuple({*given_up, suspect})
        for index in given_up:
            self._settle(index)
        if is_blamed and bundle.has_begun and suspect is None:
            # Nobody can say which one it was: each by itself will.
            self._alone.extend(index for index in left if index in self._unsettled)
        else:
            self._wait_again(left)
        return given_up

    def _suspect(self) -> list[int]:
        while self._alone:
            index = self._alone.popleft()
            if index in self._unsettled:
                return [index]
        return []

    def _batch(self, workers: int) -> list[int]:
        """As many as fill a task's time; one as long as nobody knows how long they take."""
        most_s = min(TASK_S, self._expected_s() / (2 * max(1, workers)))
        files: list[int] = []
        taken_s = 0.0
        while self._waiting and len(files) < MOST_FILES:
            index = self._waiting[0]
            if index in self._unsettled:
                if files and not self._pace.files:
                    break
                needs_s = self._pace.expect_s(self.sizes[index]) if self._pace.files else 0.0
                if files and taken_s + needs_s > most_s:
                    break
                taken_s += needs_s
                files.append(index)
            self._waiting.popleft()
        return files

    def _expected_s(self) -> float:
        """For all that has no record yet."""
        if not self._pace.files:
            return 0.0
        if self._pace.size_bytes:
            return self._left_bytes * self._pace.spent_s / self._pace.size_bytes
        return len(self._unsettled) * self._pace.spent_s / self._pace.files

    def _wait_again(self, files: list[int]) -> None:
        left = [index for index in files if index in self._unsettled]
        self._alone.extend(index for index in left if self._losses.get(index))
        self._waiting.extendleft(i for i in reversed(left) if not self._losses.get(i))

    def _settle(self, index: int) -> None:
        self._unsettled.discard(index)
        self._left_bytes -= self.sizes[index]
