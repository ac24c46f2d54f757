"""The open events and the line of status: what stands in the corners."""

from __future__ import annotations

from motionapp.core.event import WHOLE_PICTURE, Event
from motionapp.core.moment import Moment
from motionapp.core.wording import name_text
from motionapp.overlay.palette import label_colour
from motionapp.overlay.style import Sizes
from motionapp.overlay.text import Plates

MOST_EVENTS = 4
"""More would hide the picture; how many are left out is said."""


class OpenEvents:
    """Which events are open, told from the moments, which have no history of their own."""

    def __init__(self) -> None:
        self._open: dict[str, Event] = {}

    def step(self, moment: Moment) -> tuple[Event, ...]:
        """The events that are open after `moment`, the oldest first."""
        for event in (*moment.opened, *moment.changed):
            self._open[event.event_id] = event
        for event in moment.closed:
            self._open.pop(event.event_id, None)
        return tuple(self._open.values())


def draw_events(events: tuple[Event, ...], now_s: float, plates: Plates, sizes: Sizes) -> None:
    """Name the open events in the upper left corner, one a line."""
    y = sizes.gap_px
    for event in events[:MOST_EVENTS]:
        plate = plates.at(sizes.gap_px, y, event_text(event, now_s), label_colour(event.label))
        y = plate.y1 + sizes.gap_px // 2
    if len(events) > MOST_EVENTS:
        plates.at(sizes.gap_px, y, f"and {len(events) - MOST_EVENTS} more")


def draw_status(text: str, height: int, plates: Plates, sizes: Sizes) -> None:
    """Put the line of status in the lower left corner."""
    plates.at(sizes.gap_px, height - sizes.gap_px - plates.extent(text)[1], text)


def event_text(event: Event, now_s: float) -> str:
    """Name and age of an open event, with its zone where one is drawn."""
    zone = "" if event.zone == WHOLE_PICTURE else f"{event.zone}: "
    name = name_text(event.label, event.score)
    return f"{zone}{name} · {max(0.0, now_s - event.start_s):.1f} s"
