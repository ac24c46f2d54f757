"""One track as the tracker keeps it, and the ways in which it may move on by a frame."""

from __future__ import annotations

import math
from dataclasses import dataclass

from motionapp.core.geometry import Box, Edges

SPEED_MEMORY_S = 0.5
"""A track's speed is a mean over about so many seconds: boxes pulsate with every stride, which
is as long."""

CROSSING_S = 2.0
"""Two that crossed have parted after so long: walkers need half a second at arm's length."""

ABSORBED_S = 0.5
"""Two that go the same way in one region for so long are parts of one thing."""

SAME_WAY = 0.5
"""Speeds that differ by less than so many box lengths per second are the same way: so much is seen
of boxes that only pulsate."""

LIMB_AREA = 0.35
"""A track below this share of its host's area is a limb of it, not somebody who crosses."""


@dataclass(slots=True, eq=False)
class TrackState:
    """A track in the making; only the tracker and its bodies change it."""

    track_id: int
    x: float
    y: float
    """Its middle, in fractions of pixels."""
    box: Box
    born_s: float
    seen_s: float
    own_s: float
    """When it last had a region to itself."""
    velocity_px_s: tuple[float, float] = (0.0, 0.0)
    home: int = 0
    """The body that it was last part of; 0 before its first."""
    watched_s: float = 0.0
    """Seconds for which a region belonged to it."""
    is_seen: bool = True
    is_merged: bool = False
    merged_s: float = CROSSING_S
    """How long it may share another one's region."""
    person: int = 0
    """The person that it is, once one was found; 0 before."""
    was_person: int = 0
    """The person that it is or was last."""
    moving: Box | None = None
    """What moves of the person."""

    def expected(self, ahead_s: float) -> Edges:
        """Where it should be, by its speed, so many seconds after the last step."""
        x0, y0, x1, y1 = self.box
        vx, vy = self.velocity_px_s
        dx, dy = vx * ahead_s, vy * ahead_s
        return x0 + dx, y0 + dy, x1 + dx, y1 + dy

    def move(self, box: Box, ahead_s: float, pts_s: float) -> None:
        """Put it on its region and learn its speed."""
        x, y = box.centre
        since_s = pts_s - self.seen_s
        # Where it shared a region, the box jumps from shared to own: that is no speed.
        if since_s > 0 and not self.is_merged:
            keep = math.exp(-since_s / SPEED_MEMORY_S)
            vx, vy = self.velocity_px_s
            self.velocity_px_s = (
                keep * vx + (1 - keep) * (x - self.x) / since_s,
                keep * vy + (1 - keep) * (y - self.y) / since_s,
            )
        # Only from one sighting to the next was it watched.
        if self.is_seen:
            self.watched_s += ahead_s
        self.x, self.y, self.box = x, y, box
        self.seen_s = self.own_s = pts_s
        self.is_seen, self.is_merged = True, False

    def carry_on(self, ahead_s: float, pts_s: float) -> None:
        """Move it through a region that it shares with another one, by its own speed."""
        self._shift(ahead_s)
        # As in `move`: only from one sighting to the next was it watched.
        if self.is_seen:
            self.watched_s += ahead_s
        self.seen_s, self.is_seen, self.is_merged = pts_s, True, True

    def coast(self, ahead_s: float) -> None:
        """Nobody saw it: it slows down where it was heading."""
        self._shift(ahead_s)
        keep = math.exp(-ahead_s / SPEED_MEMORY_S)
        vx, vy = self.velocity_px_s
        self.velocity_px_s, self.is_seen = (keep * vx, keep * vy), False

    def may_share_s(self, host: TrackState) -> float:
        """How long it may share a region: long if the two cross, short if they are one thing."""
        (vx, vy), (host_vx, host_vy) = self.velocity_px_s, host.velocity_px_s
        length = max(self.box.width, self.box.height)
        differs = math.hypot(vx - host_vx, vy - host_vy) > SAME_WAY * length
        is_limb = self.box.area < LIMB_AREA * host.box.area
        return CROSSING_S if differs and not is_limb else ABSORBED_S

    def _shift(self, ahead_s: float) -> None:
        vx, vy = self.velocity_px_s
        self.x += vx * ahead_s
        self.y += vy * ahead_s
        x0, y0, x1, y1 = self.box
        width, height = x1 - x0, y1 - y0
        left, top = round(self.x - width / 2), round(self.y - height / 2)
        self.box = Box(left, top, left + width, top + height)
