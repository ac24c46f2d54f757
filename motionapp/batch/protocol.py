"""What a batch and its workers say to each other: JSON, one document a line.

To a worker: one `setup`, then any number of `job`. From it: `ready`, then for every job some
`progress` and one `result`. Both sides are the same version of the same program.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from motionapp.batch.job import Job
from motionapp.batch.record import Record
from motionapp.settings.tree import Settings

Message = dict[str, Any]  # one JSON document: what stands in it depends on its "type"


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
    return {"type": "job", "job": asdict(job)}


def job_of(message: Message) -> Job:
    """The job in a message."""
    document = message["job"]
    return Job(**{**document, "parts": tuple(document["parts"])})


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
