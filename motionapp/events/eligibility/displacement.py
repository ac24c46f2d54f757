"""Bodies in restless places: where leaves stir and rain falls, one counts while it goes somewhere.

Elsewhere a body counts as it is. In a place that may be restless, but is not known to be yet, it
is doubtful: an event of doubtful bodies is held back until that is known (`events.builder`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.core.motion import Region
from motionapp.core.pace import at_least_frames
from motionapp.core.places import NEW, RESTLESS, Places
from motionapp.core.standing import Standing
from motionapp.core.track import Group, Track
from motionapp.events.eligibility.travel import shifted_px

GOES = 0.2
"""So far, as a share of the picture's height, must a body go in a restless place..."""

STEADY_S = 0.2
"""... and stay away for so long: tracks hop to and fro between the branches of a tree."""

SWALLOWED = 2.0
"""So many times larger is a body than the part of it that was seen first."""

HOP = 0.06
"""Share of the picture's height by which no body moves at once..."""

HOP_PER_S = 1.0
"""... and so much more in a second: a track that does has hopped, and begins its way anew."""

WITHIN_S = 4.0
"""... within so long, and again and again: tracks of who has passed through a tree may be left
hanging in it. Somebody a twentieth of the picture high, who walks, needs that long."""

WITHIN_FRAMES = 8
"""Going has to be seen in a few pictures, however far apart they are."""

BACKDATED_S = 2.0
"""Its motion counts from so long before it has gone: who passes a tree may be one body with it."""

KEPT_S = 30.0
"""What was restless stays so for so long, or until all is at rest: a long gust bends a tree as one
piece, and there are no crumbs to tell it by."""

CRUMB = 0.005
"""Share of the picture: a body of a smaller box may be a leaf that has come off and falls."""

CRUMB_S = 3.0
"""A leaf is through the picture sooner than this: whatever is as small counts from then on."""


LARGE_S = 1.0
"""For so long he counts after it was seen last: of who turns round little is new for a moment."""


@dataclass(slots=True, eq=False)
class _Leg:
    """A stretch of a track's way."""

    from_box: Box
    since_s: float
    at_box: Box
    at_s: float
    """Where and when it was last seen."""
    away_s: float = 0.0
    """For how long it has been seen far enough from there, without a return."""

    def hops_to(self, box: Box, now_s: float, height_px: int) -> bool:
        """Whether a box is too far from where it was last seen to be the same thing's."""
        far_px = (HOP + HOP_PER_S * (now_s - self.at_s)) * height_px
        return shifted_px(self.at_box, box) > far_px

    def is_swallowed(self, box: Box) -> bool:
        """Whether a much larger box holds where the way began: that was only a part of it."""
        x0, y0, x1, y1 = self.from_box
        holds = box.x0 <= x0 and box.y0 <= y0 and box.x1 >= x1 and box.y1 >= y1
        return holds and box.area >= SWALLOWED * self.from_box.area


