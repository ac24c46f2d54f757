"""Which bodies have gone somewhere: against leaves, rain and curtains, which stay where they are.

A box that pulsates has not gone anywhere, though its centre wanders: an axis counts only as far
as both of its edges have gone the same way since the body was first seen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from motionapp.core.geometry import Box
from motionapp.core.standing import Standing
from motionapp.core.track import Group

MOST_BACKDATED_S = 10.0
"""Who moved on the spot for longer and then goes off begins so long before: a tree that shook for
an hour, and out of which somebody steps, is not an hour of event."""


@dataclass(slots=True, eq=False)
class _Journey:
    """How far one body has gone from where it was first seen."""

    from_box: Box
    furthest_px: float = 0.0


class Travels:
    """Lets bodies count once they have gone far enough; then they count as long as they live.

    What is compared is a body's reach, which holds still while single limbs flash up. Having gone
    belongs to the tracks, so that a walker who passes in front of a tree, and is one body with it
    for a while, goes on counting, and the tree does not.
    """

    def __init__(self) -> None:
        self._journeys: dict[int, _Journey] = {}
        self._gone: dict[int, float] = {}
        """Tracks that have gone far enough, and since when their motion counts."""

    def restart(self) -> None:
        """Forget everybody."""
        self._journeys.clear()
        self._gone.clear()

    def step(
        self, now_s: float, groups: Sequence[Group], least: float, *, height_px: int
    ) -> tuple[Group, ...]:
        """The bodies, each with its standing.

        Parameters
        ----------
        now_s : float
        groups : sequence of Group
            All bodies at this time.
        least : float
            Share of the picture's height that a body must have gone to count.
        height_px : int
            Of the picture, in display pixels.

        Returns
        -------
        tuple of Group
            One that has gone far enough counts from at most `MOST_BACKDATED_S` before it had.
        """
        numbers = {group.group_id for group in groups}
        tracks = {track_id for group in groups for track_id in group.track_ids}
        # Numbers never come back: what belongs to those who have gone would only pile up.
        self._journeys = {n: journey for n, journey in self._journeys.items() if n in numbers}
        self._gone = {n: since_s for n, since_s in self._gone.items() if n in tracks}
        return tuple(
            [
                group._replace(standing=self._standing(now_s, group, least, height_px))
                for group in groups
            ]
        )

    def _standing(self, now_s: float, group: Group, least: float, height_px: int) -> Standing:
        journey = self._journeys.setdefault(group.group_id, _Journey(group.reach))
        apart_px = shifted_px(journey.from_box, group.reach)
        journey.furthest_px = max(journey.furthest_px, apart_px)
        # Where an unseen body should be is a guess: nobody has gone by it.
        if group.is_seen and apart_px >= least * height_px:
            # Its way began when it was born, unless it stirred on the spot for long before.
            since_s = max(group.born_s, now_s - MOST_BACKDATED_S)
            for track_id in group.track_ids:
                self._gone.setdefault(track_id, since_s)
        gone = [self._gone[n] for n in group.track_ids if n in self._gone]
        went = journey.furthest_px / height_px
        if not gone:
            return Standing(False, group.born_s, "travel", went, least, is_settled=False)
        # One of its tracks has gone far enough before it was part of this body.
        went = max(went, least)
        return Standing(True, max(group.born_s, min(gone)), "travel", went, least)


def shifted_px(then: Box, now: Box) -> float:
    """How far a box has gone, however it grew or shrank: 0 while one edge of each axis stays."""
    return math.hypot(
        _both(now.x0 - then.x0, now.x1 - then.x1), _both(now.y0 - then.y0, now.y1 - then.y1)
    )


def _both(low: int, high: int) -> int:
    """The smaller of two shifts in the same direction; 0 for opposite ones."""
    return min(abs(low), abs(high)) if low * high > 0 else 0
