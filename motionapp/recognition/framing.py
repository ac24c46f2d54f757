"""Which part of the picture a network sees of a body: where it moved, at one frame and over a clip.

Knows regions, bodies and masks; cutting maps out of it is `recognition.clips`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box, union_of
from motionapp.core.motion import Region
from motionapp.core.track import UPRIGHT, Group

MARGIN = 0.1
"""Added to the longer side of what moved, half on each end."""
SMALLEST_SIDE = 0.1
"""Smallest square, as a share of the picture's shorter side: below it a body has no parts."""

NEAR_BODY = 0.5
"""What moves within half its length of an upright body is part of it."""
NEAR_LIMB = 2.0
"""The rest of the body lies within two lengths of an arm."""
AS_TALL = 0.5
"""Two upright bodies, one at least this share of the other's height, are two people."""


@dataclass(frozen=True, slots=True)
class Body:
    """What moved of a body at one frame."""

    group_id: int
    track_ids: frozenset[int]
    moved: Box


@dataclass(slots=True, eq=False)
class Seen:
    """What was seen of the bodies at one frame; what few clips ask for is made when one does."""

    regions: Sequence[Region]
    groups: Sequence[Group]
    mask: NDArray[np.uint8] | None
    """What moved, at the epoch's analysis scale."""
    mask_level: int
    _bodies: tuple[Body, ...] | None = None

    @property
    def bodies(self) -> tuple[Body, ...]:
        """What moved of each body."""
        if self._bodies is None:
            self._bodies = bodies_of(self.regions, self.groups)
        return self._bodies


def bodies_of(regions: Sequence[Region], groups: Sequence[Group]) -> tuple[Body, ...]:
    """What moves of each body: every region belongs to the one that it lies in most.

    Tracks say who is who, regions where something moves: a track that is just being confirmed,
    or coasts, has a box all the same.
    """
    moved: dict[int, list[Box]] = {}
    for number, group in enumerate(groups):
        if group.person and group.is_seen:
            moved[number] = [group.moving or group.box]
    for region in regions:
        shared = [region.box.intersection(group.box) for group in groups]
        if any(shared) and not groups[number := shared.index(max(shared))].person:
            moved.setdefault(number, []).append(region.box)
    return tuple(
        Body(groups[number].group_id, frozenset(groups[number].track_ids), union_of(boxes))
        for number, boxes in moved.items()
    )


def moved_box(group: Group, seen: Seen) -> Box | None:
    """Where a body moved at an earlier frame: then it may have been several, or another number.

    Whatever else moves near it counts as well, unless that is somebody else: faint motion of the
    trunk tells how large the body is while only an arm waves.
    """
    own: list[Box] = []
    others: list[Box] = []
    for body in seen.bodies:
        is_own = body.group_id == group.group_id or not body.track_ids.isdisjoint(group.track_ids)
        (own if is_own else others).append(body.moved)
    if not own:
        return None
    moved = union_of(own)
    reach = group.reach
    is_whole = reach.height >= UPRIGHT * reach.width
    near = round((NEAR_BODY if is_whole else NEAR_LIMB) * max(reach.width, reach.height))
    around = Box(reach.x0 - near, reach.y0 - near, reach.x1 + near, reach.y1 + near)
    if any(around.intersection(box) and _are_two_people(reach, box) for box in others):
        return moved
    faint = _moving_part(seen, around)
    return moved if faint is None else moved.union(faint)


def _are_two_people(one: Box, other: Box) -> bool:
    both = all(box.height >= UPRIGHT * box.width for box in (one, other))
    low, high = sorted((one.height, other.height))
    return both and low >= AS_TALL * high


def _moving_part(seen: Seen, around: Box) -> Box | None:
    """The box of all pixels that moved within `around`; None where the mask is not known."""
    if seen.mask is None:
        return None
    height, width = seen.mask.shape
    x0, y0, x1, y1 = (edge >> seen.mask_level for edge in around)
    x0, y0 = max(x0, 0), max(y0, 0)
    x, y, w, h = cv2.boundingRect(seen.mask[y0 : min(y1, height), x0 : min(x1, width)])
    if not w:
        return None
    return Box(x, y, x + w, y + h).shifted(x0, y0).scaled(1 << seen.mask_level)


def square_around(box: Box, size: tuple[int, int]) -> Box:
    """The square that is cut out for a body that moved within `box`.

    Parameters
    ----------
    box : Box
        The union of where it was.
    size : tuple of int
        Width and height of the picture.

    Returns
    -------
    Box
        A square with the same centre and a margin; it may leave the picture.
    """
    longer = max(box.width, box.height) * (1 + MARGIN)
    side = math.ceil(max(longer, SMALLEST_SIDE * min(size), 8))
    x, y = box.centre
    x0, y0 = round(x - side / 2), round(y - side / 2)
    return Box(x0, y0, x0 + side, y0 + side)
