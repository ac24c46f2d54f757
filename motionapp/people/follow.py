"""Following people from frame to frame: a search now and then, a look at each more often.

Knows when to look, who is who, and when somebody is lost; leaves seeing to the networks, and
threads, clocks and files to others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Frame
from motionapp.core.geometry import Box
from motionapp.core.person import Person
from motionapp.people.agenda import Agenda, AgendaRules
from motionapp.people.carry import carried
from motionapp.people.following import Followed, FollowRules, Strangers, everywhere, nowhere
from motionapp.people.multipose import distinct, persons_of, similarity
from motionapp.people.networks import PersonNetwork
from motionapp.people.points import PointNetwork, look_closer
from motionapp.people.search import PersonSearch, lies_at
from motionapp.people.smoothing import OneEuro
from motionapp.people.somebody import Somebody, box_round, edges_of, margins_of, nearness, pairs_of
from motionapp.people.view import cut, view_of

TRUNK = (0, 5, 6, 11, 12)
"""Nose, shoulders and hips: they go where the person goes."""

SURE = 0.3
"""Points less visible are guessed: they go where the trunk goes."""


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
        self._agenda = Agenda(AgendaRules())
        self.change(people, points, rules)
        self.searches = 0
        """How often the network that finds people was asked..."""
        self.looks = 0
        """... and that which looks at one of them, for the benchmarks."""
        self.restart()

    def change(
        self, people: PersonNetwork, points: PointNetwork, rules: FollowRules | None = None
    ) -> None:
        """See with other networks and by other rules from the next step on; everybody stays."""
        self._people = people
        self._points = points
        self._rules = rules if rules is not None else FollowRules()
        self._search = PersonSearch(people, self._rules.search)
        self._agenda.rules = self._rules.agenda

    def restart(self) -> None:
        """Forget everybody; ids begin at 1."""
        self._known: list[Somebody] = []
        self._last_id = 0
        self._agenda.restart()
        self._now_s: float | None = None
        self._before: NDArray[np.uint8] | None = None
        self._saved = 1.0

    @property
    def _shown(self) -> list[Somebody]:
        return [one for one in self._known if not one.is_hidden]

    def step(
        self,
        frame: Frame,
        *,
        strangers: Strangers = nowhere,
        stirs: Callable[[Box], bool] = everywhere,
    ) -> tuple[Followed, ...]:
        """The people in the next frame.

        Parameters
        ----------
        frame : Frame
            Later than the one before.
        strangers : callable
            Gives what moves and may be somebody who is not followed yet, for the boxes of those
            who are.
        stirs : callable
            Whether anything moves in a box: who does not stir has not changed.

        Returns
        -------
        tuple of Followed
            By id; who is lost only while they may be behind somebody.
        """
        t_s = frame.pts_s
        stirring = [one for one in self._shown if stirs(one.person.box)]
        self._carry(frame, stirring)
        self._look_at(frame, self._due(stirring, t_s))
        for one in self._shown:
            one.settle(t_s)
        self._hide_doubles(t_s)
        self._search_at(frame, strangers)
        self._known = [s for s in self._known if t_s - s.seen_s <= self._rules.hidden_s]
        self._now_s = t_s
        everybody = sorted(self._known, key=lambda one: one.person_id)
        told = (self._told(one, frame) for one in everybody)
        return tuple(followed for followed in told if followed is not None)

    def _told(self, one: Somebody, frame: Frame) -> Followed | None:
        """What is said of somebody; nothing of who is lost and behind nobody."""
        if not one.is_hidden:
            # Who leaves is carried over the border until a look says that nobody is there.
            box = one.person.box.clipped(frame.epoch.size)
            person = one.person if box == one.person.box else replace(one.person, box=box)
            return Followed(one.person_id, person, one.velocity_px_s) if box.area else None
        box = one.expected(frame.pts_s).clipped(frame.epoch.size)
        is_behind = any(
            box.intersection(other.person.box) >= self._rules.behind * box.area > 0
            for other in self._shown
        )
        if not is_behind or frame.pts_s - one.seen_s > self._rules.behind_s:
            return None
        person = replace(one.person, box=box)
        return Followed(one.person_id, person, one.clear_velocity_px_s, is_hidden=True)

    # -- between two looks ------------------------------------------------------------------

    def _carry(self, frame: Frame, stirring: Sequence[Somebody]) -> None:
        """Move everybody along with what the picture does where their points are."""
        level = frame.epoch.level
        luma = frame.luma_at(level)
        # At full size it is the decoder's own picture: kept, it would hold all of that.
        before, self._before = self._before, luma if level else luma.copy()
        for one in self._shown:
            if one not in stirring:
                one.velocity_px_s = (0.0, 0.0)
        if before is None or not stirring:
            return
        points = np.concatenate([one.raw[:, :2] for one in stirring])
        ways, are_found = carried(points, before, luma, level)
        for k, one in enumerate(stirring):
            own = slice(17 * k, 17 * (k + 1))
            self._go(one, ways[own], are_found[own], frame)

    def _go(
        self,
        one: Somebody,
        ways: NDArray[np.float32],
        are_found: NDArray[np.bool_],
        frame: Frame,
    ) -> None:
        """Move somebody: the box with the trunk, each point by itself where it was found."""
        are_sure = are_found & (one.raw[:, 2] >= SURE)
        trunk = [k for k in TRUNK if are_sure[k]] or np.flatnonzero(are_sure)
        lasted_s = frame.pts_s - one.seen_s
        way = (
            np.median(ways[trunk], axis=0)
            if len(trunk)
            else np.array(one.velocity_px_s, np.float32) * lasted_s
        )
        points = one.raw.copy()
        points[:, :2] += np.where(are_sure[:, None], ways, way)
        (x0, y0, x1, y1), (dx, dy) = one.edges, (float(way[0]), float(way[1]))
        one.place(points, (x0 + dx, y0 + dy, x1 + dx, y1 + dy))

    # -- looks ------------------------------------------------------------------------------

    def _due(self, stirring: Sequence[Somebody], t_s: float) -> list[Somebody]:
        """Whom to look at in this frame, longest not looked at first."""
        rules = self._rules
        step_s = 0.0 if self._now_s is None else t_s - self._now_s
        self._saved = min(max(1.0, rules.looks_hz * step_s), self._saved + rules.looks_hz * step_s)
        due = []
        for one in self._shown:
            wait_s = rules.look_s if one in stirring else rules.still_s
            # Where two meet, what is carried along may go with the other one.
            wait_s = 0.0 if self._meets(one, t_s) else wait_s
            if t_s - one.looked_s >= wait_s - step_s / 2 - 1e-6:
                due.append(one)
        chosen = sorted(due, key=lambda one: (one.looked_s, one.person_id))
        chosen = chosen[: int(self._saved + 1e-6)]
        self._saved -= len(chosen)
        return chosen

    def _meets(self, one: Somebody, t_s: float) -> bool:
        """Whether somebody else is where they are."""
        box = one.person.box
        return any(
            box.intersection(other.expected(t_s)) for other in self._known if other is not one
        )

    def _look_at(self, frame: Frame, chosen: Sequence[Somebody]) -> None:
        """See where they are whose turn it is."""
        size = frame.epoch.size
        for one in chosen:
            expected = one.person.box
            if not expected.clipped(size).area:
                one.is_hidden = True
                continue
            self.looks += 1
            points = look_closer(self._points, frame.bgr(), one.person).keypoints
            points = one.corrected(points) if self._rules.is_weighed else points
            box = box_round(points, one.margins, size)
            is_seen = points[:, 2].mean() >= self._rules.least_visible
            if is_seen and box.iou(expected) > 0.3:
                one.looked_s = frame.pts_s
                one.place(points, edges_of(box))
            else:
                one.is_hidden = True

    def _hide_doubles(self, t_s: float) -> None:
        """Where two look at the same person, the one who was not to be there is hidden."""
        for one, other in combinations(self._shown, 2):
            if one.is_hidden or other.is_hidden:
                continue
            if similarity(one.person, other.person) > self._rules.same_oks:
                strayed = min(one, other, key=lambda s: nearness(s.person.box, s.foreseen(t_s)))
                strayed.is_hidden = True
        self._exchange(t_s)
        for one in self._shown:
            if not self._meets(one, t_s):
                one.note_clear()

    def _exchange(self, t_s: float) -> None:
        """Where who is shown turns out to be who was hidden when they met, they change names."""
        for hidden in [s for s in self._known if s.is_hidden]:
            for shown in self._shown:
                box = shown.person.box
                gain = nearness(box, hidden.foreseen(t_s)) - nearness(box, shown.foreseen(t_s))
                has_met = shown.clear_s < shown.seen_s
                if has_met and gain > self._rules.least_gain:
                    hidden.exchange_names(shown)

    # -- searches ---------------------------------------------------------------------------

    def _search_at(self, frame: Frame, strangers: Strangers) -> None:
        """Search where somebody may be, is no more, or was found a while ago."""
        t_s, agenda, rules = frame.pts_s, self._agenda, self._rules
        has_room = len(self._shown) < rules.most
        moving = self._strange(strangers, t_s) if has_room else []
        due = agenda.begin(t_s, moving, frame.epoch.size)
        new = [place for place in due if agenda.may()]
        lost = [one for one in self._known if self._is_missed(one, frame) and agenda.may()]
        found = self._found(frame, new, lost)
        # Who is in the picture's own view is not searched alone: that comes last.
        if has_room and agenda.may_see_whole(t_s):
            found += self._in_the_whole(frame)
        self._welcome(frame, distinct(found, rules.search.persons))
        old = [
            one
            for one in sorted(self._shown, key=lambda one: (one.asked_s, one.person_id))
            if t_s - max(one.asked_s, one.anchored_s) >= rules.agenda.refresh_s - 1e-6
            and agenda.may(rules.agenda.refresh_cost)
        ]
        self._refresh(frame, old)

    def _refresh(self, frame: Frame, old: Sequence[Somebody]) -> None:
        """Search those who are followed where they are, and note who is not found."""
        if not old:
            return
        self.searches += len(old)
        for one in old:
            one.asked_s = frame.pts_s
        boxes = [one.person.box for one in old]
        answers = self._search.search(frame.bgr(), boxes, known=range(len(boxes)))
        self._welcome(frame, [person for answer in answers for person in answer])
        for one in old:
            if one.anchored_s < frame.pts_s:
                one.misses += 1
                one.is_hidden = one.misses >= self._rules.misses

    def _strange(self, strangers: Strangers, t_s: float) -> list[Box]:
        """What moves and is neither somebody who is followed nor who was just lost."""
        hidden = [one.expected(t_s) for one in self._known if one.is_hidden]
        moving = strangers([one.person.box for one in self._shown])
        return [box for box in moving if not any(lies_at(place, box) for place in hidden)]

    def _is_missed(self, one: Somebody, frame: Frame) -> bool:
        """Whether somebody who was lost is to be searched again."""
        again_s = self._rules.agenda.again_s - 1e-6
        if not one.is_hidden or frame.pts_s - one.asked_s < again_s:
            return False
        return one.expected(frame.pts_s).clipped(frame.epoch.size).area > 0

    def _found(
        self, frame: Frame, new: Sequence[tuple[Box, bool]], lost: Sequence[Somebody]
    ) -> list[Person]:
        """Who is where something moves, and where somebody was lost."""
        boxes = [box for box, _ in new] + [one.expected(frame.pts_s) for one in lost]
        if not boxes:
            return []
        self.searches += len(boxes)
        for one in lost:
            one.asked_s = frame.pts_s
        wide = [k for k, (_, is_wide) in enumerate(new) if is_wide]
        answers = self._search.search(frame.bgr(), boxes, wide=wide)
        for (box, _), answer in zip(new, answers, strict=False):
            self._agenda.note(box, frame.pts_s, is_found=bool(answer))
        return [person for answer in answers for person in answer]

    def _in_the_whole(self, frame: Frame) -> tuple[Person, ...]:
        """Everybody whom a look at the whole picture shows."""
        self.searches += 1
        size = frame.epoch.size
        view = view_of(Box(0, 0, *size), self._rules.length_px)
        rows = self._people.persons(cut(frame.bgr(), view))
        return persons_of(rows, view.box, size, self._rules.search.persons)

    def _welcome(self, frame: Frame, found: Sequence[Person]) -> None:
        """Give each that was found to whom it is: followed already, back again, or new."""
        shown = self._shown
        pairs = pairs_of(
            [one.person.box for one in shown],
            [person.box for person in found],
            least=self._rules.same_iou,
        )
        for k, i in pairs.items():
            shown[k].anchor(found[i].box, frame.pts_s)
        met = set(pairs.values())
        for i, person in enumerate(found):
            if i not in met and not self._is_double(person):
                self._begin(frame, person)

    def _is_double(self, person: Person) -> bool:
        """Whether somebody who was found is a part of who is followed."""
        return any(
            lies_at(person.box, one.person.box) and similarity(person, one.person) > 0.3
            for one in self._shown
        )

    def _begin(self, frame: Frame, person: Person) -> None:
        """Follow somebody: who was hidden there, or somebody new."""
        t_s, size = frame.pts_s, frame.epoch.size
        hidden = [s for s in self._known if s.is_hidden and s.may_be(person.box, t_s) > 0]
        if len(self._shown) >= self._rules.most:
            return
        self.looks += 1
        closer = look_closer(self._points, frame.bgr(), person)
        margins = margins_of(closer.keypoints, person.box)
        if hidden:
            one = max(hidden, key=lambda s: s.may_be(person.box, t_s))
            one.margins, one.is_hidden = margins, False
            one.filter = OneEuro(self._rules.smoothing)
        else:
            self._last_id += 1
            smoothing = OneEuro(self._rules.smoothing)
            one = Somebody(self._last_id, closer, margins, smoothing, t_s, closer.keypoints, t_s)
            self._known.append(one)
        one.place(closer.keypoints, edges_of(person.box.clipped(size)))
        one.settle(t_s)
        one.looked_s = one.anchored_s = one.asked_s = t_s
        one.misses = 0
        if not hidden:
            one.note_clear()
