"""Cameras and servers on the network, read with PyAV. Every wait is bounded."""

from __future__ import annotations

import dataclasses
import errno
import logging
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import datetime

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from motionapp.core.addresses import without_password
from motionapp.core.errors import SourceError
from motionapp.core.frame import Frame
from motionapp.core.seams import SourceInfo
from motionapp.sources.arrival import TICK, Arrival, utc_now
from motionapp.sources.decoding import (
    MOST_FLIPS,
    Decoder,
    is_decodable,
    limit_pixels,
    rate_of,
    set_decode_threads,
    time_base_of,
    video_stream,
    words_of,
)
from motionapp.sources.file import SHORTFALL_S, stated_length_s
from motionapp.sources.pace import Pace
from motionapp.sources.passes import BaseSource, DamageLedger
from motionapp.sources.timeline import Timeline

STREAM_SCHEMES = frozenset(["http", "https", "rtsp", "rtsps", "tcp", "udp"])
"""Addresses that are read as streams."""
OPEN_OPTIONS = {
    # Twenty pictures, two seconds at ten a second, would go into a rate that little hangs on.
    "fpsprobesize": "2",
    # A playlist from the network never makes the program read local files.
    "protocol_whitelist": "crypto,data,http,https,httpproxy,rtp,rtsp,rtsps,srtp,tcp,tls,udp",
}


RTSP_TRANSPORTS = ("tcp", "udp")
"""In the order in which they are tried: through routers that drop packets, RTSP over UDP shows torn
pictures, but there are cameras that speak nothing else (they answer 461, RFC 2326, 11.3.14)."""
BROKEN = (errno.EIO, errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE)
"""What protocols say when an open connection breaks."""
NO_STAMPS = 0x80
"""AVFMT_NOTIMESTAMPS (libavformat/avformat.h): it has none, and FFmpeg counts 25 a second."""
PLAYLISTS = frozenset(["hls", "dash"])
"""Their size says nothing of the length of what they list."""


MOST_PIXELS = 8192 * 8192
"""Twice 8K. A header may say that a picture is larger, whatever was agreed on before: pictures of
16000 x 16000 pixels took 695 MB, and take 110 MB where they are refused."""


_log = logging.getLogger(__name__)


