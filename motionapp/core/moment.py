"""All that is known at one frame: the one type that reaches sinks and windows."""

from __future__ import annotations

from dataclasses import dataclass

from motionapp.core.clip import Prediction
from motionapp.core.crossing import Crossing
from motionapp.core.event import Event
from motionapp.core.frame import Frame
from motionapp.core.motion import STILL, Motion
from motionapp.core.track import Group, Track


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """What is known at one frame. No history."""

    source: str
    """Name of the source."""
    frame: Frame | None
    """None in the last moment, which closes what is open."""
    motion: Motion = STILL
    """What was seen at it; where it was not looked at, at the last frame that was."""
    tracks: tuple[Track, ...] = ()
    groups: tuple[Group, ...] = ()
    predictions: tuple[Prediction, ...] = ()
    """Made at this very frame."""
    looked: bool = True
    """False for a frame that nobody looked at: motion, tracks and groups are those of the last one
    that was."""
    is_resting: bool = False
    """Nothing has moved for so long that all but the gate starts afresh: what comes is found as by
    who has seen nothing before."""
    opened: tuple[Event, ...] = ()
    changed: tuple[Event, ...] = ()
    closed: tuple[Event, ...] = ()
    peaks: tuple[str, ...] = ()
    """Ids of the events of which this frame is the peak so far, also of those that nobody has been
    told of yet."""
    crossings: tuple[Crossing, ...] = ()
    """Who has gone over a line that is drawn, as became sure at this frame."""
    loss: str = ""
    """Why the source has been lost, where it is looked for again; empty: it has not."""
