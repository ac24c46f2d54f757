"""What happens, one line each, for a person who reads along."""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

from motionapp.core.errors import OutputError
from motionapp.core.event import Event
from motionapp.core.frame import Frame
from motionapp.core.moment import Moment
from motionapp.core.wording import clock_text, name_text
from motionapp.sinks.appending import LineOut


class PlainLinesSink:
    """Writes a line when an event opens, gets another name, or closes, and when somebody goes over
    a line that is drawn. Nothing to publish."""

    def __init__(self, stream: TextIO, *, warn: Callable[[str], None] = lambda line: None) -> None:
        self._out = LineOut(stream, warn=warn)
        self._labels: dict[str, str] = {}
        """Of the open events, by id."""
        self._end_s = 0.0
        """When the newest frame ends."""
        self._is_lost = False

    @property
    def complaint(self) -> str:
        """What could not be written, in a sentence; empty if nothing was lost."""
        return self._out.complaint

    def accept(self, moment: Moment) -> None:
        """Write what happened at this moment, if anything."""
        if moment.frame is not None:
            self._tell_return(moment.frame)
        self._is_lost = self._is_lost or bool(moment.loss)
        for event in moment.opened:
            self._labels[event.event_id] = event.label
            self._say(event, f"{event.label} ...")
        for event in moment.changed:
            if self._labels.get(event.event_id) != event.label:
                self._labels[event.event_id] = event.label
                self._say(event, f"{event.label} ...")
        for crossing in moment.crossings:
            self._out.write(
                f"{clock_text(crossing.t_s)}  over {crossing.zone} to the {crossing.direction}"
            )
        for event in moment.closed:
            self._labels.pop(event.event_id, None)
            self._say(event, closed_text(event))

    def close(self) -> None:
        """Every line is written already; raises `OutputError` where some could not be."""
        if self.complaint:
            raise OutputError(self.complaint)

    def abandon(self) -> None:
        """What was said stays said."""

    def _tell_return(self, frame: Frame) -> None:
        if self._is_lost:
            self._is_lost = False
            self._out.write(
                f"{clock_text(frame.pts_s)}  back after {frame.pts_s - self._end_s:.1f} s"
            )
        self._end_s = frame.pts_s + frame.duration_s

    def _say(self, event: Event, text: str) -> None:
        self._out.write(f"{clock_text(event.start_s)}  {text}")


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