class StreamSource(BaseSource):
    """A live stream. It is opened when it is iterated, and lost when nothing comes for long.

    Parameters
    ----------
    url : str
        With one of `STREAM_SCHEMES`.
    open_timeout_s, read_timeout_s : float
        How long to wait for the stream to begin, and for its next packet.
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
    ) -> None:
        super().__init__()
        scheme, colon, rest = url.partition(":")
        if scheme.lower() not in STREAM_SCHEMES:
            known = ", ".join(sorted(STREAM_SCHEMES))
            raise SourceError(
                f"{without_password(url)} is no address of a stream: it begins with one of {known}"
            )
        self._url = scheme.lower() + colon + rest  # FFmpeg knows small letters only
        self._decode_threads = decode_threads
        self._timeout_s = (open_timeout_s, read_timeout_s)
        self._picture_s = (first_picture_s, next_picture_s)
        self._patience_s = first_picture_s
        self._asked_s = 0.0
        """When the frame that is being read was asked for."""
        self._clock, self._utc = clock, utc
        self._wait = wait or self._stopping.wait
        self.info: SourceInfo = SourceInfo(
            name=without_password(url), size=None, rate_hz=None, is_live=True
        )
        """Size and rate are known once the first frame has come."""

    def _read(self, start_s: float, ledger: DamageLedger) -> Generator[Frame, None, None]:
        with self._open() as container:
            stream = self._video(container)
            is_recording = _is_recording(container)
            is_held = is_recording or _is_playlist(container)
            arrival = None if is_recording else Arrival(self._clock, self._utc)
            is_stamped = is_recording or not container.format.flags & NO_STAMPS
            timeline = _timeline(stream, arrival, is_stamped=is_stamped)
            decoder = Decoder(
                container,
                stream,
                ledger,
                is_live=True,
                is_stopped=self._stopping.is_set,
                after_packet=self._check_patience,
            )
            frames = decoder.frames(
                timeline, "pts" if is_stamped else "arrival", start_s=start_s, arrival=arrival
            )
            pace = Pace(self._clock, self._wait, is_held=is_held)
            self._patience_s = self._picture_s[0]
            while (frame := self._next(frames)) is not None:
                self._patience_s = self._picture_s[1]
                due_ns = pace.step(frame.pts_s)
                if is_held:
                    frame = dataclasses.replace(frame, captured_ns=due_ns)
                self._tell(frame, stream, timeline)
                yield frame
            if self._stopping.is_set():
                return
            if not is_recording:  # what is live has no end of its own: whoever sent it has gone
                raise SourceError(_has_ended(self.info.name))
            stated_s = stated_length_s(stream, stream.start_time)
            if stated_s is not None and stated_s - timeline.end_s > SHORTFALL_S:
                ledger.note_end(timeline.end_s, stated_s)

    def _video(self, container: InputContainer) -> VideoStream:
        """What is decoded; raises `SourceError` where nothing can be."""
        stream = video_stream(container)
        if stream is None:
            raise SourceError(f"{self.info.name} has no video")
        if not is_decodable(stream):
            raise SourceError(f"{self.info.name}: its video is coded in an unknown way")
        set_decode_threads(stream, self._decode_threads, is_live=True)
        limit_pixels(stream, MOST_PIXELS)
        return stream

    def _tell(self, frame: Frame, stream: VideoStream, timeline: Timeline) -> None:
        """Note what the stream gives, and say so where nothing can be made of it."""
        if self.info.size != frame.epoch.size:
            rate = rate_of(stream)
            self.info = dataclasses.replace(
                self.info, size=frame.epoch.size, rate_hz=float(rate) if rate else None
            )
        if timeline.flips == MOST_FLIPS:
            _log.warning(
                "%s changes its size or form all the time: nothing in it can be followed",
                self.info.name,
            )

    def _check_patience(self, _: object) -> None:
        """Packets without pictures are no sign of life: nobody would be seen."""
        if time.monotonic() - self._asked_s > self._patience_s:
            raise SourceError(
                f"{self.info.name} sends data, but no picture for {self._patience_s:g} s: does its "
                "video still play elsewhere?"
            )

    def _open(self) -> InputContainer:
        with self._in_words(self._timeout_s[0]):
            if not self._url.startswith("rtsp"):
                return self._open_with({})
            for transport in RTSP_TRANSPORTS[:-1]:
                try:
                    return self._open_with({"rtsp_transport": transport})
                except OSError as error:
                    if error.errno != errno.EPROTONOSUPPORT:
                        raise
            return self._open_with({"rtsp_transport": RTSP_TRANSPORTS[-1]})

    def _open_with(self, options: dict[str, str]) -> InputContainer:
        return av.open(
            self._url,
            options={**OPEN_OPTIONS, **options},
            timeout=self._timeout_s,
            metadata_errors="replace",
        )

    def _next(self, frames: Iterator[Frame]) -> Frame | None:
        """The next frame; None at the end."""
        self._asked_s = time.monotonic()
        with self._in_words(self._timeout_s[1], is_open=True):
            return next(frames, None)

    @contextmanager
    def _in_words(self, timeout_s: float, *, is_open: bool = False) -> Generator[None, None, None]:
        """Translate errors of a wait that is bounded by `timeout_s`."""
        began_s = time.monotonic()
        try:
            yield
        except SourceError:
            raise
        except (av.FFmpegError, OSError, ValueError) as error:
            # Some protocols report the end of a wait as broken input.
            is_silent = time.monotonic() - began_s >= timeout_s
            if isinstance(error, OSError) and error.errno in BROKEN and is_open and not is_silent:
                sentence = _has_ended(self.info.name)
            else:
                sentence = _why_lost(self.info.name, error, is_silent, timeout_s)
            # Without its cause, whose text holds the address with the password.
            raise SourceError(sentence) from None


def _timeline(stream: VideoStream, arrival: Arrival | None, *, is_stamped: bool) -> Timeline:
    """Of a stream that is live where there is an `arrival`, and without it a recording."""
    return Timeline(
        time_base_of(stream) if is_stamped else TICK,
        rate_hz=rate_of(stream) if is_stamped else None,
        start_of=None if arrival is None else arrival.start_of,
    )


def _is_recording(container: InputContainer) -> bool:
    """Whether it says how long it is, or how large: then it ends by itself."""
    return bool(container.duration) or (container.size > 0 and not _is_playlist(container))


def _is_playlist(container: InputContainer) -> bool:
    return not PLAYLISTS.isdisjoint(container.format.name.split(","))


def _has_ended(name: str) -> str:
    return f"{name} has ended: was its server stopped or restarted?"


def _why_lost(name: str, error: Exception, is_silent: bool, timeout_s: float) -> str:
    """The error in words, which never hold the address with its password."""
    if is_silent or isinstance(error, av.ExitError | TimeoutError):
        return f"{name} has sent nothing for {timeout_s:g} s: is it switched on?"
    if isinstance(error, ConnectionRefusedError):
        return f"{name} refuses the connection: is the port right?"
    if isinstance(error, av.HTTPUnauthorizedError | av.HTTPForbiddenError):
        return f"{name} wants another user or password: give them before the host, USER:PASSWORD@"
    if isinstance(error, OSError) and error.errno == errno.EIO:
        return f"{name} cannot be reached: are host, port and protocol right?"
    return f"{name} cannot be read: {words_of(error)}"
