"""When the frames of a live source came, and whether their stamps still tell the same.

A camera's clock may jump by an hour, or run a little fast for a month; the clock of the machine may
be wrong until a time server answers. Values and arithmetic alone: clocks are passed in.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from motionapp.sources.timeline import LONGEST_GAP_S

TICK = Fraction(1, 10**9)
"""Stamps of frames that are stamped on arrival count nanoseconds."""
WINDOW_S = 30.0
"""What comes in bursts is judged by the frame of a window that came soonest: segments of a playlist
last 6 s (Apple, "HLS authoring specification", 7.5), and at the beginning three come at once."""


def utc_now() -> datetime:
    """The time on the machine's wall clock."""
    return datetime.now(UTC)


class Arrival:
    """Compares stamps with clocks, frame by frame.

    Parameters
    ----------
    clock : callable returning int
        Monotonic nanoseconds.
    utc : callable returning datetime
        The time on the wall, with its zone.
    """

    def __init__(
        self,
        clock: Callable[[], int] = time.monotonic_ns,
        utc: Callable[[], datetime] = utc_now,
    ) -> None:
        self.clock, self._utc = clock, utc
        self._before: tuple[float, int] | None = None
        """Stamp and arrival of the newest frame."""
        self.ago_s = 0.0
        """How long ago the newest frame came, before it is stepped; it may have no stamp at all."""
        self._usual_s: float | None = None
        """How far stamps run ahead of the wall clock at most; None until a window has shown it."""
        self._ahead_s: float | None = None
        """How far the wall clock was ahead of the monotonic one when the epoch began."""
        self._most_s, self._window_ns = -math.inf, 0

    def start_of(self, pts_s: float) -> datetime:
        """When the source's second 0 was, if its second `pts_s` is that of the newest frame."""
        came = self._utc() - timedelta(seconds=self.ago_s)
        if self._before is not None:  # the frame with which the epoch begins
            self._ahead_s = came.timestamp() - self._before[1] / 1e9
        return came - timedelta(seconds=pts_s)

    def step(self, stamp_s: float, arrived_ns: int) -> float | None:
        """Compare the next frame.

        Parameters
        ----------
        stamp_s : float
            Its stamp in seconds, from wherever.
        arrived_ns : int
            By the monotonic clock.

        Returns
        -------
        float or None
            None where stamps go on with the clocks. Otherwise an epoch begins with this frame,
            which came so many seconds after the one before.
        """
        if self._before is None:
            self._before = (stamp_s, arrived_ns)
            self._begin(arrived_ns)
            return None
        step_s, came_s = stamp_s - self._before[0], (arrived_ns - self._before[1]) / 1e9
        if step_s == 0:  # it is going to be dropped
            return None
        self._before = (stamp_s, arrived_ns)
        # Less than the clocks say is no jump: what was held up on its way comes at once.
        if step_s < 0 or step_s - came_s > LONGEST_GAP_S:
            self._begin(arrived_ns)
            return came_s
        now_s = self._utc().timestamp() - self.ago_s
        if self._is_set(now_s, arrived_ns) or self._has_drifted(stamp_s - now_s, arrived_ns):
            self._begin(arrived_ns)
            return step_s
        return None

    def _begin(self, arrived_ns: int) -> None:
        self._usual_s, self._most_s = None, -math.inf
        self._window_ns = arrived_ns + round(WINDOW_S * 1e9)

    def _is_set(self, now_s: float, arrived_ns: int) -> bool:
        """Whether the wall clock was set, which no window need show: it is no fault of stamps."""
        if self._ahead_s is None:
            return False
        return abs(now_s - arrived_ns / 1e9 - self._ahead_s) > LONGEST_GAP_S

    def _has_drifted(self, ahead_s: float, arrived_ns: int) -> bool:
        """Whether the epoch's wall-clock start is no longer right, by more than is called a gap."""
        self._most_s = max(self._most_s, ahead_s)
        if arrived_ns < self._window_ns:
            return False
        most_s, self._most_s = self._most_s, -math.inf
        self._window_ns = arrived_ns + round(WINDOW_S * 1e9)
        if self._usual_s is None:
            self._usual_s = most_s
        return abs(most_s - self._usual_s) > LONGEST_GAP_S
