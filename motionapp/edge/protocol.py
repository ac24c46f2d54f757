"""What the parent and a camera's child say to each other: one JSON document a line.

The first line to a child is its job, which holds secrets: it goes through the pipe, never on a
command line. What follows are requests, and `recording`, which says whether anything may be
recorded and is not answered. A child answers with the lines of `watch --json`
(`opened`, `changed`, `open`, `closed`, `crossing`, `lost`, `back`, `ended`) and with lines of its
own, of which `beat` comes each second, whatever else there is.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from motionapp.core.errors import SourceError
from motionapp.settings.edge import CameraSettings, RecordSettings

Message = Mapping[str, Any]

BEAT_S: Final = 1.0
LONGEST_LINE: Final = 16 << 20
"""Bytes. A picture of 8K as JPEG takes some 5 MB, and a third more as text."""


@dataclass(frozen=True, slots=True)
class Job:
    """All that a child is told of its camera."""

    camera: CameraSettings
    record: RecordSettings
    folder: Path
    """Of the store: where recordings and pictures go."""
    changes: Mapping[str, Any]
    """What was changed from outside, by its name in `seams.CHANGEABLE`."""


def job_line(job: Job) -> str:
    """A job as the line that a child reads, secrets and all."""
    camera = job.camera.model_dump(mode="json")
    camera["url"] = job.camera.url.get_secret_value()
    if job.camera.main_url is not None:
        camera["main_url"] = job.camera.main_url.get_secret_value()
    return line_of(
        {
            "camera": camera,
            "record": job.record.model_dump(mode="json"),
            "folder": str(job.folder),
            "changes": dict(job.changes),
        }
    )


def read_job(line: str) -> Job:
    """The job in a line. Raises what pydantic and json raise: only our own parent writes it."""
    document = json.loads(line)
    return Job(
        camera=CameraSettings.model_validate(document["camera"]),
        record=RecordSettings.model_validate(document["record"]),
        folder=Path(document["folder"]),
        changes=document["changes"],
    )


def line_of(message: Message) -> str:
    """A message as a line."""
    return json.dumps(message, ensure_ascii=False, allow_nan=False) + "\n"


def message_in(line: str | bytes) -> Message:
    """The message in a line.

    Raises
    ------
    SourceError
        It is none: a child that speaks rubbish is ended.
    """
    try:
        message = json.loads(line)
    except ValueError:
        message = None
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise SourceError("the process of the camera says what nobody understands")
    return message


def picture_text(jpeg: bytes) -> str:
    """A picture as it stands in a message."""
    return base64.b64encode(jpeg).decode("ascii")


def picture_in(text: str) -> bytes:
    """The picture of a message."""
    return base64.b64decode(text)
