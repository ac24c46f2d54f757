"""Which stretch of a recording a line shows, and where on it a second lies. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

SHORTEST_S: Final = 2.0
"""No nearer: a picture is then some twenty pixels wide."""


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Seconds of a recording on a line of pixels."""

    duration_s: float
    left_px: float
    right_px: float
    from_s: float = 0.0
    to_s: float | None = None
    """None: all of it."""

    @property
    def end_s(self) -> float:
        """Of what is shown."""
        return self.duration_s if self.to_s is None else self.to_s

    @property
    def length_s(self) -> float:
        """Of what is shown."""
        return max(1e-6, self.end_s - self.from_s)

    @property
    def is_whole(self) -> bool:
        """Whether all of the recording is shown."""
        return self.from_s <= 0 and self.end_s >= self.duration_s

    @property
    def px_per_s(self) -> float:
        """Pixels of a second."""
        return (self.right_px - self.left_px) / self.length_s

    def x_of(self, at_s: float) -> float:
        """Where a second lies; beyond the ends where it is not shown."""
        return self.left_px + (at_s - self.from_s) * self.px_per_s

    def s_of(self, x_px: float) -> float:
        """The second at a pixel, within the recording."""
        share = (x_px - self.left_px) / max(1.0, self.right_px - self.left_px)
        return min(self.duration_s, max(0.0, self.from_s + share * self.length_s))

    def zoomed(self, factor: float, x_px: float) -> TimeScale:
        """Nearer, or further away, with the second at a pixel staying there."""
        length_s = min(self.duration_s, max(SHORTEST_S, self.length_s / factor))
        held_s = self.s_of(x_px)
        share = (held_s - self.from_s) / self.length_s
        return self._from(held_s - share * length_s, length_s)

    def moved(self, seconds: float) -> TimeScale:
        """Later, or earlier, as far as there is something."""
        return self._from(self.from_s + seconds, self.length_s)

    def following(self, at_s: float) -> TimeScale:
        """Turned over like a page where a second has left what is shown."""
        if self.is_whole or self.from_s <= at_s <= self.end_s:
            return self
        return self._from(at_s - 0.1 * self.length_s, self.length_s)

    def wide(self, left_px: float, right_px: float) -> TimeScale:
        """The same on a line of another length."""
        return replace(self, left_px=left_px, right_px=right_px)

    def _from(self, from_s: float, length_s: float) -> TimeScale:
        from_s = min(max(0.0, from_s), max(0.0, self.duration_s - length_s))
        return replace(self, from_s=from_s, to_s=from_s + length_s)
