"""A runner whose trials cost nothing: what they come to is reckoned from their parameters.

Nothing here imports torch, so that the processes that make such trials begin at once.
"""

from __future__ import annotations

import math
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from motionapp.training.search.space import Space
from motionapp.training.search.trial import Asked, Made, is_given_up

FOLDS = 3


def for_good() -> float:
    """There is all the time in the world."""
    return math.inf


@dataclass(slots=True)
class MadeUp:
    """In place of `running.Runner`; a process may be told to end everything at a trial."""

    order: Any
    space: Space
    left_s: Callable[[], float] = for_good
    until: int | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Sent to a process without its order: who reads one imports torch, for seconds."""
        return type(self), (None, self.space)

    def __call__(self, asked: Asked) -> Made:
        if self.left_s() <= 0:
            raise TimeoutError
        if asked.number == self.until:
            raise KeyboardInterrupt
        chosen = asked.parameters
        good = 0.9 - 0.1 * abs(math.log(chosen["learning_rate_factor"])) - 0.3 * chosen["dropout"]
        good -= 0.05 * (chosen["optimiser"] != "adam") + 0.001 * chosen["width"]
        folds: list[float] = []
        for fold in range(FOLDS):
            folds.append(max(0.0, good - 0.01 * fold))
            if len(folds) < FOLDS and is_given_up(asked, folds):
                return Made(asked.number, chosen, tuple(folds), is_pruned=True)
        return Made(asked.number, chosen, tuple(folds))

    def material(self, order: Any, progress: Any) -> None:
        """There is nothing to gather."""

    def forget(self) -> None:
        """There is nothing to let go of."""


class Killed(MadeUp):
    """A process that makes one is ended, as by a system without memory."""

    def __call__(self, asked: Asked) -> Made:
        os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(asked)
