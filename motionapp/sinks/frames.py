"""What is known at every frame: `frames.jsonl`, a JSON line a frame, or `frames.parquet`.

The document of a frame is described in docs/schemas; Parquet has the same fields as columns.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, Any, Final, Literal, Protocol

from motionapp.core.errors import MissingExtraError
from motionapp.core.frame import Frame
from motionapp.core.moment import Moment
from motionapp.core.motion import Region
from motionapp.files.atomic import cannot_write, discard, part_of, publish
from motionapp.sinks.documents import Document, box_list, json_line, score_of, seconds

FRAMES_JSONL: Final = "frames.jsonl"
FRAMES_PARQUET: Final = "frames.parquet"

MOST_ROWS: Final = 5000
"""Frames of a row group: some 200 s, and 1 to 3 MB of memory until they are written."""
MOST_THINGS: Final = 50_000
"""Regions, tracks and groups of a row group: pictures full of rain count sooner."""


class FramesSink:
    """Writes a line or row for every frame.

    Parameters
    ----------
    folder : Path
        The input's; exists already.
    form : {"jsonl", "parquet"}

    Raises
    ------
    MissingExtraError
        Parquet is asked for, and pyarrow is not installed.
    """

    def __init__(self, folder: Path, form: Literal["jsonl", "parquet"] = "jsonl") -> None:
        self._path = folder / (FRAMES_PARQUET if form == "parquet" else FRAMES_JSONL)
        self._rows: _Rows = (
            _ParquetRows(part_of(self._path))
            if form == "parquet"
            else _JsonRows(part_of(self._path))
        )
        self._is_done = False

    def accept(self, moment: Moment) -> None:
        """Write what is known at the moment's frame, if it has one.

        Raises
        ------
        OutputError
            It cannot be written.
        """
        if moment.frame is None:
            return
        try:
            self._rows.write(frame_document(moment, moment.frame))
        except OSError as error:
            raise cannot_write(self._path, error) from error

    def close(self) -> None:
        """Finish the file and give it its name; it is there, too, where no frame was.

        Raises
        ------
        OutputError
            It cannot be written.
        """
        if self._is_done:
            return
        try:
            self._rows.finish()
        except OSError as error:
            self.abandon()
            raise cannot_write(self._path, error) from error
        self._is_done = True
        publish(self._path)

    def abandon(self) -> None:
        """Remove what was written."""
        if not self._is_done:
            self._is_done = True
            self._rows.let_go()
            discard(self._path)


def frame_document(moment: Moment, frame: Frame) -> Document:
    """What is known at one frame, as plain values.

    Parameters
    ----------
    moment : Moment
    frame : Frame
        The moment's.
    """
    size = frame.epoch.size
    return {
        "index": frame.index,
        "pts_s": seconds(frame.pts_s),
        "strength": round(moment.motion.strength, 6),
        "regions": [_region_document(region) for region in moment.motion.regions],
        "tracks": [
            # Where one that is not seen should be may lie beyond the picture.
            {"id": track.track_id, "box": box_list(track.box.clipped(size)), "seen": track.is_seen}
            for track in moment.tracks
        ],
        "groups": [
            {
                "id": group.group_id,
                "box": box_list(group.box.clipped(size)),
                "label": group.label,
                "score": score_of(group.label, group.score),
            }
            for group in moment.groups
        ],
        "flagged": frame.is_flagged,
    }


def _region_document(region: Region) -> Document:
    """A moving part; velocity and speed are None where the front-end measures none."""
    velocity, speed_m_s = region.velocity_px_s, region.speed_m_s
    return {
        "box": box_list(region.box),
        "area_px": round(region.area_px, 1),
        "strength": round(region.strength, 3),
        "velocity_px_s": None if velocity is None else [round(part, 1) for part in velocity],
        "speed_m_s": None if speed_m_s is None else round(speed_m_s, 2),
    }


class _Rows(Protocol):
    """A file of rows, opened at the first one."""

    def write(self, document: Document) -> None: ...

    def finish(self) -> None: ...

    def let_go(self) -> None: ...


class _JsonRows:
    """JSON lines, written through the file's own buffer."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def write(self, document: Document) -> None:
        self._opened().write(json_line(document) + "\n")

    def finish(self) -> None:
        file = self._opened()
        file.flush()
        os.fsync(file.fileno())
        file.close()

    def let_go(self) -> None:
        if self._file is not None:
            try:
                self._file.close()
            except OSError:
                return  # what could not be written is thrown away

    def _opened(self) -> IO[str]:
        if self._file is None:
            self._file = open(self._path, "w", encoding="utf-8", newline="\n")  # noqa: SIM115
        return self._file


class _ParquetRows:
    """Row groups of bounded size."""

    def __init__(self, path: Path) -> None:
        try:
            import pyarrow
            import pyarrow.parquet
        except ImportError as error:
            raise MissingExtraError(FRAMES_PARQUET, "parquet") from error
        self._arrow, self._parquet = pyarrow, pyarrow.parquet
        self._path = path
        self._schema = _schema(pyarrow)
        self._writer: Any = None  # pyarrow has no types
        self._waiting: list[Document] = []
        self._things = 0

    def write(self, document: Document) -> None:
        self._open()
        self._waiting.append(document)
        self._things += sum(len(document[name]) for name in ("regions", "tracks", "groups"))
        if len(self._waiting) >= MOST_ROWS or self._things >= MOST_THINGS:
            self._flush()

    def finish(self) -> None:
        self._open()
        self._flush()
        self._writer.close()
        with open(self._path, "rb+") as file:
            os.fsync(file.fileno())

    def let_go(self) -> None:
        if self._writer is not None:
            try:
                self._writer.close()
            except OSError:
                return  # what could not be written is thrown away

    def _open(self) -> None:
        """At the first row, not at the first group: a bad place is told at once."""
        if self._writer is None:
            self._writer = self._parquet.ParquetWriter(self._path, self._schema, compression="zstd")

    def _flush(self) -> None:
        if self._waiting:
            table = self._arrow.Table.from_pylist(self._waiting, schema=self._schema)
            self._writer.write_table(table)
        self._waiting, self._things = [], 0


def _schema(arrow: Any) -> Any:
    """The columns: plain ones, and lists of what there may be several of."""
    box = ("box", arrow.list_(arrow.int32(), 4))
    number = ("id", arrow.int32())
    region = arrow.struct(
        [
            box,
            ("area_px", arrow.float64()),
            ("strength", arrow.float64()),
            ("velocity_px_s", arrow.list_(arrow.float64(), 2)),  # null where none is measured
            ("speed_m_s", arrow.float64()),
        ]
    )
    track = arrow.struct([number, box, ("seen", arrow.bool_())])
    group = arrow.struct([number, box, ("label", arrow.string()), ("score", arrow.float64())])
    return arrow.schema(
        [
            ("index", arrow.int64()),
            ("pts_s", arrow.float64()),
            ("strength", arrow.float64()),
            ("regions", arrow.list_(region)),
            ("tracks", arrow.list_(track)),
            ("groups", arrow.list_(group)),
            ("flagged", arrow.bool_()),
        ]
    )
