"""An event as the catalogue has it: one row, with all that an answer needs."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from motionapp.catalogue.form import UNKNOWN
from motionapp.catalogue.tables import RECORDING_DIGITS
from motionapp.core.event import MOTION
from motionapp.core.event import UNKNOWN as UNNAMED
from motionapp.core.version import __version__

if TYPE_CHECKING:
    from motionapp.catalogue.features import Vector
    from motionapp.settings.zones import ZoneSettings
    from motionapp.sinks.documents import Document
    from motionapp.sinks.origin import Origin

Row = dict[str, Any]  # one value a column: `arrow` says of which kind each is

KEY_DIGITS: Final = 12
"""Of an event's key: with a million events, two share one with a chance of 1 in 500."""
_AS_WRITTEN: Final = (
    *("id", "zone", "label", "score", "start_s", "end_s", "peak_s", "ended_by"),
    *("clip", "clip_start_s", "thumbnail"),
)
"""What an event's row has as events.json has it."""
LONGEST_CAMERA: Final = 64
"""Letters of a camera's name, as `run.camera` takes them."""
MOST_NAMED_PARTS: Final = 100
"""Parts of one event that are told; it lasts ten minutes."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is known of a recording before it is read."""

    spec: str
    """As it was named."""
    identity: str
    """The same however its path is spelt."""
    camera: str
    origin: Origin
    parts: tuple[str, ...] = ()
    """The files that are joined, as they were named."""
    out_dir: str = ""
    """Where its results lie."""
    frontend: str = ""
    model: str | None = None
    """Of the network that decides: its name and architecture; None where nothing is named."""
    model_digest: str | None = None
    covers: tuple[ZoneSettings, ...] = ()
    """The zones that hide parts of its pictures."""
    time_zone: str = "UTC"

    @property
    def key(self) -> str:
        """What a later analysis of the same pictures replaces."""
        return _digits(RECORDING_DIGITS, self.identity, str(self.origin.video_stream))


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of it once it was read."""

    size: tuple[int, int]
    """Width and height of its pictures."""
    rate_hz: float | None = None
    start_utc: datetime | None = None
    """When its second 0 was."""
    part_names: tuple[tuple[str, float], ...] = ()
    """Of joined recordings: each one's name and the second that it begins at."""

    @property
    def month(self) -> str:
        """Of its first picture, in UTC: ``2026-05``."""
        return UNKNOWN if self.start_utc is None else f"{self.start_utc:%Y-%m}"


def row_of(
    event: Document,
    recorded: Recorded,
    seen: Seen,
    *,
    folder: Path,
    features: Vector | None = None,
) -> Row:
    """The row of an event.

    Parameters
    ----------
    event : Document
        As it stands in events.json, rounded.
    recorded : Recorded
    seen : Seen
    folder : Path
        The catalogue's: what lies beside it is also named from there.
    features : ndarray of float16, shape (n,), optional
    """
    parts = parts_of(event, seen.part_names)
    width, height = seen.size
    return {
        "event": _digits(KEY_DIGITS, recorded.key, event["id"]),
        **{name: event[name] for name in _AS_WRITTEN},
        **_of_recording(recorded, folder),
        "parts": [name for name, _ in parts] or None,
        "part_starts_s": [round(begin_s, 3) for _, begin_s in parts] or None,
        "labels": list(dict.fromkeys([event["label"], *_labels_within(event)])),
        "duration_s": round(event["end_s"] - event["start_s"], 3),
        "start_utc": _at(seen.start_utc, event["start_s"]),
        "end_utc": _at(seen.start_utc, event["end_s"]),
        "width": width,
        "height": height,
        "rate_hz": None if seen.rate_hz is None else round(seen.rate_hz, 3),
        **dict(zip(("x0", "y0", "x1", "y1"), event["box"], strict=True)),
        **_shares(event["box"], seen.size),
        "segments": [_segment(segment) for segment in event["segments"]],
        "features": features,
    }


