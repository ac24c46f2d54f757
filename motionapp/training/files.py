"""Writes a model: whole or not at all, like every result."""

from __future__ import annotations

import os
from pathlib import Path

from motionapp.files.atomic import cannot_write, discard, part_of, publish


def write_model(path: Path, content: bytes) -> None:
    """Write a model file.

    Raises
    ------
    OutputError
        It cannot be written; what stood under the name before is still there.
    """
    try:
        with part_of(path).open("wb") as part:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
    except OSError as error:
        discard(path)
        raise cannot_write(path, error) from error
    publish(path)
