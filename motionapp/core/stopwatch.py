"""Where the time of a step goes, by a clock that the driver passes in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext


class Stopwatch:
    """Adds up seconds by stage; without a clock it measures nothing.

    Parameters
    ----------
    clock : callable or None
        Gives nanoseconds.
    """

    def __init__(self, clock: Callable[[], int] | None) -> None:
        self._clock = clock
        self.spent_s: dict[str, float] = {}

    def __call__(self, stage: str) -> AbstractContextManager[None]:
        """Measure a `with` block as a part of `stage`."""
        return nullcontext() if self._clock is None else self._measured(stage, self._clock)

    @contextmanager
    def _measured(self, stage: str, clock: Callable[[], int]) -> Iterator[None]:
        began_ns = clock()
        yield
        self.spent_s[stage] = self.spent_s.get(stage, 0.0) + (clock() - began_ns) / 1e9
