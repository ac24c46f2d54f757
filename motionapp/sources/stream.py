"""Cameras and servers on the network, read with PyAV. Every wait is bounded."""

from __future__ import annotations

import dataclasses
import logging
import time
from collections.abc import Callable, Generator, Iterator
from datetime import datetime
from functools import partial

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from motionapp.core.errors import SettingsError, SourceError
from motionapp.core.frame import Frame
from motionapp.core.seams import SourceInfo
from motionapp.core.spacing import Spacing
from motionapp.sources.address import Address, has_stamps, is_playlist, is_recording
from motionapp.sources.arrival import TICK, Arrival, utc_now
from motionapp.sources.coded import References, export_vectors, refuse_without_vectors
from motionapp.sources.decoder_options import limit_pixels, set_decode_threads
from motionapp.sources.decoding import (
    MOST_FLIPS,
    Decoder,
    rate_of,
    time_base_of,
)
from motionapp.sources.file import SHORTFALL_S
from motionapp.sources.header import stated_length_s
from motionapp.sources.joining import Joining
from motionapp.sources.pace import Pace
from motionapp.sources.packets import Tap
from motionapp.sources.passes import BaseSource, DamageLedger
from motionapp.sources.patience import Patience
from motionapp.sources.timeline import Timeline

MOST_PIXELS = 8192 * 8192
"""Twice 8K. A header may say that a picture is larger, whatever was agreed on before: pictures of
16000 x 16000 pixels took 695 MB, and take 110 MB where they are refused."""

_log = logging.getLogger(__name__)


