"""What MultiPose's rows say: persons in full-frame pixels, each once.

Knows the layout of a row, what a person's box is and when two rows are one person.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.core.person import Person

POINTS: Final = 17
"""COCO's points: nose, eyes, ears, shoulders, elbows, wrists, hips, knees, ankles; of each pair
the person's left one first."""

SIGMAS: Final = (
    np.array([26, 25, 25, 35, 35, 79, 79, 72, 72, 62, 62, 107, 107, 87, 87, 89, 89], np.float32)
    / 1000
)
"""Spread of COCO's annotators for each point, as a share of the root of the person's area
(cocoeval.py of the COCO API, Lin et al., "Microsoft COCO", ECCV 2014)."""


CUT = 0.03
"""A box that ends so near the view's border, as a share of its side, ends with the view."""


@dataclass(frozen=True, slots=True)
class PersonRules:
    """When a row is a person, and when two persons are one."""

    least_score: float = 0.15
    """Rows that score less are nobody. At the moving bodies of the street recordings 83 % of the
    people are found, with 1.7 false persons at 100 cars; at 0.10 it is 86 and 10.3, at 0.20 it is
    80 and 0 (`benchmarks/person_search.py`)."""
    same_iou: float = 0.6
    """Boxes that overlap more are one person: two who walk abreast overlap by half."""
    same_oks: float = 0.7
    """Points that are more alike are one person (COCO's strictest matches begin at 0.75)."""
    inside_share: float = 0.8
    """Of a box that lies so far inside another ..."""
    inside_oks: float = 0.3
    """... points need only be so alike: the half of somebody whom a view has cut. On
    `../shared/data/pose` this takes 16 of 96 poses, and no right one."""


def persons_of(
    rows: NDArray[np.float32], view: Box, size: tuple[int, int], rules: PersonRules
) -> tuple[Person, ...]:
    """The persons that MultiPose found in one view, surest first, each once.

    Parameters
    ----------
    rows : ndarray of float32, shape (n, 56)
        As `MultiPose.persons` gives them.
    view : Box
        What the network looked at, in full-frame display pixels.
    size : tuple of int
        Width and height of the picture that the view was cut from.
    rules : PersonRules

    Returns
    -------
    tuple of Person
        Empty where nobody is.
    """
    found = []
    for row in rows:
        score = float(row[55])
        if not score >= rules.least_score or not np.isfinite(row).all():
            continue
        box = _box_of(row[51:55], view, size)
        if box.area:
            points = full_frame(row[:51].reshape(POINTS, 3), view)
            found.append(Person(box, score, points, is_cut=_is_cut(box, view, size)))
    return distinct(found, rules)


def distinct(persons: Iterable[Person], rules: PersonRules) -> tuple[Person, ...]:
    """The persons without their doubles: of each person the surest stays.

    Parameters
    ----------
    persons : iterable of Person
    rules : PersonRules

    Returns
    -------
    tuple of Person
        Surest first; of equal ones the earlier first.
    """
    kept: list[Person] = []
    for person in sorted(persons, key=lambda p: -p.score):
        if not any(is_same(person, other, rules) for other in kept):
            kept.append(person)
    return tuple(kept)


def is_same(one: Person, other: Person, rules: PersonRules) -> bool:
    """Whether two findings are one person, by their boxes or by their points."""
    common = one.box.intersection(other.box)
    if not common:
        return False
    if one.box.iou(other.box) > rules.same_iou:
        return True
    is_inside = common >= rules.inside_share * min(one.box.area, other.box.area)
    return similarity(one, other) > (rules.inside_oks if is_inside else rules.same_oks)


def similarity(one: Person, other: Person) -> float:
    """Object keypoint similarity of two persons.

    Returns
    -------
    float
        0 to 1: the mean over the 17 points of ``exp(-d² / (2 A (2 σ)²))``, where `d` is the
        distance, `A` the mean area of the two boxes and `σ` the spread of the point.

    References
    ----------
    Lin et al., "Microsoft COCO: Common Objects in Context", ECCV 2014, and cocoeval.py.
    """
    squares = ((one.keypoints[:, :2] - other.keypoints[:, :2]) ** 2).sum(axis=1)
    area = max(1.0, (one.box.area + other.box.area) / 2)
    return float(np.exp(-squares / (2 * area * (2 * SIGMAS) ** 2)).mean())


def full_frame(points: NDArray[np.float32], view: Box) -> NDArray[np.float32]:
    """Points of a view in the full frame.

    Parameters
    ----------
    points : ndarray of float32, shape (17, 3)
        y and x as shares of the view, and visibility.
    view : Box
        In full-frame display pixels.

    Returns
    -------
    ndarray of float32, shape (17, 3)
        x, y and visibility; read-only.
    """
    placed = np.empty_like(points)
    placed[:, 0] = view.x0 + points[:, 1] * view.width
    placed[:, 1] = view.y0 + points[:, 0] * view.height
    placed[:, 2] = points[:, 2]
    placed.flags.writeable = False
    return placed


def _is_cut(person: Box, view: Box, size: tuple[int, int]) -> bool:
    """Whether a box reaches to where the view ends and the picture goes on."""
    near_x, near_y = CUT * view.width, CUT * view.height
    width, height = size
    return (
        person.x0 - view.x0 < near_x < view.x0
        or person.y0 - view.y0 < near_y < view.y0
        or view.x1 - person.x1 < near_x < width - view.x1
        or view.y1 - person.y1 < near_y < height - view.y1
    )


def _box_of(values: NDArray[np.float32], view: Box, size: tuple[int, int]) -> Box:
    """The network's own box in the full frame, clipped to the picture.

    It fits better than one grown from the points: IoU with the street's truth 0.89 against 0.82
    in the median (`benchmarks/person_search.py --only box`).
    """
    y0, x0, y1, x1 = (float(v) for v in values)
    return Box(
        math.floor(view.x0 + x0 * view.width),
        math.floor(view.y0 + y0 * view.height),
        math.ceil(view.x0 + x1 * view.width),
        math.ceil(view.y0 + y1 * view.height),
    ).clipped(size)
