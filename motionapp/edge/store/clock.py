"""Clocks that are wrong until somebody sets them: what the store makes of their leaps.

Order never comes from a clock here, but age does: a leap must neither make what is new look old nor
have all that is kept removed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

LEAST_LEAP: Final = timedelta(seconds=30)
"""Between two looks a clock is moved by less than this when it is only kept right: NTP steps by
tenths of a second, and slews below."""
UNBELIEVABLE: Final = timedelta(days=1)
"""A pass of retention comes every few minutes, and after a night without power."""
STANDS_BY_IT_S: Final = 24 * 3600.0
"""NTP answers within minutes once there is a network; what is kept can wait a day to go."""


class SetClock:
    """Notices that the clock on the wall was set, by one that only counts."""

    def __init__(self, now: datetime, monotonic_s: float) -> None:
        self._at = now, monotonic_s

    def leap(self, now: datetime, monotonic_s: float) -> timedelta | None:
        """By how much it was set since the last look; None: it goes as time does."""
        before, before_s = self._at
        self._at = now, monotonic_s
        leap = now - before - timedelta(seconds=monotonic_s - before_s)
        return leap if abs(leap) >= LEAST_LEAP else None


class BelievedClock:
    """A clock that leaps far ahead is believed once it has stood by it for a day.

    Parameters
    ----------
    believed : datetime
        What was believed last, in an earlier run perhaps.
    """

    def __init__(self, believed: datetime) -> None:
        self._believed = believed
        self._since_s: float | None = None
        """When the leap was seen first."""

    def step(self, now: datetime, monotonic_s: float) -> datetime:
        """What to measure ages by: never later than `now`, and not far ahead at once."""
        if now - self._believed <= UNBELIEVABLE:
            self._believed, self._since_s = now, None
        elif self._since_s is None:
            self._since_s = monotonic_s
        elif monotonic_s - self._since_s >= STANDS_BY_IT_S:
            self._believed, self._since_s = now, None
        return self._believed
