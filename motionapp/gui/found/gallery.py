"""The small pictures of the events that are listed, in bounded room. No Qt."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from motionapp.core.event import Event, Segment
from motionapp.gui.play.glimpses import EventPictures

MOST_BYTES: Final = 32_000_000
"""Of all pictures: those of 5,000 events with one person each and more; the ones that were neither
taken nor looked at for longest go."""
SAME_WITHIN_S: Final = 1.0
"""What is seen again after a seek begins so much earlier or later at most."""


class Gallery:
    """Keeps pictures by the ids of events.

    Parameters
    ----------
    most_bytes : int
        Room for all of them.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._known: dict[str, EventPictures] = {}
        """The one that was asked for last stands last."""

    def __len__(self) -> int:
        return len(self._known)

    @property
    def held_bytes(self) -> int:
        """What the pictures take."""
        return self._bytes

    def put(self, pictures: Iterable[EventPictures]) -> None:
        """Keep them; where more is known of an event, that stays."""
        for one in pictures:
            known = self._known.get(one.event_id)
            if known is None or len(known.segments) <= len(one.segments):
                self._take_out(one.event_id)
                self._known[one.event_id] = one
                self._bytes += _bytes_of(one)
        while self._bytes > self._most_bytes:
            self._take_out(next(iter(self._known)))

    def clear(self) -> None:
        """Another source."""
        self._known.clear()
        self._bytes = 0

    def of(self, event: Event, segment: Segment | None = None) -> bytes:
        """The picture of an event, or of who did what in it, as JPEG; empty where there is none."""
        known = self._known.pop(event.event_id, None)
        if known is None:
            return b""
        self._known[event.event_id] = known
        if segment is None:
            return known.jpeg
        same = [one for one in known.segments if one.group == segment.group]
        nearest = min(same, key=lambda one: abs(one.start_s - segment.start_s), default=None)
        if nearest is None or abs(nearest.start_s - segment.start_s) > SAME_WITHIN_S:
            return b""
        return nearest.jpeg

    def _take_out(self, event_id: str) -> None:
        known = self._known.pop(event_id, None)
        if known is not None:
            self._bytes -= _bytes_of(known)


def _bytes_of(pictures: EventPictures) -> int:
    """An event's own picture is one of its segments', where it has some."""
    own = 0 if pictures.segments else len(pictures.jpeg)
    return own + sum(len(one.jpeg) for one in pictures.segments)
