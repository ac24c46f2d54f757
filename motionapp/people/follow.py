"""Following people from frame to frame: a search now and then, a look at each in between.

Knows when to search, who is who, and when somebody is lost; leaves seeing to the networks, and
threads, clocks and files to others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.core.person import Person
from motionapp.people.multipose import PersonRules, distinct, persons_of, similarity
from motionapp.people.networks import PersonNetwork
from motionapp.people.points import PointNetwork, look_closer
from motionapp.people.search import PersonSearch, SearchRules, lies_at
from motionapp.people.smoothing import OneEuro, OneEuroRules
from motionapp.people.view import cut, view_of

_NOWHERE: Final = Box(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class FollowRules:
    """When people are searched, believed and given up."""

    most: int = 6
    """People at the same time; each costs a look a frame."""
    search_s: float = 1.0
    """Seconds between two searches of the whole picture while nothing asks for one."""
    again_s: float = 0.2
    """... and while somebody is lost, or moves and is nobody that is followed."""
    hidden_s: float = 2.0
    """So long somebody who is lost may come back as the same."""
    least_visible: float = 0.2
    """Mean visibility of the points below which somebody is lost."""
    same_oks: float = 0.6
    """Two whose points are more alike look at the same person: the less expected one is hidden."""
    least_gain: float = 0.3
    """By so much better, 0 to 1, must somebody be where another was to be before they change names.
    In `crossing_scene` it keeps both ids in 10 of 10 crossings, without it in 9."""
    length_px: float = 256.0
    """The whole picture's longer side to the network."""
    search: SearchRules = SearchRules()
    smoothing: OneEuroRules = OneEuroRules()


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """Somebody at one frame."""

    person_id: int
    """Counted from 1 after each restart."""
    person: Person
    """With smoothed points, and a box that follows them."""


@dataclass(slots=True, eq=False)
class _Somebody:
    """What is remembered of one person."""

    person_id: int
    person: Person
    margins: tuple[float, float, float, float]
    """Of the box beyond its points, left, top, right and bottom, over the points' longer side."""
    filter: OneEuro
    seen_s: float
    velocity_px_s: tuple[float, float] = (0.0, 0.0)
    is_hidden: bool = False
    anchored_s: float = 0.0
    """When the network that finds people last said what the box is: points alone let it drift."""
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
        return _nearness(box, self.foreseen(t_s), reach=0.7 + 0.5 * (t_s - self.clear_s))


