"""Where each body has been in the last seconds, for who looks on. It decides nothing."""

from __future__ import annotations

from typing import Final

from motionapp.core.track import Group, Trail

TRAIL_S: Final = 3.0
"""A walker has made some five steps: the way is seen, and those of a crowd do not fill the picture.
Bodies keep their numbers for about as long."""
STEP_S: Final = 0.1
"""From one point to the next: a turn is seen, and a stride's wobble is a few points."""
ROUNDING_S: Final = 1e-6
"""Two times subtracted are a trifle off."""


class Trails:
    """Keeps a bounded way of each body; a number that is gone is forgotten."""

    def __init__(self) -> None:
        self._trails: dict[int, Trail] = {}

    def step(self, groups: tuple[Group, ...], pts_s: float) -> tuple[Group, ...]:
        """The same bodies, each with its way.

        Parameters
        ----------
        groups : tuple of Group
        pts_s : float
            Later than at the step before.

        Returns
        -------
        tuple of Group
        """
        trails: dict[int, Trail] = {}
        for group in groups:
            trail = self._trails.get(group.group_id, ())
            # Where an unseen body should be is a guess: no place where it has been.
            if group.is_seen and (not trail or pts_s - trail[-1][0] >= STEP_S - ROUNDING_S):
                first, since_s = 0, pts_s - TRAIL_S
                while first < len(trail) and trail[first][0] < since_s:
                    first += 1
                trail = (*trail[first:], (pts_s, *group.reach.centre))
            trails[group.group_id] = trail
        self._trails = trails
        return tuple([group._replace(trail=trails[group.group_id]) for group in groups])
