"""The outermost boxes of MP4 and MOV."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

FIRST_BOXES: Final = frozenset(
    (
        *(b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"),
        *(b"styp", b"sidx", b"moof", b"emsg", b"prft"),
    )
)
"""With one of these, an MP4 or MOV begins; with one of the second line, a fragment of it."""
MOST_BOXES: Final = 1000
"""A whole recording has a handful; one in fragments has its index in front."""


def boxes_of(path: Path) -> dict[bytes, bool]:
    """Kinds of the outermost boxes, and whether the file holds all of each.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict of bytes to bool
        Empty where it is no MP4 or MOV, or cannot be read.
    """
    return dict(boxes_in_order(path))


def boxes_in_order(path: Path) -> Iterator[tuple[bytes, bool]]:
    """The same one by one, for whoever needs but the first of them."""
    try:
        with path.open("rb") as file:
            yield from _boxes(file, path.stat().st_size)
    except OSError:
        return


def _boxes(file: BinaryIO, size: int) -> Iterator[tuple[bytes, bool]]:
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


def keep_whole_pieces(path: Path) -> bool:
    """Cut a file that was written in pieces after its last whole one. False: there is none.

    Raises
    ------
    OSError
        The file cannot be read or cut.

    References
    ----------
    ISO/IEC 14496-12, 4.2: a box begins with its size, 32 bits, and its type; size 1 says that 64
    bits with the size follow. A piece is a `moof` box and its `mdat`.
    """
    whole_bytes, at, size = 0, 0, path.stat().st_size
    with path.open("r+b") as file:
        while at + 8 <= size:
            file.seek(at)
            head = file.read(16)
            length, kind = int.from_bytes(head[:4]), head[4:8]
            if length == 1:
                length = int.from_bytes(head[8:16])
            if length < 8 or at + length > size:
                break
            at += length
            if kind == b"mdat":
                whole_bytes = at
        file.truncate(whole_bytes)
    return whole_bytes > 0
