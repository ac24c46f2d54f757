"""The events that the list shows, newest first. No Qt.

A recording may be seen several times over: looped, or from an event on. What is found again
takes the place of what it overlaps, so that the list stays one line an event.
"""

from __future__ import annotations

from collections.abc import Iterator

from motionapp.core.event import Event
from motionapp.core.moment import Moment

MOST_EVENTS = 2000
"""The oldest are forgotten: a camera may run for months."""


class EventLog:
    """What has been found so far, in the order of its beginnings."""

    def __init__(self) -> None:
        self._events: list[Event] = []

    def __len__(self) -> int:
        return len(self._events)

    def __iter__(self) -> Iterator[Event]:
        """Newest first."""
        return reversed(self._events)

    def __getitem__(self, row: int) -> Event:
        """Row 0 is the newest."""
        return self._events[-1 - row]

    def note(self, moment: Moment) -> bool:
        """Take over what happened at `moment`. False: nothing changed."""
        changed = False
        for event in (*moment.opened, *moment.changed, *moment.closed):
            changed |= self._note(event)
        return changed

    def clear(self) -> None:
        """Forget all, as for another source."""
        self._events.clear()

    def forget_open(self) -> None:
        """Drop what is still open: its analysis has been given up."""
        self._events = [event for event in self._events if event.ended_by is not None]

    def _note(self, event: Event) -> bool:
        others = [
            known
            for known in self._events
            if known.event_id != event.event_id and _are_the_same(known, event)
        ]
        if any(_extent_s(known) > _extent_s(event) for known in others):
            return False  # seen again, and as yet less of it than before
        gone = {event.event_id, *(known.event_id for known in others)}
        self._events = [known for known in self._events if known.event_id not in gone]
        self._events.append(event)
        self._events.sort(key=lambda known: known.start_s)
        del self._events[:-MOST_EVENTS]
        return True


def _extent_s(event: Event) -> float:
    return event.end_s - event.start_s


def _are_the_same(first: Event, second: Event) -> bool:
    """In one zone, and the shorter lies in the other by more than half."""
    common_s = min(first.end_s, second.end_s) - max(first.start_s, second.start_s)
    shorter_s = min(_extent_s(first), _extent_s(second))
    return first.zone == second.zone and common_s > 0 and common_s > shorter_s / 2
