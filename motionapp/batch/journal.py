"""`journal.jsonl`: what has been begun and done in a folder of results, a line each.

It lets the next run go on where this one ended, however it ended. A line that cannot be
understood counts as not written: what it spoke of is done again. A journal that a newer version
has begun is refused: not knowing whose the folders are, we would write over them.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, BinaryIO, Final, get_args

from motionapp.batch.record import Record, Status
from motionapp.core.errors import MotionAppError
from motionapp.core.schema import unknown_schema
from motionapp.files.atomic import cannot_write

JOURNAL_JSONL: Final = "journal.jsonl"
JOURNAL_SCHEMA: Final = 1
LONGEST_LINE_BYTES: Final = 1 << 20
"""A longer one is none of ours, and is not read into memory at a time."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a folder of results: whose they are, and how the analysis went."""

    stamp: str
    """Of the input, as `stamp_of` gives it."""
    work: str
    """Of the settings, as `work_digest` gives it."""
    record: Record

    @property
    def is_finished(self) -> bool:
        """Whether there is nothing left to do; what has failed is tried again."""
        return self.record.status in ("ok", "partial")


def read_journal(path: Path) -> dict[str, Entry]:
    """The last word on every folder of results.

    Parameters
    ----------
    path : Path
        Need not be there.

    Returns
    -------
    dict of str to Entry
        By the folder's name. Those that were begun and not finished are missing.

    Raises
    ------
    NewerJournal
        A newer version has begun it.
    """
    known: dict[str, Entry] = {}
    for document in _documents(path):
        with contextlib.suppress(ValueError, KeyError, TypeError):
            _take(document, known)
    return known


def read_owners(path: Path) -> dict[str, str]:
    """Whose every folder of results is, also of those that were begun and not finished.

    Parameters
    ----------
    path : Path
        Need not be there.

    Returns
    -------
    dict of str to str
        The input's identity by the folder's name.

    Raises
    ------
    NewerJournal
        A newer version has begun it.
    """
    owners: dict[str, str] = {}
    for document in _documents(path):
        with contextlib.suppress(ValueError, KeyError, TypeError):
            name = _text(document["begun" if "begun" in document else "finished"])
            owners[name] = _text(document["of"])
    return owners


class NewerJournal(MotionAppError):
    """A journal that a newer version has begun: its folder is not ours to write into."""

    exit_code = 2

    def __init__(self, path: Path, schema: int) -> None:
        said = unknown_schema(path, schema, JOURNAL_SCHEMA)
        super().__init__(f"{said}, or give another folder with --out")


class Journal:
    """Adds lines, each on the disk before the work goes on.

    Parameters
    ----------
    path : Path
        Made if it is not there; what stands in it stays.

    Raises
    ------
    OutputError
        It cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = open(path, "ab")  # noqa: SIM115  closed by `close`
            self._end_torn_line()
        except OSError as error:
            raise cannot_write(path, error) from error

    def begin(self, folders: Mapping[str, str]) -> None:
        """From here on, what stands in these folders may be half of one and half of another.

        Parameters
        ----------
        folders : mapping of str to str
            The identity of the input to which a folder belongs, by the folder's name.

        Raises
        ------
        OutputError
            It cannot be written.
        """
        self._write({"begun": name, "of": identity} for name, identity in folders.items())

    def finish(self, out_name: str, identity: str, entry: Entry) -> None:
        """The analysis of an input that writes into a folder has come to its end.

        Raises
        ------
        OutputError
            It cannot be written.
        """
        said = {**asdict(entry), "record": entry.record.document}
        self._write([{"finished": out_name, "of": identity, **said}])

    def __enter__(self) -> Journal:
        """The journal itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Let go of the file."""
        with contextlib.suppress(OSError):  # every line has been flushed
            self._file.close()

    def _end_torn_line(self) -> None:
        """A killed run may have left half a line: ours must not become its other half."""
        if self._file.tell() == 0:
            return
        with open(self._path, "rb") as file:
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                self._file.write(b"\n")
                self._file.flush()

    def _write(self, documents: Iterable[Mapping[str, object]]) -> None:
        # Letters beyond ASCII become escapes, names that are no text among them.
        text = "".join(json.dumps({"schema": JOURNAL_SCHEMA, **each}) + "\n" for each in documents)
        try:
            self._file.write(text.encode("ascii"))
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise cannot_write(self._path, error) from error


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Whole lines of a bearable length."""
    is_rest = False
    while line := file.readline(LONGEST_LINE_BYTES):
        is_whole = line.endswith(b"\n")
        if is_whole and not is_rest:
            yield line
        is_rest = not is_whole


def _documents(path: Path) -> Iterator[dict[str, Any]]:
    """What can be understood of it; whatever else is wrong is said when it is opened to write."""
    if not path.is_file():  # also a device, which may never end
        return
    with contextlib.suppress(OSError), open(path, "rb") as file:
        for number, line in enumerate(_lines(file)):
            # RecursionError: brackets a thousand deep
            with contextlib.suppress(ValueError, KeyError, TypeError, RecursionError):
                document = json.loads(line)
                schema = document["schema"]
                if schema == JOURNAL_SCHEMA:
                    yield document
                elif number == 0 and type(schema) is int and schema > JOURNAL_SCHEMA:
                    raise NewerJournal(path, schema)


def _take(document: Mapping[str, Any], known: dict[str, Entry]) -> None:
    if "begun" in document:
        known.pop(_text(document["begun"]), None)
    else:
        known[_text(document["finished"])] = _entry(document)


def _entry(document: Mapping[str, Any]) -> Entry:
    return Entry(_text(document["stamp"]), _text(document["work"]), _record(document["record"]))


def _record(document: Mapping[str, Any]) -> Record:
    """A record whose fields are all of their kinds."""
    if document["status"] not in get_args(Status):
        raise ValueError("no such status")
    for field in fields(Record):
        if field.name == "trouble":
            continue
        # Lines from before there were notes, or fast scans, have none.
        is_later = field.name in ("note", "skipped_s")
        value = document.get(field.name) if is_later else document[field.name]
        if field.name in ("input", "status"):
            _text(value)
        elif value is not None:
            _check(field.name, value)
    return Record(**document)


def _check(name: str, value: object) -> None:
    if name in ("error", "note", "out_dir"):
        _text(value)
    elif name.endswith("_s"):
        if type(value) not in (int, float) or not math.isfinite(float(str(value))):
            raise ValueError(f"{name} is no number of seconds")
    elif type(value) is not int:
        raise ValueError(f"{name} is no count")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value
