"""Which tracks are one body: two waving arms are one person, a fight is two people.

Tracks that touch or nearly touch are one body. A body also remembers for about a second how far
it reached, so that a head and a foot which move while the trunk is still remain one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box, union_of
from motionapp.core.track import UPRIGHT, Group, Track
from motionapp.tracking.association import boxes_array, covered_shares, gaps

FRAGMENT_GAP = 0.12
"""A foot or a hand may lie this share of the body's length away from the rest of it."""

BESIDE_GAP = 0.2
"""Two upright parts are two people, unless they are nearer than this share of their height."""

EXTENT_MEMORY_S = 1.0
"""A body remembers its reach for about so long: a jumping jack's arms are out every second."""

INSIDE_EXTENT = 0.6
"""So much of a part lies within the remembered reach of its body."""

ACROSS_EXTENT = 0.45
"""Parts of one body lie at most this share of its height apart sideways; two people, who stand
beside each other at the same height, mostly more."""


WIDEST_BODY = 2.4
"""Width over height up to which a reach is one body's: two waving arms are about 2.2."""


Reach = tuple[float, float, float, float]
"""The edges of a remembered box, in fractions of pixels."""


class Bodies:
    """Numbers the bodies behind the tracks; a number lives as long as one of its tracks."""

    def __init__(self) -> None:
        self._reaches: dict[int, Reach] = {}
        self._next_number = 1

    @property
    def reaches(self) -> dict[int, Box]:
        """How far each body has reached within about the last second, by its number."""
        return {
            number: Box(math.floor(x0), math.floor(y0), math.ceil(x1), math.ceil(y1))
            for number, (x0, y0, x1, y1) in self._reaches.items()
        }

    def step(
        self,
        boxes: Sequence[Box],
        seen: Sequence[bool],
        velocities: Sequence[tuple[float, float]],
        homes: Sequence[int],
        *,
        gap: float,
        ahead_s: float,
    ) -> list[int]:
        """The number of the body that each track belongs to.

        Parameters
        ----------
        boxes : sequence of Box
            Where the tracks are, the oldest track first.
        seen : sequence of bool
            Whether each is seen now.
        velocities : sequence of tuple of float
            Pixels per second.
        homes : sequence of int
            The body that each was part of so far; 0 for a new track.
        gap : float
            Boxes nearer than this share of the shorter one's length are linked.
        ahead_s : float
            Seconds since the step before.

        Returns
        -------
        list of int
            Linked tracks share the lowest number that one of them had; where a body has parted,
            the part with its oldest track keeps the number, the others get new ones.
        """
        if not boxes:
            self._reaches.clear()
            return []
        edges = boxes_array(boxes)
        self._move_on(velocities, homes, ahead_s)
        components = _components(self._near(edges, homes, gap))
        numbers = self._numbered(components, homes)
        self._reaches = self._reaching(numbers, boxes, seen, ahead_s)
        return numbers

    def _move_on(
        self, velocities: Sequence[tuple[float, float]], homes: Sequence[int], ahead_s: float
    ) -> None:
        """A body's reach goes along with its tracks."""
        sums: dict[int, tuple[float, float, int]] = {}
        for (vx, vy), home in zip(velocities, homes, strict=True):
            x, y, n = sums.get(home, (0.0, 0.0, 0))
            sums[home] = (x + vx, y + vy, n + 1)
        for number, (x0, y0, x1, y1) in self._reaches.items():
            x, y, n = sums.get(number, (0.0, 0.0, 1))
            dx, dy = x / n * ahead_s, y / n * ahead_s
            self._reaches[number] = (x0 + dx, y0 + dy, x1 + dx, y1 + dy)

    def _near(
        self, edges: NDArray[np.float64], homes: Sequence[int], gap: float
    ) -> NDArray[np.bool_]:
        """Whether each two tracks are parts of one body: shape (n, n)."""
        across, down = gaps(edges)
        x0, y0, x1, y1 = edges.T
        width, height = x1 - x0, y1 - y0
        length = np.maximum(width, height)
        upright = height >= UPRIGHT * width
        are_people = upright[:, None] & upright[None, :]
        shorter = np.minimum(length[:, None], length[None, :])
        longer = np.maximum(length[:, None], length[None, :])
        reach_of_part = np.where(are_people, min(gap, BESIDE_GAP), gap) * shorter
        near = np.maximum(across, down) <= np.maximum(reach_of_part, FRAGMENT_GAP * longer)
        if len(edges) > 1:
            self._link_within_reach(near, edges, across, are_people)
        return np.asarray(near)

    def _link_within_reach(
        self,
        near: NDArray[np.bool_],
        edges: NDArray[np.float64],
        across: NDArray[np.float64],
        are_people: NDArray[np.bool_],
    ) -> None:
        """Link the parts that lie within what one body has reached; changes `near`."""
        reaches = [
            reach
            for reach in self._reaches.values()
            if reach[2] - reach[0] <= WIDEST_BODY * (reach[3] - reach[1])
        ]
        if not reaches:
            return
        within = covered_shares(edges, np.array(reaches)) >= INSIDE_EXTENT
        for at in np.nonzero(within.sum(0) > 1)[0].tolist():
            inside = within[:, at]
            high = reaches[at][3] - reaches[at][1]
            close = (across <= ACROSS_EXTENT * high) & ~are_people
            near |= inside[:, None] & inside[None, :] & close

    def _numbered(self, components: list[list[int]], homes: Sequence[int]) -> list[int]:
        numbers = [0] * len(homes)
        given: set[int] = set()
        # The oldest track of all comes first, so that it keeps the number of a body that parts.
        for members in components:
            known = [homes[i] for i in members if homes[i] and homes[i] not in given]
            number = min(known) if known else self._next_number
            self._next_number += not known
            given.add(number)
            for i in members:
                numbers[i] = number
        return numbers

    def _reaching(
        self, numbers: Sequence[int], boxes: Sequence[Box], seen: Sequence[bool], ahead_s: float
    ) -> dict[int, Reach]:
        """How far each body reaches now: at once where it grows, slowly where it shrinks."""
        now: dict[int, Box] = {}
        for i in sorted(range(len(boxes)), key=lambda i: not seen[i]):
            known = now.get(numbers[i])
            if known is None:
                now[numbers[i]] = boxes[i]
            elif seen[i]:
                now[numbers[i]] = known.union(boxes[i])
        keep = math.exp(-ahead_s / EXTENT_MEMORY_S)
        reaches: dict[int, Reach] = {}
        for number, (x0, y0, x1, y1) in now.items():
            left, top, right, bottom = self._reaches.get(number, (x0, y0, x1, y1))
            reaches[number] = (
                min(x0, keep * left + (1 - keep) * x0),
                min(y0, keep * top + (1 - keep) * y0),
                max(x1, keep * right + (1 - keep) * x1),
                max(y1, keep * bottom + (1 - keep) * y1),
            )
        return reaches


