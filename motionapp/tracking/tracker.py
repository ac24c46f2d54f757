"""Regions become tracks with stable ids.

Each track expects its region where its speed leads. Where two tracks meet in one region, both
are carried on by their own speeds until the region parts again, so that ids survive a crossing.
"""

from __future__ import annotations

from collections.abc import Sequence, Set

from motionapp.core.geometry import Box
from motionapp.core.motion import Region
from motionapp.core.pace import at_least_frames
from motionapp.core.track import Bodies, Track
from motionapp.settings.tree import TrackingSettings
from motionapp.tracking.association import SHARED_OVERLAP, cheapest_pairs, covered_share, holders
from motionapp.tracking.groups import Grouping, groups_of
from motionapp.tracking.state import CROSSING_S, TrackState
from motionapp.tracking.trails import Trails

MOST_TRACKS = 64
"""Beyond this the youngest are not begun: a bound for rain and snow."""

COAST_FRAMES = 2
"""A track outlives one picture without a region, however far apart pictures are..."""

PART_OF_PERSON = 0.5
"""A track of which so much lies in somebody who was just found is a part of them."""

SPECK_FRAMES = 1
"""... but an unconfirmed one none."""


class RegionTracker:
    """Follows regions from frame to frame; ids count from 1 after each rest."""

    def __init__(self, settings: TrackingSettings) -> None:
        self._settings = settings
        self.restart()

    @property
    def forget_s(self) -> float:
        """A track without a region is kept for so long."""
        return at_least_frames(self._settings.coast_s, self._step_s, COAST_FRAMES)

    def retune(self, settings: TrackingSettings) -> None:
        """Use other thresholds from the next step on."""
        self._settings = settings

    def restart(self) -> None:
        """Forget everything; the next track is number 1."""
        self._states: list[TrackState] = []
        self._next_id = 1
        self._grouping, self._trails = Grouping(), Trails()
        self._now_s: float | None = None
        self._step_s = 0.0

    def forget_people(self) -> None:
        """People are numbered anew: who is who, where they are tells, and tracks stay."""
        for track in self._states:
            track.person = track.was_person = 0
            track.moving = None

    def step(self, regions: Sequence[Region], pts_s: float, step_s: float = 0.0) -> Bodies:
        """Follow the regions of one frame.

        Parameters
        ----------
        regions : sequence of Region
            Parts that move, and people.
        pts_s : float
            Time of the frame; greater than that of the step before.
        step_s : float
            Seconds from one frame to the next, as they come (`core.pace`).

        Returns
        -------
        Bodies
            Tracks by id, seen ones and coasting ones that are not yet forgotten; groups by number.
        """
        ahead_s = 0.0 if self._now_s is None else pts_s - self._now_s
        self._now_s = pts_s
        self._step_s = step_s
        self._forget(pts_s)
        people = [region for region in regions if region.person]
        if people or any(track.person for track in self._states):
            self._follow_people(people, pts_s, ahead_s)
            # Who they are is known: by nearness, one could get the track of who walks beside.
            regions = [region for region in regions if not region.person]
        taken = self._follow(regions, pts_s, ahead_s)
        self._begin([r for i, r in enumerate(regions) if i not in taken], pts_s)
        self._grouping.step(self._states, gap=self._settings.group_gap, ahead_s=ahead_s)
        tracks = self._values()
        groups = groups_of(tracks, self._grouping.reaches)
        return Bodies(tracks, self._trails.step(groups, pts_s))

    def _forget(self, pts_s: float) -> None:
        coast_s, confirm_s = self.forget_s, self._settings.confirm_s
        # An unconfirmed track gets no second chance after a short gap: it was a speck. Where
        # pictures come seldom, the next one is its first.
        speck_s = at_least_frames(self._settings.coast_s / 4, self._step_s, SPECK_FRAMES)
        self._states = [
            track
            for track in self._states
            if pts_s - track.seen_s <= (coast_s if track.watched_s >= confirm_s else speck_s)
            # Who has shared a region for too long does not cross it, but is a part of its body.
            and not (track.is_merged and pts_s - track.own_s > track.merged_s)
        ]

    def _follow_people(self, people: Sequence[Region], pts_s: float, ahead_s: float) -> None:
        """A person keeps the track that they have; a new one takes over what moved there."""
        tracks = {track.person: track for track in self._states if track.person}
        here = {region.person for region in people}
        come = here - tracks.keys()
        for region in people:
            track = tracks.get(region.person) or self._track_of_old(region.person)
            if track is not None:
                track.person = track.was_person = region.person
                track.move(region.box, ahead_s, pts_s)
                track.moving = region.moving
                continue
            parts = self._parts_of(region, come)
            if parts:
                track = parts[0]
                self._states = [one for one in self._states if one is track or one not in parts]
                track.move(region.box, ahead_s, pts_s)
            elif len(self._states) < MOST_TRACKS:
                self._begin([region], pts_s)
                track = self._states[-1]
            else:
                continue
            track.person = track.was_person = region.person
            track.moving = region.moving
            track.velocity_px_s = region.velocity_px_s or (0.0, 0.0)
        for track in self._states:
            # Who stands still, or was no person after all, is a track like others until found.
            if track.person not in here:
                track.person, track.moving = 0, None

    def _track_of_old(self, person: int) -> TrackState | None:
        """The track that somebody had before they stood still or were out of sight."""
        for track in self._states:
            if track.was_person == person and not track.person:
                return track
        return None

    def _parts_of(self, person: Region, come: Set[int]) -> list[TrackState]:
        """Which tracks somebody who has none takes over, the oldest first."""
        box = person.box
        # Who moves again at this frame as well finds their own.
        free = [one for one in self._states if not one.person and one.was_person not in come]
        parts = [track for track in free if covered_share(track.box, box) >= PART_OF_PERSON]
        # Of several people in one body each is less than half: the first of them keeps its track.
        wholes = [track for track in free if covered_share(box, track.box) >= PART_OF_PERSON]
        return parts or wholes[:1]

    def _follow(self, regions: Sequence[Region], pts_s: float, ahead_s: float) -> set[int]:
        """Give tracks their regions; returns the indexes of regions that belong to a track."""
        states = [track for track in self._states if not track.person]
        pairs, hosts = self._matched(states, [region.box for region in regions], ahead_s)
        crossed: set[int] = set()
        for guest, host in hosts.items():
            track = states[guest]
            track.merged_s = track.may_share_s(states[host])
            # The box of both is no place of either: who is crossed goes on by its own speed, too.
            if track.merged_s == CROSSING_S:
                crossed.add(host)
        for t, track in enumerate(states):
            if t in hosts:
                track.carry_on(ahead_s, pts_s)
            elif t in crossed:
                track.carry_on(ahead_s, pts_s)
                track.own_s = pts_s
            elif t in pairs:
                track.move(regions[pairs[t]].box, ahead_s, pts_s)
            else:
                track.coast(ahead_s)
        return set(pairs.values())

    def _matched(
        self, states: Sequence[TrackState], boxes: list[Box], ahead_s: float
    ) -> tuple[dict[int, int], dict[int, int]]:
        """Which region each track has to itself, and in whose region the others have merged."""
        if not boxes or not states:
            return {}, {}
        expected = [track.expected(ahead_s) for track in states]
        pairs = cheapest_pairs(expected, boxes, reach=self._settings.reach)
        owners = sorted((region, track) for track, region in pairs.items())
        taken = [boxes[region] for region, _ in owners]
        hosts: dict[int, int] = {}
        for t, box in enumerate(expected):
            if t not in pairs:
                for k in holders(box, taken, share=SHARED_OVERLAP):
                    hosts[t] = owners[k][1]
        return pairs, hosts

    def _begin(self, regions: list[Region], pts_s: float) -> None:
        for region in regions[: max(0, MOST_TRACKS - len(self._states))]:
            x, y = region.box.centre
            velocity_px_s = region.velocity_px_s or (0.0, 0.0)
            self._states.append(
                TrackState(self._next_id, x, y, region.box, pts_s, pts_s, pts_s, velocity_px_s)
            )
            self._next_id += 1

    def _values(self) -> tuple[Track, ...]:
        confirm_s = self._settings.confirm_s
        return tuple(
            [
                Track(
                    track.track_id,
                    track.box,
                    track.born_s,
                    track.seen_s,
                    track.is_seen,
                    track.watched_s >= confirm_s,
                    track.home,
                    track.velocity_px_s,
                    track.watched_s,
                    track.person,
                    track.moving,
                )
                for track in self._states
            ]
        )
