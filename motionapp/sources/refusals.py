"""Why a file that FFmpeg does not take for a recording is none.

Knows what a folder may hold besides files, and the outermost boxes of MP4 and MOV; of what is in
all other files it says nothing.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

FIRST_BOXES = frozenset([b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"styp"])
"""With one of these, an MP4 or MOV begins."""
MOST_BOXES = 1000
"""A whole recording has a handful; one in fragments has its index in front."""


def kind_of(mode: int) -> str:
    """What lies there, by its mode: a file, or in a word what else.

    Nothing but files is ever opened: a pipe that nobody writes to would be waited for forever.
    """
    kinds = {
        stat.S_IFREG: "file",
        stat.S_IFDIR: "folder",
        stat.S_IFIFO: "pipe",
        stat.S_IFSOCK: "socket",
        stat.S_IFCHR: "device",
        stat.S_IFBLK: "device",
    }
    return kinds.get(stat.S_IFMT(mode), "special file")


def why_not_there(path: Path) -> str:
    """In a sentence that there is nothing of that name, or that a link leads nowhere."""
    if not path.is_symlink():
        return f"there is no file {path}"
    return f"{path} is a link to {os.readlink(path)}, which is not there: is a disk not mounted?"


def why_refused(path: Path) -> str:
    """Why an MP4 or MOV cannot be opened, and what helps; empty where its boxes do not tell."""
    try:
        with path.open("rb") as file:
            boxes = dict(_boxes(file, path.stat().st_size))
    except OSError:
        return ""
    if not boxes or boxes.get(b"moov"):
        return ""
    if b"moov" in boxes:
        return "it was cut off within its index, without which its pictures cannot be found"
    if b"mdat" not in boxes:
        return "it ends after its header: no picture of it was written"
    return (
        "it was cut off before its index was written, without which its pictures cannot be found: "
        "try a repair tool, untrunc say, with a whole recording of the same camera"
    )


def _boxes(file: BinaryIO, size: int) -> Iterator[tuple[bytes, bool]]:
    """Kind of each outermost box, and whether the file holds all of it."""
    begin = 0
    for number in range(MOST_BOXES):
        file.seek(begin)
        header = file.read(16)
        kind = header[4:8]
        if len(header) < 8 or (number == 0 and kind not in FIRST_BOXES):
            return
        length = int.from_bytes(header[:4])
        if length == 1:  # the true one follows, in 64 bits
            length = int.from_bytes(header[8:])
        elif length == 0:
            length = size - begin
        if length < 8:
            return
        yield kind, begin + length <= size
        begin += length
