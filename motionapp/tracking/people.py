"""People in the road: who moves now, and whom to look for next."""

from __future__ import annotations

from collections.abc import Set

from motionapp.core.frame import Frame
from motionapp.core.geometry import Box
from motionapp.core.models import Models
from motionapp.core.motion import Motion, Region
from motionapp.core.seams import PersonFinder
from motionapp.core.track import Group
from motionapp.settings.tree import AnalysisSettings
from motionapp.tracking.asking import Asking
from motionapp.tracking.known import KEPT_S, KnownPeople


class People:
    """Says at each frame what moves as people, and looks for those it does not know.

    Parameters
    ----------
    search : PersonFinder
    searches_hz : float
        So many a second at most; greater than 0.
    """

    def __init__(self, search: PersonFinder, searches_hz: float) -> None:
        self._search = search
        self._asking = Asking(searches_hz)
        self._known = KnownPeople()
        self._sure: Set[int] = frozenset()
        """At the last frame, those who are somebody, or were as long as they were known."""

    @property
    def forget_s(self) -> float:
        """Who has not moved for so long is known no more, and no search is owed."""
        return max(KEPT_S, self._asking.forget_s)

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Where those are who are known now."""
        return self._known.boxes

    def retune(self, searches_hz: float) -> None:
        """Search more or less often from the next step on."""
        self._asking.searches_hz = searches_hz

    def restart(self) -> None:
        """Forget everybody: a new epoch, or a rest."""
        self._known.restart()
        self._asking.restart()
        self._sure = frozenset()

    def step(self, frame: Frame, motion: Motion) -> tuple[Region, ...]:
        """What moves at a frame: people where they are known, regions elsewhere.

        Not for damaged pictures: what is found again in one is somewhere else.
        """
        level = frame.epoch.level
        return self._known.step(motion, frame.luma_at(level), level, frame.pts_s, frame.epoch.size)

    def ask(self, frame: Frame, groups: tuple[Group, ...]) -> tuple[Group, ...]:
        """Look for the people behind some bodies: what is found counts from the next frame on.

        Parameters
        ----------
        frame : Frame
            That of the last step.
        groups : tuple of Group
            The bodies at it.

        Returns
        -------
        tuple of Group
            The same, with what is known of who is nobody, and how long each waited for a search.
        """
        known_people = self._known
        cut, doubtful = known_people.cut, known_people.doubtful
        for group in self._asking.step(groups, known_people.answered_s, frame.pts_s, doubtful):
            # A person's box is all of them; of others only a limb may move now.
            box = group.box if group.person else group.reach
            # What moved may have been a hand only, or half of somebody.
            is_wide = group.person in cut or self._asking.was_nobody(group.group_id)
            # The box of who was cut is a part of them, too small to look in as if it were whole.
            known = (0,) if group.person and group.person not in cut else ()
            wide = (0,) if is_wide else ()
            (found,) = self._search.search(frame.bgr(), [box], known=known, wide=wide)
            self._known.learn(group.person, found)
            # Who is known may be missed, hidden by somebody say, and is somebody all the same.
            is_somebody = bool(found) or group.person in self._known.answered_s
            self._asking.note(group, frame.pts_s, is_found=is_somebody)
        sure = self._sure | known_people.sure
        self._sure = {group.person for group in groups if group.person in sure}
        return tuple([self._told(group, frame.pts_s) for group in groups])

    def _told(self, group: Group, pts_s: float) -> Group:
        """A body with what its searches have said."""
        asking = self._asking
        is_nobody = not group.person and asking.is_nobody(group.group_id)
        sought = asking.sought(group, pts_s)
        is_faint = group.person > 0 and group.person not in self._sure
        if not (is_nobody or sought or is_faint):
            return group
        return group._replace(is_nobody=is_nobody, sought=sought, is_faint=is_faint)


def people_of(settings: AnalysisSettings, models: Models) -> People | None:
    """The people of a road; None where nobody is looked for."""
    if models.people is None or settings.people == "off":
        return None
    return People(models.people, settings.people_searches_hz)
