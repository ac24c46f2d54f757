"""The packets of a live stream, handed on before they are decoded.

What is recorded is copied, so that nothing is lost and next to nothing computed.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from typing import Any

from av.container import InputContainer
from av.video.stream import VideoStream

from motionapp.core.packet import SOUND, VIDEO, Accept, Packet, StreamForm
from motionapp.sources.address import has_stamps
from motionapp.sources.arrival import utc_now
from motionapp.sources.coding import Coding, form_of
from motionapp.sources.packet_line import PacketLine

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
        self._coding: Coding | None = None
        self._sound: tuple[StreamForm, ...] = ()
        self._forms: tuple[StreamForm, ...] = ()
        """Empty until it is known how the pictures are coded."""
        self._streams: dict[int, int] = {}
        """What the container's streams are to us."""
        self._is_unknown_told = False
        self._reorder = 0
        self._is_stamped = True

    def open(self, container: InputContainer, video: VideoStream) -> None:
        """A stream has been opened: what is taken from now on is of this one."""
        self._opening += 1
        self._line.open()
        self._is_stamped = has_stamps(container)
        self._reorder = int(getattr(video.codec_context, "reorder_depth", 0))
        self._streams, self._forms, self._sound = {}, (), ()
        self._coding, self._is_unknown_told = Coding(video), False
        coding = self._coding
        if coding.form is None and not coding.is_followed:
            _log.warning(
                "the video is coded as %s, which cannot be copied: nothing of it is recorded",
                coding.codec,
            )
            return
        self._streams = {video.index: VIDEO}
        for sound in container.streams.audio:
            form = form_of(sound)
            if form is not None:
                self._streams[sound.index], self._sound = SOUND, (form,)
                break
        if coding.form is not None:
            self._forms = (coding.form, *self._sound)
        else:
            _log.info("no picture has come yet: it is recorded from its first key frame on")

    def take(self, packet: Any, came_ns: int | None = None) -> None:
        """Hand on a packet of the container, which came then (monotonic nanoseconds) or now; what
        is neither video nor sound is passed over."""
        # The stubs make packets generic, which they are not when the program runs.
        if not packet.size or packet.stream_index not in self._streams:
            return
        stream = self._streams[packet.stream_index]
        if stream == VIDEO and packet.is_keyframe:
            self._learn(bytes(packet))
        if not self._forms:
            return
        tick: Fraction = packet.time_base or Fraction(1, 90_000)
        pts, dts = (packet.pts, packet.dts) if self._is_stamped else (None, None)
        arrived_ns = self._clock() if came_ns is None else came_ns
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

    def _learn(self, key_frame: bytes) -> None:
        """Note how what comes is coded, which may be otherwise than before."""
        coding = self._coding
        if coding is None:
            return
        if coding.step(key_frame) and coding.form is not None:
            self._forms = (coding.form, *self._sound)
        elif not self._forms and not self._is_unknown_told:
            self._is_unknown_told = True
            _log.warning("no key frame tells how it is coded: nothing is recorded until one does")
