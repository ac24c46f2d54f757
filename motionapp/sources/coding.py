"""How the pictures of a stream are coded, by what they say themselves.

A camera whose size or quality is set otherwise sends other parameter sets in front of its next key
frame, over the same connection. A file that has begun holds the old ones, and need not play.
"""

from __future__ import annotations

import dataclasses
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import av
from av.audio.stream import AudioStream
from av.video.stream import VideoStream

from motionapp.core.packet import StreamForm
from motionapp.sources.decoding import rate_of

FILLING: Final = bytes(4)
"""A NUT file's head can be read once one packet stands behind it."""
START_CODE: Final = re.compile(b"\x00\x00\x01")
FRAME_HEADERS: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of JPEG that hold a size (ITU-T T.81, B.1.1.3)."""
LENGTHS: Final = b"\x01"
"""Where the parameters of a stream begin so, pictures are not cut by start codes, but by lengths
(ISO/IEC 14496-15), and hold no parameters."""


@dataclass(frozen=True, slots=True)
class _Units:
    """The NAL units of a coding by their types."""

    sets: frozenset[int]
    """Parameter sets."""
    sequence: int
    """The set that tells the size."""
    slices: range
    """Parts of pictures."""
    shift: int
    mask: int
    """Where in the first byte the type is."""


UNITS: Final = {
    "h264": _Units(frozenset([7, 8]), 7, range(1, 6), 0, 31),  # ITU-T H.264, table 7-1
    "hevc": _Units(frozenset([32, 33, 34]), 33, range(32), 1, 63),  # ITU-T H.265, table 7-1
}


class Coding:
    """Follows how the video of one opening is coded.

    Parameters
    ----------
    video : VideoStream

    Notes
    -----
    H.264 and H.265 with start codes are followed, and JPEG; others are as they were when the stream
    was opened.
    """

    def __init__(self, video: VideoStream) -> None:
        context: Any = video.codec_context
        self.codec: str = context.codec.canonical_name
        self.form = form_of(video)
        """None as long as it is not known."""
        extradata = context.extradata or b""
        self._rate_hz = rate_of(video)
        is_cut = self.codec in UNITS and not extradata.startswith(LENGTHS)
        self.is_followed = is_cut or self.codec == "mjpeg"
        """Whether its key frames tell."""
        self._known = parameters_in(self.codec, extradata) if self.is_followed else ()

    def step(self, data: bytes) -> bool:
        """Take note of a key frame; whether it and what comes are coded in another form."""
        found = parameters_in(self.codec, data) if self.is_followed else ()
        if self.form is not None and (not found or set(found) <= set(self._known)):
            return False
        if self.form is not None and not self._known:  # those that it was opened with
            self._known = found
            return False
        if not _has_size(self.codec, found):
            data = b"".join(b"\x00\x00\x00\x01" + each for each in self._known) + data
            found = (*self._known, *found)
        form = self._form_in(data)
        if form is None:
            return False
        self.form, self._known = form, found
        return True

    def _form_in(self, data: bytes) -> StreamForm | None:
        try:
            with av.open(io.BytesIO(data), format=self.codec) as alone:
                form = form_of(alone.streams.video[0])
        except (av.FFmpegError, ValueError, IndexError):
            return None
        return None if form is None else dataclasses.replace(form, rate_hz=self._rate_hz)


def parameters_in(codec: str, data: bytes) -> tuple[bytes, ...]:
    """What in front of a coded picture says how it is coded; empty where nothing does."""
    if codec == "mjpeg":
        return _frame_header(data)
    units = UNITS.get(codec)
    return () if units is None else tuple(_sets_in(units, data))


def _has_size(codec: str, found: tuple[bytes, ...]) -> bool:
    units = UNITS.get(codec)
    if units is None:
        return bool(found)
    return any(each[0] >> units.shift & units.mask == units.sequence for each in found)


def _sets_in(units: _Units, data: bytes) -> Iterator[bytes]:
    begin = None
    for mark in START_CODE.finditer(data):
        if begin is not None:
            yield data[begin : mark.start()].rstrip(b"\x00")
        begin = None
        if mark.end() == len(data):
            return
        kind = data[mark.end()] >> units.shift & units.mask
        if kind in units.slices:  # what comes behind it is long
            return
        if kind in units.sets:
            begin = mark.end()
    if begin is not None:
        yield data[begin:].rstrip(b"\x00")


def _frame_header(data: bytes) -> tuple[bytes, ...]:
    """Kind, size and components of a JPEG (ITU-T T.81, B.2.2)."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1] in FRAME_HEADERS:
            return (data[at:end],)
        at = end
    return ()


def form_of(stream: VideoStream | AudioStream) -> StreamForm | None:
    """How a stream is coded; None where nobody knows, or no file could say so.

    While a stream was opened without a picture, its size is not known.
    """
    context: Any = stream.codec_context  # None where there is no decoder, though typed otherwise
    if context is None:
        return None
    try:
        header = _header(stream)
    except (av.FFmpegError, ValueError):
        return None
    is_video = isinstance(stream, VideoStream)
    return StreamForm(
        codec=context.codec.canonical_name,
        header=header,
        extradata=context.extradata or b"",
        size=(context.width, context.height) if is_video else None,
        rate_hz=rate_of(stream) if isinstance(stream, VideoStream) else None,
        sample_rate_hz=0 if is_video else context.sample_rate or 0,
        channels=0 if is_video else context.channels,
    )


def _header(stream: VideoStream | AudioStream) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="nut", options={"fflags": "bitexact"}) as nut:
        copy = nut.add_stream_from_template(stream, opaque=True)
        filling: Any = av.Packet(FILLING)
        filling.pts = filling.dts = 0
        filling.time_base = stream.time_base or Fraction(1, 90_000)
        filling.is_keyframe = True
        filling.stream = copy
        nut.mux(filling)
    return file.getvalue()
