"""Which earlier picture a picture is compared with: by seconds, never by counting frames."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Generic, TypeVar

from motionapp.core.pace import Pace

BLOCK_S = 2.0
"""Figures of the gate are gathered in blocks aligned to multiples of this in `pts_s`, so that a run
which starts anywhere has the same figures two blocks later."""

TIME_TOLERANCE_S = 0.005
"""Without it, rounding of time stamps picks different frames: at 30 frames per second and a lag
of 0.1 s three back 1566 times and four back 414 times on one clip."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Compared(Generic[T]):
    """What `LagWindow.step` found to compare with."""

    item: T
    lag_s: float
    """The actual seconds between the two."""


class LagWindow(Generic[T]):
    """Remembers items by time and gives the one that is `lag_s` old.

    The compared item is the newest with ``pts_s <= t - lag_s + 0.005``, else the previous one.
    Beyond 3 times the larger of lag and frame duration nothing is compared: the item only primes.
    A frame lasts as long as it says, or as the pictures have come lately, if that is longer.
    """

    def __init__(self, lag_s: float) -> None:
        self.lag_s = lag_s
        self._items: deque[tuple[float, T]] = deque()
        self._pace = Pace()

    @property
    def step_s(self) -> float:
        """Seconds from one item to the next, as they have come lately."""
        return self._pace.step_s

    def step(self, pts_s: float, duration_s: float, item: T) -> Compared[T] | None:
        """Remember `item` and give what it is compared with, or None while priming."""
        longest_s = max(self.lag_s, duration_s, self._pace.step(pts_s, duration_s))
        earlier = self._newest_before(pts_s - self.lag_s + TIME_TOLERANCE_S)
        self._items.append((pts_s, item))
        if earlier is None:
            return None
        then_s, older = earlier
        if pts_s - then_s > 3 * longest_s + TIME_TOLERANCE_S:
            self._items.clear()
            self._items.append((pts_s, item))
            return None
        return Compared(older, pts_s - then_s)

    def _newest_before(self, limit_s: float) -> tuple[float, T] | None:
        """The newest item at or before `limit_s`, else the last one; forgets what is older."""
        while len(self._items) > 1 and self._items[1][0] <= limit_s:
            self._items.popleft()
        if not self._items:
            return None
        return self._items[0] if self._items[0][0] <= limit_s else self._items[-1]