def groups_of(
    tracks: Sequence[Track], reaches: Mapping[int, Box] | None = None
) -> tuple[Group, ...]:
    """The bodies behind some tracks, by number.

    Parameters
    ----------
    tracks : sequence of Track
    reaches : mapping of int to Box, optional
        How far each body reaches, by its number; without it, as far as its tracks do now.
    """
    members: dict[int, list[Track]] = {}
    for track in tracks:
        members.setdefault(track.group_id, []).append(track)
    return tuple(_group(number, members[number], reaches or {}) for number in sorted(members))


def _group(number: int, tracks: list[Track], reaches: Mapping[int, Box]) -> Group:
    seen = [track for track in tracks if track.is_seen]
    sure = [track for track in tracks if track.is_confirmed]
    return Group(
        group_id=number,
        box=union_of([track.box for track in seen or tracks]),
        reach=reaches.get(number) or union_of([track.box for track in tracks]),
        track_ids=tuple([track.track_id for track in tracks]),
        is_seen=any(track.is_seen for track in sure),
        is_confirmed=bool(sure),
        born_s=min([track.born_s for track in tracks]),
    )


def _components(near: NDArray[np.bool_]) -> list[list[int]]:
    """Connected components of a symmetric relation: members in order, oldest component first."""
    root = np.arange(len(near))
    while True:
        lowest = np.where(near, root[None, :], len(near)).min(1)
        if np.array_equal(lowest, root):
            break
        root = lowest
    components: dict[int, list[int]] = {}
    for i, first in enumerate(root.tolist()):
        components.setdefault(first, []).append(i)
    return list(components.values())
