"""One event that was found, as an answer tells of it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from motionapp.core.geometry import Box

Document = dict[str, Any]  # what JSON holds: docs/schemas/find.schema.json says what stands where


@dataclass(frozen=True, slots=True)
class Hit:
    """An event of the catalogue; fields are its columns (docs/schemas)."""

    event: str
    """Its key: no other event of the catalogue has it."""
    id: str
    """Within its recording."""
    camera: str
    recording: str
    recording_path: str
    recording_relative: str | None
    recording_key: str
    recording_bytes: int | None
    video_stream: int | None
    joined: list[str] | None
    parts: list[str] | None
    """Of joined recordings, the names of those that it lies in..."""
    part_starts_s: list[float] | None
    """... and the second of the common time line that each begins at."""
    zone: str
    label: str
    labels: list[str]
    score: float | None
    start_s: float
    end_s: float
    peak_s: float
    start_ms: int | None
    """Milliseconds since 1970; None where nobody knows."""
    time_zone: str
    width: int
    height: int
    rate_hz: float | None
    x0: int
    y0: int
    x1: int
    y1: int
    size: float | None
    clip: str | None
    clip_start_s: float | None
    thumbnail: str | None
    results: str | None
    results_relative: str | None
    cover: str | None
    analysis: str | None
    model: str | None
    ended_by: str
    distance: float | None = None
    """From the event that others are to be like: 1 less the cosine, 0 for the same, to 2."""

    @property
    def duration_s(self) -> float:
        """Seconds from start to end."""
        return self.end_s - self.start_s

    @property
    def box(self) -> Box:
        """In pixels of the full picture, at the peak."""
        return Box(self.x0, self.y0, self.x1, self.y1)

    @property
    def start_utc(self) -> datetime | None:
        """When it began."""
        return self.at_utc(self.start_s)

    @property
    def name(self) -> str:
        """Of its recording, without folders."""
        return os.path.basename(self.recording.rstrip("/\\")) or self.recording

    def at_utc(self, t_s: float) -> datetime | None:
        """When a second of the recording was; None where nobody knows."""
        if self.start_ms is None:
            return None
        since_ms = self.start_ms + round(1000 * (t_s - self.start_s))
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=since_ms)

    def place_of(self, name: str | None, catalogue: Path) -> Path | None:
        """A file of its results, wherever they lie now; None where there is none."""
        if name is None or self.results is None:
            return None
        folders = [Path(self.results)]
        if self.results_relative is not None:
            folders.append(catalogue / self.results_relative)
        return next((one / name for one in folders if (one / name).is_file()), None)

    def document(self) -> Document:
        """All that is known of it, for a program."""
        start, end = self.start_utc, self.at_utc(self.end_s)
        return {
            **{name: getattr(self, name) for name in _PLAIN},
            "duration_s": round(self.duration_s, 3),
            "start_utc": None if start is None else _text(start),
            "end_utc": None if end is None else _text(end),
            "box": [self.x0, self.y0, self.x1, self.y1],
            "cover": None if self.cover is None else json.loads(self.cover),
            "distance": None if self.distance is None else round(self.distance, 4),
        }


_PLAIN: Final = (
    *("event", "id", "camera", "recording", "recording_path", "parts"),
    *("part_starts_s", "zone", "label", "labels"),
    *("score", "start_s", "end_s", "peak_s", "width", "height", "size", "clip", "clip_start_s"),
    *("thumbnail", "results", "ended_by", "analysis", "model"),
)


def _text(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
