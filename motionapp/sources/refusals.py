"""Why a file that FFmpeg does not take for a recording is none.

Knows what a folder may hold besides files, and the outermost boxes of MP4 and MOV; of what is in
all other files it says nothing.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from motionapp.core.addresses import shown
from motionapp.files.boxes import boxes_of
from motionapp.files.fragments import is_header


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
        named = shown(str(path))
        if named != str(path):
            return f"there is no file {named}, and addresses are written rtsp://HOST/..."
        return f"there is no file {named}"
    return f"{path} is a link to {os.readlink(path)}, which is not there: is a disk not mounted?"


def why_refused(path: Path) -> str:
    """Why an MP4 or MOV cannot be opened, and what helps; empty where its boxes do not tell."""
    boxes = boxes_of(path)
    if boxes.get(b"moov") and is_header(path):
        return "it is the header of the fragments beside it, and holds no picture itself"
    if not boxes or boxes.get(b"moov"):
        return ""
    if b"moov" in boxes:
        return "it was cut off within its index, without which its pictures cannot be found"
    if b"moof" in boxes:
        return (
            "it is a fragment without the header that tells how to read it: put that beside it, "
            "under a name such as init.mp4, or name the recording that it was cut from"
        )
    if b"mdat" not in boxes:
        return "it ends after its header: no picture of it was written"
    return (
        "it was cut off before its index was written, without which its pictures cannot be found: "
        "try a repair tool, untrunc say, with a whole recording of the same camera"
    )
