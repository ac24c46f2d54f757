"""Which square of the picture a network sees of a body over a clip, by the scope of its contract.

Knows regions, bodies and masks; cutting maps out of the square is `recognition.clips`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box, union_of
from motionapp.core.motion import Region
from motionapp.core.representation import Scope
from motionapp.core.track import UPRIGHT, Group

MARGIN = 0.1
"""Added to the longer side of what moved, half on each end."""
SMALLEST_SIDE = 0.1
"""Smallest square, as a share of the picture's shorter side: below it a body has no parts."""

NEAR_BODY = 0.5
"""What moves within half its length of an upright body is part of it."""
NEAR_LIMB = 2.0
"""The rest of the body lies within two lengths of an arm."""
ARM = 0.4
"""What moves of a person is theirs up to this share of their height beyond their box: an arm and
its hand are 0.37 of the stature (Winter, as in `scenes.people.skeleton`)."""
STRAY = 0.02
"""Share of the moving pixels on each side that do not make a body larger: 27 of 2,700 made the
square round a man of 280 pixels 704 wide."""
BESIDE = 0.5
"""Who is nearer than this share of somebody's height may be doing something with them."""
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


Boxes = tuple[Box | None, ...]
"""Where a body was at each of a clip's maps; None where it was not seen to move."""


@dataclass(frozen=True, slots=True)
class Framed:
    """What a network sees of a body over a clip."""

    square: Box
    """Cut out of all maps, in full-frame pixels; may leave the picture."""
    boxes: Boxes
    """The body's own, whoever else is in the square."""


Framing = Callable[[Group, Sequence[Seen], tuple[int, int]], Framed | None]
"""How a body that was seen so is framed in a picture of a size; None where it hardly moved."""


def _where_it_moved(group: Group, window: Sequence[Seen], size: tuple[int, int]) -> Framed | None:
    return _around(_moves_of(group, window), size)


def _the_person(group: Group, window: Sequence[Seen], size: tuple[int, int]) -> Framed | None:
    """The person, whole, wherever they were; where nobody is known, what moved without strays."""
    return _around(_whole_of(group, window), size)


def _the_pair(group: Group, window: Sequence[Seen], size: tuple[int, int]) -> Framed | None:
    """The person and who is nearest, while they are near each other."""
    if not group.person:
        return _the_person(group, window, size)
    with_whom = [box for seen in window if (box := _nearest_at(group.person, seen)) is not None]
    is_pair = 2 * len(with_whom) >= len(window)
    return _around(_whole_of(group, window), size, with_whom if is_pair else ())


def _the_picture(group: Group, window: Sequence[Seen], size: tuple[int, int]) -> Framed | None:
    """All of it, whoever moved: the same for every body."""
    boxes = _moves_of(group, window)
    return None if boxes is None else Framed(square_in(size), boxes)


def _around(
    boxes: Boxes | None, size: tuple[int, int], others: Sequence[Box] = ()
) -> Framed | None:
    """A body's boxes with the square round them and `others`."""
    if boxes is None:
        return None
    own = [box for box in boxes if box is not None]
    return Framed(square_around(union_of([*own, *others]), size), boxes)


def _moves_of(group: Group, window: Sequence[Seen], *, stray: float = 0.0) -> Boxes | None:
    """Where a body moved; None where it was still for most of the clip."""
    boxes = tuple(_moved(group, seen, stray=stray) for seen in window)
    found = len(boxes) - boxes.count(None)
    return boxes if found and 2 * found >= len(boxes) else None


def _whole_of(group: Group, window: Sequence[Seen]) -> Boxes | None:
    """Where a person was, or what moved without strays; None where they were still."""
    if not group.person:
        return _moves_of(group, window, stray=STRAY)
    # Who has only just been found moved before, but nobody knew how large they are.
    moved = sum(any(_is_of(group, body) for body in seen.bodies) for seen in window)
    boxes = tuple(_person_at(group.person, seen) for seen in window)
    return boxes if any(boxes) and 2 * moved >= len(window) else None


def _person_at(number: int, seen: Seen) -> Box | None:
    """A person with the arm that moves beyond their box; None where they are not seen to move."""
    for group in seen.groups:
        if group.person == number and group.is_seen:
            return _whole(group)
    return None


def _nearest_at(number: int, seen: Seen) -> Box | None:
    """Who is nearest to a person, if near enough to be doing something with them."""
    people = {group.person: _whole(group) for group in seen.groups if group.person}
    own = people.pop(number, None)
    if own is None or not people:
        return None
    nearest = min(people.values(), key=lambda box: sum(own.gap(box)))
    return nearest if max(own.gap(nearest)) <= BESIDE * own.height else None


