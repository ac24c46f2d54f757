"""What a follower is asked and says: its rules, whom it follows, and where to look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from motionapp.core.geometry import Box
from motionapp.core.person import Person
from motionapp.people.agenda import AgendaRules
from motionapp.people.search import SearchRules
from motionapp.people.smoothing import OneEuroRules


@dataclass(frozen=True, slots=True)
class FollowRules:
    """When people are looked at, believed and given up."""

    most: int = 6
    """People at the same time."""
    look_s: float = 0.1
    """Each is looked at after so long, as near as frames allow, and carried along in between..."""
    looks_hz: float = 25.0
    """... all of them so often a second at most."""
    still_s: float = 1.0
    """... and who does not move after so long."""
    hidden_s: float = 2.0
    """So long somebody who is lost may come back as the same."""
    behind_s: float = 1.2
    """So long somebody may be behind somebody else..."""
    behind: float = 0.25
    """... in whose box lies so much of where they should be."""
    least_visible: float = 0.2
    """Mean visibility of the points below which somebody is lost."""
    same_oks: float = 0.6
    """Two whose points are more alike look at the same person: the less expected one is hidden."""
    least_gain: float = 0.3
    """By so much better, 0 to 1, must somebody be where another was to be before they change names.
    In `crossing_scene` it keeps both ids in 10 of 10 crossings, without it in 9."""
    same_iou: float = 0.2
    """Who is found is who is followed if their boxes overlap so much."""
    misses: int = 3
    """Who was not found so often in a row, though searched, is lost."""
    length_px: float = 256.0
    """The whole picture's longer side to the network."""
    agenda: AgendaRules = AgendaRules()
    search: SearchRules = SearchRules(is_wide=False)
    is_weighed: bool = True
    """Whether a look is weighed against where the points were carried."""
    smoothing: OneEuroRules = OneEuroRules(rest_hz=4.0, rise=8.0)
    """Weak: what is carried along hardly shakes, and a look is weighed against it."""


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """Somebody at one frame."""

    person_id: int
    """Counted from 1 after each restart."""
    person: Person
    """With smoothed points, and a box that follows them."""
    velocity_px_s: tuple[float, float] = (0.0, 0.0)
    is_hidden: bool = False
    """They are behind somebody: the box is where they should be, the points are the last seen."""


Strangers = Callable[[Sequence[Box]], Sequence[Box]]
"""What moves and is none of some people, in full-frame display pixels."""


def nowhere(_: Sequence[Box]) -> Sequence[Box]:
    """Nothing else moves."""
    return ()


def everywhere(_: Box) -> bool:
    """Anything may move anywhere."""
    return True
