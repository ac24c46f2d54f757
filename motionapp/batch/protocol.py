"""What a batch and its workers say to each other: JSON, one document a line.

To a worker: one `setup`, then any number of `job`. From it: `ready`, then for every job some
`progress` and one `result`, or one `parts` where the question was into which parts an input falls,
or one `part` where the job was one of them. Both sides are the same version of the same program.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

from pydantic import TypeAdapter

from motionapp.batch.job import Job
from motionapp.batch.part_result import (
    Division,
    PartResult,
    in_trouble,
    result_document,
    result_of,
)
from motionapp.batch.record import Record
from motionapp.settings.tree import Settings

Message = dict[str, Any]  # one JSON document: what stands in it depends on its "type"

MOST_FOUND_BYTES: Final = 32 << 20
"""Of one part, as a line: some ten thousand events. A recording that has more in a part is analysed
whole, and holds no second copy of them on a pipe."""

_JOBS: Final = TypeAdapter(Job)
_DIVISIONS: Final = TypeAdapter(Division)


def encode(message: Message) -> str:
    """A message as its line."""
    return json.dumps(message) + "\n"


def decode(line: str) -> Message:
    """A line as its message.

    Raises
    ------
    ValueError
        It is not one.
    """
    message = json.loads(line)
    if not isinstance(message, dict) or "type" not in message:
        raise ValueError(f"not a message: {line[:80]!r}")
    return message


def setup_message(settings: Settings, network_threads: int) -> Message:
    """What a worker needs once."""
    document = settings.model_dump(mode="json")
    return {"type": "setup", "settings": document, "network_threads": network_threads}


def job_message(job: Job) -> Message:
    """One job for a worker."""
    return {"type": "job", "job": _JOBS.dump_python(job, mode="json")}


def job_of(message: Message) -> Job:
    """The job in a message."""
    return _JOBS.validate_python(message["job"])


def progress_message(done_s: float, total_s: float | None) -> Message:
    """How far a job is."""
    return {"type": "progress", "done_s": done_s, "total_s": total_s}


def opened_message(picture_px: int) -> Message:
    """How large the pictures of a job are."""
    return {"type": "opened", "picture_px": picture_px}


def result_message(record: Record) -> Message:
    """How a job went."""
    return {"type": "result", "record": asdict(record)}


def record_of(message: Message) -> Record:
    """The record in a message."""
    return Record(**message["record"])


def part_message(result: PartResult) -> Message:
    """What a part has found, or that it is too much to be told."""
    message = {"type": "part", "result": result_document(result)}
    if len(encode(message)) <= MOST_FOUND_BYTES:
        return message
    return part_message(in_trouble("there is too much in a part of it"))


def part_of_message(message: Message) -> PartResult:
    """The result of a part in a message."""
    return result_of(message["result"])


def division_message(division: Division) -> Message:
    """Into which parts an input falls."""
    return {"type": "parts", "division": _DIVISIONS.dump_python(division, mode="json")}


def division_of(message: Message) -> Division:
    """The division in a message."""
    return _DIVISIONS.validate_python(message["division"])
