"""Pictures as packets: what is recorded of a camera whose own packets must not be copied."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import av
import numpy as np
from av.video.frame import PictureType
from numpy.typing import NDArray

from motionapp.core.errors import OutputError
from motionapp.core.packet import VIDEO, Packet, StreamForm
from motionapp.sinks.h264 import TIME_BASE, add_h264, even, options_for, picture_of

KEY_EACH_S: Final = 2.0
"""A recording begins with a key frame, which is so much early at most."""
AT_ONCE: Final = {"preset": "superfast", "tune": "zerolatency", "g": "1000", "forced-idr": "1"}
"""Nothing is held back. `superfast` takes 1.5 ms for a still picture of 640x360, `veryfast` 1.9 for
three quarters of the bytes: this goes on day and night."""


class PacketEncoder:
    """Encodes pictures, each into one packet, in the size of the first.

    Parameters
    ----------
    opening : int
        Of its packets; another one where nothing may refer to what came before.
    threads : int
        For the encoder.
    """

    def __init__(self, opening: int, *, threads: int = 1) -> None:
        self._opening, self._threads = opening, threads
        self._file = io.BytesIO()
        self._container = av.open(self._file, "w", format="nut")
        self._stream: Any = None  # generic in the stubs only
        self._size = (0, 0)
        self._forms: tuple[StreamForm, ...] = ()
        self._last_pts = -1
        self._key_s: float | None = None

    def encode(
        self,
        bgr: NDArray[np.uint8],
        pts_s: float,
        duration_s: float,
        utc: datetime,
        arrived_ns: int,
    ) -> Iterator[Packet]:
        """The packets that a picture makes: one.

        Parameters
        ----------
        bgr : ndarray of uint8, shape (h, w, 3)
        pts_s : float
            When it is shown, 0 or more; later than the one before.
        duration_s : float
        utc : datetime
            When it was taken.
        arrived_ns : int
            By the monotonic clock.

        Raises
        ------
        OutputError
            The encoder fails.
        """
        try:
            yield from self._encode(bgr, pts_s, duration_s, utc, arrived_ns)
        except (av.FFmpegError, ValueError) as error:
            raise OutputError(f"pictures cannot be encoded: {error}") from error

    def _encode(
        self,
        bgr: NDArray[np.uint8],
        pts_s: float,
        duration_s: float,
        utc: datetime,
        arrived_ns: int,
    ) -> Iterator[Packet]:
        if self._stream is None:
            self._begin(bgr.shape[1], bgr.shape[0])
        self._last_pts = max(self._last_pts + 1, round(pts_s / TIME_BASE))
        picture = picture_of(bgr, self._size, self._last_pts)
        if self._key_s is None or pts_s - self._key_s >= KEY_EACH_S:
            self._key_s, picture.pict_type = pts_s, PictureType.I
        for packet in self._stream.encode(picture):
            if not self._forms:
                self._forms = (self._form(packet),)
            yield Packet(
                data=bytes(packet),
                stream=VIDEO,
                is_key=packet.is_keyframe,
                pts=packet.pts,
                dts=packet.dts,
                duration=round(duration_s / TIME_BASE),
                time_base=TIME_BASE,
                at_s=pts_s,
                shown_s=pts_s,
                utc=utc,
                arrived_ns=arrived_ns,
                opening=self._opening,
                forms=self._forms,
            )

    def _begin(self, width: int, height: int) -> None:
        self._size = even(width, height)
        options = options_for(width, height) | AT_ONCE
        self._stream = add_h264(self._container, self._size, options, threads=self._threads)

    def _form(self, packet: Any) -> StreamForm:
        """The form of them all, which is known once the first has come."""
        first: Any = av.Packet(bytes(packet))
        first.pts, first.dts, first.time_base = packet.pts, packet.dts, TIME_BASE
        first.is_keyframe, first.stream = True, self._stream
        self._container.mux(first)
        self._container.close()  # the head is all that is wanted of it
        context = self._stream.codec_context
        return StreamForm("h264", self._file.getvalue(), context.extradata or b"", self._size)
