"""A fragment of a recording (`seg1.m4s`), which is read behind the header that lies beside it.

Players of DASH and HLS fetch the header (`init.mp4`) once and the fragments one by one; recorders
that save what they fetch leave them so.
"""

from __future__ import annotations

import io
import os
import re
import stat
from pathlib import Path
from typing import Final

from motionapp.files.boxes import boxes_in_order, boxes_of

HEADER_WORDS: Final = ("init", "header")
"""One of these is in the name of a header, whoever has written it."""
HEADER_EXTENSIONS: Final = frozenset([".cmfv", ".m4i", ".m4s", ".m4v", ".mp4"])
MOST_HEADER_BYTES: Final = 1 << 20
"""One has a kilobyte or two."""


def readable(path: Path) -> str | Joint:
    """What a demuxer is to open for a recording: its path, or a fragment behind its header."""
    header = header_beside(path) if is_fragment(path) else None
    # Absolute, because FFmpeg would take `udp:x.mp4` for an address.
    return os.fspath(path.absolute()) if header is None else Joint(header, path)


def is_fragment(path: Path) -> bool:
    """Whether it holds pictures of an MP4 and not the header that tells how to read them."""
    kinds = (kind for kind, _ in boxes_in_order(path))
    return next((kind for kind in kinds if kind in (b"moov", b"moof")), b"") == b"moof"


def is_header(path: Path) -> bool:
    """Whether it is the header of fragments and nothing else, by its name and its boxes."""
    if not _is_called_header(path.name):
        return False
    boxes = boxes_of(path)
    return b"moov" in boxes and not {b"moof", b"mdat"} & set(boxes) and _is_small(path)


def header_beside(fragment: Path) -> Path | None:
    """The header in a fragment's folder whose name has most in common with the fragment's.

    Parameters
    ----------
    fragment : Path
        ``chunk-stream1-00007.m4s`` belongs to ``init-stream1.m4s``, not to ``init-stream0.m4s``.
    """
    try:
        names = sorted(name for name in os.listdir(fragment.parent) if _is_called_header(name))
    except OSError:
        return None
    words = _words(fragment.name)
    names.sort(key=lambda name: -len(words & _words(name)))
    paths = (fragment.parent / name for name in names)
    return next((path for path in paths if is_header(path)), None)


class Joint(io.RawIOBase):
    """A header and a fragment as one file that can be read and sought.

    Notes
    -----
    Whoever demuxes it does not close it. So nothing stays open: the header is kept, and the
    fragment opened for every read, which takes a hundredth of the time of the read.
    """

    def __init__(self, header: Path, fragment: Path) -> None:
        super().__init__()
        self._header = header.read_bytes()
        self._fragment = fragment
        self._size = len(self._header) + fragment.stat().st_size
        self._at = 0

    def readable(self) -> bool:
        """It is for nothing else."""
        return True

    def seekable(self) -> bool:
        """As both its files are."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a byte, counted from the header's first."""
        begin = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, begin + offset)
        return self._at

    def tell(self) -> int:
        """The byte that is read next."""
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes; none at the end."""
        wanted = max(0, self._size - self._at if size < 0 else size)
        found = self._header[self._at : self._at + wanted]
        if len(found) < wanted:
            with self._fragment.open("rb") as file:
                file.seek(max(0, self._at - len(self._header)))
                found += file.read(wanted - len(found))
        self._at += len(found)
        return found


def _is_called_header(name: str) -> bool:
    stem, suffix = os.path.splitext(name.lower())
    return suffix in HEADER_EXTENSIONS and any(word in stem for word in HEADER_WORDS)


def _is_small(path: Path) -> bool:
    found = path.stat()
    return stat.S_ISREG(found.st_mode) and found.st_size <= MOST_HEADER_BYTES


def _words(name: str) -> set[str]:
    """The parts of a name without its extension; numbers tell streams and qualities apart."""
    return set(re.findall(r"[a-z]+\d*|\d+", Path(name).stem.lower()))
