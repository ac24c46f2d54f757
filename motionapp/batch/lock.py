"""One batch at a time in a folder of results.

The system itself holds the lock and lets go of it when the process ends, however it ends: a file
that a killed run has left behind locks nobody out.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from motionapp.core.errors import OutputError
from motionapp.files.atomic import cannot_write
from motionapp.files.locks import take

LOCK: Final = ".lock"


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold `folder` for this process until the block ends.

    Raises
    ------
    OutputError
        Another batch works there, or the folder cannot be written to.
    """
    path = folder / LOCK
    descriptor = _taken(path)
    try:
        yield
    finally:
        _let_go(path, descriptor)


def _taken(path: Path) -> int:
    """The open lock file, with our number in it."""
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise cannot_write(path, error) from error
        try:
            if not take(descriptor):
                raise OutputError(_sentence(path))
            if _is_still(path, descriptor):
                os.truncate(descriptor, 0)
                os.write(descriptor, f"{os.getpid()}\n".encode("ascii"))
                return descriptor
        except OSError as error:
            os.close(descriptor)
            if isinstance(error, OutputError):
                raise
            raise cannot_write(path, error) from error
        os.close(descriptor)  # its holder removed it between our opening and our locking


def _sentence(path: Path) -> str:
    with contextlib.suppress(OSError, ValueError):
        who = f"another batch (process {int(path.read_text(encoding='ascii'))})"
        return f"{who} writes into {path.parent}: wait for its end, or name another folder"
    return f"another batch writes into {path.parent}: wait for its end, or name another folder"


def _is_still(path: Path, descriptor: int) -> bool:
    """Whether the file that we have locked is the one that others would open."""
    with contextlib.suppress(FileNotFoundError):
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    return False


def _let_go(path: Path, descriptor: int) -> None:
    if os.name == "posix":
        # While it is ours: after closing it, another's could have taken its name.
        with contextlib.suppress(OSError):
            path.unlink()
        os.close(descriptor)
    else:
        os.close(descriptor)
        with contextlib.suppress(OSError):
            path.unlink()
