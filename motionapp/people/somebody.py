"""What is remembered of somebody who is followed, and how near a box is to where they should be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box, Edges
from motionapp.core.person import Person
from motionapp.people.smoothing import OneEuro

_NOWHERE: Final = Box(0, 0, 0, 0)

Margins = tuple[float, float, float, float]
"""Of a box beyond its points, left, top, right and bottom, over the points' longer side."""

SHAKES: Final = 0.03
"""By about so much of a person's length may a look be off..."""

LEAST_SHARE: Final = 0.15
"""... and of what is far less than that so much is believed."""

SPEED_MEMORY_S: Final = 0.3
"""A third of a second: points shake more than people turn."""


@dataclass(slots=True, eq=False)
class Somebody:
    """One who is followed; only the follower changes it."""

    person_id: int
    person: Person
    """With smoothed points."""
    margins: Margins
    filter: OneEuro
    seen_s: float
    """When they were last seen or carried along..."""
    raw: NDArray[np.float32]
    """... with these points, shape (17, 3), before smoothing: what is carried along."""
    looked_s: float
    """When the network that finds points last looked."""
    anchored_s: float = 0.0
    """When the network that finds people last said what the box is: points alone let it drift."""
    asked_s: float = 0.0
    """When it was last asked about them."""
    misses: int = 0
    """How often in a row it did not find them, though asked."""
    edges: Edges = (0.0, 0.0, 0.0, 0.0)
    settled_box: Box = _NOWHERE
    velocity_px_s: tuple[float, float] = (0.0, 0.0)
    is_hidden: bool = False
    clear_s: float = 0.0
    clear_box: Box = _NOWHERE
    clear_velocity_px_s: tuple[float, float] = (0.0, 0.0)
    """What was known when nobody else was near: who meets somebody is not trusted afterwards."""

    def expected(self, t_s: float) -> Box:
        """Where the box should be."""
        if self.is_hidden:
            return self.foreseen(t_s)
        lasted_s = t_s - self.seen_s
        vx, vy = self.velocity_px_s
        return self.person.box.shifted(vx * lasted_s, vy * lasted_s)

    def foreseen(self, t_s: float) -> Box:
        """Where the box should be by what was known before somebody came near."""
        lasted_s = t_s - self.clear_s
        vx, vy = self.clear_velocity_px_s
        return self.clear_box.shifted(vx * lasted_s, vy * lasted_s)

    def may_be(self, box: Box, t_s: float) -> float:
        """How well a box fits somebody who is hidden: 0 where it is somebody else's.

        The longer ago they were seen alone, the less is their place foreseen.
        """
        return nearness(box, self.foreseen(t_s), reach=0.7 + 0.5 * (t_s - self.clear_s))

    def anchor(self, box: Box, t_s: float) -> None:
        """Take the box that the network gives for that of the points."""
        self.margins = margins_of(self.raw, box)
        self.place(self.raw, edges_of(box))
        self.anchored_s, self.misses = t_s, 0

    def note_clear(self) -> None:
        """Remember how it was before somebody came near."""
        self.clear_s, self.clear_box = self.seen_s, self.person.box
        self.clear_velocity_px_s = self.velocity_px_s

    def place(self, points: NDArray[np.float32], edges: Edges) -> None:
        """Say where they are in this frame; what was said of it before counts no more.

        Parameters
        ----------
        points : ndarray of float32, shape (17, 3)
        edges : tuple of float
            Of the box, between whole pixels too: who goes slowly would else stand still.
        """
        self.raw, self.edges = points, edges
        x0, y0, x1, y1 = edges
        self.person = replace(self.person, box=Box(round(x0), round(y0), round(x1), round(y1)))

    def corrected(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """What a look gives, weighed against where the points were carried.

        What differs by no more than the network shakes is taken in part, what differs by more is
        taken as it is: it was carried wrongly.
        """
        length_px = max(self.person.box.width, self.person.box.height, 1)
        off = points[:, :2] - self.raw[:, :2]
        share = (np.linalg.norm(off, axis=1, keepdims=True) / (SHAKES * length_px)) ** 2
        fused = points.copy()
        fused[:, :2] = self.raw[:, :2] + np.clip(share, LEAST_SHARE, 1.0) * off
        return fused

    def settle(self, t_s: float) -> None:
        """Take what was said last for where they are at `t_s`: speed and smooth points follow."""
        box, lasted_s = self.person.box, t_s - self.seen_s
        if lasted_s > 0:
            (x0, y0), (x1, y1) = self.settled_box.centre, box.centre
            share = min(1.0, lasted_s / SPEED_MEMORY_S)
            vx, vy = self.velocity_px_s
            self.velocity_px_s = (
                vx + share * ((x1 - x0) / lasted_s - vx),
                vy + share * ((y1 - y0) / lasted_s - vy),
            )
        length_px = float(max(box.width, box.height, 1))
        smooth = self.filter.step(self.raw[:, :2], t_s=t_s, length_px=length_px)
        keypoints = np.concatenate((smooth, self.raw[:, 2:]), axis=1)
        keypoints.flags.writeable = False
        self.person = Person(box, float(self.raw[:, 2].mean()), keypoints)
        self.settled_box, self.seen_s = box, t_s

    def exchange_names(self, other: Somebody) -> None:
        """Each gets the other's number, and what was known of that one before they met."""
        for name in ("person_id", "clear_s", "clear_box", "clear_velocity_px_s"):
            mine, theirs = getattr(self, name), getattr(other, name)
            setattr(self, name, theirs)
            setattr(other, name, mine)


def edges_of(box: Box) -> Edges:
    """A box's edges, to be moved between whole pixels."""
    return float(box.x0), float(box.y0), float(box.x1), float(box.y1)


def nearness(box: Box, expected: Box, *, reach: float = 0.7) -> float:
    """How well a box is where, and as large as, somebody should be: 1 at best, 0 from afar.

    `reach` is how far away, in lengths of the body, nothing speaks for it any more.
    """
    length = max(expected.width, expected.height, 1)
    (x0, y0), (x1, y1) = box.centre, expected.centre
    away = math.hypot(x1 - x0, y1 - y0) / length
    ratio = max(box.width, box.height, 1) / length
    return max(0.0, 1 - away / reach - abs(math.log(ratio)))


def margins_of(points: NDArray[np.float32], box: Box) -> Margins:
    """How far a box reaches beyond its points."""
    x0, y0, x1, y1 = _extent(points)
    length = max(x1 - x0, y1 - y0, 1.0)
    edges = (x0 - box.x0, y0 - box.y0, box.x1 - x1, box.y1 - y1)
    # Within what a head, a foot or a bag may add; a point that is off must not grow with the box.
    left, top, right, bottom = (float(np.clip(edge / length, -0.1, 0.3)) for edge in edges)
    return left, top, right, bottom


def box_round(points: NDArray[np.float32], margins: Margins, size: tuple[int, int]) -> Box:
    """The box that the points and the margins make, inside the picture."""
    x0, y0, x1, y1 = _extent(points)
    length = max(x1 - x0, y1 - y0, 1.0)
    left, top, right, bottom = (margin * length for margin in margins)
    return Box(round(x0 - left), round(y0 - top), round(x1 + right), round(y1 + bottom)).clipped(
        size
    )


def pairs_of(known: Sequence[Box], found: Sequence[Box], *, least: float) -> dict[int, int]:
    """Which of `found` each of `known` is, the most alike first; `least` is an overlap (IoU)."""
    ranked = sorted(
        (-one.iou(other), k, i) for k, one in enumerate(known) for i, other in enumerate(found)
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for unlike, k, i in ranked:
        if -unlike >= least and k not in pairs and i not in taken:
            pairs[k] = i
            taken.add(i)
    return pairs


def _extent(points: NDArray[np.float32]) -> tuple[float, float, float, float]:
    """The box of all points: also a hidden foot is somewhere there."""
    (x0, y0), (x1, y1) = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    return float(x0), float(y0), float(x1), float(y1)
