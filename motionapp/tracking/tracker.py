"""Regions become tracks with stable ids.

Each track expects its region where its speed leads. Where two tracks meet in one region, both
are carried on by their own speeds until the region parts again, so that ids survive a crossing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from motionapp.core.geometry import Box
from motionapp.core.motion import Motion, Region
from motionapp.core.track import Track
from motionapp.settings.tree import TrackingSettings
from motionapp.tracking.association import (
    SHARED_OVERLAP,
    boxes_array,
    cheapest_pairs,
    costs,
    covered_shares,
)
from motionapp.tracking.groups import Bodies

SPEED_MEMORY_S = 0.5
"""A track's speed is a mean over about so many seconds: boxes pulsate with every stride, which
is as long."""

CROSSING_S = 2.0
"""Two that crossed have parted after so long: walkers need half a second at arm's length."""

ABSORBED_S = 0.5
"""Two that go the same way in one region for so long are parts of one thing."""

SAME_WAY = 0.5
"""Speeds that differ by less than so many box lengths per second are the same way."""

LIMB_AREA = 0.35
"""A track below this share of its host's area is a limb of it, not somebody who crosses."""

MOST_TRACKS = 64
"""Beyond this the youngest are not begun: a bound for rain and snow."""


@dataclass(slots=True, eq=False)
class _Followed:
    """A track as the tracker keeps it; only the tracker changes it."""

    track_id: int
    home: int
    """The body that it was last part of."""
    x: float
    y: float
    box: Box
    born_s: float
    seen_s: float
    own_s: float
    """When it last had a region to itself."""
    vx: float = 0.0
    vy: float = 0.0
    watched_s: float = 0.0
    """Seconds for which a region belonged to it."""
    is_seen: bool = True
    is_merged: bool = False
    merged_s: float = CROSSING_S
    """How long it may share another one's region."""


class RegionTracker:
    """Follows regions from frame to frame; ids count from 1 after each rest."""

    def __init__(self, settings: TrackingSettings) -> None:
        self._settings = settings
        self.restart()

    @property
    def forget_s(self) -> float:
        """A track without a region is kept for so long."""
        return self._settings.coast_s

    @property
    def reaches(self) -> Mapping[int, Box]:
        """How far each body has reached within about the last second, by its group's number."""
        return self._bodies.reaches

    def retune(self, settings: TrackingSettings) -> None:
        """Use other thresholds from the next step on."""
        self._settings = settings

    def restart(self) -> None:
        """Forget everything; the next track is number 1."""
        self._followed: list[_Followed] = []
        self._next_id = 1
        self._bodies = Bodies()
        self._now_s: float | None = None

    def step(self, motion: Motion, pts_s: float) -> tuple[Track, ...]:
        """Follow the regions of one frame.

        Parameters
        ----------
        motion : Motion
        pts_s : float
            Time of the frame; greater than that of the step before.

        Returns
        -------
        tuple of Track
            By id; seen ones, and coasting ones that are not yet forgotten.
        """
        ahead_s = 0.0 if self._now_s is None else pts_s - self._now_s
        self._now_s = pts_s
        self._forget(pts_s)
        taken = self._follow(motion.regions, pts_s, ahead_s)
        self._begin([r for i, r in enumerate(motion.regions) if i not in taken], pts_s)
        self._find_bodies(ahead_s)
        return tuple(self._value(track) for track in self._followed)

    def _forget(self, pts_s: float) -> None:
        self._followed = [track for track in self._followed if self._is_kept(track, pts_s)]

    def _is_kept(self, track: _Followed, pts_s: float) -> bool:
        if track.is_merged and pts_s - track.own_s > track.merged_s:
            return False
        coast_s = self._settings.coast_s
        # An unconfirmed track gets no second chance after a short gap: it was a speck.
        return pts_s - track.seen_s <= (coast_s if self._is_confirmed(track) else coast_s / 4)

    def _follow(self, regions: tuple[Region, ...], pts_s: float, ahead_s: float) -> set[int]:
        """Give tracks their regions; returns the indexes of regions that belong to a track."""
        if not self._followed:
            return set()
        pairs, hosts = self._matched(regions, ahead_s)
        crossed: set[int] = set()
        for guest, host in hosts.items():
            track = self._followed[guest]
            track.merged_s = _merged_s(track, self._followed[host])
            if track.merged_s == CROSSING_S:
                crossed.add(host)
        for t, track in enumerate(self._followed):
            if t in hosts:
                _carry_on(track, ahead_s, pts_s)
            elif t in crossed:
                _carry_on(track, ahead_s, pts_s)
                track.own_s = pts_s
            elif t in pairs:
                _move(track, regions[pairs[t]].box, ahead_s, pts_s)
            else:
                _coast(track, ahead_s)
        return set(pairs.values())

    def _matched(
        self, regions: tuple[Region, ...], ahead_s: float
    ) -> tuple[dict[int, int], dict[int, int]]:
        """Which region each track has to itself, and in whose region the others have merged."""
        expected = boxes_array([track.box for track in self._followed])
        speed = np.array([(track.vx, track.vy) for track in self._followed])
        expected += np.tile(speed, 2) * ahead_s
        boxes = boxes_array([region.box for region in regions])
        pairs = cheapest_pairs(costs(expected, boxes), reach=self._settings.reach)
        owners = {region: track for track, region in pairs.items()}
        shared = np.argwhere(covered_shares(expected, boxes) >= SHARED_OVERLAP).tolist()
        hosts = {t: owners[r] for t, r in shared if t not in pairs and r in owners}
        return pairs, hosts

    def _begin(self, regions: list[Region], pts_s: float) -> None:
        for region in regions[: max(0, MOST_TRACKS - len(self._followed))]:
            x, y = region.box.centre
            vx, vy = region.velocity_px_s or (0.0, 0.0)
            self._followed.append(
                _Followed(self._next_id, 0, x, y, region.box, pts_s, pts_s, pts_s, vx, vy)
            )
            self._next_id += 1

    def _find_bodies(self, ahead_s: float) -> None:
        bodies = self._bodies.step(
            [track.box for track in self._followed],
            [track.is_seen for track in self._followed],
            [(track.vx, track.vy) for track in self._followed],
            [track.home for track in self._followed],
            gap=self._settings.group_gap,
            ahead_s=ahead_s,
        )
        for track, home in zip(self._followed, bodies, strict=True):
            track.home = home

    def _is_confirmed(self, track: _Followed) -> bool:
        return track.watched_s >= self._settings.confirm_s

    def _value(self, track: _Followed) -> Track:
        return Track(
            track_id=track.track_id,
            box=track.box,
            born_s=track.born_s,
            seen_s=track.seen_s,
            is_seen=track.is_seen,
            is_confirmed=self._is_confirmed(track),
            group_id=track.home,
            velocity_px_s=(track.vx, track.vy),
        )


