"""Rows as Parquet, byte for byte the same for the same rows; through pyarrow, and nowhere else."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from motionapp.catalogue.form import CATALOGUE_SCHEMA, DamagedTable, NoCatalogue
from motionapp.catalogue.rows import Row
from motionapp.core.errors import MissingExtraError
from motionapp.core.schema import unknown_schema
from motionapp.files.atomic import UNWRITABLE_LETTERS

SCHEMA_KEY: Final = b"motionapp.catalogue"
"""Of the file's own notes: which version its columns are of."""
KEY: Final = "recording_key"
ROWS_A_GROUP: Final = 20_000
"""About a month of a busy camera, and 5 MB with features: a question by time reads few groups."""
ORDER: Final = ("start_utc", "recording_path", "start_s", "zone", "event")
"""Rows stand in the order of time; those without, by recording."""


def arrow() -> Any:
    """pyarrow with its Parquet part, which ships no types.

    Raises
    ------
    MissingExtraError
        It is not installed.
    """
    try:
        import pyarrow
        import pyarrow.compute
        import pyarrow.parquet
    except ImportError as error:
        raise MissingExtraError("the catalogue", "find") from error
    return pyarrow


def table_of(rows: Sequence[Row]) -> Any:
    """Rows as a table with all columns, in their order."""
    pa = arrow()
    return pa.Table.from_pylist([_encodable(row) for row in rows], schema=columns())


def _encodable(row: Row) -> Row:
    """A file's name may hold bytes that are no UTF-8: they become escapes, as in JSON."""
    return {
        name: _text(value)
        if isinstance(value, str)
        else [_text(each) if isinstance(each, str) else each for each in value]
        if isinstance(value, list)
        else value
        for name, value in row.items()
    }


def _text(value: str) -> str:
    return value.encode("utf-8", UNWRITABLE_LETTERS).decode("utf-8")


def parquet_of(table: Any) -> bytes:
    """A table as a Parquet file's content: sorted, and the same for the same rows."""
    pa = arrow()
    keys = [(name, "ascending") for name in ORDER]
    content = io.BytesIO()
    pa.parquet.write_table(
        table.sort_by(keys), content, compression="zstd", row_group_size=ROWS_A_GROUP
    )
    return content.getvalue()


def read_table(path: Path) -> Any:
    """The table in a file of the catalogue's.

    Raises
    ------
    DamagedTable
        It is damaged, or somebody else's.
    NoCatalogue
        It is of another version.
    """
    table = _read(path, None)
    try:
        return table.select(columns().names).cast(columns())
    except (ValueError, KeyError) as error:  # pyarrow's own are both
        said = str(error).splitlines()[0]
        raise DamagedTable(f"{path} has other columns than a catalogue's: {said}") from error


def read_keys(path: Path) -> list[str]:
    """Which recordings a file of the catalogue's speaks of, each once.

    Raises
    ------
    DamagedTable, NoCatalogue
        As for `read_table`.
    """
    keys: list[str] = _read(path, [KEY]).column(KEY).unique().to_pylist()
    return keys


def _read(path: Path, names: list[str] | None) -> Any:
    pa = arrow()
    try:
        with pa.parquet.ParquetFile(path) as file:
            table = file.read(names)
    except (pa.ArrowException, OSError) as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DamagedTable(f"{path} cannot be read as a table of the catalogue: {said}") from error
    schema = (table.schema.metadata or {}).get(SCHEMA_KEY, b"").decode("ascii", "replace")
    if schema != str(CATALOGUE_SCHEMA):
        number = int(schema) if schema.isdigit() else schema
        raise NoCatalogue(unknown_schema(path, number, CATALOGUE_SCHEMA))
    return table


def columns() -> Any:
    """The columns of the tables; docs/schemas says what stands in each."""
    pa = arrow()
    text, whole, number = pa.string(), pa.int32(), pa.float64()
    wall = pa.timestamp("ms", tz="UTC")
    box = [(edge, whole) for edge in ("x0", "y0", "x1", "y1")]
    segment = pa.struct(
        [("label", text), ("score", number), ("start_s", number), ("end_s", number),
         ("group", whole), *box]
    )  # fmt: skip
    share = [(name, number) for name in ("left", "top", "right", "bottom", "size")]
    fields = [
        *[(name, text) for name in ("event", "id", "recording", "recording_path")],
        *[(name, text) for name in ("recording_relative", "recording_key")],
        *[("recording_bytes", pa.int64()), ("video_stream", whole)],
        *[("joined", pa.list_(text)), ("parts", pa.list_(text))],
        ("part_starts_s", pa.list_(number)),
        *[("zone", text), ("label", text), ("labels", pa.list_(text)), ("score", number)],
        *[(name, number) for name in ("start_s", "end_s", "duration_s", "peak_s")],
        *[("start_utc", wall), ("end_utc", wall), ("time_zone", text)],
        *[("width", whole), ("height", whole), ("rate_hz", number), *box, *share],
        *[("segments", pa.list_(segment)), ("ended_by", text)],
        *[("clip", text), ("clip_start_s", number), ("thumbnail", text)],
        *[(name, text) for name in ("results", "results_relative", "cover", "analysis")],
        *[(name, text) for name in ("frontend", "model", "model_digest", "version")],
        ("features", pa.list_(pa.float16())),
    ]
    return pa.schema(fields, metadata={SCHEMA_KEY: str(CATALOGUE_SCHEMA).encode()})
