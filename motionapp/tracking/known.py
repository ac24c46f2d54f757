"""Who is known to be a person, carried along from picture to picture until the next answer.

A search costs as much as ten frames of motion, so a person is looked for about once a second. In
between the box goes where a few points on the person go, each found again in the next picture:
where several people are one moving region, that still tells them apart.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box, Edges, union_of
from motionapp.core.motion import Motion, Region
from motionapp.core.person import Person
from motionapp.regions import left_over, widened
from motionapp.tracking.association import covered_share
from motionapp.tracking.state import SAME_WAY, SPEED_MEMORY_S

POINTS: Final = np.array(
    [(x, y) for y in (0.12, 0.25, 0.38, 0.5) for x in (0.38, 0.5, 0.62)], np.float32
)
"""Where on a person points are followed, as shares of the box: head and trunk. Legs swing, and
beside a person is background."""

WINDOW_PX = 9
"""Side of the window that is found again, at analysis scale. On the street recordings 9 finds 94 %
of the walkers' boxes, 7 93 %, 13 94 % and 15 92 %."""

LEVELS = 2
"""How often that picture is halved for long ways: 2 reaches about 30 pixels."""

GROWN = 0.15
"""What moves may stick out of the box by this share of its height: a hand, a bag, a shadow."""

OWN = 0.6
"""A region leaves nothing over if at least so much of it lies in the one person who has a part in
it: the border of a person is nobody else."""

TOUCHES = 0.25
"""Who holds at least so much of a region has a part in it: several walkers may be one region."""

HIDES = 0.5
"""A region in which so much of a person lies is theirs, too, with others'."""

SAME = 0.3
"""An answer is who is known already if the boxes overlap so much (intersection over union): little,
since a box that was carried for a second has slipped, and limbs have moved in the other."""

WITHIN = 0.6
"""Or if so much of who is known lies in it, and they were not found beside: who was bent or seen
in part has a box far smaller than that of the whole, so that the two overlap by little (of a
rendered man who had bent 0.7 lay in his own new box, which his old one met by 0.2)."""

PART = 0.8
"""Who was seen in part, and lies so far in somebody's box, is nobody else."""

FRESH_S = 0.3
"""A box that an answer gave so short a time ago is better than a half from a look at another one;
an older one is no better. On `vtest` a half that is never taken costs 1.3 points of the people."""

MOVES = 0.02
"""Somebody moves if a region reaches over so much of their box; who stands still is no body yet."""

HIDDEN = 0.4
"""Somebody of whom so much lies in somebody else's box may be behind them."""

MISSES = 2
"""Who was not found so often in a row, though looked for, is no person, or has gone: one search
misses about one in six who is there (docs/adr/0008-people.md)."""

ENOUGH = 0.25
"""Scores of answers add up to so much, and it is a person. On empty streets single answers were
0.16 to 0.21 (one of 0.32 in 60 minutes), in the open 0.17 to 0.24 on who rides; of those at people
who walk, one in ten is less (`vtest`)."""

KEPT_S = 3.0
"""Who has stopped is known for so long when they move again."""


@dataclass(slots=True, eq=False)
class Known:
    """Somebody who was found; only `KnownPeople` changes it."""

    person_id: int
    edges: Edges
    answered_s: float
    """When a search last found them..."""
    moved_s: float
    """... and when something of them last moved."""
    evidence: float
    """The scores of all answers together."""
    velocity_px_s: tuple[float, float] = (0.0, 0.0)
    misses: int = 0
    is_cut: bool = False
    """They were seen in part only: a wider look may show the whole."""

    @property
    def box(self) -> Box:
        """In whole pixels."""
        x0, y0, x1, y1 = self.edges
        return Box(round(x0), round(y0), round(x1), round(y1))

    @property
    def is_faint(self) -> bool:
        """So far, it may as well be nobody."""
        return self.evidence < ENOUGH

    def shift(self, dx: float, dy: float) -> None:
        """Move the box."""
        x0, y0, x1, y1 = self.edges
        self.edges = x0 + dx, y0 + dy, x1 + dx, y1 + dy

    def answer(self, person: Person, now_s: float, *, is_asked: bool) -> None:
        """Take in that a search has found them; of a look at somebody else it may be a half."""
        is_fresh = now_s - self.answered_s <= FRESH_S
        self.answered_s, self.misses = now_s, 0
        self.evidence += person.score
        if is_fresh and not is_asked and person.is_cut and _is_part(person.box, [self.box]):
            return
        # Of who was seen in part, one wider look shows the whole, or none does.
        self.edges, self.is_cut = _edges(person.box), False

    def may_go(self, way_px: tuple[float, float] | None, ahead_s: float) -> bool:
        """Whether a way is about theirs, by how they have gone before."""
        if way_px is None:
            return False
        (vx, vy), height = self.velocity_px_s, self.edges[3] - self.edges[1]
        differs = math.hypot(way_px[0] - vx * ahead_s, way_px[1] - vy * ahead_s)
        return differs <= SAME_WAY * height * ahead_s

    def parts_from(self, other: Known) -> bool:
        """Whether the two go different ways: those who walk together hide each other for long."""
        (vx, vy), (other_vx, other_vy) = self.velocity_px_s, other.velocity_px_s
        height = self.edges[3] - self.edges[1]
        return math.hypot(vx - other_vx, vy - other_vy) > SAME_WAY * height

    def go(self, way_px: tuple[float, float] | None, ahead_s: float) -> None:
        """Go on for so many seconds: by `way_px` where it was measured, else as before."""
        vx, vy = self.velocity_px_s
        if way_px is None or ahead_s <= 0:
            self.shift(vx * ahead_s, vy * ahead_s)
            return
        self.shift(*way_px)
        learn = 1 - math.exp(-ahead_s / SPEED_MEMORY_S)
        self.velocity_px_s = (
            vx + learn * (way_px[0] / ahead_s - vx),
            vy + learn * (way_px[1] / ahead_s - vy),
        )


