"""Holds what is being received to its time stamps, by waiting.

The clock and the waiting are passed in.
"""

from __future__ import annotations

from collections.abc import Callable

LONGEST_WAIT_S = 2.0
"""A longer hole in a recording on a server is passed over."""
BURST_RATE = 2.0
"""What comes at once, because it was held up on its way or is sent in segments, is handed on at
twice its speed: whoever keeps up with a camera has half of that to spare, or drops and counts."""
LONGEST_BURST_S = 15.0
"""Who has waited so long in a row waits no more: it is no burst, its stamps run too fast, and to
wait for those is to fall behind for ever. A source is lost after 5 s of silence, and who joins gets
the pictures since a key frame, 20 s at most, in half of that time."""


class Pace:
    """Holds frames to their time stamps while they are being received.

    Drivers pace recordings themselves, but that this address gives one is known only once it is
    open, and they have begun to take it for a live source.

    Parameters
    ----------
    clock : callable returning int
        Monotonic nanoseconds.
    wait : callable
        Waits for so many seconds.
    is_held : bool
        What comes before its time waits for it. If not, it is only kept from coming all at once:
        nobody knows whether the first frame of a camera came late, and the others not.
    """

    def __init__(
        self,
        clock: Callable[[], int],
        wait: Callable[[float], object],
        *,
        is_held: bool = True,
    ) -> None:
        self._clock, self._wait = clock, wait
        self._is_held = is_held
        self._zero_ns: int | None = None
        """When its second 0 was due."""
        self._last: tuple[float, int] | None = None
        """The newest frame, and when it was handed on."""
        self._waited_s = 0.0
        """How long in a row it has waited for a burst."""

    def step(self, pts_s: float) -> int:
        """Wait until a frame is due; gives when that is, in nanoseconds."""
        now_ns, since_ns = self._clock(), round(pts_s * 1e9)
        if self._zero_ns is None:
            self._zero_ns = now_ns - since_ns
        ahead_s = (self._zero_ns + since_ns - now_ns) / 1e9 if self._is_held else 0.0
        if ahead_s > LONGEST_WAIT_S:  # a hole in the recording: nobody waits for an hour
            self._zero_ns -= round((ahead_s - LONGEST_WAIT_S) * 1e9)
            ahead_s = LONGEST_WAIT_S
        ahead_s = max(ahead_s, self._within_bound(self._spread_s(pts_s, now_ns)))
        if ahead_s > 0:
            self._wait(ahead_s)
        self._last = (pts_s, now_ns + max(0, round(ahead_s * 1e9)))
        return self._zero_ns + since_ns

    def _within_bound(self, spread_s: float) -> float:
        """The same wait, as long as it is one for a burst; what is held has its stamps for that."""
        if spread_s <= 0:
            self._waited_s = 0.0
        elif not self._is_held and self._waited_s + spread_s > LONGEST_BURST_S:
            return 0.0
        else:
            self._waited_s += spread_s
        return spread_s

    def _spread_s(self, pts_s: float, now_ns: int) -> float:
        """How long to wait so that a burst comes at `BURST_RATE`; below 0 where it is none."""
        if self._last is None:
            return 0.0
        step_s = min(pts_s - self._last[0], LONGEST_WAIT_S)
        return step_s / BURST_RATE - (now_ns - self._last[1]) / 1e9
