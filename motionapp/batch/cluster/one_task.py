"""One job as a pool sees it, of whatever kind; what comes of it is kept as it is sent home."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from motionapp.batch.agenda import MOST_ATTEMPTS
from motionapp.batch.job import Job
from motionapp.batch.part_result import Division, PartResult, in_trouble
from motionapp.batch.protocol import Message, division_message, part_message, result_message
from motionapp.batch.record import Record, Trouble, not_analysed

Told = Callable[[float, float | None], None]
_ONLY: Final = 0
"""The number of the one task."""


class OneTask:
    """A job until it has its result.

    Parameters
    ----------
    job : Job or None
        None: there is nothing to do.
    on_progress : callable
        Told how far it is; may raise, which ends the waiting.
    """

    def __init__(self, job: Job | None, on_progress: Told = lambda done_s, total_s: None) -> None:
        self._job, self._on_progress = job, on_progress
        self._attempts = 0
        self._is_waiting = job is not None
        self.result: Message | None = None
        """As a worker's pipe has it; None: not yet."""

    @property
    def is_settled(self) -> bool:
        """Whether it has its result."""
        return self._job is None or self.result is not None

    @property
    def waiting(self) -> int:
        """1 as long as nobody has it."""
        return int(self._is_waiting)

    def next(self) -> int | None:
        """The task, unless somebody has it."""
        if not self._is_waiting:
            return None
        self._is_waiting = False
        self._attempts += 1
        return _ONLY

    def job(self, number: int) -> Job:
        """What is to be done."""
        assert self._job is not None
        return self._job

    def is_moot(self, number: int) -> bool:
        """Never: who has ordered it waits."""
        return False

    def progressed(self, number: int, done_s: float, total_s: float | None) -> None:
        """Passed on."""
        self._on_progress(done_s, total_s)

    def divided(self, number: int, division: Division) -> None:
        """Keep it."""
        self.result = division_message(division)

    def found(self, number: int, result: PartResult) -> None:
        """Keep it."""
        self.result = part_message(result)

    def done(self, number: int, record: Record) -> None:
        """Keep it."""
        self.result = result_message(record)

    def died(self, number: int, how: str) -> None:
        """Once more, or this is the result."""
        if self._attempts < MOST_ATTEMPTS:
            self._is_waiting = True
            return
        self.result = given_up(self.job(number), f"the process that analysed it {how}, twice")

    def drop_waiting(self, reason: str, trouble: Trouble = "") -> None:
        """There is nobody who could do it."""
        if self._is_waiting:
            self._is_waiting = False
            self.done(_ONLY, not_analysed(self.job(_ONLY).spec, reason))


NOTHING: Final = OneTask(None)
"""For a pool that waits."""


def given_up(job: Job, why: str) -> Message:
    """The result of a job that nobody could do; an input in parts is then analysed whole.

    Parameters
    ----------
    job : Job
    why : str
        A sentence's beginning.
    """
    if job.most_parts:
        return division_message(Division())  # the analysis will say what is wrong with it
    if job.part is not None:
        return part_message(in_trouble(why))
    sentence = f"{job.spec}: {why}: leave the recording out, or report it"
    return result_message(Record(job.spec, "failed", sentence))
