"""Hits as lists for other programs: CSV, JSON, cutting lists (EDL, OpenTimelineIO), chapters."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Final

from motionapp.catalogue.hit import Hit
from motionapp.catalogue.wording import label_text, place_text, when_text
from motionapp.core.errors import SettingsError
from motionapp.files.atomic import make_place, write_whole

FIND_SCHEMA: Final = 1
COLUMNS: Final = (
    *("event", "camera", "recording_path", "parts", "id", "zone", "label", "labels", "score"),
    *("start_s", "end_s", "duration_s", "start_utc", "end_utc", "x0", "y0", "x1", "y1", "size"),
    *("clip", "thumbnail", "results", "ended_by", "model", "distance"),
)
_SECONDS: Final = frozenset({"start_s", "end_s", "duration_s"})


def export(path: Path, hits: Sequence[Hit], form: str, *, zone: tzinfo | None = None) -> None:
    """Write hits.

    Parameters
    ----------
    path : Path
    hits : sequence of Hit
    form : str
        ``csv``, ``json``, ``edl``, ``otio`` or ``chapters``.
    zone : tzinfo or None
        Of times that people read.

    Raises
    ------
    SettingsError
        Chapters belong to one recording, and there are several.
    MissingExtraError
        OpenTimelineIO is not installed.
    OutputError
        It cannot be written.
    """
    make_place(path)
    if form == "csv":
        text = csv_text(hits)
    elif form == "json":
        text = json_text(hits)
    elif form == "chapters":
        text = chapters_text(hits, zone)
    else:
        from motionapp.catalogue.timeline import edl_text, otio_text, timeline_of

        timeline = timeline_of(hits, zone)
        text = edl_text(timeline) if form == "edl" else otio_text(timeline)
    write_whole(path, text)


def csv_text(hits: Sequence[Hit]) -> str:
    """A head line, and a row an event."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for hit in hits:
        document = hit.document()
        row = document | dict(zip(("x0", "y0", "x1", "y1"), document["box"], strict=True))
        writer.writerow([_cell(name, row[name]) for name in COLUMNS])
    return text.getvalue()


def json_text(hits: Sequence[Hit]) -> str:
    """One document, with an event a line."""
    lines = ",\n".join(json.dumps(hit.document(), ensure_ascii=False) for hit in hits)
    return f'{{"schema": {FIND_SCHEMA}, "events": [\n{lines}\n]}}\n'


def chapters_text(hits: Sequence[Hit], zone: tzinfo | None = None) -> str:
    """Chapters of one recording, as FFmpeg reads them; none overlap, as players want it.

    Raises
    ------
    SettingsError
        The hits are of several recordings.
    """
    recordings = list(dict.fromkeys(hit.recording_path for hit in hits))
    if any(len(hit.joined or ()) > 1 for hit in hits):
        raise SettingsError(
            "chapters belong to one file, and these events are of joined recordings: write .otio"
        )
    if len(recordings) > 1:
        raise SettingsError(
            f"chapters belong to one recording, and these events are of {len(recordings)}: "
            "choose one with --recording, or write .otio"
        )
    return ";FFMETADATA1\n" + "".join(_chapters(hits, zone))


def _chapters(hits: Sequence[Hit], zone: tzinfo | None) -> Iterator[str]:
    ordered = sorted(hits, key=lambda hit: (hit.start_s, hit.zone))
    for number, hit in enumerate(ordered):
        start_ms, end_ms = round(1000 * hit.start_s), round(1000 * hit.end_s)
        if number + 1 < len(ordered):
            end_ms = min(end_ms, round(1000 * ordered[number + 1].start_s))
        title = f"{label_text(hit)} · {place_text(hit)} · {when_text(hit, zone)}"
        yield (
            f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={start_ms}\n"
            f"END={max(end_ms, start_ms)}\ntitle={_escaped(title)}\n"
        )


def _escaped(text: str) -> str:
    """FFmpeg's signs within a value, with a backslash before each."""
    return "".join(f"\\{letter}" if letter in "=;#\\\n" else letter for letter in text)


def _cell(name: str, value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join(str(each) for each in value)
    return f"{value:.3f}" if name in _SECONDS else value
