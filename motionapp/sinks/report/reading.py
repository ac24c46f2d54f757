"""A batch's report from the files that the batch has written: also after it was resumed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any, Final

from motionapp.core.schema import unknown_schema
from motionapp.files.atomic import write_whole
from motionapp.sinks.documents import EVENTS_SCHEMA
from motionapp.sinks.events import EVENTS_JSON
from motionapp.sinks.report.batch import BatchLine, BatchPage, batch_page, make_line
from motionapp.sinks.report.sink import REPORT_HTML

LARGEST_EVENTS_BYTES: Final = 64_000_000
"""Of one events.json; the line of an input with more has no timeline."""


def write_batch_report(
    out_dir: Path,
    records: Sequence[Mapping[str, Any]],
    *,
    zone: tzinfo = UTC,
    settings_toml: str = "",
) -> Path:
    """Write the batch's ``report.html`` and give its path.

    Parameters
    ----------
    out_dir : Path
        The batch's folder; its inputs' folders are finished.
    records : sequence of mapping
        The inputs of summary.json, in its order.
    zone : tzinfo
        Of the clock that is shown where a recording's start is known.
    settings_toml : str
        All settings as a settings file; empty to leave the part out.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    path = out_dir / REPORT_HTML
    lines = [_line(out_dir, record) for record in records]
    write_whole(path, batch_page(BatchPage(lines, zone, settings_toml)))
    return path


def _line(out_dir: Path, record: Mapping[str, Any]) -> BatchLine:
    name = record["out_dir"]
    if name is None:
        return make_line(record)
    folder = out_dir / name
    pages = [each for each in (REPORT_HTML, EVENTS_JSON) if (folder / each).is_file()]
    page = f"{name}/{pages[0]}" if pages else None
    try:
        return make_line(record, _events(folder / EVENTS_JSON), page=page)
    except (OSError, ValueError, LookupError, TypeError, OverflowError, RecursionError) as error:
        # Somebody has changed it since: said in the line, which keeps the rest of what is known.
        line = make_line(record, page=page)
        return replace(line, error=line.error or f"{EVENTS_JSON} cannot be read: {error}")


def _events(path: Path) -> list[dict[str, Any]]:
    """Of every event what a line needs."""
    if path.stat().st_size > LARGEST_EVENTS_BYTES:
        raise ValueError(f"it is larger than {LARGEST_EVENTS_BYTES // 1_000_000} MB")
    document = json.loads(path.read_text(encoding="utf-8"))
    events = document["events"]
    if document.get("schema", EVENTS_SCHEMA) != EVENTS_SCHEMA:
        raise ValueError(unknown_schema("it", document["schema"], EVENTS_SCHEMA))
    return [
        {
            "label": str(event["label"]),
            "start_s": float(event["start_s"]),
            "end_s": float(event["end_s"]),
            "start_utc": event["start_utc"],
        }
        for event in events
    ]
