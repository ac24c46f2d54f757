"""What is said of each input once the batch is over: summary.json and the exit code."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from motionapp.core.version import __version__
from motionapp.files.atomic import write_whole
from motionapp.sinks.documents import seconds

SUMMARY_SCHEMA: Final = 1
SUMMARY_JSON: Final = "summary.json"

Status = Literal["ok", "partial", "failed", "skipped"]
Trouble = Literal["", "output", "full"]
"""Why it could not be written, which only this run needs to know: its own folder refuses, or
nothing else can be written either, since the disk is full or became read-only."""


@dataclass(frozen=True, slots=True)
class Record:
    """How one input went; but for `trouble`, its fields are those of a line of the summary."""

    input: str
    status: Status
    error: str | None = None
    """One sentence; None when nothing went wrong."""
    out_dir: str | None = None
    """Relative to the batch's folder; None where nothing was written."""
    width: int | None = None
    height: int | None = None
    duration_s: float | None = None
    frames: int | None = None
    events: int | None = None
    elapsed_s: float | None = None
    note: str | None = None
    """What the recording does not allow, or what was done otherwise than asked, in a sentence: the
    results are none the worse for it; None mostly."""
    skipped_s: float | None = None
    """Seconds that a fast scan has skipped, in which nothing was looked for; None: all was read."""
    trouble: Trouble = ""

    @property
    def document(self) -> dict[str, Any]:
        """What the files hold of it."""
        return {name: value for name, value in asdict(self).items() if name != "trouble"}

    @property
    def is_no_recording(self) -> bool:
        """Whether it was passed over: named, because one might think that it is a recording."""
        return self.status == "skipped" and self.error is not None and self.out_dir is None


def as_skipped(record: Record, *, spec: str) -> Record:
    """What an earlier run found, for an input that need not be read again.

    What was lost of a damaged one is still said; there was no time spent.
    """
    return replace(record, input=spec, status="skipped", elapsed_s=None)


def not_analysed(spec: str, why: str) -> Record:
    """For an input that this run has not come to."""
    return Record(spec, "failed", f"{spec} was not analysed: {why}")


def write_summary(out_dir: Path, records: Sequence[Record]) -> Path:
    """Write summary.json and give its path.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    path = out_dir / SUMMARY_JSON
    write_whole(path, summary_text(records))
    return path


def summary_text(records: Sequence[Record]) -> str:
    """The summary as text, seconds rounded to milliseconds."""
    inputs = [
        {
            key: seconds(value) if key.endswith("_s") and value is not None else value
            for key, value in record.document.items()
        }
        for record in records
    ]
    document = {"schema": SUMMARY_SCHEMA, "version": __version__, "inputs": inputs}
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def exit_code(records: Sequence[Record]) -> int:
    """0 all read, 3 some failed or partial, 4 none could be read, 5 some could not be written.

    One that was skipped counts as what it was found to be when it was read; what is no recording
    does not count.
    """
    if any(record.trouble for record in records):
        return 5
    records = [record for record in records if not record.is_no_recording]
    if all(record.status == "failed" for record in records):
        return 4
    return 3 if any(record.error is not None for record in records) else 0


def closing_line(records: Sequence[Record]) -> str:
    """How the whole batch went, on one line."""
    passed = sum(record.is_no_recording for record in records)
    records = [record for record in records if not record.is_no_recording]
    failed = sum(record.status == "failed" for record in records)
    partly = sum(record.status != "failed" and record.error is not None for record in records)
    skipped = sum(record.status == "skipped" for record in records)
    said = [f"{len(records) - failed - partly} done"]
    if partly:
        said.append(f"{partly} in part")
    if failed:
        said.append(f"{failed} failed")
    if passed:
        said.append(f"{passed} no recording")
    line = ", ".join(said)
    return f"{line} ({skipped} of them by an earlier run)" if skipped else line