class KnownPeople:
    """The people of one epoch; numbers count from 1 after each rest."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Forget everybody."""
        self._known: list[Known] = []
        self._next_id = 1
        self._now_s: float | None = None
        self._before: NDArray[np.uint8] | None = None
        self._regions: tuple[Region, ...] = ()

    @property
    def answered_s(self) -> Mapping[int, float]:
        """When each was last found, by number."""
        return {one.person_id: one.answered_s for one in self._known}

    @property
    def cut(self) -> Set[int]:
        """The numbers of those who were seen in part only."""
        return {one.person_id for one in self._known if one.is_cut}

    @property
    def sure(self) -> Set[int]:
        """The numbers of those who are somebody, without a doubt."""
        return {one.person_id for one in self._known if not one.is_faint}

    @property
    def doubtful(self) -> Set[int]:
        """The numbers of those whom another look is due to soon: who was seen in part only, and who
        is faint. Who was missed is not: so soon they would be missed again, in the same posture."""
        return {one.person_id for one in self._known if one.is_cut or one.is_faint}

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Where each is."""
        return tuple([one.box for one in self._known])

    def step(
        self,
        motion: Motion,
        luma: NDArray[np.uint8],
        level: int,
        pts_s: float,
        size: tuple[int, int],
    ) -> tuple[Region, ...]:
        """What moves at a frame: as people where they are known, as regions elsewhere.

        Parameters
        ----------
        motion : Motion
        luma : ndarray of uint8, shape (h, w)
            The picture, halved `level` times.
        level : int
        pts_s : float
            Greater than that of the step before.
        size : tuple of int
            Width and height of the picture in full-frame pixels.

        Returns
        -------
        tuple of Region
            One of each person of whom something moves, with their number; then what moves of
            nobody who is known.
        """
        ahead_s = 0.0 if self._now_s is None else pts_s - self._now_s
        before, self._before, self._now_s = self._before, luma, pts_s
        self._regions = motion.regions
        self._known = [one for one in self._known if pts_s - one.moved_s <= KEPT_S]
        if not self._known:
            return motion.regions
        ways = _ways(self._known, before, luma, level)
        hidden = [self._is_hidden(one) for one in self._known]
        for one, way_px, is_hidden in zip(self._known, ways, hidden, strict=True):
            # Who is crossed would be followed by the points of who crosses.
            is_own = not is_hidden or one.may_go(way_px, ahead_s)
            one.go(way_px if is_own else None, ahead_s)
        # Of who has gone out of the picture nothing can move.
        self._known = [one for one in self._known if one.box.clipped(size).area]
        parts, others = _shared_out(motion, self._known)
        people = []
        for one, own in zip(self._known, parts, strict=True):
            # Who stands still is no motion, but stays known for when they go on.
            if own:
                one.moved_s = pts_s
                people.append(_region_of(one, own))
        return (*people, *others)

    def learn(self, asked: int, found: Sequence[Person]) -> None:
        """Take in who was found at one body of the frame of the last step.

        Parameters
        ----------
        asked : int
            The person that the body was taken to be; 0 where it was nobody who is known.
        found : sequence of Person
            Who was found there.
        """
        assert self._now_s is not None, "nobody is found before the first step"
        boxes = [person.box for person in found]
        pairs = _pairs(self._known, boxes)
        met = set(pairs.values())
        # Of both arms that wave a look may each show a half: once the whole is seen, they are one.
        halves = {k for k, one in enumerate(self._known) if one.is_cut and _is_part(one.box, boxes)}
        for k, one in enumerate(self._known):
            if k in pairs:
                one.answer(found[pairs[k]], self._now_s, is_asked=one.person_id == asked)
            elif one.person_id == asked and one.is_cut:
                one.is_cut = False  # one wider look shows the whole, or none does
            # Neighbours were not looked for, and who is hidden cannot be found: neither was missed.
            elif one.person_id == asked and not self._is_hidden(one):
                one.misses += 1
        self._known = [
            one
            for k, one in enumerate(self._known)
            if one.misses < MISSES and (k in pairs or k not in halves)
        ]
        for i, person in enumerate(found):
            if i not in met and any(_moves(person.box, region) for region in self._regions):
                self._add(person, self._now_s)

    def _add(self, person: Person, now_s: float) -> None:
        """Somebody who was found and is nobody known."""
        # The half of somebody whom another look shows already, or more of them, is not another.
        if person.is_cut and _is_part(person.box, self.boxes):
            return
        edges = _edges(person.box)
        self._known.append(
            Known(self._next_id, edges, now_s, now_s, person.score, is_cut=person.is_cut)
        )
        self._next_id += 1

    def _is_hidden(self, one: Known) -> bool:
        """Whether somebody who goes another way may be in front."""
        return any(
            covered_share(one.edges, other.edges) >= HIDDEN and one.parts_from(other)
            for other in self._known
            if other is not one
        )


def _ways(
    known: Sequence[Known], before: NDArray[np.uint8] | None, now: NDArray[np.uint8], level: int
) -> list[tuple[float, float] | None]:
    """How far each has gone since the picture before, in full-frame pixels; None where unknown.

    References
    ----------
    Lucas, Kanade, "An iterative image registration technique", IJCAI 1981, on a pyramid as in
    Bouguet, 2001; the median of several points as in Kalal, Mikolajczyk, Matas, "Forward-backward
    error", ICPR 2010.
    """
    if before is None or before.shape != now.shape:
        return [None] * len(known)
    edges = np.array([one.edges for one in known], np.float32)
    corners, sizes = edges[:, None, :2], edges[:, None, 2:] - edges[:, None, :2]
    points = ((corners + POINTS * sizes) / 2**level).reshape(-1, 1, 2)
    after, is_found, _ = cv2.calcOpticalFlowPyrLK(
        before, now, points, points.copy(), winSize=(WINDOW_PX, WINDOW_PX), maxLevel=LEVELS
    )
    ways = (np.asarray(after) - points).reshape(len(known), -1, 2) * 2**level
    are_found = np.asarray(is_found).reshape(len(known), -1) > 0
    # Of fewer points found, a median would be of those that slid off to the background.
    medians = [
        np.median(way[found], axis=0) if found.sum() * 2 >= len(found) else None
        for way, found in zip(ways, are_found, strict=True)
    ]
    return [None if way is None else (float(way[0]), float(way[1])) for way in medians]


def _shared_out(motion: Motion, known: Sequence[Known]) -> tuple[list[list[Region]], list[Region]]:
    """The regions of each person, some of them shared, and what is left of all."""
    parts: list[list[Region]] = [[] for _ in known]
    others: list[Region] = []
    grown = [widened(one.edges, GROWN) for one in known]
    for region in motion.regions:
        shares = [covered_share(region.box, edges) for edges in grown]
        touched = [
            k
            for k, share in enumerate(shares)
            if share >= TOUCHES or covered_share(known[k].edges, region.box) >= HIDES
        ]
        for k in touched:
            parts[k].append(region)
        if len(touched) == 1 and shares[touched[0]] >= OWN:
            continue
        rest = left_over(motion, region, [grown[k] for k in touched]) if touched else region
        if rest is not None:
            others.append(rest)
    return parts, others


def _region_of(one: Known, parts: Sequence[Region]) -> Region:
    """A person as one region; what moves of them is cut to where they are."""
    box = one.box
    x0, y0, x1, y1 = (round(edge) for edge in widened(one.edges, GROWN))
    left, top, right, bottom = union_of([part.box for part in parts])
    moving = Box(max(left, x0), max(top, y0), min(right, x1), min(bottom, y1))
    # Networks look at what moves of somebody: where that comes to nothing, at all of them.
    return Region(
        box,
        min(sum(part.area_px for part in parts), float(box.area)),
        max(part.strength for part in parts),
        one.velocity_px_s,
        one.person_id,
        moving if moving.area else box,
    )


def _alike(one: Known, found: Box) -> float:
    """How much a box is that of somebody who is known, 0 to 1."""
    box = one.box
    iou = box.iou(found)
    return max(SAME, iou) if covered_share(box, found) >= WITHIN else iou


def _pairs(known: Sequence[Known], found: Sequence[Box]) -> dict[int, int]:
    """Who is who, the most alike first."""
    ranked = sorted(
        (-_alike(one, other), k, i) for k, one in enumerate(known) for i, other in enumerate(found)
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for unlike, k, i in ranked:
        if -unlike >= SAME and k not in pairs and i not in taken:
            pairs[k] = i
            taken.add(i)
    return pairs


def _is_part(box: Box, wholes: Sequence[Box]) -> bool:
    """Whether nearly all of a box lies in one of others."""
    return any(covered_share(box, whole) >= PART for whole in wholes)


def _moves(box: Box, region: Region) -> bool:
    return region.box.intersection(box) >= MOVES * box.area


def _edges(box: Box) -> Edges:
    return float(box.x0), float(box.y0), float(box.x1), float(box.y1)
