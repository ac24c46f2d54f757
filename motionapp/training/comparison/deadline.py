"""Ends a long job when its time is over, at the next thing it tells."""

from __future__ import annotations

from collections.abc import Callable

from motionapp.training.progress import Progress


class OutOfTime(Exception):
    """The time is over."""


class Deadline:
    """A progress that ends what it is told of, once the time is over.

    Parameters
    ----------
    progress : Progress
        Hears it all.
    at_s : float
        When that is, by the clock.
    clock : callable
        Seconds that only grow.
    """

    def __init__(self, progress: Progress, at_s: float, clock: Callable[[], float]) -> None:
        self._progress, self._at_s, self._clock = progress, at_s, clock
        self.stage, self.done, self.total = "", 0, 0
        """What was told last."""

    def say(self, line: str) -> None:
        """Hand a sentence on."""
        self._progress.say(line)

    def advance(self, stage: str, done: int, total: int, said: str = "") -> None:
        """Hand a step on.

        Raises
        ------
        OutOfTime
            It was the last one.
        """
        self._progress.advance(stage, done, total, said)
        self.stage, self.done, self.total = stage, done, total
        self.check()

    def check(self) -> None:
        """Raise `OutOfTime` where the time is over."""
        if self._clock() > self._at_s:
            raise OutOfTime
