"""The rule of time: raw stamps become seconds that strictly increase, and epochs.

A value machine without clocks or files. It knows nothing of pictures but their form, and leaves
reading and decoding to the sources.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Literal

from motionapp.core.frame import UPRIGHT, Epoch, Orientation
from motionapp.core.spacing import Spacing, stretched

LONGEST_GAP_S = 2.0
"""A longer gap begins a new epoch, unless five frames take longer (design, "epoch")."""
LONGEST_GAP_FRAMES = 5
ROUNDING_S = 0.0005
"""Results are rounded to milliseconds, and a start taken from them means the frame itself."""
SHORTEST_S = 1.0
"""Motion must last, and a clip must be filled, before anything is found in an epoch."""
UNKNOWN_DURATION_S = Fraction(1, 25)
"""What a frame is taken to last where neither the file nor its stamps say."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a picture must stay the same within an epoch."""

    size: tuple[int, int]
    """Width and height for display, in pixels."""
    orientation: Orientation = UPRIGHT
    luma_range: Literal["limited", "full"] = "full"


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a frame is shown, for how long, and in which epoch."""

    pts: int
    pts_s: float
    duration_s: float
    epoch: Epoch


def continues(last_s: float, duration_s: float, pts_s: float) -> bool:
    """Whether a frame is near enough to the one before, of that duration, to share its epoch."""
    return pts_s - last_s <= max(LONGEST_GAP_S, LONGEST_GAP_FRAMES * duration_s)


class Timeline:
    """Turns the raw stamps of one iteration over a source into `Stamp` values.

    Parameters
    ----------
    time_base : Fraction
        Seconds per tick; greater than 0.
    first_pts : int or None
        Stamp of the source's first frame, also where reading begins later; None takes the first
        stamp that comes.
    rate_hz : Fraction or None
        Frames per second, for frames that do not say how long they last.
    start_utc : datetime or None
        When the source's first frame was taken.
    start_of : callable, optional
        The same of a live source, asked when an epoch begins: when its second 0 was, if the given
        second is now.
    spacing : Spacing, optional
        Of a live source, which may say 25 a second and send a picture each three: how far apart
        they come, which is noted here.

    Notes
    -----
    ``pts_s = (pts - first_pts) * num / den``: integers first, one division, because subtracting
    rounded seconds gives other results for a quarter of the stamps of a 90 kHz stream.
    """

    def __init__(
        self,
        time_base: Fraction,
        *,
        first_pts: int | None = None,
        rate_hz: Fraction | None = None,
        start_utc: datetime | None = None,
        start_of: Callable[[float], datetime | None] | None = None,
        spacing: Spacing | None = None,
    ) -> None:
        self.time_base = time_base
        self._base_pts = first_pts
        self._base_s = Fraction(0)  # when `_base_pts` is shown; moves on at a step back
        self._rate_known = rate_hz is not None and rate_hz > 0
        duration_s = 1 / rate_hz if rate_hz is not None and rate_hz > 0 else UNKNOWN_DURATION_S
        self._usual_ticks = max(1, round(duration_s / time_base))
        self._start_of = start_of or (lambda pts_s: start_utc)
        self._spacing = spacing
        self._last: Stamp | None = None
        self._shape: Shape | None = None
        self._last_ticks = 0
        self.dropped = 0
        """Frames left out because their stamp repeated the one before."""
        self.steps_back = 0
        """How often the stamps began again at an earlier time."""
        self.flips = 0
        """How often in a row the form of the picture has changed before an epoch was `SHORTEST_S`
        long: nothing can be followed in those."""

    @property
    def end_s(self) -> float:
        """When the newest frame ends; 0.0 before the first."""
        return self._last.pts_s + self._last.duration_s if self._last else 0.0

    def is_late(self, pts: int | None, most_s: float = LONGEST_GAP_S) -> bool:
        """Whether a stamp lies before the newest one, by no more than `most_s` seconds.

        Behind a hole, decoders give single pictures late. Taken as steps back in time, they would
        shift all that follows: by 0.64 s in a recording with 20 kB of zeros.
        """
        if pts is None or self._last is None:
            return False
        return 0 < (self._last.pts - pts) * self.time_base <= most_s

    def step(
        self,
        pts: int | None,
        shape: Shape,
        duration: int | None = None,
        *,
        since_s: float | None = None,
    ) -> Stamp | None:
        """Place the next frame in time.

        Parameters
        ----------
        pts : int or None
            Raw stamp in ticks; None follows the frame before at once.
        shape : Shape
            Form of the picture.
        duration : int or None
            Ticks that the frame lasts; None or 0 where it is not known.
        since_s : float or None
            Where its stamp is not to be trusted: an epoch begins, so long after the frame before.

        Returns
        -------
        Stamp or None
            None where the stamp equals the one before: the frame is to be dropped.
        """
        last = self._last
        if pts is None:
            pts = last.pts + self._last_ticks if last else self._base_pts or 0
        if last is None:
            # Threads on a damaged start may give a frame from before the known first one.
            self._base_pts = pts if self._base_pts is None else min(pts, self._base_pts)
        elif pts == last.pts:
            self.dropped += 1
            return None
        elif pts < last.pts or since_s is not None:
            self._begin_again(pts, last, since_s or 0.0)
        elif not self._rate_known:
            self._learn_duration(pts - last.pts)
        ticks = duration if duration is not None and duration > 0 else self._usual_ticks
        pts_s = self._seconds(pts)
        stamp = Stamp(
            pts=pts,
            pts_s=pts_s,
            duration_s=ticks * self.time_base.numerator / self.time_base.denominator,
            epoch=self._epoch(pts, pts_s, shape, last, is_cut=since_s is not None),
        )
        if self._spacing is not None and last is not None:
            self._spacing.note(pts_s - last.pts_s)
        self._last, self._last_ticks = stamp, ticks
        return stamp

    def _begin_again(self, pts: int, last: Stamp, since_s: float) -> None:
        """Let the new stretch follow the last frame so long after it, and never before its end."""
        self.steps_back += pts < last.pts
        base_pts = last.pts if self._base_pts is None else self._base_pts
        lasts_s = self._last_ticks * self.time_base
        self._base_s += (last.pts - base_pts) * self.time_base
        self._base_s += max(lasts_s, Fraction(round(since_s * 1000), 1000))
        self._base_pts = pts

    def _count_flips(self, shape: Shape, lasted_s: float) -> None:
        is_flip = shape != self._shape and lasted_s < SHORTEST_S
        self.flips = self.flips + 1 if is_flip else 0

    def _learn_duration(self, ticks: int) -> None:
        if ticks * self.time_base <= LONGEST_GAP_S:
            self._usual_ticks = ticks

    def _seconds(self, pts: int) -> float:
        base, tick = self._base_s, self.time_base
        ticks = pts - (self._base_pts or 0)
        return (base.numerator * tick.denominator + ticks * tick.numerator * base.denominator) / (
            base.denominator * tick.denominator
        )

    def _continues(self, last: Stamp, pts_s: float) -> bool:
        if continues(last.pts_s, last.duration_s, pts_s):
            return True
        usual_s = 0.0 if self._spacing is None else self._spacing.usual_s
        return pts_s - last.pts_s <= stretched(0.0, usual_s)

    def _epoch(
        self, pts: int, pts_s: float, shape: Shape, last: Stamp | None, *, is_cut: bool
    ) -> Epoch:
        """The running epoch, or a new one where the rule says so."""
        if last is not None:
            epoch = last.epoch
            if (
                not is_cut
                and pts > last.pts
                and self._continues(last, pts_s)
                and (shape is self._shape or shape == self._shape)
            ):
                return epoch
            self._count_flips(shape, pts_s - epoch.origin_s)
        self._shape = shape
        return Epoch(
            number=last.epoch.number + 1 if last else 0,
            size=shape.size,
            time_base=self.time_base,
            origin_s=pts_s,
            orientation=shape.orientation,
            luma_range=shape.luma_range,
            start_utc=self._start_of(pts_s),
        )
