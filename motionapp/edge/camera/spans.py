"""From when to when is recorded, as events ask for it. Arithmetic alone."""

from __future__ import annotations

import math


class Spans:
    """Which times are wanted, in seconds on one line.

    Parameters
    ----------
    before_s, after_s : float
        What is wanted before an event and after it.
    """

    def __init__(self, *, before_s: float, after_s: float) -> None:
        self._before_s, self._after_s = before_s, after_s
        self._spans: dict[str, tuple[float, float]] = {}
        """By event; until infinity while it goes on."""

    def open(self, event_id: str, start_s: float) -> None:
        """An event has begun."""
        self._spans[event_id] = start_s - self._before_s, math.inf

    def close(self, event_id: str, end_s: float) -> None:
        """An event has ended; one that nobody knows is none."""
        if event_id in self._spans:
            self._spans[event_id] = self._spans[event_id][0], end_s + self._after_s

    def close_all(self, end_s: float) -> None:
        """Whatever goes on ends now."""
        for event_id, (_, to_s) in tuple(self._spans.items()):
            if to_s == math.inf:
                self.close(event_id, end_s)

    def forget_before(self, at_s: float) -> None:
        """What is over by then matters no more."""
        self._spans = {name: span for name, span in self._spans.items() if span[1] >= at_s}

    @property
    def is_empty(self) -> bool:
        """Whether nothing is wanted."""
        return not self._spans

    @property
    def begin_s(self) -> float:
        """The earliest time that is wanted; infinity if none is."""
        return min((from_s for from_s, _ in self._spans.values()), default=math.inf)

    @property
    def event_ids(self) -> tuple[str, ...]:
        """Who wants it, the first to begin first."""
        return tuple(sorted(self._spans, key=lambda name: self._spans[name][0]))