class PersonFollower:
    """The people of successive frames of one epoch.

    Parameters
    ----------
    people : PersonNetwork
        Finds people.
    points : PointNetwork
        Looks at each that is followed.
    rules : FollowRules
    """

    def __init__(
        self, people: PersonNetwork, points: PointNetwork, rules: FollowRules | None = None
    ) -> None:
        self._people = people
        self._points = points
        self._rules = rules if rules is not None else FollowRules()
        self._search = PersonSearch(people, self._rules.search)
        self.searches = 0
        """How often the network that finds people was asked at a frame, for the benchmarks."""
        self.restart()

    def restart(self) -> None:
        """Forget everybody; ids begin at 1."""
        self._known: list[_Somebody] = []
        self._last_id = 0
        self._searched_s: float | None = None

    def step(
        self, bgr: NDArray[np.uint8], *, t_s: float, bodies: Sequence[Box] = ()
    ) -> tuple[Followed, ...]:
        """The people in the next frame.

        Parameters
        ----------
        bgr : ndarray of uint8, shape (h, w, 3)
        t_s : float
            Seconds; later than at the step before.
        bodies : sequence of Box
            What moves, in full-frame display pixels.

        Returns
        -------
        tuple of Followed
            By id; without those who are hidden.
        """
        self._look_at_each(bgr, t_s)
        self._hide_doubles(t_s)
        strangers = [body for body in bodies if not self._is_explained(body)]
        if self._is_time(t_s, has_strangers=bool(strangers)):
            self._searched_s = t_s
            self.searches += 1
            self._welcome(bgr, t_s, self._found(bgr, t_s, strangers))
        self._known = [s for s in self._known if t_s - s.seen_s <= self._rules.hidden_s]
        shown = [s for s in self._known if not s.is_hidden]
        return tuple(Followed(s.person_id, s.person) for s in sorted(shown, key=_by_id))

    def _look_at_each(self, bgr: NDArray[np.uint8], t_s: float) -> None:
        """See where everybody is who was seen in the frame before."""
        size = (bgr.shape[1], bgr.shape[0])
        for somebody in self._known:
            if somebody.is_hidden:
                continue
            expected = somebody.expected(t_s)
            if not expected.clipped(size).area:
                somebody.is_hidden = True
                continue
            there = replace(somebody.person, box=expected)
            points = look_closer(self._points, bgr, there).keypoints
            box = _box_round(points, somebody.margins, size)
            is_seen = points[:, 2].mean() >= self._rules.least_visible
            if is_seen and box.iou(expected) > 0.3:
                _move(somebody, points, box, t_s)
            else:
                somebody.is_hidden = True

    def _hide_doubles(self, t_s: float) -> None:
        """Where two look at the same person, the one who was not to be there is hidden."""
        seen = [s for s in self._known if not s.is_hidden]
        for one, other in combinations(seen, 2):
            if one.is_hidden or other.is_hidden:
                continue
            if similarity(one.person, other.person) > self._rules.same_oks:
                strayed = min(one, other, key=lambda s: _nearness(s.person.box, s.foreseen(t_s)))
                strayed.is_hidden = True
        self._exchange(t_s)
        for somebody in self._known:
            others = (s for s in self._known if s is not somebody)
            box = somebody.person.box
            if not somebody.is_hidden and not any(
                box.intersection(s.expected(t_s)) for s in others
            ):
                _note_clear(somebody)

    def _exchange(self, t_s: float) -> None:
        """Where who is shown turns out to be who was hidden when they met, they change names."""
        for hidden in [s for s in self._known if s.is_hidden]:
            for shown in [s for s in self._known if not s.is_hidden]:
                box = shown.person.box
                gain = _nearness(box, hidden.foreseen(t_s)) - _nearness(box, shown.foreseen(t_s))
                has_met = shown.clear_s < shown.seen_s
                if has_met and gain > self._rules.least_gain:
                    _exchange_names(hidden, shown)

    def _is_explained(self, body: Box) -> bool:
        """Whether somebody who is followed, or was just lost, moves there."""
        return any(lies_at(s.person.box, body) for s in self._known if not s.is_hidden)

    def _is_time(self, t_s: float, *, has_strangers: bool) -> bool:
        """Whether people are searched at this frame."""
        if self._searched_s is None:
            return True
        is_asked = has_strangers or any(s.is_hidden for s in self._known)
        wait_s = self._rules.again_s if is_asked else self._rules.search_s
        return t_s - self._searched_s >= wait_s - 1e-6

    def _found(self, bgr: NDArray[np.uint8], t_s: float, strangers: list[Box]) -> list[Person]:
        """Who is where something moves and where somebody was lost; if neither, in the whole."""
        size = (bgr.shape[1], bgr.shape[0])
        places = [s.expected(t_s) for s in self._known if s.is_hidden]
        places = [*strangers, *(place for place in places if place.clipped(size).area)]
        places = places[: self._rules.most]
        due = [
            s.person.box
            for s in self._known
            if not s.is_hidden and t_s - s.anchored_s >= self._rules.search_s - 1e-6
        ]
        known = range(len(places), len(places) + len(due))
        answers = self._search.search(bgr, [*places, *due], known=known)
        found = [person for answer in answers for person in answer]
        if places:
            return found
        view = view_of(Box(0, 0, *size), self._rules.length_px)
        rows = self._people.persons(cut(bgr, view))
        found += persons_of(rows, view.box, size, self._rules.search.persons)
        return found

    def _welcome(self, bgr: NDArray[np.uint8], t_s: float, found: list[Person]) -> None:
        """Give each that was found to whom it is: followed already, back again, or new."""
        size = (bgr.shape[1], bgr.shape[0])
        strangers = []
        for person in found:
            shown = [s for s in self._known if not s.is_hidden and _is_at(person, s.person.box)]
            if not shown:
                strangers.append(person)
            elif len(shown) == 1 and t_s > shown[0].anchored_s:
                _anchor(shown[0], person.box, t_s)
        rules: PersonRules = self._rules.search.persons
        for person in distinct(strangers, rules):
            hidden = [s for s in self._known if s.is_hidden and s.may_be(person.box, t_s) > 0]
            closer = look_closer(self._points, bgr, person)
            margins = _margins(closer.keypoints, person.box)
            if hidden:
                back = max(hidden, key=lambda s: s.may_be(person.box, t_s))
                back.margins, back.is_hidden, back.anchored_s = margins, False, t_s
                back.filter = OneEuro(self._rules.smoothing)
                _move(back, closer.keypoints, person.box.clipped(size), t_s)
            elif sum(not s.is_hidden for s in self._known) < self._rules.most:
                self._last_id += 1
                somebody = _Somebody(
                    self._last_id, closer, margins, OneEuro(self._rules.smoothing), t_s
                )
                _move(somebody, closer.keypoints, person.box, t_s)
                somebody.anchored_s = t_s
                _note_clear(somebody)
                self._known.append(somebody)


