"""Whether pictures came too seldom for all that the analysis was asked to tell.

Events are told at any rate, and what a rate costs is said in one line of the summary.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from motionapp.core.frame import Frame
from motionapp.core.pace import ROUNDING, Pace

EVENTS_STEP_S: Final = (1 + ROUNDING) * 1.0
"""At one picture a second the ten movements of the demo, 4 s each, are ten events; at one in two
seconds six, since those that follow each other soon become one."""

LEAST_SHARE: Final = 0.05
"""Of the recording: a camera that stalls now and then is not slow."""


class Slowness:
    """Adds up the seconds in which pictures come seldom."""

    def __init__(self) -> None:
        self._pace = Pace()
        self._seconds: dict[float, float] = {}

    @property
    def seconds(self) -> Mapping[float, float]:
        """How many there are of each step between pictures, in hundredths of a second."""
        return self._seconds

    def step(self, frame: Frame) -> None:
        """Take note of a frame."""
        step_s = self._pace.step(frame.pts_s, frame.duration_s)
        self._add(min(round(step_s, 2), 3600.0), step_s)

    def lead_in(self, frame: Frame) -> None:
        """A frame before those that count: only the pace is learnt from it."""
        self._pace.step(frame.pts_s, frame.duration_s)

    def include(self, seconds: Mapping[float, float]) -> None:
        """Add what another has added up."""
        for step_s, long_s in seconds.items():
            self._add(step_s, long_s)

    def note(self, *, naming_step_s: float | None) -> str | None:
        """One sentence about what a low rate costs; None where it costs nothing.

        Parameters
        ----------
        naming_step_s : float or None
            Seconds between pictures up to which a network can name; None without one.
        """
        if slow := self._slower_than(EVENTS_STEP_S):
            return (
                f"{slow}: below 1 per second, whoever is gone before the second picture leaves no "
                "event, and events that follow each other soon are one"
            )
        if naming_step_s is not None and (slow := self._slower_than(naming_step_s)):
            return (
                f"{slow}: below {1 / naming_step_s:.1f} per second, movements are found but "
                "not named"
            )
        return None

    def _add(self, step_s: float, long_s: float) -> None:
        self._seconds[step_s] = self._seconds.get(step_s, 0.0) + long_s

    def _slower_than(self, longest_s: float) -> str:
        """How many seconds there are of it and at what rate; empty if there are few."""
        slow = {step_s: s for step_s, s in self._seconds.items() if step_s > longest_s}
        slow_s, all_s = sum(slow.values()), sum(self._seconds.values())
        if slow_s <= LEAST_SHARE * all_s:
            return ""
        usual_s = max(slow, key=lambda step_s: slow[step_s])
        return f"{slow_s:.0f} of {all_s:.0f} s have {1 / usual_s:.2g} pictures per second"
