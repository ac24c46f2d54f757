"""One table over all inputs of a batch, from what the batch has written: also after a resume.

`events.csv` beside summary.json, and `events.parquet` where pyarrow is: a row an event, and one
without an event for each input in which nothing was found.
"""

from __future__ import annotations

import csv
import importlib.util
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from motionapp.catalogue.rows import parts_of
from motionapp.files.atomic import UNWRITABLE_LETTERS, write_whole
from motionapp.files.whole import write_alone
from motionapp.sinks.documents import EVENTS_SCHEMA, Document, utc_text
from motionapp.sinks.events import EVENTS_CSV, EVENTS_JSON

EVENTS_PARQUET: Final = "events.parquet"
LARGEST_BYTES: Final = 64_000_000
"""Of one events.json; the row of an input with more says so."""

Record = Mapping[str, Any]  # one of the inputs of summary.json
Row = dict[str, Any]  # one value a column: a text, a number or None

_EDGES: Final = ("x0", "y0", "x1", "y1")
COLUMNS: Final = (
    *("input", "status", "out_dir", "parts", "id", "zone", "label", "score"),
    *("start_s", "end_s", "duration_s", "start_utc", "end_utc"),
    *(*_EDGES, "clip", "thumbnail", "ended_by", "problem"),
)
_SECONDS: Final = frozenset({"start_s", "end_s", "duration_s"})
_WHOLE: Final = frozenset(_EDGES)


def write_table(out_dir: Path, records: Sequence[Record]) -> None:
    """Write the table of a batch.

    Parameters
    ----------
    out_dir : Path
        The batch's folder; its inputs' folders are finished.
    records : sequence of mapping
        The inputs of summary.json, in its order.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    rows = [row for record in records for row in rows_of(out_dir, record)]
    write_whole(out_dir / EVENTS_CSV, csv_text(rows))
    # Of a single input, its own table says the same: no half second for who asks for one.
    if len(records) > 1 and importlib.util.find_spec("pyarrow") is not None:
        write_alone(out_dir / EVENTS_PARQUET, _parquet(rows))


def rows_of(out_dir: Path, record: Record) -> Iterator[Row]:
    """The rows of one input: of each event, or one that says that there was none.

    Parameters
    ----------
    out_dir : Path
    record : mapping
        The input's of summary.json.
    """
    said = _input_row(record)
    if record["out_dir"] is None:
        yield said
        return
    try:
        document = _read(out_dir / record["out_dir"] / EVENTS_JSON)
        rows = [{**said, **_event_row(event, document)} for event in document["events"]]
    except (OSError, ValueError, LookupError, TypeError, OverflowError, RecursionError) as error:
        # Somebody has changed it since: told in the row, and the others stand.
        yield {**said, "problem": said["problem"] or f"{EVENTS_JSON} cannot be read: {error}"}
        return
    yield from rows or [said]


def csv_text(rows: Sequence[Row]) -> str:
    """The table as CSV with a head line; seconds with three decimals, nothing for None."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_cell(name, row[name]) for name in COLUMNS])
    return text.getvalue()


def _cell(name: str, value: object) -> object:
    if value is None:
        return ""
    return f"{value:.3f}" if name in _SECONDS else value


def _input_row(record: Record) -> Row:
    """What is said of an input, the same now and when a later run skips it."""
    status = record["status"]
    if status == "skipped" and record["out_dir"] is not None:
        status = "partial" if record["error"] else "ok"
    row: Row = dict.fromkeys(COLUMNS)
    return row | {
        "input": record["input"],
        "status": status,
        "out_dir": record["out_dir"],
        "problem": record["error"],
    }


def _event_row(event: Document, document: Document) -> Row:
    parts = [(str(part["file"]), float(part["start_s"])) for part in document.get("joined", ())]
    start_s, end_s = float(event["start_s"]), float(event["end_s"])
    return {
        **{name: event[name] for name in ("id", "zone", "label", "score", "ended_by")},
        **{name: event[name] for name in ("start_utc", "clip", "thumbnail")},
        **dict(zip(_EDGES, (int(edge) for edge in event["box"]), strict=True)),
        "parts": " ".join(name for name, _ in parts_of(event, parts)) or None,
        "start_s": start_s,
        "end_s": end_s,
        "duration_s": round(end_s - start_s, 3),
        "end_utc": _end_utc(event, start_s, end_s),
    }


def _end_utc(event: Document, start_s: float, end_s: float) -> str | None:
    if event["start_utc"] is None:
        return None
    start = datetime.fromisoformat(event["start_utc"])
    return utc_text(start - timedelta(milliseconds=round(1000 * start_s)), end_s)


def _read(path: Path) -> Document:
    if path.stat().st_size > LARGEST_BYTES:
        raise ValueError(f"it is larger than {LARGEST_BYTES // 1_000_000} MB")
    document: Document = json.loads(path.read_text(encoding="utf-8"))
    if document["schema"] != EVENTS_SCHEMA:
        raise ValueError(f"it has schema {document['schema']}")
    return document


def _parquet(rows: Sequence[Row]) -> bytes:
    import pyarrow
    import pyarrow.parquet

    kinds = {
        **dict.fromkeys(COLUMNS, pyarrow.string()),
        **dict.fromkeys((*_SECONDS, "score"), pyarrow.float64()),
        **dict.fromkeys(_WHOLE, pyarrow.int32()),
    }
    schema = pyarrow.schema([(name, kinds[name]) for name in COLUMNS])
    content = io.BytesIO()
    table = pyarrow.Table.from_pylist([_encodable(row) for row in rows], schema=schema)
    pyarrow.parquet.write_table(table, content, compression="zstd")
    return content.getvalue()


def _encodable(row: Row) -> Row:
    """A file's name may hold bytes that are no UTF-8: they become escapes, as in JSON."""
    texts = {name: value for name, value in row.items() if isinstance(value, str)}
    return row | {n: text.encode("utf-8", UNWRITABLE_LETTERS).decode() for n, text in texts.items()}
