"""Faults of the camera itself, told with the wall-clock time at which they begin and end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from motionapp.core.frame import Epoch, level_for
from motionapp.core.moment import Moment
from motionapp.edge.camera.health import LOOK_S, FaultKind, Health

WIDTH_PX: Final = 160
"""Of the pictures that are looked at: as they were when the limits were measured."""
WORDS: Final[dict[FaultKind, str]] = {
    "covered": "hardly any edge is left of what it saw",
    "turned": "it sees another scene than before",
    "blurred": "what it sees has become soft",
    "frozen": "nothing in its picture changes any more, not even noise",
}
Told = Callable[[FaultKind, datetime, str], None]
"""Given what it is, when that began or ended, and why it was told; empty: it is over."""


class HealthSink:
    """Looks at a picture each second, and tells what is wrong with the camera.

    Parameters
    ----------
    told : callable
    """

    def __init__(self, told: Told) -> None:
        self._told = told
        self._health = Health()
        self._epoch: Epoch | None = None
        self._due_s = 0.0

    def accept(self, moment: Moment) -> None:
        """Look, where it is time to."""
        frame = moment.frame
        if frame is None:
            return
        if frame.epoch is not self._epoch:
            self._restart(frame.epoch, frame.pts_s)
        if frame.pts_s < self._due_s:
            return
        self._due_s = frame.pts_s + LOOK_S
        small = frame.luma_at(level_for(frame.epoch.size[0], WIDTH_PX))
        for change in self._health.step(small, frame.pts_s, is_moving=moment.motion.moved):
            why = WORDS[change.kind] if change.turn == "begins" else ""
            self._tell(change.kind, frame.epoch, change.pts_s, why)

    def close(self) -> None:
        """There is nothing to publish: a fault outlasts the process that saw it."""

    def abandon(self) -> None:
        """Nor to remove."""

    def _restart(self, epoch: Epoch, pts_s: float) -> None:
        """Nothing crosses an epoch: whether a fault goes on is seen anew."""
        for kind in self._health.open_faults:
            self._tell(kind, epoch, pts_s, "")
        self._health.restart()
        self._epoch, self._due_s = epoch, pts_s

    def _tell(self, kind: FaultKind, epoch: Epoch, at_s: float, why: str) -> None:
        if epoch.start_utc is not None:
            self._told(kind, epoch.start_utc + timedelta(seconds=at_s), why)
