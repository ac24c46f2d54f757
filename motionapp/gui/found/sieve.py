"""Which events are listed: a plain value that a person changes. No Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from motionapp.gui.found.log import Found


@dataclass(frozen=True, slots=True)
class Sieve:
    """What an event has to be, to be listed."""

    label: str | None = None
    """Called so, or with somebody in it who is; None: whatever it is called."""
    zone: str | None = None
    """In this zone; None: in any."""
    least_score: float = 0.0
    """0 to 1. Events without a score, as nothing named them, are listed all the same."""

    @property
    def is_open(self) -> bool:
        """Whether it lets everything through."""
        return self == Sieve()

    def lets(self, found: Found) -> bool:
        """Whether an event is listed."""
        event = found.event
        if self.zone is not None and event.zone != self.zone:
            return False
        if event.score is not None and event.score < self.least_score:
            return False
        if self.label is None:
            return True
        return self.label in {event.label, *(segment.label for segment in event.segments)}


def labels_of(found: Iterable[Found]) -> tuple[str, ...]:
    """What events and who is in them are called, in the order of the alphabet."""
    names: set[str] = set()
    for one in found:
        names |= {one.event.label, *(segment.label for segment in one.event.segments)}
    return tuple(sorted(names))


def zones_of(found: Iterable[Found]) -> tuple[str, ...]:
    """The zones in which something was found, in the order of the alphabet."""
    return tuple(sorted({one.event.zone for one in found}))
