"""Who is in a zone, and since when."""

from __future__ import annotations

from collections.abc import Sequence

from motionapp.core.pace import at_least_frames
from motionapp.core.standing import Standing
from motionapp.core.track import Group

OUTSIDE_S = 0.25
"""Who was outside for longer comes anew: its events are not back-dated into the visit before."""

OUTSIDE_FRAMES = 1
"""... and who is in at two pictures in a row was not outside between them."""


class Visits:
    """The stays of bodies in one zone."""

    def __init__(self) -> None:
        self._stays: dict[int, tuple[float, float]] = {}
        """When a body came in, and when it was last in."""

    def step(
        self,
        now_s: float,
        groups: Sequence[Group],
        inside: Sequence[bool | None],
        step_s: float = 0.0,
    ) -> list[Group]:
        """The bodies that are in the zone, as it sees them.

        Parameters
        ----------
        now_s : float
        groups : sequence of Group
            With the standing that they have in all of the picture.
        inside : sequence of bool or None
            Whether each is in the zone; None while it is out of sight.
        step_s : float
            Seconds from one frame to the next, as they come (`core.pace`).

        Returns
        -------
        list of Group
            A body counts from when it came in, and not while it is outside for a moment.
        """
        outside_s = at_least_frames(OUTSIDE_S, step_s, OUTSIDE_FRAMES)
        stays: dict[int, tuple[float, float]] = {}
        visitors: list[Group] = []
        for group, is_in in zip(groups, inside, strict=True):
            stay = self._stays.get(group.group_id)
            # Out of sight is not outside: who was in and stands still has not left.
            if is_in or (is_in is None and stay is not None):
                stay = (now_s if stay is None else stay[0]), now_s
            # A leg that leaves for a stride has not left; a body that has begins a new visit.
            if stay is None or now_s - stay[1] > outside_s:
                continue
            stays[group.group_id] = stay
            visitors.append(group._replace(standing=_in_zone(group, since_s=stay[0], is_in=is_in)))
        self._stays = stays
        return visitors


def _in_zone(group: Group, *, since_s: float, is_in: bool | None) -> Standing:
    before = group.standing or Standing(True, group.born_s)
    since_s = max(before.since_s, since_s)
    # Out of sight is not outside: only being seen elsewhere stops it, and that is settled.
    if before.counts and not is_in:
        return Standing(False, since_s, "visit", is_doubtful=before.is_doubtful)
    return before._replace(since_s=since_s)
