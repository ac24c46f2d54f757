"""Whether a point that moves has gone over a line, and to which side: a pure rule.

A line is a polyline with ends: who goes round an end has not gone over it. A point near the line is
on neither side, so that jitter counts nothing; what counts is the way from clearly before the line
to clearly behind it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from motionapp.core.crossing import Direction

Point = tuple[float, float]
"""x to the right, y down, in any unit."""


class Walker:
    """One point on its way over one line.

    Parameters
    ----------
    line : sequence of (float, float)
        Its points, two at least, from the first to the last.
    """

    def __init__(self, line: Sequence[Point]) -> None:
        self._line = tuple(line)
        self._last: tuple[float, Point] | None = None
        self._over = 0
        """How often it went over to the right since it was clear of the line, less the left."""
        self._over_s = 0.0
        self._was_clear = False
        self._counted: set[Direction] = set()

    def jump(self) -> None:
        """It is another point from here on: what was measured at feet is measured at a hand."""
        self._last, self._over, self._was_clear = None, 0, False

    def step(self, now_s: float, at: Point, margin: float) -> tuple[Direction, float] | None:
        """Where it is now.

        Parameters
        ----------
        now_s : float
            Later than before.
        at : (float, float)
        margin : float
            Within so much of the line it is on neither side; at least 0.

        Returns
        -------
        direction : {'left', 'right'}
            To which side it has gone over, and is clear of the line by now.
        at_s : float
            When it was on the line.

        None where it has not, or has gone over in this direction before.
        """
        if self._last is not None:
            over, share = passages(self._line, self._last[1], at)
            if over:
                self._over += over
                self._over_s = self._last[0] + share * (now_s - self._last[0])
        self._last = now_s, at
        if distance(self._line, at) < margin:
            return None
        over, was_clear = self._over, self._was_clear
        self._over, self._was_clear = 0, True
        if not was_clear or not over:
            return None
        direction: Direction = "right" if over > 0 else "left"
        if direction in self._counted:
            return None
        self._counted.add(direction)
        return direction, self._over_s


def passages(line: Sequence[Point], start: Point, end: Point) -> tuple[int, float]:
    """How often a straight way goes over a line to its right, less how often to its left.

    Parameters
    ----------
    line : sequence of (float, float)
    start, end : (float, float)
        Of the way.

    Returns
    -------
    over : int
    share : float
        Where on the way it goes over for the last time, 0 to 1; 0 where it does not.

    Examples
    --------
    >>> passages([(0, 0), (10, 0)], (5, -1), (5, 1))  # down, over a line to the right
    (1, 0.5)
    """
    over, share = 0, 0.0
    for first, second in pairwise(line):
        was, now = _side(first, second, start), _side(first, second, end)
        # On the line is on its right: so each point is on one side, and none is counted twice.
        if (was >= 0) == (now >= 0):
            continue
        if (_side(start, end, first) >= 0) == (_side(start, end, second) >= 0):
            continue
        over += 1 if now >= 0 else -1
        share = max(share, was / (was - now))
    return over, share


def distance(line: Sequence[Point], at: Point) -> float:
    """How far a point is from a line, in their unit."""
    return min(_distance(first, second, at) for first, second in pairwise(line))


def _side(first: Point, second: Point, at: Point) -> float:
    """Above 0 to the right of the way from `first` to `second`, since y grows downwards."""
    return (second[0] - first[0]) * (at[1] - first[1]) - (second[1] - first[1]) * (at[0] - first[0])


def _distance(first: Point, second: Point, at: Point) -> float:
    dx, dy = second[0] - first[0], second[1] - first[1]
    length = dx * dx + dy * dy
    along = ((at[0] - first[0]) * dx + (at[1] - first[1]) * dy) / length if length else 0.0
    along = min(1.0, max(0.0, along))
    return math.hypot(at[0] - first[0] - along * dx, at[1] - first[1] - along * dy)
