"""Somebody has gone over a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Direction = Literal["left", "right"]
"""To which side of a line: as seen by whoever walks along it from its first point to its last, on
the picture as on a map."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """One track has gone over one line."""

    zone: str
    """The line's name."""
    t_s: float
    """When the centre of its box lay on the line, which may be between two frames."""
    track_id: int
    """As in the segments of events; counted from 1 after each rest."""
    direction: Direction
    """The side that it went to."""
