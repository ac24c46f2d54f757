"""The course of a search: propose trials, have them made, and keep them in their order."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Protocol

from motionapp.core.errors import DataSetError, SettingsError
from motionapp.core.representation import Representation
from motionapp.training.progress import Progress
from motionapp.training.search.running import Runner
from motionapp.training.search.sampling import proposed
from motionapp.training.search.space import Space
from motionapp.training.search.study import Study
from motionapp.training.search.trial import BESIDE, Asked, Made, best_of, known_to, least_of
from motionapp.training.train import Order
from motionapp.training.workers import processes


class Coming(Protocol):
    """A trial that is being made."""

    def result(self, timeout: float | None = None) -> Made:
        """What it comes to; raises `TimeoutError` where that takes longer."""
        ...


Start = Callable[[Asked], Coming]

Left = Callable[[Sequence[Made]], float]
"""How many seconds are left, given the trials that were made."""


def no_limit(_: Sequence[Made]) -> float:
    """There is all the time in the world."""
    return math.inf


class Course:
    """Trial after trial, as many beside each other as there are processes."""

    def __init__(
        self,
        order: Order,
        space: Space,
        trials: int,
        folds: int,
        progress: Progress,
        left_s: Left,
    ) -> None:
        self._order, self._space, self._trials = order, space, trials
        self._folds, self._progress, self._left_s = folds, progress, left_s
        self._gathered: set[Representation] = set()

    def run(self, made: list[Made], study: Study, runner: Runner, jobs: int) -> None:
        """Make what is missing, and add it to `made`, until the time is over.

        Raises
        ------
        SettingsError
            A process was ended from outside.
        """
        try:
            with _starting(runner, jobs) as start:
                # One that has been made early waits for those before it: some may be ahead.
                self._run(made, study, runner, start, 1 if jobs == 1 else jobs + BESIDE)
        except TimeoutError:
            return  # what was begun is lost, and what was made is kept
        except BrokenProcessPool as error:
            raise SettingsError(
                "a process that makes trials was ended, for want of memory as a rule; the trials "
                "before are kept: the same command goes on, with fewer --search-jobs, say"
            ) from error

    def _run(
        self, made: list[Made], study: Study, runner: Runner, start: Start, ahead: int
    ) -> None:
        coming: deque[Coming] = deque()
        while len(made) < self._trials:
            number = len(made) + len(coming)
            may_start = number < self._trials and known_to(number) <= len(made)
            if may_start and len(coming) < ahead and self._left_s(made) > 0:
                asked = self._asked(number, made[: known_to(number)])
                self._gather(asked, runner, keeps=ahead == 1)
                coming.append(start(asked))
                continue
            if not coming:
                return
            one = coming.popleft().result(self._patience_s(made))
            study.add(one)
            made.append(one)
            self._say(made)

    def _asked(self, number: int, earlier: Sequence[Made]) -> Asked:
        parameters = proposed(self._space, earlier, number, self._order.recipe.seed)
        return Asked(number, parameters, least_of(earlier, self._folds))

    def _patience_s(self, made: Sequence[Made]) -> float | None:
        left_s = self._left_s(made)
        return None if math.isinf(left_s) else max(0.0, left_s)

    def _gather(self, asked: Asked, runner: Runner, *, keeps: bool) -> None:
        """Once here, with all cores, so that no two processes gather the same."""
        shape = self._space.shape_of(asked.parameters)
        if shape in self._gathered:
            return
        self._gathered.add(shape)
        try:
            runner.material(replace(self._order, representation=shape), self._progress)
        except DataSetError as error:
            self._progress.say(
                f"clips of {shape.span_s:g} s with a lag of {shape.lag_s:g} s: {error}"
            )
        if not keeps:
            runner.forget()  # each process has its own

    def _say(self, made: Sequence[Made]) -> None:
        best = best_of(made)
        said = "" if best is None else f"best {best.value:.1%} of windows"
        self._progress.advance("searching", len(made), self._trials, said)


@dataclass(frozen=True, slots=True)
class _Here:
    """A trial that this process makes, once somebody waits for it."""

    runner: Runner
    asked: Asked

    def result(self, timeout: float | None = None) -> Made:
        """What it comes to; the runner knows how much time is left."""
        return self.runner(self.asked)


@contextmanager
def _starting(runner: Runner, jobs: int) -> Iterator[Start]:
    """What makes trials: this process, or several."""
    if jobs == 1:
        yield lambda asked: _Here(runner, asked)
        return
    with processes(type(runner)(runner.order, runner.space), jobs) as others:
        yield others.start
