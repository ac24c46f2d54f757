"""Where pictures are left out: how many by stage, and how many a second. No Qt."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Final

RATE_OVER_S: Final = 2.0
"""As long as the pipeline's meters look back."""
STAGES: Final = ("capture", "analysis", "view", "paint", "recorder")
"""In the order in which a picture meets them; `paint` are those that were ready but never seen."""


class Drops:
    """Turns running numbers into rates."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, tuple[int, ...]]] = deque()
        self.numbers: tuple[int, ...] = (0,) * len(STAGES)
        """Since what plays was opened, as `STAGES`."""

    def note(self, now_s: float, drops: Mapping[str, int]) -> None:
        """Take over how many were dropped by now."""
        numbers = tuple(drops.get(stage, 0) for stage in STAGES)
        if any(now < before for now, before in zip(numbers, self.numbers, strict=True)):
            self._seen.clear()  # another opening counts from 0
        self.numbers = numbers
        self._seen.append((now_s, numbers))
        while len(self._seen) > 2 and self._seen[1][0] <= now_s - RATE_OVER_S:
            self._seen.popleft()

    @property
    def rates_hz(self) -> tuple[float, ...]:
        """Pictures per second that were dropped of late, as `STAGES`."""
        if len(self._seen) < 2:
            return (0.0,) * len(STAGES)
        (from_s, before), (to_s, now) = self._seen[0], self._seen[-1]
        long_s = max(to_s - from_s, 1e-6)
        return tuple((n - b) / long_s for n, b in zip(now, before, strict=True))
