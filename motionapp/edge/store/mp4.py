"""How long a recording is, read from its boxes: nothing is decoded, and no more read than is due.

ISO/IEC 14496-12: the index (`moov`) tells the time scale of each track, every fragment (`moof`)
where it begins (`tfdt`) and how long its pictures last (`trun`). What a power cut has torn off is
not counted.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from motionapp.files.boxes import FIRST_BOXES

MOST_BOXES: Final = 100_000
"""An hour in fragments of a tenth of a second has 72,000."""
MOST_INDEX_BYTES: Final = 16 << 20
"""Of `moov` and all `moof` together; an hour of 25 pictures a second with sound has about four
megabytes."""
MOST_TRACKS: Final = 64
LONGEST_S: Final = 7 * 24 * 3600.0
"""A file that says more is not one of the recorder, whose longest is an hour."""
_INTO: Final = frozenset([b"trak", b"mdia", b"mvex", b"traf"])
_DEEPEST: Final = 3


class _Box(NamedTuple):
    kind: bytes
    begin: int
    """Of what is in it."""
    end: int


@dataclass(slots=True)
class _Track:
    scale: int = 0
    """Ticks a second."""
    handler: bytes = b""
    usual_ticks: int = 0
    """How long a sample lasts whose fragment does not say."""
    whole_ticks: int = 0
    """As the index has it, which knows nothing of fragments."""
    first: int | None = None
    end: int = 0

    @property
    def duration_s(self) -> float:
        if not self.scale:
            return 0.0
        if self.first is None:
            return self.whole_ticks / self.scale
        # Where the index tells of samples, these come before the first fragment.
        return max(0, self.end - (0 if self.whole_ticks else self.first)) / self.scale


@dataclass(slots=True)
class _Index:
    tracks: dict[int, _Track] = field(default_factory=dict)
    left_bytes: int = MOST_INDEX_BYTES

    def of(self, number: int) -> _Track:
        if number not in self.tracks and len(self.tracks) >= MOST_TRACKS:
            raise ValueError("too many tracks")
        return self.tracks.setdefault(number, _Track())


def duration_s(path: Path) -> float | None:
    """How long an MP4 plays, in fragments or whole.

    Parameters
    ----------
    path : Path

    Returns
    -------
    float or None
        Seconds from its first picture to the end of the last whole fragment; None where it is no
        MP4, is damaged before its first fragment, says what cannot be, or cannot be read.
    """
    index = _Index()
    try:
        with path.open("rb") as file:
            _read(file, path.stat().st_size, index)
    except (OSError, ValueError, struct.error):
        # What was read before the damage counts: so it is with a player.
        pass
    tracks = index.tracks.values()
    pictures = [track for track in tracks if track.handler == b"vide"] or list(tracks)
    longest_s = max((track.duration_s for track in pictures), default=0.0)
    return longest_s if 0.0 < longest_s <= LONGEST_S else None


def _read(file: BinaryIO, size: int, index: _Index) -> None:
    """Go through the outermost boxes; a fragment counts once its samples are there, too."""
    waiting: bytes | None = None
    for number, box in enumerate(_outer(file, size)):
        if number == 0 and box.kind not in FIRST_BOXES:
            raise ValueError("no MP4")
        if box.end > size:
            return
        if box.kind == b"moov":
            _read_index(_content(file, box, index), index)
        elif box.kind == b"moof":
            waiting = _content(file, box, index)
        elif box.kind == b"mdat" and waiting is not None:
            _read_fragment(waiting, index)
            waiting = None


def _outer(file: BinaryIO, size: int) -> Iterator[_Box]:
    begin = 0
    for _ in range(MOST_BOXES):
        file.seek(begin)
        box = _box_in(file.read(16), 0, size - begin)
        if box is None:
            return
        yield _Box(box.kind, begin + box.begin, begin + box.end)
        begin += box.end


def _content(file: BinaryIO, box: _Box, index: _Index) -> bytes:
    index.left_bytes -= box.end - box.begin
    if index.left_bytes < 0:
        raise ValueError("more index than a recording has")
    file.seek(box.begin)
    return file.read(box.end - box.begin)


def _box_in(data: bytes, at: int, left: int) -> _Box | None:
    """The box that begins at a byte; None where there is none, or what cannot be one."""
    if len(data) - at < 8:
        return None
    length, kind = struct.unpack_from(">I4s", data, at)
    head = 8
    if length == 1 and len(data) - at >= 16:  # the true one follows, in 64 bits
        (length,) = struct.unpack_from(">Q", data, at + 8)
        head = 16
    elif length == 0:
        length = left
    return None if length < head else _Box(kind, at + head, at + length)


def _boxes(data: bytes, path: tuple[bytes, ...] = ()) -> Iterator[tuple[tuple[bytes, ...], bytes]]:
    """Every box in another, with the kinds of those around it; larger than its place: refused."""
    at = 0
    while (box := _box_in(data, at, len(data) - at)) is not None:
        if box.end > len(data):
            raise ValueError(f"a box {box.kind!r} is larger than its place")
        inner = data[box.begin : box.end]
        yield (*path, box.kind), inner
        if box.kind in _INTO and len(path) < _DEEPEST:
            yield from _boxes(inner, (*path, box.kind))
        at = box.end


def _read_index(moov: bytes, index: _Index) -> None:
    track = _Track()
    for path, data in _boxes(moov):
        match path:
            case (b"trak", b"tkhd"):
                (number,) = struct.unpack_from(">I", data, 20 if data[0] == 1 else 12)
                track = index.of(number)
            case (b"trak", b"mdia", b"mdhd"):
                form, at = (">IQ", 20) if data[0] == 1 else (">II", 12)
                track.scale, track.whole_ticks = struct.unpack_from(form, data, at)
            case (b"trak", b"mdia", b"hdlr"):
                track.handler = data[8:12]
            case (b"mvex", b"trex"):
                number, _, ticks = struct.unpack_from(">III", data, 4)
                index.of(number).usual_ticks = ticks


def _read_fragment(moof: bytes, index: _Index) -> None:
    track, usual, at = _Track(), 0, 0
    for path, data in _boxes(moof):
        match path:
            case (b"traf", b"tfhd"):
                flags, number = struct.unpack_from(">II", data)
                track = index.of(number)
                # Its place (8 bytes) and its description (4) stand before, where they are told.
                place = 8 + 8 * bool(flags & 0x1) + 4 * bool(flags & 0x2)
                usual = track.usual_ticks
                if flags & 0x8:
                    (usual,) = struct.unpack_from(">I", data, place)
                at = track.end
            case (b"traf", b"tfdt"):
                (at,) = struct.unpack_from(">Q" if data[0] == 1 else ">I", data, 4)
            case (b"traf", b"trun"):
                track.first = at if track.first is None else min(track.first, at)
                at += _run_ticks(data, usual)
                track.end = max(track.end, at)


def _run_ticks(trun: bytes, usual: int) -> int:
    """How long the samples of a run last together."""
    flags, count = (int(word) for word in struct.unpack_from(">II", trun))
    if not flags & 0x100:
        return count * usual
    # Of each sample: duration, size, flags, offset of its showing, as far as they are told.
    width = 4 * (flags >> 8 & 0xF).bit_count()
    begin = 8 + 4 * bool(flags & 0x1) + 4 * bool(flags & 0x4)
    if begin + count * width > len(trun):
        raise ValueError("a run says more samples than it has")
    words: tuple[int, ...] = struct.unpack_from(f">{count * width // 4}I", trun, begin)
    return sum(words[:: width // 4])
