"""The events of one input as files: events.json, events.csv, segments.csv."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from motionapp.core.crossing import Crossing
from motionapp.core.event import Event
from motionapp.core.moment import Moment
from motionapp.files.atomic import discard, publish, stage
from motionapp.sinks.documents import Document, Skipped, events_document, events_text
from motionapp.sinks.origin import UNKNOWN_ORIGIN, Origin

EVENTS_JSON: Final = "events.json"
EVENTS_CSV: Final = "events.csv"
SEGMENTS_CSV: Final = "segments.csv"

_BOX = ("x0", "y0", "x1", "y1")
_TIMES = ("start_s", "end_s", "duration_s")
EVENT_COLUMNS: Final = ("id", "zone", "label", "score", *_TIMES, *_BOX)
SEGMENT_COLUMNS: Final = ("event", "group", "track_ids", "label", "score", *_TIMES, *_BOX)


class Attachments(Protocol):
    """A sink that makes a file an event; it is closed before the events are written."""

    def fields_of(self, event: Event) -> Mapping[str, object]:
        """The event's fields in events.json; paths are relative to it, with forward slashes."""
        ...


class EventsSink:
    """Collects closed events and writes the three files on `close`.

    Parameters
    ----------
    folder : Path
        Exists already.
    source : str
        Base name of the input, as it stands in events.json.
    attachments : sequence of Attachments
        Sinks whose files events.json names.
    origin : Origin
        What the events are made of and by.
    counts_crossings : bool
        A line is drawn: events.json has a list of who went over it, be it empty.
    joined : callable
        Asked at the end: the recordings that are joined, and the second that each begins at.
    skipped : callable
        Asked at the end which stretches were skipped.
    """

    def __init__(
        self,
        folder: Path,
        source: str,
        *,
        attachments: Sequence[Attachments] = (),
        origin: Origin = UNKNOWN_ORIGIN,
        counts_crossings: bool = False,
        joined: Callable[[], Sequence[tuple[str, float]]] = lambda: (),
        skipped: Callable[[], Skipped] = lambda: None,
    ) -> None:
        self._folder = folder
        self._source = source
        self._attachments, self._origin, self._joined = tuple(attachments), origin, joined
        self._skipped = skipped
        self._events: list[Event] = []
        self._crossings: list[Crossing] | None = [] if counts_crossings else None
        self._start_utc: datetime | None = None
        self._is_done = False

    def accept(self, moment: Moment) -> None:
        """Take note of what closed."""
        if moment.frame is not None and self._start_utc is None:
            self._start_utc = moment.frame.epoch.start_utc
        self._events += moment.closed
        if self._crossings is not None:
            self._crossings += moment.crossings

    def close(self) -> None:
        """Write the files: all are on the disk before the first one gets its name."""
        if self._is_done:
            return
        self._is_done = True
        # By start, since several zones may close theirs in another order.
        events = sorted(self._events, key=lambda event: (event.start_s, event.zone))
        document = events_document(
            self._source,
            events,
            start_utc=self._start_utc,
            fields_of=self.fields_of,
            origin=self._origin,
            crossings=in_order(self._crossings),
            joined=self._joined(),
            skipped=self._skipped(),
        )
        # events.json last: it says that an input is done.
        texts = {
            SEGMENTS_CSV: segments_table(document["events"]),
            EVENTS_CSV: events_table(document["events"]),
            EVENTS_JSON: events_text(document),
        }
        try:
            for name, text in texts.items():
                stage(self._folder / name, text)
            for name in texts:
                publish(self._folder / name)
        finally:
            self._discard()

    def abandon(self) -> None:
        """Nothing has been written yet, and nothing will be."""
        self._is_done = True

    def fields_of(self, event: Event) -> Mapping[str, object]:
        """The fields of the event's files, of all attachments."""
        fields: dict[str, object] = {}
        for attachment in self._attachments:
            fields.update(attachment.fields_of(event))
        return fields

    def _discard(self) -> None:
        for name in (EVENTS_JSON, EVENTS_CSV, SEGMENTS_CSV):
            discard(self._folder / name)


def in_order(crossings: Sequence[Crossing] | None) -> list[Crossing] | None:
    """By time, as they stand in events.json; None of none."""
    if crossings is None:
        return None
    # Sure later than another, it may have been earlier.
    return sorted(crossings, key=lambda one: (one.t_s, one.zone, one.track_id, one.direction))


def events_table(events: Iterable[Document]) -> str:
    """One row an event, with a head line."""
    return _table(
        EVENT_COLUMNS, [[event["id"], event["zone"], *_common(event)] for event in events]
    )


def segments_table(events: Iterable[Document]) -> str:
    """One row a segment, with a head line and the id of its event."""
    rows = [
        [event["id"], segment["group"], " ".join(map(str, segment["track_ids"])), *_common(segment)]
        for event in events
        for segment in event["segments"]
    ]
    return _table(SEGMENT_COLUMNS, rows)


def _common(document: Document) -> list[object]:
    """Label, score, times and box: what events and segments share."""
    score = "" if document["score"] is None else document["score"]
    start_s, end_s = document["start_s"], document["end_s"]
    times = (f"{value:.3f}" for value in (start_s, end_s, end_s - start_s))
    return [document["label"], score, *times, *document["box"]]


def _table(columns: Iterable[str], rows: Iterable[list[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()