def _move(track: _Followed, box: Box, ahead_s: float, pts_s: float) -> None:
    """Put a track on its region and learn its speed."""
    x, y = box.centre
    since_s = pts_s - track.seen_s
    if since_s > 0:
        keep = math.exp(-since_s / SPEED_MEMORY_S)
        dx, dy = x - track.x, y - track.y
        if track.is_merged:  # the box jumps from shared to own: that is no speed
            keep = 1.0
        track.vx = keep * track.vx + (1 - keep) * dx / since_s
        track.vy = keep * track.vy + (1 - keep) * dy / since_s
    if track.is_seen:
        track.watched_s += ahead_s
    track.x, track.y, track.box = x, y, box
    track.seen_s = track.own_s = pts_s
    track.is_seen, track.is_merged = True, False


def _carry_on(track: _Followed, ahead_s: float, pts_s: float) -> None:
    """Move a track through a region that it shares with another one, by its own speed."""
    _shift(track, ahead_s)
    if track.is_seen:
        track.watched_s += ahead_s
    track.seen_s, track.is_seen, track.is_merged = pts_s, True, True


def _merged_s(guest: _Followed, host: _Followed) -> float:
    """How long a track may share a region: long if the two cross, short if they are one thing."""
    length = max(guest.box.width, guest.box.height)
    differs = math.hypot(guest.vx - host.vx, guest.vy - host.vy) > SAME_WAY * length
    is_limb = guest.box.area < LIMB_AREA * host.box.area
    return CROSSING_S if differs and not is_limb else ABSORBED_S


def _coast(track: _Followed, ahead_s: float) -> None:
    """Nobody saw it: it slows down where it was heading."""
    _shift(track, ahead_s)
    keep = math.exp(-ahead_s / SPEED_MEMORY_S)
    track.vx, track.vy, track.is_seen = keep * track.vx, keep * track.vy, False


def _shift(track: _Followed, ahead_s: float) -> None:
    x, y = track.x + track.vx * ahead_s, track.y + track.vy * ahead_s
    track.box = track.box.shifted(x - track.box.centre[0], y - track.box.centre[1])
    track.x, track.y = x, y
