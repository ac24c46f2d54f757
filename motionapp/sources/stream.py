"""Cameras and servers on the network, read with PyAV. Every wait is bounded."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Generator
from urllib.parse import urlsplit, urlunsplit

import av
from av.container import InputContainer

from motionapp.core.errors import SourceError
from motionapp.core.frame import Frame
from motionapp.core.seams import Damage, SourceInfo
from motionapp.sources.decoding import (
    Decoder,
    rate_of,
    set_decode_threads,
    time_base_of,
    video_stream,
    words_of,
)
from motionapp.sources.passes import DamageLedger, FramePass
from motionapp.sources.timeline import Timeline

STREAM_SCHEMES = frozenset(["http", "https", "rtsp", "rtsps", "tcp", "udp"])
"""Addresses that are read as streams."""
OPEN_OPTIONS = {
    # Through routers that drop packets, RTSP over UDP shows torn pictures.
    "rtsp_transport": "tcp",
    # A playlist from the network never makes the program read local files.
    "protocol_whitelist": "crypto,data,http,https,httpproxy,rtp,rtsp,rtsps,srtp,tcp,tls,udp",
}


class StreamSource:
    """A live stream. It is opened when it is iterated, and lost when nothing comes for long.

    Parameters
    ----------
    url : str
        With one of `STREAM_SCHEMES`.
    open_timeout_s, read_timeout_s : float
        How long to wait for the stream to begin, and for its next packet.
    decode_threads : int or None
        None lets FFmpeg choose.
    clock : callable returning int
        Monotonic nanoseconds.

    Raises
    ------
    SourceError
        The address is not one of a stream.
    """

    def __init__(
        self,
        url: str,
        *,
        open_timeout_s: float = 5.0,
        read_timeout_s: float = 5.0,
        decode_threads: int | None = None,
        clock: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        scheme, colon, rest = url.partition(":")
        if scheme.lower() not in STREAM_SCHEMES:
            known = ", ".join(sorted(STREAM_SCHEMES))
            raise SourceError(
                f"{without_password(url)} is no address of a stream: it begins with one of {known}"
            )
        self._url = scheme.lower() + colon + rest  # FFmpeg knows small letters only
        self._decode_threads = decode_threads
        self._timeout_s = (open_timeout_s, read_timeout_s)
        self._clock = clock
        self._ledger = DamageLedger()
        self._pass: FramePass | None = None
        self.info: SourceInfo = SourceInfo(
            name=without_password(url), size=None, rate_hz=None, is_live=True
        )
        """Size and rate are known once the first frame has come."""

    @property
    def damage(self) -> Damage:
        """What could not be read so far in the newest iteration."""
        return self._ledger.damage()

    @property
    def is_damaged(self) -> bool:
        """Whether the newest iteration has met a decode error or a flagged picture by now."""
        return self._ledger.is_damaged

    def frames(self, start_s: float = 0.0) -> FramePass:
        """Connect afresh, which ends the former iteration.

        A live stream cannot begin later: frames before `start_s` are left out as they come.
        """
        self.close()
        self._ledger = DamageLedger()
        self._pass = FramePass(self._read(start_s, self._ledger))
        return self._pass

    def close(self) -> None:
        """End the iteration and the connection; safe to call twice."""
        if self._pass is not None:
            self._pass.close()

    def _read(self, start_s: float, ledger: DamageLedger) -> Generator[Frame, None, None]:
        with self._open() as container:
            stream = video_stream(container)
            if stream is None:
                raise SourceError(f"{self.info.name} has no video")
            set_decode_threads(stream, self._decode_threads, is_live=True)
            rate = rate_of(stream)
            timeline = Timeline(time_base_of(stream), rate_hz=rate)
            decoder = Decoder(container, stream, ledger, is_live=True)
            try:
                for frame in decoder.frames(timeline, "pts", start_s=start_s, clock=self._clock):
                    if self.info.size != frame.epoch.size:
                        self.info = dataclasses.replace(
                            self.info,
                            size=frame.epoch.size,
                            rate_hz=float(rate) if rate else None,
                        )
                    yield frame
            except av.FFmpegError as error:
                raise self._lost(error, self._timeout_s[1]) from error

    def _open(self) -> InputContainer:
        try:
            return av.open(
                self._url, options=OPEN_OPTIONS, timeout=self._timeout_s, metadata_errors="replace"
            )
        except (av.FFmpegError, OSError, ValueError) as error:
            raise self._lost(error, self._timeout_s[0]) from error

    def _lost(self, error: Exception, waited_s: float) -> SourceError:
        """The error in words, which never hold the address with its password."""
        name = self.info.name
        if isinstance(error, av.ExitError | TimeoutError):
            return SourceError(f"{name} has sent nothing for {waited_s:g} s: is it switched on?")
        if isinstance(error, ConnectionRefusedError):
            return SourceError(f"{name} refuses the connection: is the port right?")
        return SourceError(f"{name} cannot be read: {words_of(error)}")


def without_password(url: str) -> str:
    """The address as it may be shown and written: without user, password and query."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
