"""The picture with what was found drawn on it, as an H.264 video with the source's own times."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
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

from motionapp.core.errors import OutputError
from motionapp.core.moment import Moment
from motionapp.overlay import OpenEvents, Style, draw_moment
from motionapp.overlay.style import EVERYDAY
from motionapp.sinks.whole import cannot_write, discard, part_of, publish

TIME_BASE: Final = Fraction(1, 90_000)
"""Fine enough for every frame rate in use, and what most recorders count in."""
QUALITY: Final = {"crf": "23", "preset": "veryfast"}
"""x264's default quality; `veryfast` encodes 720p about three times as fast as `medium`."""
NOMINAL_RATE: Final = 30
"""x264 plans its rate control with it; the frames keep their own times."""
_BT601, _LIMITED = 6, 1
"""What OpenCV's conversion gives, as FFmpeg numbers it: written into the file for the player."""


class AnnotatedVideoSink:
    """Writes every picture that it is given, at full size.

    Parameters
    ----------
    path : Path
        The finished video; its folder exists.
    frontend : str
        Named in the line of status.
    style : Style
        What is drawn.
    threads : int
        For the encoder; 0 lets it choose.

    Notes
    -----
    H.264 with 4:2:0 colour needs even sides: an odd picture gets one more row or column. When the
    size changes midway, pictures are fitted into the first one's with black borders.
    """

    def __init__(
        self, path: Path, *, frontend: str = "", style: Style = EVERYDAY, threads: int = 1
    ) -> None:
        self._path = path
        self._frontend, self._style, self._threads = frontend, style, threads
        self._open_events = OpenEvents()
        self._container: OutputContainer | None = None
        self._stream: VideoStream | None = None
        self._size = (0, 0)
        self._last_pts = -1
        self._durations: dict[int, int] = {}
        """In ticks, by time stamp, of the pictures that the encoder still holds."""
        self._is_done = False

    def accept(self, moment: Moment) -> None:
        """Draw a moment and encode it; one without a picture is only taken note of.

        Raises
        ------
        OutputError
            The file cannot be written.
        """
        open_events = self._open_events.step(moment)
        if moment.frame is None:
            return
        bgr = moment.frame.bgr().copy()
        draw_moment(
            bgr, moment, style=self._style, frontend=self._frontend, open_events=open_events
        )
        try:
            self._encode(bgr, moment.frame.pts_s, moment.frame.duration_s)
        except (av.FFmpegError, OSError) as error:
            raise self._cannot_write(error) from error

    def close(self) -> None:
        """Finish the video and give it its name; without a picture there is none.

        Raises
        ------
        OutputError
            The file cannot be written; what stood under the name before is still there.
        """
        if self._is_done:
            return
        self._is_done = True
        if self._container is None or self._stream is None:
            return
        try:
            self._mux(self._stream.encode(None))
            self._container.close()
        except (av.FFmpegError, OSError) as error:
            self._let_go()
            raise self._cannot_write(error) from error
        publish(self._path)

    def abandon(self) -> None:
        """Remove what was written."""
        if not self._is_done:
            self._is_done = True
            self._let_go()

    def _encode(self, bgr: NDArray[np.uint8], pts_s: float, duration_s: float) -> None:
        if self._container is None:
            self._begin(bgr.shape[1], bgr.shape[0])
        assert self._container is not None
        assert self._stream is not None
        yuv = np.asarray(cv2.cvtColor(fitted(bgr, self._size), cv2.COLOR_BGR2YUV_I420), np.uint8)
        picture = av.VideoFrame.from_ndarray(yuv, format="yuv420p")
        # Two frames within a tick cannot happen with real times, but must not end a scan.
        self._last_pts = max(self._last_pts + 1, round(pts_s / TIME_BASE))
        picture.pts, picture.time_base = self._last_pts, TIME_BASE
        self._durations[self._last_pts] = max(1, round(duration_s / TIME_BASE))
        self._mux(self._stream.encode(picture))

    def _mux(self, packets: Iterable[Packet[VideoStream]]) -> None:
        """Write packets with their durations, which the encoder forgets: the last one counts."""
        assert self._container is not None
        for packet in packets:
            if packet.pts is not None:
                packet.duration = self._durations.pop(packet.pts, 0)
            self._container.mux(packet)

    def _begin(self, width: int, height: int) -> None:
        self._size = (width + width % 2, height + height % 2)
        # FFmpeg opens the file with its first packet, seconds later: a bad place is told at once.
        part_of(self._path).touch()
        # `faststart` moves the index to the front, so that a browser can play while it loads.
        options = {"movflags": "faststart"}
        self._container = av.open(str(part_of(self._path)), "w", format="mp4", options=options)
        stream = self._container.add_stream("libx264", rate=NOMINAL_RATE, options=QUALITY)
        stream.width, stream.height = self._size
        stream.pix_fmt = "yuv420p"
        stream.time_base = TIME_BASE
        codec = stream.codec_context
        codec.time_base = TIME_BASE
        codec.thread_count = self._threads
        codec.colorspace, codec.color_range = _BT601, _LIMITED
        codec.color_primaries = codec.color_trc = _BT601
        self._stream = stream

    def _let_go(self) -> None:
        if self._container is not None:
            # It is thrown away, and the disk may be full.
            with contextlib.suppress(av.FFmpegError, OSError):
                self._container.close()
        discard(self._path)

    def _cannot_write(self, error: Exception) -> OutputError:
        if isinstance(error, OSError):
            return cannot_write(self._path, error)
        return OutputError(f"{self._path} cannot be written: {error}")


def fitted(bgr: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """The picture at `size` (width, height): as it is, or scaled down or up with black borders.

    Parameters
    ----------
    bgr : ndarray of uint8, shape (h, w, 3)
    size : tuple of int
        Both even.

    Returns
    -------
    ndarray of uint8, shape (size[1], size[0], 3)
    """
    height, width = bgr.shape[:2]
    if (width, height) == size:
        return bgr
    across, down = size[0] - width, size[1] - height
    if across in (0, 1) and down in (0, 1):
        edge = cv2.copyMakeBorder(bgr, 0, down, 0, across, cv2.BORDER_REPLICATE)
        return np.asarray(edge, np.uint8)
    scale = min(size[0] / width, size[1] / height)
    w, h = max(1, round(width * scale)), max(1, round(height * scale))
    left, top = (size[0] - w) // 2, (size[1] - h) // 2
    canvas = np.zeros((size[1], size[0], 3), np.uint8)
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    canvas[top : top + h, left : left + w] = cv2.resize(bgr, (w, h), interpolation=interpolation)
    return canvas
