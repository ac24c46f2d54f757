"""Following people: who is looked for, who is followed, who is dropped.

Knows the rules from frame to frame; leaves seeing to `detector` and `landmarks`, and threads,
clocks and files to others.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motionapp.core.motion import Pose
from motionapp.frontends.pose.crop import Crop, is_usable, overlap
from motionapp.frontends.pose.detector import Detections, find_people, find_people_in_parts
from motionapp.frontends.pose.landmarks import Person, see_person
from motionapp.frontends.pose.networks import PoseNetworks
from motionapp.frontends.pose.skeleton import TORSO, torso_px

SAME_CROP = 0.8
"""Overlap from which a detection is not looked at: it is somebody who is followed already.

At 0.5, one of two who stand close is lost (PCK over all people 63.7 instead of 65.4); `is_same`
tells them apart afterwards."""

PART_SCORE = 0.7
"""Least score of somebody seen only in a part of the picture, who is looked at twice as well:
there are four times as many chances to be wrong."""

SAME_BODY = 0.4
"""Distance of two torsos' middles, over the longer torso, below which they are one body.

At 0.5 a wrong reading keeps a right one out more often (PCK 71 instead of 76 on people alone)."""

VISIBLE = 0.5
"""Visibility from which a point counts as seen."""


@dataclass(frozen=True, slots=True)
class PoseRules:
    """When people are looked for and believed."""

    max_persons: int = 4
    """Each costs a run of the landmark network a frame."""
    search_s: float = 0.5
    """Seconds between two looks for people while there is room for more."""
    detector_score: float = 0.5
    """Least score of a detection, 0 to 1."""
    person_score: float = 0.5
    """Least score of a pose, 0 to 1: below it a person is dropped."""
    search_parts: bool = True
    """Whether four overlapping parts of the picture are searched too while nobody is there."""


class PoseTracker:
    """Poses of the people in successive frames of one epoch.

    Where a person was in the frame before says where to look in this one, so the detector runs
    only now and then: at the first frame, when somebody was lost, and at multiples of
    `rules.search_s` while fewer than `rules.max_persons` are followed.

    Parameters
    ----------
    networks : PoseNetworks
        May be shared with other trackers.
    rules : PoseRules
    """

    def __init__(self, networks: PoseNetworks, rules: PoseRules | None = None) -> None:
        self._networks = networks
        self._rules = rules or PoseRules()
        self._people: tuple[Person, ...] = ()
        self._searched_slot: int | None = None

    def step(self, bgr: NDArray[np.uint8], *, t_s: float) -> tuple[Pose, ...]:
        """See one frame.

        Parameters
        ----------
        bgr : ndarray of uint8, shape (h, w, 3)
        t_s : float
            Time of the frame in seconds, greater than that of the frame before.

        Returns
        -------
        tuple of Pose
            Those followed longest first; empty if nobody is there.
        """
        followed = self._follow(bgr)
        was_lost = len(followed) < len(self._people)
        if len(followed) < self._rules.max_persons and self._must_search(t_s, was_lost):
            nobody = self._rules.search_parts and not self._people
            followed = self._search(bgr, followed, in_parts=nobody)
        self._people = followed
        return tuple(person.pose for person in followed)

    def _follow(self, bgr: NDArray[np.uint8]) -> tuple[Person, ...]:
        """Those of the frame before who are still there."""
        least = self._rules.person_score
        seen = (self._see(bgr, person.next_crop, least) for person in self._people)
        return without_duplicates(person for person in seen if person is not None)

    def _see(self, bgr: NDArray[np.uint8], crop: Crop, min_score: float) -> Person | None:
        """The person in the crop, if there is one who can be followed."""
        size = (bgr.shape[1], bgr.shape[0])
        if not is_usable(crop, size):
            return None
        person = see_person(self._networks, bgr, crop)
        is_there = person.pose.score >= min_score and is_seen(person.pose)
        return person if is_there and is_usable(person.next_crop, size) else None

    def _must_search(self, t_s: float, was_lost: bool) -> bool:
        """Whether the detector's turn has come. Slots of time, so no frame rate matters."""
        slot = math.floor(t_s / self._rules.search_s + 1e-6)
        is_due = slot != self._searched_slot
        self._searched_slot = slot
        return is_due or was_lost

    def _search(
        self, bgr: NDArray[np.uint8], followed: tuple[Person, ...], *, in_parts: bool
    ) -> tuple[Person, ...]:
        """Those followed, and whoever else is found, up to the number allowed."""
        rules = self._rules
        whole = find_people(self._networks, bgr, min_score=rules.detector_score)
        people = self._joined_by(bgr, followed, whole, looks=1, min_score=rules.person_score)
        if not in_parts or len(people) == rules.max_persons:
            return people
        parts = find_people_in_parts(self._networks, bgr, min_score=rules.detector_score)
        least = max(PART_SCORE, rules.person_score)
        return self._joined_by(bgr, people, parts, looks=2, min_score=least)

    def _joined_by(
        self,
        bgr: NDArray[np.uint8],
        people: tuple[Person, ...],
        found: Detections,
        *,
        looks: int,
        min_score: float,
    ) -> tuple[Person, ...]:
        """The people, and those of the detections who are somebody else, up to the limit."""
        # False detections must not cost more than the people they stand beside.
        for crop in found.crops()[: 2 * self._rules.max_persons]:
            if len(people) == self._rules.max_persons:
                break
            places = (place for p in people for place in (p.crop, p.next_crop))
            if any(overlap(crop, place) > SAME_CROP for place in places):
                continue
            person = self._see(bgr, crop, min_score)
            for _ in range(looks - 1):
                person = person and self._see(bgr, person.next_crop, min_score)
            if person is not None:
                people = without_duplicates((*people, person))
        return people


def is_seen(pose: Pose) -> bool:
    """Whether half of the torso's corners can be seen.

    Notes
    -----
    The network is sure of bodies that lie outside the picture but for a hand, most of all where
    one person fills it. On 64-pixel cuts round one person (Weizmann), frames with a false second
    body fall from 44 to 28 % by this rule, and to 12 % with `is_same`; PCK stays.
    """
    return int((pose.keypoints[list(TORSO), 2] >= VISIBLE).sum()) * 2 >= len(TORSO)


def without_duplicates(people: Iterable[Person]) -> tuple[Person, ...]:
    """The people in their order, without those who are the same as an earlier one.

    Notes
    -----
    Two crops can drift to one body, or read it at two sizes or upside down. Crops alone cannot
    tell that from two people who embrace or fight; their torsos can.
    """
    kept: list[Person] = []
    for person in people:
        if not any(is_same(person, other) for other in kept):
            kept.append(person)
    return tuple(kept)


def is_same(first: Person, second: Person) -> bool:
    """Whether two poses are of one body."""
    torsos = [person.pose.keypoints[list(TORSO), :2].mean(axis=0) for person in (first, second)]
    reach = SAME_BODY * max(torso_px(first.pose), torso_px(second.pose))
    return float(np.linalg.norm(torsos[0] - torsos[1])) < reach