def _by_id(somebody: _Somebody) -> int:
    return somebody.person_id


def _is_at(person: Person, box: Box) -> bool:
    """Whether somebody who was found is who is followed there."""
    least = 0.2 if lies_at(person.box, box) else 0.3
    return person.box.iou(box) > least


def _nearness(box: Box, expected: Box, *, reach: float = 0.7) -> float:
    """How well a box is where, and as large as, somebody should be: 1 at best, 0 from afar.

    `reach` is how far away, in lengths of the body, nothing speaks for it any more.
    """
    length = max(expected.width, expected.height, 1)
    (x0, y0), (x1, y1) = box.centre, expected.centre
    away = math.hypot(x1 - x0, y1 - y0) / length
    ratio = max(box.width, box.height, 1) / length
    return max(0.0, 1 - away / reach - abs(math.log(ratio)))


def _exchange_names(one: _Somebody, other: _Somebody) -> None:
    """Each gets the other's number, and what was known of that one before they met."""
    for name in ("person_id", "clear_s", "clear_box", "clear_velocity_px_s"):
        mine, theirs = getattr(one, name), getattr(other, name)
        setattr(one, name, theirs)
        setattr(other, name, mine)


def _anchor(somebody: _Somebody, box: Box, t_s: float) -> None:
    """Take the box that the network gives for that of the points."""
    somebody.margins = _margins(somebody.person.keypoints, box)
    somebody.person = replace(somebody.person, box=box)
    somebody.anchored_s = t_s


def _note_clear(somebody: _Somebody) -> None:
    """Remember how it was before somebody came near."""
    somebody.clear_s, somebody.clear_box = somebody.seen_s, somebody.person.box
    somebody.clear_velocity_px_s = somebody.velocity_px_s


def _move(somebody: _Somebody, points: NDArray[np.float32], box: Box, t_s: float) -> None:
    """Note where somebody is now."""
    lasted_s = t_s - somebody.seen_s
    if lasted_s > 0:
        (x0, y0), (x1, y1) = somebody.person.box.centre, box.centre
        # A third of a second of memory: points shake more than people turn.
        share = min(1.0, lasted_s / 0.3)
        vx, vy = somebody.velocity_px_s
        somebody.velocity_px_s = (
            vx + share * ((x1 - x0) / lasted_s - vx),
            vy + share * ((y1 - y0) / lasted_s - vy),
        )
    length_px = float(max(box.width, box.height, 1))
    smooth = somebody.filter.step(points[:, :2], t_s=t_s, length_px=length_px)
    keypoints = np.concatenate((smooth, points[:, 2:]), axis=1)
    keypoints.flags.writeable = False
    somebody.person = Person(box, float(points[:, 2].mean()), keypoints)
    somebody.seen_s = t_s


def _extent(points: NDArray[np.float32]) -> tuple[float, float, float, float]:
    """The box of all points: also a hidden foot is somewhere there."""
    (x0, y0), (x1, y1) = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    return float(x0), float(y0), float(x1), float(y1)


def _margins(points: NDArray[np.float32], box: Box) -> tuple[float, float, float, float]:
    """How far a box reaches beyond its points, over the points' longer side."""
    x0, y0, x1, y1 = _extent(points)
    length = max(x1 - x0, y1 - y0, 1.0)
    edges = (x0 - box.x0, y0 - box.y0, box.x1 - x1, box.y1 - y1)
    # Within what a head, a foot or a bag may add; a point that is off must not grow with the box.
    left, top, right, bottom = (float(np.clip(edge / length, -0.1, 0.3)) for edge in edges)
    return left, top, right, bottom


def _box_round(
    points: NDArray[np.float32], margins: tuple[float, float, float, float], size: tuple[int, int]
) -> Box:
    """The box that the points and the margins make, inside the picture."""
    x0, y0, x1, y1 = _extent(points)
    length = max(x1 - x0, y1 - y0, 1.0)
    left, top, right, bottom = (margin * length for margin in margins)
    return Box(round(x0 - left), round(y0 - top), round(x1 + right), round(y1 + bottom)).clipped(
        size
    )
