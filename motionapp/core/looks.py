"""Which pictures are looked at: nearly all while something moves, at rest as many as a lag needs.

By time stamps alone, so that it is the same in every run, wherever it began. What is learnt over
blocks of time is learnt from the pictures on the beat only, which are looked at in any case: then
no figure hangs on whether somebody was about.
"""

from __future__ import annotations

import math

from motionapp.core.window import TIME_TOLERANCE_S

MOST_HZ = 30
"""Looks a second: nobody moves so fast that more would tell anything."""


class Beat:
    """Tells the first picture at or after each multiple of some seconds.

    Parameters
    ----------
    beat_s : float
        Greater than 0.
    """

    def __init__(self, beat_s: float) -> None:
        self._beat_s = beat_s
        self._last: int | None = None

    def step(self, pts_s: float) -> bool:
        """Whether a picture is on the beat; times increase from step to step."""
        number = math.floor((pts_s + TIME_TOLERANCE_S) / self._beat_s)
        is_on, self._last = number != self._last, number
        return is_on


class Looks:
    """Decides for every picture whether it is looked at.

    Parameters
    ----------
    lag_s : float
        Seconds between two pictures that are compared: at rest one look a lag misses nothing that
        lasts for as long.
    """

    def __init__(self, lag_s: float) -> None:
        self.lag_s = lag_s
        self._slow = Beat(lag_s)
        # A part of the lag, so that whatever is on its beat is on this one, too.
        self._fast = Beat(lag_s / max(1, math.floor(lag_s * MOST_HZ)))

    def step(self, pts_s: float, step_s: float, *, is_resting: bool) -> bool:
        """Whether a picture is looked at.

        Parameters
        ----------
        pts_s : float
            Later than that of the picture before.
        step_s : float
            Seconds from one picture to the next, as `core.pace.Pace` gives them.
        is_resting : bool
            Nothing has moved for long enough.
        """
        is_on_slow, is_on_fast = self._slow.step(pts_s), self._fast.step(pts_s)
        if is_resting:
            return is_on_slow
        return is_on_fast or step_s > 1 / MOST_HZ - TIME_TOLERANCE_S
