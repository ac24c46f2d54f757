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
