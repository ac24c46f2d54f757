"""Which boxes are parts of one body: those that nearly touch, or lie within what it reached.

Boxes are looked at from left to right, each with those only that begin soon after it ends: that
leaves half of all pairs of fifteen boxes on a busy road, and a few of sixty-four drops of rain.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import combinations

from motionapp.core.geometry import Box, Edges
from motionapp.core.track import UPRIGHT
from motionapp.tracking.association import covered_share

FRAGMENT_GAP = 0.12
"""A foot or a hand may lie this share of the body's length away from the rest of it."""

BESIDE_GAP = 0.2
"""Two upright parts are two people, unless they are nearer than this share of their height."""

INSIDE_EXTENT = 0.6
"""So much of a part lies within the remembered reach of its body."""

ACROSS_EXTENT = 0.45
"""Parts of one body lie at most this share of its height apart sideways; two people, who stand
beside each other at the same height, mostly more."""

WIDEST_BODY = 2.4
"""Width over height up to which a reach is one body's: two waving arms are about 2.2."""


def joined(boxes: Sequence[Box], reaches: Iterable[Edges], *, gap: float) -> list[list[int]]:
    """Which boxes are parts of one body.

    Parameters
    ----------
    boxes : sequence of Box
        None is empty.
    reaches : iterable of tuple of float
        How far each known body has reached: parts within one of them are one body, unless they
        are two people.
    gap : float
        Boxes nearer than this share of the shorter one's length are one body.

    Returns
    -------
    list of list of int
        The indexes of each body's boxes, its first box first; bodies in the order of those.
    """
    parts = _Parts(boxes)
    parts.join_near(gap)
    for reach in reaches:
        parts.join_within(reach)
    return [body for i, body in enumerate(parts.body_of) if body[0] == i]


_Part = tuple[int, int, int, int, int, bool, int]
"""The edges of a box, its length, whether it is upright, and its index."""


class _Parts:
    """Boxes from left to right, and what has become of them so far."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        self._parts = sorted([_part(box, i) for i, box in enumerate(boxes)])
        self._lefts = [part[0] for part in self._parts]
        self._longest = max([part[4] for part in self._parts], default=0)
        self.body_of = [[i] for i in range(len(boxes))]
        """The body that each box is part of: one list, which all parts of it share."""

    def join_near(self, gap: float) -> None:
        """Join the parts that touch or nearly touch."""
        beside = min(gap, BESIDE_GAP)
        # The farthest that either kind of gap reaches: beyond it none need be compared.
        far = max(gap, FRAGMENT_GAP) * self._longest
        body_of = self.body_of
        for k, (_, y0, x1, y1, length, is_upright, i) in enumerate(self._parts, 1):
            for ox0, oy0, _, oy1, other_length, is_other_upright, j in self._parts[k:]:
                apart = ox0 - x1
                if apart > far:
                    break
                # Compared one by one: of all that is done for a frame, this is done most often.
                if oy0 - y1 > apart:
                    apart = oy0 - y1
                if y0 - oy1 > apart:
                    apart = y0 - oy1
                if apart > far or body_of[i] is body_of[j]:
                    continue
                # Two that stand upright are two people, and may stand close together.
                of_shorter = beside if is_upright and is_other_upright else gap
                if (
                    apart <= 0
                    or apart <= of_shorter * min(length, other_length)
                    or apart <= FRAGMENT_GAP * max(length, other_length)
                ):
                    self._join(i, j)

    def join_within(self, reach: Edges) -> None:
        """Join the parts that lie within what one body has reached."""
        left, top, right, bottom = reach
        high = bottom - top
        # One person is not so broad, whatever the arms do: this reach is of several.
        if right - left > WIDEST_BODY * high:
            return
        first = bisect_left(self._lefts, left - self._longest)
        # What lies mostly within the reach has its middle there, which is quicker to tell.
        inside = [
            part
            for part in self._parts[first : bisect_right(self._lefts, right)]
            if left <= (part[0] + part[2]) / 2 <= right and top <= (part[1] + part[3]) / 2 <= bottom
        ]
        if len(inside) < 2 or len({self.body_of[part[-1]][0] for part in inside}) < 2:
            return
        held: dict[int, list[_Part]] = {}
        for part in inside:
            # What only touches the reach may be somebody who passes.
            if covered_share(part[:4], reach) >= INSIDE_EXTENT:
                held.setdefault(self.body_of[part[-1]][0], []).append(part)
        across = ACROSS_EXTENT * high
        for some, others in combinations(held.values(), 2):
            if any(_is_beside(one, other, across) for one in some for other in others):
                self._join(some[0][-1], others[0][-1])

    def _join(self, i: int, j: int) -> None:
        """Make one body of two; its first box stays the first of the list."""
        body, other = self.body_of[i], self.body_of[j]
        if body is other:
            return
        if other[0] < body[0]:
            body, other = other, body
        body += other
        for k in other:
            self.body_of[k] = body


def _part(box: Box, i: int) -> _Part:
    x0, y0, x1, y1 = box
    width, height = x1 - x0, y1 - y0
    return x0, y0, x1, y1, max(width, height), height >= UPRIGHT * width, i


def _is_beside(one: _Part, other: _Part, across: float) -> bool:
    """Whether two parts of a reach are parts of one body: not two people, and not too far apart."""
    is_two_people = one[5] and other[5]
    return not is_two_people and max(one[0], other[0]) - min(one[2], other[2]) <= across