def _whole(group: Group) -> Box:
    box, moving = group.box, group.moving
    if moving is None:
        return box
    far = round(ARM * box.height)
    x0, y0 = max(moving.x0, box.x0 - far), max(moving.y0, box.y0 - far)
    x1, y1 = min(moving.x1, box.x1 + far), min(moving.y1, box.y1 + far)
    return box.union(Box(x0, y0, x1, y1)) if x0 < x1 and y0 < y1 else box


FRAMINGS: Mapping[Scope, Framing] = {
    "track": _the_person,
    "group": _the_pair,
    "frame": _the_picture,
    "moving": _where_it_moved,
}


def _moved(group: Group, seen: Seen, *, stray: float = 0.0) -> Box | None:
    """Where a body moved at an earlier frame: then it may have been several, or another number.

    Whatever else moves near it counts as well, unless that is somebody else: faint motion of the
    trunk tells how large the body is while only an arm waves.
    """
    own = [body.moved for body in seen.bodies if _is_of(group, body)]
    others = [body.moved for body in seen.bodies if not _is_of(group, body)]
    if not own:
        return None
    moved = union_of(own)
    reach = group.reach
    is_whole = reach.height >= UPRIGHT * reach.width
    near = round((NEAR_BODY if is_whole else NEAR_LIMB) * max(reach.width, reach.height))
    around = Box(reach.x0 - near, reach.y0 - near, reach.x1 + near, reach.y1 + near)
    if any(around.intersection(box) and _are_two_people(reach, box) for box in others):
        return moved
    faint = _moving_part(seen, around, stray)
    return moved if faint is None else moved.union(faint)


def _is_of(group: Group, body: Body) -> bool:
    return body.group_id == group.group_id or not body.track_ids.isdisjoint(group.track_ids)


def _are_two_people(one: Box, other: Box) -> bool:
    both = all(box.height >= UPRIGHT * box.width for box in (one, other))
    low, high = sorted((one.height, other.height))
    return both and low >= AS_TALL * high


def _moving_part(seen: Seen, around: Box, stray: float) -> Box | None:
    """The box of the pixels that moved within `around`, without a share of strays on each side;
    None where the mask is not known."""
    if seen.mask is None:
        return None
    height, width = seen.mask.shape
    x0, y0, x1, y1 = (edge >> seen.mask_level for edge in around)
    x0, y0 = max(x0, 0), max(y0, 0)
    part = seen.mask[y0 : min(y1, height), x0 : min(x1, width)]
    x, y, w, h = cv2.boundingRect(part)
    if not w:
        return None
    box = Box(x, y, x + w, y + h)
    if stray:
        box = _without_strays(part[y : y + h, x : x + w], stray).shifted(x, y)
    return box.shifted(x0, y0).scaled(1 << seen.mask_level)


def _without_strays(part: NDArray[np.uint8], stray: float) -> Box:
    """Where most of what moves is, on either axis."""
    left, right = _most(np.count_nonzero(part, axis=0), stray)
    top, bottom = _most(np.count_nonzero(part, axis=1), stray)
    return Box(left, top, right, bottom)


def _most(counts: NDArray[np.intp], stray: float) -> tuple[int, int]:
    """The columns, half-open, without those at the ends that hold at most a share of all."""
    sums = np.cumsum(counts)
    least = stray * float(sums[-1])
    first = int(np.searchsorted(sums, least, side="right"))
    last = int(np.searchsorted(sums, sums[-1] - least, side="left"))
    return first, last + 1


def framed(
    scope: Scope, group: Group, window: Sequence[Seen], size: tuple[int, int]
) -> Framed | None:
    """What is cut out of all maps of a clip for a body, and where the body was.

    Parameters
    ----------
    scope : str
        Of the network's contract.
    group : Group
        The body as it is now.
    window : sequence of Seen
        What was seen at the times of the clip's maps.
    size : tuple of int
        Width and height of the picture.

    Returns
    -------
    Framed or None
        With a box for each of `window`; None where the body was still for most of the clip.
    """
    return FRAMINGS[scope](group, window, size)


def square_in(size: tuple[int, int]) -> Box:
    """The square that holds the whole picture, which lies in its middle."""
    side = max(size)
    x0, y0 = (size[0] - side) // 2, (size[1] - side) // 2
    return Box(x0, y0, x0 + side, y0 + side)


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
