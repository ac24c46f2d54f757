"""The packets of a live stream, handed on before they are decoded.

What is recorded is copied, so that nothing is lost and next to nothing computed.
"""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.stream import VideoStream

from motionapp.core.packet import SOUND, VIDEO, Accept, Packet, StreamForm
from motionapp.sources.address import has_stamps
from motionapp.sources.arrival import utc_now
from motionapp.sources.decoding import rate_of
from motionapp.sources.packet_line import PacketLine

FILLING: Final = bytes(4)
"""A NUT file's head can be read once one packet stands behind it."""

_log = logging.getLogger(__name__)


class Tap:
    """Where the packets of a live stream are taken from, over all its openings.

    Parameters
    ----------
    accept : callable
        Given each packet of the video, and of the first sound if there is one, on the thread that
        reads. It must not wait: the pictures behind it would.
    clock : callable returning int
        Monotonic nanoseconds.
    utc : callable returning datetime
        The time on the wall, with its zone.
    """

    def __init__(
        self,
        accept: Accept,
        *,
        clock: Callable[[], int] = time.monotonic_ns,
        utc: Callable[[], datetime] = utc_now,
    ) -> None:
        self._accept, self._clock = accept, clock
        self._line = PacketLine(clock, utc)
        self._opening = 0
        self._forms: tuple[StreamForm, ...] = ()
        self._streams: dict[int, int] = {}
        """What the container's streams are to us."""
        self._reorder = 0
        self._is_stamped = True

    def open(self, container: InputContainer, video: VideoStream) -> None:
        """A stream has been opened: what is taken from now on is of this one."""
        self._opening += 1
        self._line.open()
        self._is_stamped = has_stamps(container)
        self._reorder = int(getattr(video.codec_context, "reorder_depth", 0))
        self._streams, self._forms = {}, ()
        form = form_of(video)
        if form is None:
            _log.warning(
                "the video is coded as %s, which cannot be copied: nothing of it is recorded",
                video.codec_context.name,
            )
            return
        self._streams, self._forms = {video.index: VIDEO}, (form,)
        for sound in container.streams.audio:
            form = form_of(sound)
            if form is not None:
                self._streams[sound.index] = SOUND
                self._forms = (*self._forms, form)
                return

    def take(self, packet: Any, arrived_ns: int) -> None:
        """Hand on a packet of the container, which came then (monotonic nanoseconds); what is
        neither video nor sound is passed over."""
        # The stubs make packets generic, which they are not when the program runs.
        if not packet.size or packet.stream_index not in self._streams:
            return
        stream = self._streams[packet.stream_index]
        tick: Fraction = packet.time_base or Fraction(1, 90_000)
        pts, dts = (packet.pts, packet.dts) if self._is_stamped else (None, None)
        place = self._line.place(
            stream,
            None if pts is None else float(pts * tick),
            None if dts is None else float(dts * tick),
            arrived_ns,
            reorder=self._reorder if stream == VIDEO else 0,
        )
        self._accept(
            Packet(
                data=bytes(packet),
                stream=stream,
                is_key=stream == SOUND or packet.is_keyframe,
                pts=packet.pts,
                dts=packet.dts,
                duration=packet.duration or 0,
                time_base=tick,
                at_s=place.at_s,
                shown_s=place.shown_s,
                utc=place.utc,
                arrived_ns=arrived_ns,
                opening=self._opening,
                forms=self._forms,
            )
        )


def form_of(stream: VideoStream | AudioStream) -> StreamForm | None:
    """How a stream is coded; None where nobody knows, or no file could say so."""
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
