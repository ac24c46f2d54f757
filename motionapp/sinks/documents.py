"""Events as plain documents: the one place where seconds are rounded. See docs/schemas."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from motionapp.core.crossing import Crossing
from motionapp.core.event import MOTION, Event, Name, Segment
from motionapp.core.geometry import Box
from motionapp.sinks.origin import UNKNOWN_ORIGIN, Origin

EVENTS_SCHEMA: Final = 1

Document = dict[str, Any]  # what JSON holds: the schemas in docs/schemas say what stands where
Skipped = Sequence[tuple[float, float]] | None
"""From and up to which seconds nothing was looked for; None where all was read."""
FieldsOf = Callable[[Event], Mapping[str, object]]


def events_document(
    source: str,
    events: Iterable[Event],
    *,
    start_utc: datetime | None = None,
    fields_of: FieldsOf = lambda event: {},
    origin: Origin = UNKNOWN_ORIGIN,
    crossings: Iterable[Crossing] | None = None,
    joined: Iterable[tuple[str, float]] = (),
    skipped: Skipped = None,
) -> Document:
    """The whole of ``events.json``.

    Parameters
    ----------
    source : str
        Base name of the input.
    events : iterable of Event
        Closed ones, in the order in which they are written.
    start_utc : datetime or None
        When the source's first frame was taken.
    fields_of : callable
        What is known of the files that belong to an event: ``clip``, ``clip_start_s`` and
        ``thumbnail``; what it leaves out is None.
    origin : Origin
        What they were made of and by.
    crossings : iterable of Crossing, optional
        Who went over which line; None where no line is drawn: then nothing is said of lines.
    joined : iterable of (str, float)
        The recordings that are joined, and the second that each begins at; without any, nothing is
        said of them.
    skipped : sequence of (float, float), optional
        What a fast scan has skipped, in seconds; None where there was none, and nothing is said.
    """
    documents = [
        event_document(event, start_utc=start_utc, fields=fields_of(event)) for event in events
    ]
    head: Document = {"schema": EVENTS_SCHEMA, "source": source, **origin.document}
    if parts := [{"file": name, "start_s": seconds(begin_s)} for name, begin_s in joined]:
        head["joined"] = parts
    if skipped is not None:
        head["skipped"] = [[seconds(from_s), seconds(to_s)] for from_s, to_s in skipped]
    document: Document = {**head, "events": documents}
    if crossings is not None:
        document["crossings"] = [crossing_document(crossing) for crossing in crossings]
    return document


def crossing_document(crossing: Crossing) -> Document:
    """Who went over a line, when, and to which side."""
    return {
        "zone": crossing.zone,
        "t_s": seconds(crossing.t_s),
        "track_id": int(crossing.track_id),
        "direction": crossing.direction,
    }


def event_document(
    event: Event,
    *,
    start_utc: datetime | None = None,
    fields: Mapping[str, object] = MappingProxyType({}),
) -> Document:
    """One event, open or closed.

    Parameters
    ----------
    event : Event
        Where `ended_by` is None it is open, and has no `end_s` yet.
    start_utc : datetime or None
        When the source's first frame was taken.
    fields : mapping
        ``clip``, ``clip_start_s`` and ``thumbnail``, as far as there are any.

    Returns
    -------
    dict
        Seconds with three decimals; what was not asked for is None.
    """
    is_open = event.ended_by is None
    clip_start_s = fields.get("clip_start_s")
    return {
        "id": event.event_id,
        "zone": event.zone,
        "start_s": seconds(event.start_s),
        "end_s": None if is_open else seconds(event.end_s),
        "start_utc": utc_text(start_utc, event.start_s),
        "label": event.label,
        "score": score_of(event.label, event.score),
        "peak_s": seconds(event.peak_s),
        "box": box_list(event.box),
        "segments": [segment_document(segment) for segment in event.segments],
        "clip": fields.get("clip"),
        "clip_start_s": seconds(clip_start_s) if isinstance(clip_start_s, float) else None,
        "thumbnail": fields.get("thumbnail"),
        "ended_by": event.ended_by,
    }


def progress_document(kind: str, event: Event, segments: list[Document]) -> Document:
    """What is new of an open event: a line of ``watch --json``.

    Parameters
    ----------
    kind : str
        ``changed`` or ``open``.
    event : Event
        Its `end_s` is when it moved last.
    segments : list of dict
        Those that are new, or not as they were written last.
    """
    return {
        "type": kind,
        "id": event.event_id,
        "label": event.label,
        "score": score_of(event.label, event.score),
        "end_s": seconds(event.end_s),
        "segments": segments,
    }


def seconds(value: float) -> float:
    """Rounded to milliseconds."""
    return round(float(value), 3) + 0.0  # + 0.0: no minus before a zero


def utc_text(start_utc: datetime | None, t_s: float) -> str | None:
    """When a second of a source was, as ISO 8601 in UTC; None where nobody knows when it began."""
    if start_utc is None:
        return None
    moment = (start_utc + timedelta(seconds=seconds(t_s))).astimezone(UTC)
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def score_of(label: str | None, score: float | None) -> float | None:
    """A probability with four decimals; None where no network looked."""
    return None if score is None or label == MOTION else round(min(1.0, max(0.0, float(score))), 4)


def box_list(box: Box) -> list[int]:
    """The edges of a box; one that a tracker has predicted may begin outside the picture."""
    return [max(0, int(edge)) for edge in box]


def events_text(document: Document) -> str:
    """``events.json`` as text: one event a line, so that it can be read and searched."""
    lists = ("events", "crossings")
    head = {key: value for key, value in document.items() if key not in lists}
    parts = [_list_text(key, document[key]) for key in lists if key in document]
    return f"{json_line(head)[:-1]}, {', '.join(parts)}}}\n"


def _list_text(key: str, documents: Iterable[Document]) -> str:
    """One part a line."""
    lines = ",\n".join(json_line(each) for each in documents)
    return f'"{key}": [\n{lines}\n]' if lines else f'"{key}": []'


def json_line(document: Document) -> str:
    """A document on one line, letters as they are."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False)


def segment_document(segment: Segment) -> Document:
    """One segment, as it stands in its event."""
    return {
        "label": segment.label,
        "score": score_of(segment.label, segment.score),
        "start_s": seconds(segment.start_s),
        "end_s": seconds(segment.end_s),
        "group": int(segment.group),
        "track_ids": sorted({int(track_id) for track_id in segment.track_ids}),
        "box": box_list(segment.box),
        "trail": [
            [seconds(t_s), round(float(x), 1), round(float(y), 1)] for t_s, x, y in segment.trail
        ],
        "names": [_name_document(name) for name in segment.names] or None,
    }


def _name_document(name: Name) -> Document:
    return {
        "model": name.model,
        "label": name.label,
        "score": score_of(name.label, name.score),
    }
