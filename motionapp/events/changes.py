"""What one frame did to events."""

from __future__ import annotations

from dataclasses import dataclass

from motionapp.core.event import Event


@dataclass(frozen=True, slots=True)
class EventChanges:
    """What became of events at one frame."""

    opened: tuple[Event, ...] = ()
    changed: tuple[Event, ...] = ()
    closed: tuple[Event, ...] = ()
    peaks: tuple[str, ...] = ()
    """Ids of those that have not been larger so far, also where nobody has been told of them."""

    def __add__(self, other: EventChanges) -> EventChanges:
        return EventChanges(
            self.opened + other.opened,
            self.changed + other.changed,
            self.closed + other.closed,
            self.peaks + other.peaks,
        )


NOTHING = EventChanges()
"""At most frames."""
