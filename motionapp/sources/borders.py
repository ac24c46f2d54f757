"""The rules where one recording ends and the next one begins: its place in time, and its epoch.

Values and arithmetic alone; which files there are is known to `joined`.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime

from motionapp.core.frame import Epoch, Frame
from motionapp.sources.timeline import continues

CLOSED_GAP_S = 2.0
"""Names give whole seconds, and recorders take a moment to begin the next file: so much between
the end of a recording and the start of the next one is no gap."""


class Clock:
    """Places recordings on the time line by when they began, where that is known."""

    def __init__(self) -> None:
        self._anchor: tuple[datetime, float] | None = None

    def place(
        self, start_utc: datetime | None, end_s: float, *, keeps_pause: bool = False
    ) -> float:
        """Where a recording begins whose forerunner ends at `end_s`: never before that.

        Between them may lie a recording of unknown length, which then `keeps_pause` however short.
        It is measured from the first one, so that what is lost between many of them adds up to a
        gap in the end, instead of shifting all that follows.
        """
        if start_utc is None:
            return end_s
        if self._anchor is None:
            self._anchor = (start_utc, end_s)
        anchor_utc, anchor_s = self._anchor
        offset_s = anchor_s + (start_utc - anchor_utc).total_seconds()
        if offset_s - end_s > (0.0 if keeps_pause else CLOSED_GAP_S):
            return offset_s
        if end_s - offset_s > CLOSED_GAP_S:  # the clock was set back, or the header tells the end
            self._anchor = (start_utc, end_s)
        return end_s


class Border:
    """Gives the frames of all recordings the indexes and epochs of one.

    A file continues the epoch of the former one if size, orientation, range and time base are the
    same and no long gap lies between them. `Frame.pts` stays what the file says.
    """

    def __init__(self, start_utc: datetime | None) -> None:
        self._start_utc = start_utc
        self._index = 0
        self._own: Epoch | None = None
        self._shared: Epoch | None = None
        self._last = (0.0, 0.0)
        """Time and duration of the newest frame."""

    def placed(self, frame: Frame, begin_s: float) -> Frame:
        """`frame` of a recording that begins at `begin_s`."""
        pts_s = begin_s + frame.pts_s
        epoch = self._epoch(frame, begin_s, pts_s)
        self._last = (pts_s, frame.duration_s)
        self._index += 1
        return dataclasses.replace(frame, index=self._index - 1, pts_s=pts_s, epoch=epoch)

    def _epoch(self, frame: Frame, begin_s: float, pts_s: float) -> Epoch:
        if self._shared is not None and frame.epoch is self._own:
            return self._shared
        # Epochs within a file stay apart: only its first one may continue the former file's.
        is_first = frame.epoch.number == 0
        if self._shared is None or not (is_first and self._goes_on(frame, pts_s)):
            self._shared = dataclasses.replace(
                frame.epoch,
                number=self._shared.number + 1 if self._shared else 0,
                origin_s=begin_s + frame.epoch.origin_s,
                start_utc=self._start_utc,
            )
        self._own = frame.epoch
        return self._shared

    def _goes_on(self, frame: Frame, pts_s: float) -> bool:
        """Whether a file's first frame continues the epoch in which the former file ended."""
        last, own = self._shared, frame.epoch
        return (
            last is not None
            and (last.size, last.orientation) == (own.size, own.orientation)
            and (last.luma_range, last.time_base) == (own.luma_range, own.time_base)
            and continues(self._last[0], self._last[1], pts_s)
        )
