"""Reads events.json: the events of an earlier run, checked before they are believed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from motionapp.core.errors import MotionAppError
from motionapp.core.event import Event, Name, Segment
from motionapp.core.geometry import Box
from motionapp.sinks.documents import EVENTS_SCHEMA
from motionapp.sinks.origin import Origin

LARGEST_BYTES: Final = 64_000_000
"""Of one file; a day of a busy street is a tenth of it."""
MOST_EVENTS: Final = 100_000
MOST_SEGMENTS: Final = 10_000
"""Of one event, which lasts ten minutes at most."""
MOST_POINTS: Final = 10_000


class NotReadable(MotionAppError, ValueError):
    """A file is no events.json, or one of another version."""


@dataclass(frozen=True, slots=True)
class StoredEvents:
    """What an events.json holds."""

    source: str
    """Base name of the recording."""
    origin: Origin
    events: tuple[Event, ...]
    thumbnails: tuple[str | None, ...] = ()
    """Of each event, the path of its picture, relative to the file and below its folder."""


def read_stored(path: Path) -> StoredEvents:
    """Read an events.json.

    Raises
    ------
    NotReadable
        It cannot be read, is damaged, or is of another version; with what is wrong.
    """
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise NotReadable(f"{path} is larger than {LARGEST_BYTES // 1_000_000} MB: not read")
        content = path.read_bytes()
    except OSError as error:
        raise NotReadable(f"{path} cannot be read: {error.strerror or error}") from error
    try:
        schema = _Head.model_validate_json(content).schema_
        if schema != EVENTS_SCHEMA:
            raise NotReadable(
                f"{path} is of another version of motionapp (schema {schema}, not "
                f"{EVENTS_SCHEMA}): make it again with motionapp batch"
            )
        document = _Document.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise NotReadable(
            f"{path} is damaged, or no events.json: {where}: {first['msg']}"
        ) from error
    return StoredEvents(
        document.source,
        Origin(
            document.analysis, document.source_bytes, document.part, document.video_stream
        ),
        tuple(_event(one) for one in document.events),
        tuple(one.thumbnail for one in document.events),
    )  # fmt: skip


Seconds = Annotated[float, Field(ge=-1e9, le=1e9, allow_inf_nan=False)]
Pixels = Annotated[int, Field(ge=0, le=1_000_000)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Text = Annotated[str, Field(min_length=1, max_length=200)]
Number = Annotated[int, Field(ge=0, le=1 << 53)]


class _Part(BaseModel):
    # Fields of later versions are passed over: see docs/schemas/README.md.
    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class _Head(_Part):
    schema_: Annotated[int, Field(alias="schema")]


class _Name(_Part):
    model: Text
    label: Text
    score: Share | None


class _Segment(_Part):
    label: Text
    score: Share | None
    start_s: Seconds
    end_s: Seconds
    group: Number
    track_ids: Annotated[list[Number], Field(max_length=MOST_POINTS)]
    box: tuple[Pixels, Pixels, Pixels, Pixels]
    trail: Annotated[list[tuple[Seconds, Seconds, Seconds]], Field(max_length=MOST_POINTS)]
    names: Annotated[list[_Name], Field(max_length=100)] | None = None


class _Event(_Part):
    id: Annotated[str, Field(pattern=r"^.+@[0-9]+$", max_length=300)]
    zone: Text
    start_s: Seconds
    end_s: Seconds
    label: Text
    score: Share | None
    peak_s: Seconds
    box: tuple[Pixels, Pixels, Pixels, Pixels]
    segments: Annotated[list[_Segment], Field(max_length=MOST_SEGMENTS)]
    thumbnail: Annotated[str, Field(max_length=1000)] | None = None
    ended_by: Literal["motion", "settings", "epoch", "length", "end", "lost", "interrupted"]


class _Document(_Head):
    source: Annotated[str, Field(max_length=4096)]
    analysis: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None
    source_bytes: Number | None = None
    part: tuple[Seconds, Seconds | None] | None = None
    video_stream: Number | None = None
    events: Annotated[list[_Event], Field(max_length=MOST_EVENTS)]


def _event(one: _Event) -> Event:
    return Event(
        one.id, one.zone, one.start_s, max(one.start_s, one.end_s), one.label, one.score,
        one.peak_s, Box(*one.box), tuple(_segment(each) for each in one.segments), one.ended_by,
    )  # fmt: skip


def _segment(one: _Segment) -> Segment:
    names = tuple(Name(each.model, each.label, each.score) for each in one.names or ())
    return Segment(
        one.label, one.score, one.start_s, max(one.start_s, one.end_s), one.group,
        tuple(one.track_ids), Box(*one.box), tuple(one.trail), names,
    )  # fmt: skip
