"""What is still to be done of a batch, input by input and part by part. No processes.

A task is a job under a number: an input, the question into which parts it falls, a part of it, or
the writing of what its parts have found. Whoever has processes takes the next one, and says what
came of it.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from motionapp.batch.in_parts import InParts
from motionapp.batch.job import Job
from motionapp.batch.part_result import Division, PartResult, in_trouble
from motionapp.batch.progress import Reporter
from motionapp.batch.record import Record, Trouble, not_analysed

MOST_ATTEMPTS: Final = 2
"""A worker may have been ended for a reason that has nothing to do with its input."""


class Agenda:
    """Hands out tasks in their order, and takes what came of them.

    Parameters
    ----------
    jobs : mapping of int to Job
        By the number of the input, under which the reporter is told of it; begun in this order.
    divide : mapping of int to int
        Into how many parts at most those inputs may fall that may fall into parts.
    reporter : Reporter
    clock : callable
        Seconds, for the time that an input in parts takes.
    """

    def __init__(
        self,
        jobs: Mapping[int, Job],
        divide: Mapping[int, int],
        reporter: Reporter,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._whole, self._reporter, self._clock = dict(jobs), reporter, clock
        self._split: dict[int, InParts] = {}
        self._tasks: list[tuple[int, Job]] = []
        self._attempts: list[int] = []
        self._waiting: deque[int] = deque()
        self._unsettled = set(jobs)
        self._began_s: dict[int, float] = {}
        for index, job in jobs.items():
            first = replace(job, most_parts=divide[index]) if index in divide else job
            self._waiting.append(self._task(index, first))
        self.most_at_once = len(jobs) + sum(divide.values())
        """More workers than this would have nothing to do."""

    @property
    def is_settled(self) -> bool:
        """Whether every input has its record."""
        return not self._unsettled

    @property
    def waiting(self) -> int:
        """How many tasks are still to be handed out."""
        return len(self._waiting)

    def job(self, number: int) -> Job:
        """What is to be done."""
        return self._tasks[number][1]

    def is_moot(self, number: int) -> bool:
        """Whether nobody needs to know any more what a task would give."""
        index, job = self._tasks[number]
        if index not in self._unsettled:
            return True
        return index in self._split and self._split[index].is_moot(job)

    def next(self) -> int | None:
        """The next task, which is now somebody's; None if there is none now."""
        if not self._waiting:
            return None
        number = self._waiting.popleft()
        self._attempts[number] += 1
        index, job = self._tasks[number]
        # A part is a step of what has begun; what is read from its start begins anew.
        if index not in self._began_s or job.is_whole:
            self._began_s.setdefault(index, self._clock())
            self._reporter.started(index)
        return number

    def progressed(self, number: int, done_s: float, total_s: float | None) -> None:
        """A task is so far, in its own seconds."""
        if self.is_moot(number):
            return
        index, job = self._tasks[number]
        if job.part is not None:
            self._reporter.progressed(index, *self._split[index].progressed(job.part, done_s))
        elif job.is_whole:  # what writes what was found has nothing to read
            self._reporter.progressed(index, done_s, total_s)

    def found(self, number: int, result: PartResult) -> None:
        """A part has been looked at; what is to be done next comes before all that waits."""
        index, job = self._tasks[number]
        if job.part is not None and not self.is_moot(number):
            self._begin(index, self._split[index].take(job.part, result))

    def divided(self, number: int, division: Division) -> None:
        """It is known into which parts an input falls, if into any."""
        if self.is_moot(number):
            return
        index, _ = self._tasks[number]
        whole, parts = self._whole[index], division.parts
        if len(parts) < 2:
            self._begin(index, (whole,))
            return
        self._split[index] = InParts(whole, parts, duration_s=division.duration_s)
        self._begin(index, self._split[index].jobs)

    def done(self, number: int, record: Record) -> None:
        """The last task of an input has ended."""
        if self.is_moot(number):
            return
        index, _ = self._tasks[number]
        if index in self._split:
            record = self._split[index].told(record)
            if record.elapsed_s is not None:
                record = replace(record, elapsed_s=self._clock() - self._began_s[index])
        self._settle(index, record)

    def died(self, number: int, how: str) -> None:
        """The process with a task has ended before it: once more, or given up.

        Parameters
        ----------
        number : int
        how : str
            In words that follow "the process that analysed it".
        """
        if self.is_moot(number):
            return
        _, job = self._tasks[number]
        if self._attempts[number] < MOST_ATTEMPTS:
            self._waiting.appendleft(number)
        elif job.most_parts:
            self.divided(number, Division())  # the analysis will say what is wrong with it
        elif job.part is not None:
            self.found(number, in_trouble(f"the process that analysed a part of it {how}, twice"))
        else:
            sentence = (
                f"{job.spec}: the process that analysed it {how}, twice: leave "
                "the recording out, or report it"
            )
            self.done(number, Record(job.spec, "failed", sentence))

    def drop_waiting(self, reason: str, trouble: Trouble = "") -> None:
        """What waits is not done: those inputs have failed."""
        while self._waiting:
            index, job = self._tasks[self._waiting.popleft()]
            if index in self._unsettled:
                self._settle(index, replace(not_analysed(job.spec, reason), trouble=trouble))

    def _begin(self, index: int, jobs: Sequence[Job]) -> None:
        """They come before all that waits, but for what is no longer needed."""
        if jobs:
            self._waiting = deque(each for each in self._waiting if not self.is_moot(each))
        self._waiting.extendleft(reversed([self._task(index, each) for each in jobs]))

    def _task(self, index: int, job: Job) -> int:
        self._tasks.append((index, job))
        self._attempts.append(0)
        return len(self._tasks) - 1

    def _settle(self, index: int, record: Record) -> None:
        self._unsettled.discard(index)
        self._reporter.finished(index, record)
