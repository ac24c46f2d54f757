"""Stretches of activity, and who did what in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from motionapp.core.geometry import Box

MOTION = "motion"
"""The label where no classifier looked."""
UNKNOWN = "unknown"
"""The label where one looked and declined."""
WHOLE_PICTURE = "all"
"""The zone where none is drawn."""
STATE_EACH_S = 60.0
"""An open event is told once a minute, changed or not: who follows knows that it goes on."""

EndedBy = Literal["motion", "settings", "epoch", "length", "end", "lost", "interrupted"]


@dataclass(frozen=True, slots=True)
class Name:
    """What one of several networks calls a segment."""

    model: str
    label: str
    score: float | None


@dataclass(frozen=True, slots=True)
class Segment:
    """One group doing one thing, within an event."""

    label: str
    score: float | None
    """Mean probability of the label; None where no classifier looked."""
    start_s: float
    end_s: float
    group: int
    track_ids: tuple[int, ...]
    box: Box
    """The union of where the group was."""
    trail: tuple[tuple[float, float, float], ...]
    """`(t_s, x, y)` of the group's centre, a bounded number of points."""
    names: tuple[Name, ...] = ()
    """What each of several networks calls it, the deciding one first; empty where one is alone."""

    @property
    def duration_s(self) -> float:
        """Seconds from start to end."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class Event:
    """A stretch of activity in one zone."""

    event_id: str
    """`<zone>@<start in ms>`."""
    zone: str
    start_s: float
    end_s: float
    """Time of the first frame without motion; while open, of the newest frame with motion."""
    label: str
    score: float | None
    peak_s: float
    """When most was moving."""
    box: Box
    """What moved at the peak."""
    segments: tuple[Segment, ...] = ()
    ended_by: EndedBy | None = None
    """None while the event is open."""

    @property
    def duration_s(self) -> float:
        """Seconds from start to end."""
        return self.end_s - self.start_s
