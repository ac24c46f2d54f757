"""How far apart pictures come, and memories that hold some of them however slowly they do.

A recording may say 25 per second and bring three: a camera that saves light at night, a stream
that stalls. What counts is the step between the pictures that were really there.
"""

from __future__ import annotations

from collections import deque

REMEMBERED = 5
"""Steps whose median is the pace: two late pictures change nothing, and a camera that drops to 3
per second is known for it one second later."""

LEAST = 3
"""Of fewer steps the median is no better than one of them."""


ROUNDING = 0.02
"""Share of a step by which stamps may be rounded: milliseconds at 20 per second."""


LOOK_S = 0.25
"""Seconds from one look to the next of rules that look now and then."""

MOST_STRETCHED = 1 << 16
"""A picture every two hours."""


class Pace:
    """Seconds from one picture to the next, as they have come lately."""

    def __init__(self) -> None:
        self._steps: deque[float] = deque(maxlen=REMEMBERED)
        self._last_s: float | None = None
        self.step_s = 0.0
        """The median of the last steps; until there are `LEAST`, what a picture says of itself."""

    def step(self, pts_s: float, duration_s: float) -> float:
        """Take note of a picture, and give the seconds from one to the next.

        Parameters
        ----------
        pts_s : float
            Its time; a step back begins anew.
        duration_s : float
            How long it says that it lasts.
        """
        if self._last_s is not None and pts_s <= self._last_s:
            self._steps.clear()
        elif self._last_s is not None:
            self._steps.append(pts_s - self._last_s)
        self._last_s = pts_s
        if len(self._steps) < LEAST:
            # One of two gaps may be a hole.
            self.step_s = duration_s
        else:
            self.step_s = sorted(self._steps)[len(self._steps) // 2]
        return self.step_s


class SlowTime:
    """Time for rules that count looks: where pictures come seldom, it runs slower.

    Such a rule looks four times a second and judges by what the looks of two seconds have shown.
    At less than 4 pictures per second time runs at a half, a quarter and so on, until every look
    has a picture of its own; every span in seconds is stretched alike. It changes its speed at the
    end of a block, since then memories begin anew.

    Parameters
    ----------
    block_s : float
        Length of the blocks that the rules judge by.
    """

    def __init__(self, block_s: float) -> None:
        self._block_s = block_s
        self._block: int | None = None
        self.stretch = 1
        """How many times slower it runs: 1, 2, 4..."""

    def step(self, pts_s: float, step_s: float) -> float:
        """The slow time of a picture; its own time at 4 pictures per second or more.

        Parameters
        ----------
        pts_s : float
        step_s : float
            Seconds from one picture to the next, as `Pace` gives them.
        """
        block = int(pts_s // (self._block_s * self.stretch))
        if block != self._block:
            self.stretch = stretch_for(step_s)
            self._block = int(pts_s // (self._block_s * self.stretch))
        return pts_s / self.stretch


def stretch_for(step_s: float) -> int:
    """The power of two by which a look must be stretched to hold a step."""
    stretch = 1
    while LOOK_S * stretch < (1 - ROUNDING) * step_s and stretch < MOST_STRETCHED:
        stretch *= 2
    return stretch


def at_least_frames(seconds: float, step_s: float, frames: int) -> float:
    """So many seconds, or as long as so many steps between pictures take, if that is longer.

    A rule that remembers for a time means to remember a few pictures: where they come seldom, it
    would forget each before the next.

    Parameters
    ----------
    seconds : float
        What the rule asks for, where pictures come as often as usual (10 per second or more).
    step_s : float
        Seconds from one picture to the next, as `Pace` gives them.
    frames : int
        Steps that it has to hold at least; less than ``10 * seconds``, so that nothing changes at
        10 pictures per second or more.

    Examples
    --------
    >>> at_least_frames(0.25, 0.04, 2), round(at_least_frames(0.25, 1.0, 2), 2)
    (0.25, 2.02)
    """
    # Stamps are rounded: two steps of 0.333 s may be 0.667 s apart.
    return max(seconds, (frames + ROUNDING) * step_s)
