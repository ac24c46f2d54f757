"""Who goes over the lines that are drawn: every track once in each direction.

What goes over is the centre of a track's box, as the trail of a segment has it: it hardly moves
where an arm or a leg stops moving. A guess of where somebody should be goes over nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import cv2

from motionapp.core.crossing import Crossing
from motionapp.core.errors import SettingsError
from motionapp.core.track import Group, Track
from motionapp.events.crossings import Point, Walker
from motionapp.settings.zones import ZoneSettings

MARGIN: Final = 0.15
"""Of a box's height: so near to a line it is on neither side. Of 42 lines along which somebody
walked, 0.1 counted 2 and 0.15 none; 0.2 missed one of 42 who went over (ADR 18)."""
LEAST_MARGIN: Final = 0.01
"""Of the picture's height: boxes have whole pixels of the small picture, of 270 rows as a rule."""


class Lines:
    """Counts over all lines.

    Parameters
    ----------
    zones : sequence of ZoneSettings
        Those that are lines are looked at.
    """

    def __init__(self, zones: Sequence[ZoneSettings]) -> None:
        self._zones = tuple(zone for zone in zones if zone.kind == "line")
        self._size: tuple[int, int] | None = None
        self._points: dict[str, tuple[Point, ...]] = {}
        self._followed: dict[int, _Followed] = {}

    def restart(self) -> None:
        """Forget everybody: tracks are numbered afresh."""
        self._followed = {}

    def step(
        self,
        now_s: float,
        tracks: Sequence[Track],
        groups: Sequence[Group],
        size: tuple[int, int],
    ) -> tuple[Crossing, ...]:
        """Who has gone over a line, as is sure by now.

        Parameters
        ----------
        now_s : float
        tracks : sequence of Track
            All that are known, in display pixels, where the scene was first seen.
        groups : sequence of Group
            Their bodies, with their standing: of leaves nothing is counted.
        size : tuple of int
            Width and height of the picture.

        Returns
        -------
        tuple of Crossing
            By line, then by track.

        Raises
        ------
        SettingsError
            A line lies outside of a picture of this size.
        """
        if not self._zones:
            return ()
        if size != self._size:
            self._points = {zone.name: _points_of(zone, size) for zone in self._zones}
            self._size, self._followed = size, {}
        before, self._followed = self._followed, {}
        counting = {group.group_id for group in groups if group.moves}
        found: list[Crossing] = []
        for track in tracks:
            followed = before.get(track.track_id) or _Followed(self._points)
            self._followed[track.track_id] = followed
            if track.is_seen:
                followed.step(now_s, track, size)
            if track.is_confirmed and track.group_id in counting:
                found += followed.taken()
        order = {name: number for number, name in enumerate(self._points)}
        return tuple(sorted(found, key=lambda one: (order[one.zone], one.track_id, one.t_s)))


class _Followed:
    """One track, on its way over every line."""

    def __init__(self, points: dict[str, tuple[Point, ...]]) -> None:
        self._walkers = {name: Walker(line) for name, line in points.items()}
        self._person = 0
        self._waiting: list[Crossing] = []
        """Until it is sure that it is somebody."""

    def step(self, now_s: float, track: Track, size: tuple[int, int]) -> None:
        at = track.box.centre
        margin = max(MARGIN * track.box.height, LEAST_MARGIN * size[1])
        for name, walker in self._walkers.items():
            # The box of a person is all of them, that of what moves of them may be a hand.
            if track.person != self._person:
                walker.jump()
            gone = walker.step(now_s, at, margin)
            if gone is not None:
                direction, at_s = gone
                self._waiting.append(Crossing(name, at_s, track.track_id, direction))
        self._person = track.person

    def taken(self) -> list[Crossing]:
        """What nobody has been told of."""
        waiting, self._waiting = self._waiting, []
        return waiting


def _points_of(zone: ZoneSettings, size: tuple[int, int]) -> tuple[Point, ...]:
    """The points of a line, in display pixels."""
    across, down = size if zone.unit == "share" else (1, 1)
    points = tuple((x * across, y * down) for x, y in zone.polygon)
    whole = [(round(x), round(y)) for x, y in points]
    if not any(
        cv2.clipLine((0, 0, size[0], size[1]), first, second)[0]
        for first, second in pairwise(whole)
    ):
        raise SettingsError(
            f"the line {zone.name} lies outside of the picture, which is {size[0]} x {size[1]}"
        )
    return points
