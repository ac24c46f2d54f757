"""Files that several may write at a time, each whole: whoever is last has the name.

Of the fixed temporary name of `atomic`, two writers of one file would write into each other's.
"""

from __future__ import annotations

import contextlib
import os
import time
import uuid
from pathlib import Path
from typing import Final

from motionapp.files.atomic import cannot_write, part_of, sync_folder

LEFT_S: Final = 86_400.0
"""A temporary file that is older was left by a process that is gone."""


def write_alone(path: Path, content: bytes) -> None:
    """Write a file whole, under a temporary name that nobody else has.

    Parameters
    ----------
    path : Path
        Its folder exists.
    content : bytes

    Raises
    ------
    OutputError
        It cannot be written; what stood under the name before is still there.
    """
    part = part_of(path.with_name(f"{uuid.uuid4().hex}-{path.name}"))
    try:
        with open(part, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
        sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise cannot_write(path, error) from error


def clear_left(folder: Path, *, now_s: float | None = None) -> None:
    """Remove the temporary files that killed writers have left in a folder a day ago or more.

    Parameters
    ----------
    folder : Path
    now_s : float, optional
        Seconds since 1970; the clock's if it is left out.
    """
    now_s = time.time() if now_s is None else now_s
    for part in folder.glob(part_of(Path("*")).name):
        with contextlib.suppress(OSError):
            if now_s - part.stat().st_mtime > LEFT_S:
                part.unlink()
