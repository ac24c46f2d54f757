"""What happens, one line each, for a person who reads along."""

from __future__ import annotations

from typing import TextIO

from motionapp.core.event import Event
from motionapp.core.moment import Moment
from motionapp.core.wording import clock_text, name_text


class PlainLinesSink:
    """Writes a line when an event opens, gets another name, or closes. Nothing to publish."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._labels: dict[str, str] = {}
        """Of the open events, by id."""

    def accept(self, moment: Moment) -> None:
        """Write what happened at this moment, if anything."""
        for event in moment.opened:
            self._labels[event.event_id] = event.label
            self._say(event, f"{event.label} ...")
        for event in moment.changed:
            if self._labels.get(event.event_id) != event.label:
                self._labels[event.event_id] = event.label
                self._say(event, f"{event.label} ...")
        for event in moment.closed:
            self._labels.pop(event.event_id, None)
            self._say(event, closed_text(event))

    def close(self) -> None:
        """Every line is written already."""

    def abandon(self) -> None:
        """What was said stays said."""

    def _say(self, event: Event, text: str) -> None:
        self._stream.write(f"{clock_text(event.start_s)}  {text}\n")
        self._stream.flush()


def closed_text(event: Event) -> str:
    """Name, score and length of a closed event, and why it ended if not by itself."""
    ended = "" if event.ended_by in ("motion", None) else f" ({ENDINGS[str(event.ended_by)]})"
    return f"{name_text(event.label, event.score)}, {event.duration_s:.1f} s{ended}"


ENDINGS = {
    "settings": "settings were changed",
    "epoch": "the picture changed",
    "length": "went on",
    "end": "the recording ended",
    "lost": "the source was lost",
    "interrupted": "stopped",
}
