"""Pictures as H.264 in an MP4 file, each at its own time. Knows nothing of what they show."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np
from av.container import OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream
from numpy.typing import NDArray

TIME_BASE: Final = Fraction(1, 90_000)
"""Fine enough for every frame rate in use, and what most recorders count in."""
QUALITY: Final = {"crf": "23", "preset": "veryfast"}
"""x264's default quality; `veryfast` encodes 720p about three times as fast as `medium`."""
NOMINAL_RATE: Final = 30
"""x264 plans its rate control with it; the frames keep their own times."""
LARGE_PX: Final = 6_000_000
"""Larger pictures, from about 4K on, are encoded so that few of them are held at a time."""
SPARING: Final = {"x264-params": "rc-lookahead=2:sync-lookahead=0:bframes=0:ref=1:sliced-threads=1"}
"""x264 looks ten pictures ahead, keeps some to refer to and works on one a thread: at 5.3K
(5312×2988) that is 1200 MB in all, and 550 MB so, in two thirds of the time."""
IN_PIECES: Final = "frag_keyframe+empty_moov+default_base_moof"
SHORT_GROUPS: Final = {"g": str(NOMINAL_RATE), "bf": "0"}
"""A piece begins with a key picture: one a second, at thirty pictures a second."""
_BT601, _LIMITED = 6, 1
"""What OpenCV's conversion gives, as FFmpeg numbers it: written into the file for the player."""


class H264Writer:
    """Encodes pictures into a file, beginning with the first one.

    Parameters
    ----------
    path : Path
        Written to at once; whole only after `finish`.
    threads : int
        For the encoder; 0 lets it choose.
    is_live : bool
        Written in pieces of about a second, each of which can be played by itself: what was written
        before the disk was full, or the program killed, stays.

    Raises
    ------
    OSError
        From any method: the file cannot be written. FFmpeg's other errors are `av.FFmpegError`.

    Notes
    -----
    H.264 with 4:2:0 colour needs even sides: an odd picture gets one more row or column. When the
    size changes midway, pictures are fitted into the first one's with black borders.
    """

    def __init__(self, path: Path, *, threads: int = 1, is_live: bool = False) -> None:
        self._path, self._threads, self._is_live = path, threads, is_live
        self._container: OutputContainer | None = None
        self._stream: VideoStream | None = None
        self._size = (0, 0)
        self._last_pts = -1
        self._durations: dict[int, int] = {}
        """In ticks, by time stamp, of the pictures that the encoder still holds."""

    @property
    def has_begun(self) -> bool:
        """Whether there was a picture."""
        return self._container is not None

    def write(
        self,
        bgr: NDArray[np.uint8],
        pts_s: float,
        duration_s: float,
        *,
        on_begin: Callable[[OutputContainer], None] | None = None,
    ) -> None:
        """Encode a picture.

        Parameters
        ----------
        bgr : ndarray of uint8, shape (h, w, 3)
        pts_s : float
            When it is shown; later than the one before, 0 or more.
        duration_s : float
            For how long it is shown, which counts for the last one.
        on_begin : callable, optional
            Given the container before the first packet: the time to add other streams.
        """
        if self._container is None:
            container = self._begin(bgr.shape[1], bgr.shape[0])
            if on_begin is not None:
                on_begin(container)
        assert self._stream is not None
        # Two frames within a tick cannot happen with real times, but must not end a scan.
        self._last_pts = max(self._last_pts + 1, round(pts_s / TIME_BASE))
        picture = picture_of(bgr, self._size, self._last_pts)
        self._durations[self._last_pts] = max(1, round(duration_s / TIME_BASE))
        self._mux(self._stream.encode(picture))

    def finish(self) -> None:
        """Write what the encoder still holds, and the index; without a picture there is no file."""
        if self._container is not None and self._stream is not None:
            self._mux(self._stream.encode(None))
            self._container.close()
            self._stream = None  # the encoder, and the pictures in it, go with it

    def let_go(self) -> None:
        """Close the file, which is to be thrown away."""
        if self._container is not None:
            with contextlib.suppress(av.FFmpegError, OSError):  # the disk may be full
                self._container.close()

    def _mux(self, packets: Iterable[Packet[VideoStream]]) -> None:
        """Write packets with their durations, which the encoder forgets: the last one counts."""
        assert self._container is not None
        for packet in packets:
            if packet.pts is not None:
                packet.duration = self._durations.pop(packet.pts, 0)
            self._container.mux(packet)

    def _begin(self, width: int, height: int) -> OutputContainer:
        self._size = even(width, height)
        # FFmpeg opens the file with its first packet, seconds later: a bad place is told at once.
        self._path.touch()
        # `faststart` moves the index to the front, so that a browser can play while it loads.
        flags = IN_PIECES if self._is_live else "faststart"
        self._container = av.open(str(self._path), "w", format="mp4", options={"movflags": flags})
        options = options_for(width, height) | (SHORT_GROUPS if self._is_live else {})
        self._stream = add_h264(self._container, self._size, options, threads=self._threads)
        return self._container


def add_h264(
    container: OutputContainer, size: tuple[int, int], options: dict[str, str], *, threads: int
) -> VideoStream:
    """Add a stream that encodes pictures of a size, with even sides."""
    stream = container.add_stream("libx264", rate=NOMINAL_RATE, options=options)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    stream.time_base = TIME_BASE
    codec = stream.codec_context
    codec.time_base = TIME_BASE
    codec.thread_count = threads
    codec.colorspace, codec.color_range = _BT601, _LIMITED
    codec.color_primaries = codec.color_trc = _BT601
    return stream


def picture_of(bgr: NDArray[np.uint8], size: tuple[int, int], pts: int) -> av.VideoFrame:
    """A picture `(h, w, 3)` as the encoder takes it, fitted into a size."""
    yuv = np.asarray(cv2.cvtColor(fitted(bgr, size), cv2.COLOR_BGR2YUV_I420), np.uint8)
    picture = av.VideoFrame.from_ndarray(yuv, format="yuv420p")
    picture.pts, picture.time_base = pts, TIME_BASE
    return picture


def even(width: int, height: int) -> tuple[int, int]:
    """The next larger size that 4:2:0 colour can have."""
    return width + width % 2, height + height % 2


def options_for(width: int, height: int) -> dict[str, str]:
    """How pictures of a size are encoded: large ones so that memory holds few of them."""
    return {**QUALITY, **SPARING} if width * height > LARGE_PX else dict(QUALITY)


def fitted(picture: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """The picture at `size` (width, height): as it is, or scaled down or up with black borders.

    Parameters
    ----------
    picture : ndarray of uint8, shape (h, w) or (h, w, 3)
    size : tuple of int
        Sides that are one larger repeat the last row or column.

    Returns
    -------
    ndarray of uint8, shape (size[1], size[0]) or (size[1], size[0], 3)
    """
    height, width = picture.shape[:2]
    if (width, height) == size:
        return picture
    across, down = size[0] - width, size[1] - height
    if across in (0, 1) and down in (0, 1):
        edge = cv2.copyMakeBorder(picture, 0, down, 0, across, cv2.BORDER_REPLICATE)
        return np.asarray(edge, np.uint8)
    scale = min(size[0] / width, size[1] / height)
    w, h = max(1, round(width * scale)), max(1, round(height * scale))
    left, top = (size[0] - w) // 2, (size[1] - h) // 2
    canvas = np.zeros((size[1], size[0], *picture.shape[2:]), np.uint8)
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(picture, (w, h), interpolation=interpolation)
    canvas[top : top + h, left : left + w] = small
    return canvas
