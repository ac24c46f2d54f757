"""Pictures with the vectors by which their encoder made them from others.

FFmpeg tells of each block where it was taken from, and whether from an earlier or a later picture,
but not from which. That is the nearest picture of that side which others are built upon: first in
the list of references of H.264 (ITU-T H.264, 8.2.4.2), and the only one of older formats. An
encoder that looks farther back tells a vector that many times as long, of the same direction.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Iterable
from typing import Final, Literal, cast

import av
import numpy as np
from av.sidedata.motionvectors import MotionVectors
from av.sidedata.sidedata import SideDataContainer
from av.video.frame import PictureType
from av.video.stream import VideoStream
from numpy.typing import NDArray

from motionapp.core.errors import SourceError
from motionapp.core.frame import Blocks
from motionapp.sources.nal import is_reference_of
from motionapp.sources.picture import AvPicture, PictureForm
from motionapp.sources.vector_grid import grid_of

CODECS: Final = {
    "h264": "H.264",
    "mpeg4": "MPEG-4",
    "msmpeg4v2": "MPEG-4 by Microsoft",
    "msmpeg4": "MPEG-4 by Microsoft",
    "wmv1": "WMV 7",
    "wmv2": "WMV 8",
    "h263": "H.263",
    "flv": "H.263 in Flash",
    "mpeg1video": "MPEG-1",
    "mpeg2video": "MPEG-2",
}
"""Decoders of FFmpeg that tell vectors, each tried with pictures of known speed
(tests/sources/test_coded.py)."""

NOT_BACK_AND_FORTH: Final = ("mpeg4",)
"""Of what is made from both sides, it tells zeros where it has worked them out itself."""

KNOWN: Final = 128
"""Packets that are remembered: sixteen of the decoder's threads, and as many references, several
times over."""


def export_vectors(stream: VideoStream) -> None:
    """Have the decoder tell its vectors, before the first packet is decoded."""
    context = stream.codec_context
    context.options = {**context.options, "flags2": "+export_mvs"}


def refuse_without_vectors(codec: str, name: str) -> None:
    """Say no to what has no vectors.

    Parameters
    ----------
    codec : str
        FFmpeg's name of the decoder.
    name : str
        Of the recording.

    Raises
    ------
    SourceError
        Its decoder tells none.
    """
    if codec not in CODECS:
        raise SourceError(
            f"{name} is coded as {CALLED.get(codec, codec)}, of which no vectors are told: choose "
            "--frontend flow, which measures motion itself (the front-end codec takes "
            "H.264 and MPEG-4)"
        )


CALLED: Final = {
    "hevc": "HEVC",
    "vp8": "VP8",
    "vp9": "VP9",
    "libdav1d": "AV1",
    "av1": "AV1",
    "mjpeg": "MJPEG",
    "rawvideo": "raw pictures",
}


MOST_REFERENCES: Final = 16
"""That a decoder of H.264 keeps (ITU-T H.264, A.3.1): what was decoded before is out of reach."""


class References:
    """Tells how many seconds lie between a picture and those that it was made from.

    Parameters
    ----------
    stream : VideoStream
    kind : {'pts', 'dts', 'arrival'}
        Which stamps can be trusted.
    """

    def __init__(self, stream: VideoStream, kind: Literal["pts", "dts", "arrival"]) -> None:
        self._codec = stream.codec_context.name
        self._tick_s = float(stream.time_base or 0) or 1 / 90_000
        self._header = bytes(stream.codec_context.extradata or b"")
        self._by_packets = kind == "pts"
        self._is_h264 = self._codec == "h264"
        self._others: deque[int] = deque()
        """When those are shown that others are built upon, in the order of decoding, ..."""
        self._shown: list[int] = []
        """... and the same in the order of being shown."""
        self._nearest: dict[int, tuple[float, float]] = {}
        self._last: int | None = None
        """When the last picture that others are built upon was shown, by those that came out."""

    def note(self, packet: av.Packet[VideoStream]) -> None:
        """Take note of a packet that is about to be decoded."""
        pts = packet.pts
        if not (self._by_packets and self._is_h264) or pts is None:
            return
        self._nearest.pop(pts, None)
        self._nearest[pts] = self._nearest_to(pts)
        if len(self._nearest) > KNOWN:
            del self._nearest[next(iter(self._nearest))]
        if is_reference_of(packet, self._header):
            self._others.append(pts)
            insort(self._shown, pts)
            if len(self._others) > MOST_REFERENCES:
                del self._shown[bisect_left(self._shown, self._others.popleft())]

    def _nearest_to(self, pts: int) -> tuple[float, float]:
        """The nearest references on both sides among what was decoded before a picture."""
        shown = self._shown
        before, after = bisect_left(shown, pts), bisect_right(shown, pts)
        back_s = (pts - shown[before - 1]) * self._tick_s if before else 0.0
        return back_s, (shown[after] - pts) * self._tick_s if after < len(shown) else 0.0

    def step(self, picture: av.VideoFrame) -> tuple[float, float]:
        """Seconds back to the earlier one and on to the later one, 0.0 where it is not known.

        Parameters
        ----------
        picture : VideoFrame
            After the one that was asked about before, in the order in which they are shown.
        """
        shown = picture.pts if self._by_packets else picture.dts
        last, is_both = self._last, picture.pict_type == PictureType.B
        if not is_both:
            self._last = shown
        if shown is None or (is_both and self._codec in NOT_BACK_AND_FORTH):
            return 0.0, 0.0
        if self._by_packets and self._is_h264:
            return self._nearest.get(shown, (0.0, 0.0))
        return 0.0 if last is None else (shown - last) * self._tick_s, 0.0


class CodedPicture(AvPicture):
    """A decoder's picture, with the vectors that it was made by.

    Parameters
    ----------
    picture : av.VideoFrame
    form : PictureForm
    away_s : (float, float)
        As `References.step` gives it.
    """

    __slots__ = ("_away_s", "_blocks", "_has_looked")

    def __init__(
        self, picture: av.VideoFrame, form: PictureForm, away_s: tuple[float, float]
    ) -> None:
        super().__init__(picture, form)
        self._away_s = away_s
        self._has_looked = False
        self._blocks: Blocks | None = None

    def blocks(self) -> Blocks | None:
        """The velocities of its blocks; None of a key picture."""
        with self._lock:
            if not self._has_looked:
                self._blocks, self._has_looked = self._made(), True
            return self._blocks

    def _made(self) -> Blocks | None:
        if self._away_s == (0.0, 0.0):
            return None
        words = words_of(self._picture)
        if words is None:
            return None
        is_both = self._picture.pict_type == PictureType.B
        return grid_of(words, self._form, self._away_s, may_point_on=is_both)


def words_of(picture: av.VideoFrame) -> NDArray[np.int16] | None:
    """The list of vectors that a decoder's picture brings, as it is; None: there is none.

    Not by `picture.side_data`, which the picture keeps and which keeps the picture: each would
    stay until Python's collector comes by, and the decoder, without its buffers, would take new
    ones meanwhile, at a quarter of the time in which it decodes.
    """
    beside = cast("Iterable[object]", SideDataContainer(picture))  # type: ignore[call-arg]
    for data in beside:
        if isinstance(data, MotionVectors) and len(data):
            # A buffer, though its stub does not say so; nothing is copied.
            return np.frombuffer(memoryview(data), np.int16)
    return None
