"""How much is written to the disk: a card wears by it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

SLOT_S: Final = 60.0
"""Bytes are counted by the minute: a day is 1440 numbers."""
HOUR_S: Final = 3600.0
DAY_S: Final = 86_400.0


class WriteBudget:
    """Counts bytes, all told, of the last hour, and of the last day. Any thread may ask.

    Parameters
    ----------
    clock_s : callable
        Monotonic seconds: a wall clock that is set would empty the day.
    """

    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._lock = threading.Lock()
        self._slots: deque[tuple[int, int]] = deque()
        """Number of a minute, and the bytes written in it."""
        self._total = 0

    def add(self, count: int) -> None:
        """So many bytes have been written now."""
        slot = int(self._clock_s() // SLOT_S)
        with self._lock:
            self._total += count
            before = self._slots.pop()[1] if self._slots and self._slots[-1][0] == slot else 0
            self._slots.append((slot, before + count))
            while self._slots[0][0] <= slot - DAY_S // SLOT_S:
                self._slots.popleft()

    @property
    def total_bytes(self) -> int:
        """Since the beginning."""
        return self._total

    @property
    def hour_bytes(self) -> int:
        """In the last hour, to the minute."""
        return self._since(HOUR_S)

    @property
    def day_bytes(self) -> int:
        """In the last day, to the minute."""
        return self._since(DAY_S)

    def _since(self, seconds: float) -> int:
        first = int(self._clock_s() // SLOT_S) - seconds // SLOT_S
        with self._lock:
            return sum(count for slot, count in self._slots if slot > first)
