"""JSON lines when an event opens, changes or closes: for whoever follows a running watch."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TextIO

from motionapp.core.errors import OutputError
from motionapp.core.event import STATE_EACH_S, Event, Segment
from motionapp.core.frame import Epoch, Frame
from motionapp.core.moment import Moment
from motionapp.sinks.appending import NO_ROTATION, LineOut
from motionapp.sinks.documents import (
    Document,
    crossing_document,
    event_document,
    json_line,
    progress_document,
    seconds,
    segment_document,
    utc_text,
)
from motionapp.sinks.rotation import Rotation


class JsonLinesSink:
    """Writes lines as they happen: the one output that does not wait to be whole.

    An event is told whole when it opens and when it closes. In between a line has what is new:
    once a label or a name has changed, and once a minute how it stands; trails come at the end.

    Parameters
    ----------
    target : Path or text stream
        A file, which is appended to, or an open stream (standard output, say), which is not closed.
    drops : callable
        How many pictures capture has dropped so far; for the last line.
    clock : callable
        Gives seconds; for the elapsed time in the last line.
    rotation : Rotation
        When a file is put aside for a new one.
    warn : callable
        Gets a sentence when the first line is lost to a full disk.
    """

    def __init__(
        self,
        target: Path | TextIO,
        *,
        drops: Callable[[], int] = lambda: 0,
        clock: Callable[[], float] = time.monotonic,
        rotation: Rotation = NO_ROTATION,
        warn: Callable[[str], None] = lambda line: None,
    ) -> None:
        self._out = LineOut(target, rotation=rotation, warn=warn)
        self._drops, self._clock = drops, clock
        self._began_s = clock()
        self._frames = 0
        self._start_utc: datetime | None = None
        """Of the running epoch: each may have its own."""
        self._former_utc: datetime | None = None
        """Of the epoch before: with the first frame of an epoch comes how that one ended."""
        self._epoch: Epoch | None = None
        self._told: dict[str, _Told] = {}
        """Of the open events, by id."""
        self._end_s = 0.0
        """When the newest frame ends."""
        self._is_lost = False
        self._is_done = False

    @property
    def complaint(self) -> str:
        """What could not be written, in a sentence; empty if nothing was lost."""
        return self._out.complaint

    def accept(self, moment: Moment) -> None:
        """Write a line for every event that opened, changed or closed, and for who crossed."""
        if moment.frame is not None:
            self._frames += 1
            self._enter(moment.frame.epoch)
            self._tell_return(moment.frame)
        for event in moment.opened:
            told = _Told(event.label, event.start_s + STATE_EACH_S, self._start_of(event))
            told.news_of(event)
            self._told[event.event_id] = told
            self._write({"type": "opened", "event": _whole(event, told.start_utc)})
        for event in moment.changed:
            self._tell(event, None if moment.frame is None else moment.frame.pts_s)
        for crossing in moment.crossings:
            self._write({"type": "crossing", **crossing_document(crossing)})
        for event in moment.closed:
            closed = self._told.pop(event.event_id, None)
            start_utc = self._start_of(event) if closed is None else closed.start_utc
            self._write({"type": "closed", "event": _whole(event, start_utc)})
        if moment.loss:
            self._tell_loss(moment.loss)

    def reopen(self) -> None:
        """Write the next line into a file of the same name: the old one was put aside."""
        self._out.reopen()

    def close(self) -> None:
        """Write the last line: frames, drops and elapsed time.

        Raises
        ------
        OutputError
            Lines were lost.
        """
        if self._is_done:
            return
        elapsed_s = round(max(0.0, self._clock() - self._began_s), 3)
        figures = {"frames": self._frames, "drops": self._drops(), "elapsed_s": elapsed_s}
        self._is_done = True
        try:
            self._write({"type": "ended", **figures})
        finally:
            self._out.close()
        if self.complaint:
            raise OutputError(self.complaint)

    def abandon(self) -> None:
        """Stop where we are: a missing last line says that it did not end well."""
        self._is_done = True
        self._out.abandon()

    def _enter(self, epoch: Epoch) -> None:
        if epoch is not self._epoch:
            self._epoch = epoch
            self._former_utc, self._start_utc = self._start_utc, epoch.start_utc

    def _start_of(self, event: Event) -> datetime | None:
        """When second 0 was, by the epoch in which an event began."""
        is_former = self._epoch is not None and event.start_s < self._epoch.origin_s
        return self._former_utc if is_former else self._start_utc

    def _tell(self, event: Event, now_s: float | None) -> None:
        told = self._told.setdefault(event.event_id, _Told(event.label, event.start_s, None))
        is_due = now_s is not None and now_s >= told.due_s
        if not is_due and not told.is_news(event):
            return
        while now_s is not None and told.due_s <= now_s:
            told.due_s += STATE_EACH_S
        # One line tells both: with each minute there is one of that kind, come what may.
        kind = "open" if is_due else "changed"
        before = dict(told.segments), dict(told.names)
        news = told.news_of(event) if is_due else told.names_of(event)
        if not self._write(progress_document(kind, event, news)):
            told.segments, told.names = before  # the next line that finds room has them

    def _tell_loss(self, why: str) -> None:
        """How it is lost; once more where the reason has changed."""
        self._is_lost = True
        self._write(
            {
                "type": "lost",
                "t_s": seconds(self._end_s),
                "utc": utc_text(self._start_utc, self._end_s),
                "why": why,
            }
        )

    def _tell_return(self, frame: Frame) -> None:
        if self._is_lost:
            self._is_lost = False
            self._write(
                {
                    "type": "back",
                    "t_s": seconds(frame.pts_s),
                    "utc": utc_text(self._start_utc, frame.pts_s),
                    "outage_s": seconds(frame.pts_s - self._end_s),
                }
            )
        self._end_s = frame.pts_s + frame.duration_s

    def _write(self, document: Document) -> bool:
        return self._out.write(json_line(document))


@dataclass(slots=True)
class _Told:
    """What has been said of an open event."""

    label: str
    due_s: float
    """When its state is said next, whatever has changed."""
    start_utc: datetime | None
    """When second 0 was, by the epoch in which it opened: it closes when the next one has begun."""
    names: dict[tuple[int, float], tuple[str, ...]] = field(default_factory=dict)
    """What its segments are called, by group and start."""
    segments: dict[tuple[int, float], Document] = field(default_factory=dict)
    """As they were written last."""

    def is_news(self, event: Event) -> bool:
        """Whether anything is called otherwise. That a segment goes on is none: it always does."""
        return event.label != self.label or any(
            self.names.get(_key(segment)) != _names(segment) for segment in event.segments
        )

    def names_of(self, event: Event) -> list[Document]:
        """The segments that are new or have another name.

        Whoever goes on as before is told with the minute: of four people who never rest, one who
        got another name had all four of them told, 3.7 kB where 0.3 are enough.
        """
        self.label = event.label
        news = []
        for segment in event.segments:
            if self.names.get(_key(segment)) != _names(segment):
                self.names[_key(segment)] = _names(segment)
                self.segments[_key(segment)] = _without_trail(segment)
                news.append(self.segments[_key(segment)])
        return news

    def news_of(self, event: Event) -> list[Document]:
        """The segments that are not as they were written last; from now on they are."""
        self.label = event.label
        news = []
        for segment in event.segments:
            document = _without_trail(segment)
            if self.segments.get(_key(segment)) != document:
                news.append(document)
                self.segments[_key(segment)] = document
            self.names[_key(segment)] = _names(segment)
        return news


def _without_trail(segment: Segment) -> Document:
    """Where it went is told once, when all is over: trails are two thirds of a segment."""
    return {**segment_document(segment), "trail": []}


def _whole(event: Event, start_utc: datetime | None) -> Document:
    return event_document(event, start_utc=start_utc)


def _key(segment: Segment) -> tuple[int, float]:
    return segment.group, round(segment.start_s, 3)


def _names(segment: Segment) -> tuple[str, ...]:
    return (segment.label, *(name.label for name in segment.names))