class StreamSource(BaseSource):
    """A live stream. It is opened when it is iterated, and lost when nothing comes for long.

    Parameters
    ----------
    url : str
        With one of `sources.STREAM_SCHEMES`.
    open_timeout_s, read_timeout_s : float
        How long to wait for the stream to begin, and for its next packet: longer where pictures are
        known to come seldom.
    first_picture_s, next_picture_s : float
        How long packets may come without a picture. Who joins between two key frames waits for
        the second one, which cameras that save bytes send 10 to 20 s later.
    decode_threads : int or None
        None lets FFmpeg choose.
    clock : callable returning int
        Monotonic nanoseconds.
    utc : callable returning datetime
        The time on the wall, with its zone.
    wait : callable, optional
        Waits for so many seconds; otherwise `stop` ends the wait.
    tap : Tap, optional
        Given each packet before it is decoded, if the stream is live.

    Raises
    ------
    SourceError
        The address is not one of a stream.

    Notes
    -----
    Stamps are those of the stream as long as they go on with the clock; a format that has none
    (pictures one after the other over HTTP) is stamped on arrival. An epoch knows when it began.

    A recording on a server, which says how long it is, comes as fast as the network allows, and the
    segments of a playlist come each at once. Both are held to their time stamps: who paces a live
    source drops what comes too early.
    """

    def __init__(
        self,
        url: str,
        *,
        open_timeout_s: float = 5.0,
        read_timeout_s: float = 5.0,
        first_picture_s: float = 20.0,
        next_picture_s: float = 10.0,
        decode_threads: int | None = None,
        clock: Callable[[], int] = time.monotonic_ns,
        utc: Callable[[], datetime] = utc_now,
        wait: Callable[[float], object] | None = None,
        tap: Tap | None = None,
    ) -> None:
        super().__init__()
        self._address = Address(url, open_timeout_s=open_timeout_s, read_timeout_s=read_timeout_s)
        self.tap = tap
        """Holds from the next iteration on."""
        self._decode_threads = decode_threads
        self.patience = Patience()
        """What is known of its deadlines; whoever opens it again hands the same one on."""
        self._read_s = read_timeout_s
        self._picture_s = (first_picture_s, next_picture_s)
        self._patience_s = first_picture_s
        self._asked_s = 0.0
        """When the frame that is being read was asked for."""
        self._flips_are_told = False
        self._tells_vectors = False
        self._clock, self._utc = clock, utc
        self._wait = wait or self._stopping.wait
        self.info: SourceInfo = SourceInfo(
            name=self._address.name, size=None, rate_hz=None, is_live=True
        )
        """Size and rate are known once the first frame has come."""

    def tell_vectors(self) -> None:
        """Have the frames of later iterations bring the vectors of their encoder.

        A stream that has none ends its next iteration with a `SettingsError`: how it is coded is
        known when it is opened, and no waiting changes it.
        """
        self._tells_vectors = True

    def _read(self, start_s: float, ledger: DamageLedger) -> Generator[Frame, None, None]:
        self._address.read_timeout_s = self.patience.stretched(self._read_s)
        has_begun = False
        try:
            for frame in self._frames_once(start_s, ledger):
                has_begun = True
                yield frame
        except SourceError:
            self.patience.note_loss(self._address.read_timeout_s, has_begun=has_begun)
            raise

    def _frames_once(self, start_s: float, ledger: DamageLedger) -> Iterator[Frame]:
        with self._address.open() as container:
            stream = self._video(container)
            is_limited = is_recording(container)
            is_held = is_limited or is_playlist(container)
            arrival = None if is_limited else Arrival(self._clock, self._utc)
            is_stamped = is_limited or has_stamps(container)
            tap = None if is_limited else self.tap
            if tap is not None:
                tap.open(container, stream)
            joining = Joining(
                container,
                stream,
                is_ahead=is_stamped and not is_held,
                check_silence=self._address.check_silence,
                clock=self._clock,
            )
            spacing = None if is_limited else self.patience.spacing
            timeline = _timeline(stream, arrival, spacing, is_stamped=is_stamped)
            decoder = Decoder(
                container,
                stream,
                ledger,
                is_live=True,
                is_stopped=self._stopping.is_set,
                joining=joining,
                references=self._references_of(stream, is_stamped=is_stamped),
                before_packet=partial(self._hand_on, tap, joining),
                after_packet=self._check_patience,
            )
            frames = decoder.frames(
                timeline, "pts" if is_stamped else "arrival", start_s=start_s, arrival=arrival
            )
            pace = Pace(self._clock, self._wait, is_held=is_held)
            self._patience_s = self._picture_s[0]
            while (frame := self._next(frames)) is not None:
                self._patience_s = self.patience.stretched(self._picture_s[1])
                due_ns = pace.step(frame.pts_s)
                if is_held:
                    frame = dataclasses.replace(frame, captured_ns=due_ns)
                self._tell(frame, stream, timeline)
                yield frame
            if self._stopping.is_set():
                return
            if not is_limited:
                raise self._address.has_ended()
            stated_s = stated_length_s(stream, stream.start_time)
            if stated_s is not None and stated_s - timeline.end_s > SHORTFALL_S:
                ledger.note_end(timeline.end_s, stated_s)

    def _video(self, container: InputContainer) -> VideoStream:
        """What is decoded."""
        stream = self._address.video(container)
        set_decode_threads(stream, self._decode_threads, is_live=True)
        limit_pixels(stream, MOST_PIXELS)
        if self._tells_vectors:
            export_vectors(stream)
        return stream

    def _references_of(self, stream: VideoStream, *, is_stamped: bool) -> References | None:
        if not self._tells_vectors:
            return None
        try:
            # Without stamps, nobody knows how long ago the picture was that a vector points to.
            refuse_without_vectors(stream.codec_context.name if is_stamped else "", self.info.name)
        except SourceError as error:
            raise SettingsError(str(error)) from error
        return References(stream, "pts")

    def _tell(self, frame: Frame, stream: VideoStream, timeline: Timeline) -> None:
        """Note what the stream gives, and say so where nothing can be made of it."""
        if self.info.size != frame.epoch.size:
            rate = rate_of(stream)
            self.info = dataclasses.replace(
                self.info, size=frame.epoch.size, rate_hz=float(rate) if rate else None
            )
        if timeline.flips >= MOST_FLIPS and not self._flips_are_told:
            self._flips_are_told = True
            _log.warning(
                "%s changes its size or form all the time: nothing in it can be followed",
                self.info.name,
            )

    @staticmethod
    def _hand_on(tap: Tap | None, joining: Joining, packet: av.Packet[VideoStream]) -> None:
        if tap is not None:
            tap.take(packet, joining.came_ns)

    def _check_patience(self, _: object) -> None:
        if time.monotonic() - self._asked_s > self._patience_s:
            raise self._address.sends_no_picture(self._patience_s)

    def _next(self, frames: Iterator[Frame]) -> Frame | None:
        """The next frame; None at the end."""
        self._asked_s = time.monotonic()
        with self._address.reading():
            return next(frames, None)


def _timeline(
    stream: VideoStream, arrival: Arrival | None, spacing: Spacing | None, *, is_stamped: bool
) -> Timeline:
    """Of a stream that is live where there is an `arrival`, and without it a recording."""
    return Timeline(
        time_base_of(stream) if is_stamped else TICK,
        rate_hz=rate_of(stream) if is_stamped else None,
        start_of=None if arrival is None else arrival.start_of,
        spacing=spacing,
    )