class Displacement:
    """Judges bodies by their places; remembers the tracks' ways while any place is restless."""

    def __init__(self) -> None:
        self._legs: dict[int, _Leg] = {}
        self._gone: dict[int, tuple[float, float]] = {}
        """Tracks that have gone somewhere: since when their motion counts, and until when."""
        self._places: Places | None = None
        self._within_s = WITHIN_S
        self._is_windy = False
        self._told: NDArray[np.uint8] | None = None
        self._kept_until_s: NDArray[np.float64] | None = None
        """How long each cell stays restless."""

    def restart(self) -> None:
        """Forget everybody, and all places."""
        self._legs.clear()
        self._gone.clear()
        self._places = self._told = self._kept_until_s = None

    def step(
        self,
        now_s: float,
        regions: Sequence[Region],
        tracks: Sequence[Track],
        groups: Sequence[Group],
        places: NDArray[np.uint8] | None,
        size: tuple[int, int],
        step_s: float = 0.0,
    ) -> tuple[Group, ...]:
        """The bodies as they count for events.

        Parameters
        ----------
        now_s : float
        regions : sequence of Region
            What moves at this time.
        tracks : sequence of Track
            All at this time...
        groups : sequence of Group
            ... and the bodies behind them.
        places : ndarray of uint8, shape (rows, columns), or None
            As in `Motion.places`.
        size : tuple of int
            Width and height of the picture in pixels.
        step_s : float
            Seconds from one frame to the next, as they come (`core.pace`).

        Returns
        -------
        tuple of Group
            The bodies, each with its standing: in a restless place one counts once it has gone
            `GOES` of the height, in a place that may be restless it is doubtful.
        """
        self._within_s = at_least_frames(WITHIN_S, step_s, WITHIN_FRAMES)
        cells = self._kept(now_s, places)
        if cells is None:
            self._places = None
            return tuple(
                [group._replace(standing=Standing(True, group.born_s)) for group in groups]
            )
        if self._places is None or cells is not self._places.cells:
            self._is_windy = bool((cells >= RESTLESS).any())
        self._places = Places(cells, size)
        is_any_new = bool((cells == NEW).any())
        self._forget(now_s, {track.track_id for track in tracks})
        crumb_px = CRUMB * size[0] * size[1]
        # A track that shares a region, or coasts, only goes on as it did.
        own = {region.box for region in regions}
        for track in tracks:
            if track.box in own:
                self._follow(now_s, track, height_px=size[1], crumb_px=crumb_px)
                # Leaves look as they have looked; who does not is somebody, however little he goes.
                if is_any_new and self._places.has_new(track.box):
                    since_s, until_s = self._gone.get(track.track_id, (now_s, now_s))
                    self._gone[track.track_id] = since_s, max(until_s, now_s + LARGE_S)
        in_places = self._places
        return tuple(
            [group._replace(standing=self._standing(now_s, group, in_places)) for group in groups]
        )

    def _forget(self, now_s: float, numbers: set[int]) -> None:
        """Keep what belongs to tracks that still are."""
        self._legs = {n: leg for n, leg in self._legs.items() if n in numbers}
        self._gone = {
            n: gone for n, gone in self._gone.items() if n in numbers and now_s <= gone[1]
        }

    @property
    def places(self) -> Places | None:
        """Where leaves stir or rain falls, by what is known now; None where all is calm."""
        return self._places

    def _kept(self, now_s: float, told: NDArray[np.uint8] | None) -> NDArray[np.uint8] | None:
        """The places of now, with those that were restless not long ago."""
        until_s = self._kept_until_s
        # Between two looks the same array is told: nothing new was seen to stir.
        if told is not None and told is not self._told and (told >= RESTLESS).any():
            if until_s is None or until_s.shape != told.shape:
                until_s = np.full(told.shape, -np.inf)
            until_s[told >= RESTLESS] = now_s + KEPT_S
            self._kept_until_s = until_s
        self._told = told
        if until_s is None:
            return told
        is_kept = until_s >= now_s
        if not is_kept.any():
            self._kept_until_s = None
            return told
        places = np.zeros(until_s.shape, np.uint8) if told is None else told.copy()
        np.maximum(places, np.uint8(RESTLESS) * is_kept, out=places)
        return places

    def _standing(self, now_s: float, group: Group, places: Places) -> Standing:
        # Neither leaves nor drops are taken for a person, who need not prove it by going somewhere.
        if group.person:
            return Standing(True, group.born_s)
        place = places.of(group.box)
        gone = [self._gone[n][0] for n in group.track_ids if n in self._gone]
        if gone:
            # Who passes a tree is one body with it for a while: not his what it did before.
            since_s = max(group.born_s, min(gone)) if place else group.born_s
            return Standing(True, since_s, "displacement", GOES, GOES)
        width, height = places.size
        if not place:
            is_speck = group.box.area < CRUMB * width * height
            # A leaf that has come off falls where nothing stirs; it is through soon.
            if not is_speck or now_s - group.born_s >= CRUMB_S:
                return Standing(True, group.born_s)
            is_restless = self._is_windy
        else:
            is_restless = place >= RESTLESS
        legs = [self._legs[n] for n in group.track_ids if n in self._legs]
        went_px = max([shifted_px(leg.from_box, leg.at_box) for leg in legs], default=0.0)
        return Standing(
            counts=not is_restless,
            since_s=group.born_s,
            rule="displacement",
            measured=went_px / height,
            needed=GOES,
            is_doubtful=not is_restless,
            is_settled=not is_restless,
        )

    def _follow(self, now_s: float, track: Track, *, height_px: int, crumb_px: float) -> None:
        leg = self._legs.get(track.track_id)
        # A track that hops to another branch, or is swallowed by a larger heap, has gone nowhere.
        if leg is None or leg.hops_to(track.box, now_s, height_px) or leg.is_swallowed(track.box):
            leg = self._legs[track.track_id] = _Leg(track.box, now_s, track.box, now_s)
        ahead_s, leg.at_box, leg.at_s = now_s - leg.at_s, track.box, now_s
        # A leaf that falls goes far, too, but is small.
        if track.box.area <= crumb_px or shifted_px(leg.from_box, track.box) < GOES * height_px:
            leg.away_s = 0.0
        else:
            # Where pictures come seldom, one alone is no proof that it stays away.
            leg.away_s += min(ahead_s, STEADY_S / 2)
        if leg.away_s >= STEADY_S:
            since_s, _ = self._gone.get(
                track.track_id, (max(track.born_s, now_s - BACKDATED_S), 0.0)
            )
            self._gone[track.track_id] = since_s, now_s + self._within_s
            self._legs[track.track_id] = _Leg(track.box, now_s, track.box, now_s)
        # Slow drift, by and by, is what branches do in a turning wind.
        elif now_s - leg.since_s > self._within_s:
            self._legs[track.track_id] = _Leg(track.box, now_s, track.box, now_s)
