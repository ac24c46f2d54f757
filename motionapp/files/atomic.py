"""Files that appear whole or not at all: a temporary name in the same folder, flushed, renamed.

A process that is killed may leave a ``.NAME.part`` behind; the next run writes over it.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterable
from pathlib import Path

from motionapp.core.errors import OutputError

UNWRITABLE_LETTERS = "backslashreplace"
"""A file's name may hold bytes that are no UTF-8: in JSON they become escapes, not an error."""


def part_of(path: Path) -> Path:
    """The temporary name under which `path` is written."""
    return path.with_name(f".{path.name}.part")


def one_of(path: Path, others: Iterable[Path]) -> Path | None:
    """Which of some files a name stands for, if it is there: writing it would lose that one."""
    own = _identity(path)
    return next((other for other in others if own and own == _identity(other)), None)


def _identity(path: Path) -> tuple[int, int] | None:
    """What is alike for all names of a file; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def write_whole(path: Path, text: str) -> None:
    """Write a text file, in UTF-8 and with line ends as they are.

    Raises
    ------
    OutputError
        It cannot be written; what stood under the name before is still there.
    """
    stage(path, text)
    publish(path)


def stage(path: Path, text: str) -> None:
    """Write `text` under the temporary name of `path`, and flush it to the disk.

    Raises
    ------
    OutputError
        It cannot be written; nothing is left of it.
    """
    stage_bytes(path, text.encode("utf-8", errors=UNWRITABLE_LETTERS))


def stage_bytes(path: Path, content: bytes) -> None:
    """Write `content` under the temporary name of `path`, and flush it to the disk.

    Raises
    ------
    OutputError
        It cannot be written; nothing is left of it.
    """
    try:
        with open(part_of(path), "wb") as part:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
    except OSError as error:
        discard(path)
        raise cannot_write(path, error) from error


def publish(path: Path) -> None:
    """Give a finished temporary file its name.

    Raises
    ------
    OutputError
        It cannot be renamed; the temporary file is removed.
    """
    try:
        os.replace(part_of(path), path)
        sync_folder(path.parent)
    except OSError as error:
        discard(path)
        raise cannot_write(path, error) from error


def discard(path: Path) -> None:
    """Remove the temporary file of `path`, if there is one."""
    # The folder may be gone or read-only: then there is nothing of ours to tidy.
    with contextlib.suppress(OSError):
        part_of(path).unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """Make a folder for output, and see that it can be written to.

    Raises
    ------
    OutputError
        It cannot be made, is no folder, or refuses files.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = part_of(path / "probe")
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise cannot_write(path, error) from error


def make_place(path: Path) -> None:
    """Make the folder of a file, and see that the file can be written: before hours of work.

    Raises
    ------
    OutputError
        Its folder cannot be written to, or a folder has its name.
    """
    make_folder(path.parent)
    try:
        # The longer name under which it is written first: a disk may have no room for that.
        os.stat(part_of(path))
    except FileNotFoundError:
        pass
    except OSError as error:
        raise cannot_write(path, error) from error
    if path.is_dir():
        raise cannot_write(path, IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR)))


def cannot_write(path: Path, error: OSError) -> OutputError:
    """The sentence about an output that cannot be written."""
    reason = error.strerror or str(error)
    return OutputError(
        f"{path} cannot be written: {reason}. Name another place, or make room or rights there."
    )


def sync_folder(folder: Path) -> None:
    """Flush the entries of a folder, where the system lets a folder be opened."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