def _of_recording(recorded: Recorded, folder: Path) -> Row:
    """What is the same in all rows of a recording."""
    origin, results = recorded.origin, recorded.out_dir
    return {
        "recording": recorded.spec,
        "recording_path": _absolute(recorded.spec),
        "recording_relative": _relative(recorded.spec, folder),
        "recording_key": recorded.key,
        "recording_bytes": origin.source_bytes,
        "video_stream": origin.video_stream,
        "joined": [_absolute(part) for part in recorded.parts] or None,
        "time_zone": recorded.time_zone,
        "results": _absolute(results) if results else None,
        "results_relative": _relative(results, folder) if results else None,
        "cover": cover_text(recorded.covers),
        "analysis": origin.analysis,
        "frontend": recorded.frontend,
        "model": recorded.model,
        "model_digest": recorded.model_digest,
        "version": __version__,
    }


def camera_of(spec: str, given: str | None = None) -> str:
    """Whose recording it is: as somebody says, or else the folder that it lies in.

    Parameters
    ----------
    spec : str
        A path, an address, or ``synthetic:NAME``.
    given : str or None
    """
    if given is not None:
        return given
    scheme = re.match(r"([a-z][a-z0-9+.-]+):", spec, re.IGNORECASE)
    if scheme is not None and not os.path.lexists(spec):
        folders = [part for part in spec[scheme.end() :].split("/") if part]
        name = folders[-2] if len(folders) > 1 else scheme[1]
    else:
        name = Path(os.path.abspath(spec)).parent.name
    return " ".join(name.split())[:LONGEST_CAMERA].strip() or UNKNOWN


def parts_of(event: Document, part_names: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """The joined recordings that an event lies in, in their order, with where each begins.

    Parameters
    ----------
    event : Document
    part_names : sequence of (str, float)
        Each one's name and the second that it begins at, by time.
    """
    ends = [begin_s for _, begin_s in part_names[1:]] + [float("inf")]
    found = [
        (name, begin_s)
        for (name, begin_s), end_s in zip(part_names, ends, strict=False)
        if begin_s < event["end_s"] and end_s > event["start_s"]
    ]
    return found[:MOST_NAMED_PARTS]


def cover_text(zones: Sequence[ZoneSettings]) -> str | None:
    """The privacy zones as JSON; None where there are none."""
    covers = [zone.model_dump(mode="json") for zone in zones if zone.kind == "privacy"]
    return json.dumps(covers, sort_keys=True) if covers else None


def _digits(count: int, *texts: str) -> str:
    joined = "\0".join(texts).encode("utf-8", "surrogateescape")
    return hashlib.sha256(joined).hexdigest()[:count]


def _absolute(spec: str) -> str:
    """A path from the root, as one can be opened from anywhere; an address as it is."""
    if re.match(r"[a-z][a-z0-9+.-]+:", spec, re.IGNORECASE) and not os.path.lexists(spec):
        return spec
    return os.path.abspath(spec)


def _relative(spec: str, folder: Path) -> str | None:
    """A path from the catalogue's folder, with forward slashes; None of an address, or where it
    lies on another drive."""
    if _absolute(spec) == spec and not os.path.isabs(spec):
        return None
    try:
        return Path(os.path.relpath(os.path.abspath(spec), os.path.abspath(folder))).as_posix()
    except ValueError:
        return None


def _labels_within(event: Document) -> list[str]:
    """Names that others in it have; that one has none says nothing."""
    found = {segment["label"] for segment in event["segments"]}
    return sorted(found - {event["label"], MOTION, UNNAMED})


def _at(start_utc: datetime | None, t_s: float) -> datetime | None:
    return None if start_utc is None else start_utc + timedelta(milliseconds=round(1000 * t_s))


def _shares(box: Sequence[int], size: tuple[int, int]) -> Row:
    """The box in shares of the picture, and how much of the picture it is."""
    width, height = size
    if not width or not height:
        return dict.fromkeys(("left", "top", "right", "bottom", "size"))
    x0, x1 = (round(min(1.0, x / width), 5) for x in (box[0], box[2]))
    y0, y1 = (round(min(1.0, y / height), 5) for y in (box[1], box[3]))
    size_ = round(max(0.0, x1 - x0) * max(0.0, y1 - y0), 5)
    return {"left": x0, "top": y0, "right": x1, "bottom": y1, "size": size_}


def _segment(segment: Document) -> Row:
    x0, y0, x1, y1 = segment["box"]
    return {
        **{name: segment[name] for name in ("label", "score", "start_s", "end_s", "group")},
        **{"x0": x0, "y0": y0, "x1": x1, "y1": y1},
    }
