"""Which tracks are one body: two waving arms are one person, a fight is two people.

Tracks that touch or nearly touch are one body. A body also remembers for about a second how far
it reached, so that a head and a foot which move while the trunk is still remain one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from motionapp.core.geometry import Box, Edges, union_of
from motionapp.core.track import Group, Track
from motionapp.tracking.joining import joined
from motionapp.tracking.state import TrackState

EXTENT_MEMORY_S = 1.0
"""A body remembers its reach for about so long: a jumping jack's arms are out every second."""


class Grouping:
    """Numbers the bodies behind the tracks; a number lives as long as one of its tracks."""

    def __init__(self) -> None:
        self._reaches: dict[int, Edges] = {}
        self._next_number = 1

    @property
    def reaches(self) -> dict[int, Box]:
        """How far each body has reached within about the last second, by its number."""
        return {
            number: Box(math.floor(x0), math.floor(y0), math.ceil(x1), math.ceil(y1))
            for number, (x0, y0, x1, y1) in self._reaches.items()
        }

    def step(self, tracks: Sequence[TrackState], *, gap: float, ahead_s: float) -> None:
        """Give each track the number of the body that it belongs to, as its `home`.

        Joined tracks share the lowest number that one of them had; where a body has parted, the
        part with its oldest track keeps the number, the others get new ones.

        Parameters
        ----------
        tracks : sequence of TrackState
            The oldest first.
        gap : float
            Boxes nearer than this share of the shorter one's length are joined.
        ahead_s : float
            Seconds since the step before.
        """
        self._move_on(tracks, ahead_s)
        # A person is a body of their own, whoever they touch: two who walk together stay two.
        people = [track for track in tracks if track.person]
        parts = [track for track in tracks if not track.person] if people else tracks
        bodies = [
            [parts[i] for i in members]
            for members in joined([t.box for t in parts], self._reaches.values(), gap=gap)
        ]
        if people:  # each is a body; the oldest first, so that it keeps its number
            bodies = sorted(
                [*([track] for track in people), *bodies], key=lambda body: body[0].track_id
            )
        self._number(bodies)
        self._reaches = self._reaching(bodies, ahead_s)

    def _move_on(self, tracks: Sequence[TrackState], ahead_s: float) -> None:
        """A body's reach goes along with its tracks."""
        sums: dict[int, tuple[float, float, int]] = {}
        for track in tracks:
            vx, vy = track.velocity_px_s
            x, y, n = sums.get(track.home, (0.0, 0.0, 0))
            sums[track.home] = (x + vx, y + vy, n + 1)
        for number, (x0, y0, x1, y1) in self._reaches.items():
            x, y, n = sums.get(number, (0.0, 0.0, 1))
            dx, dy = x / n * ahead_s, y / n * ahead_s
            self._reaches[number] = (x0 + dx, y0 + dy, x1 + dx, y1 + dy)

    def _number(self, bodies: list[list[TrackState]]) -> None:
        given: set[int] = set()
        # The oldest track of all comes first, so that it keeps the number of a body that parts.
        for members in bodies:
            known = {track.home for track in members} - given - {0}
            number = min(known, default=self._next_number)
            self._next_number += not known
            given.add(number)
            for track in members:
                track.home = number

    def _reaching(self, bodies: list[list[TrackState]], ahead_s: float) -> dict[int, Edges]:
        """How far each body reaches now: at once where it grows, slowly where it shrinks."""
        keep = math.exp(-ahead_s / EXTENT_MEMORY_S)
        reaches: dict[int, Edges] = {}
        for members in bodies:
            oldest = members[0]
            # Where an unseen part should be is a guess: a reach grows by what is seen.
            now = union_of(
                [track.moving or track.box for track in members if track.is_seen] or [oldest.box]
            )
            x0, y0, x1, y1 = now
            left, top, right, bottom = self._reaches.get(oldest.home, now)
            reaches[oldest.home] = (
                min(x0, keep * left + (1 - keep) * x0),
                min(y0, keep * top + (1 - keep) * y0),
                max(x1, keep * right + (1 - keep) * x1),
                max(y1, keep * bottom + (1 - keep) * y1),
            )
        return reaches


def groups_of(
    tracks: Sequence[Track], reaches: Mapping[int, Box] | None = None
) -> tuple[Group, ...]:
    """The bodies behind some tracks, by number.

    Parameters
    ----------
    tracks : sequence of Track
    reaches : mapping of int to Box, optional
        How far each body reaches, by its number; without it, as far as its tracks do now.
    """
    members: dict[int, list[Track]] = {}
    for track in tracks:
        members.setdefault(track.group_id, []).append(track)
    known = reaches or {}
    return tuple([_group(number, members[number], known) for number in sorted(members)])


def _group(number: int, tracks: list[Track], reaches: Mapping[int, Box]) -> Group:
    # A speck beside a body neither makes it sure nor seen.
    sure = [track.is_seen for track in tracks if track.is_confirmed]
    boxes = [track.box for track in tracks]
    # Where an unseen part should be is a guess: it says nothing while another one is seen.
    return Group(
        number,
        union_of([track.box for track in tracks if track.is_seen] or boxes),
        reaches.get(number) or union_of(boxes),
        tuple([track.track_id for track in tracks]),
        True in sure,
        bool(sure),
        min([track.born_s for track in tracks]),
        person=tracks[0].person,
        moving=tracks[0].moving,
    )
