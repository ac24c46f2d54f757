"""The address of a stream: how it is opened, and what went wrong in words without its password."""

from __future__ import annotations

import errno
import time
from collections.abc import Generator
from contextlib import contextmanager

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from motionapp.core.addresses import without_password
from motionapp.core.errors import SourceError
from motionapp.sources.decoding import is_decodable, video_stream, words_of

STREAM_SCHEMES = frozenset(["http", "https", "rtsp", "rtsps", "tcp", "udp"])
"""Addresses that are read as streams."""
OPEN_OPTIONS = {
    # Twenty pictures, two seconds at ten a second, would go into a rate that little hangs on.
    "fpsprobesize": "2",
    # An encoder that was restarted behind a relay numbers its streams anew. As new ones they would
    # reach nobody: PyAV reads past packets of streams that it does not know, and never comes back.
    "merge_pmt_versions": "1",
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
PUSHED = "mpjpeg"
"""Pictures that a server sends one in the place of the other (multipart/x-mixed-replace). There are
cameras that give all of them a length in advance, a very large one."""


class Address:
    """Where a stream is, and how long to wait for it.

    Parameters
    ----------
    url : str
        With one of `STREAM_SCHEMES`.
    open_timeout_s, read_timeout_s : float
        How long to wait for the stream to begin, and for its next packet.

    Raises
    ------
    SourceError
        The address is not one of a stream.
    """

    def __init__(self, url: str, *, open_timeout_s: float, read_timeout_s: float) -> None:
        scheme, colon, rest = url.partition(":")
        self.name = without_password(url)
        if scheme.lower() not in STREAM_SCHEMES:
            known = ", ".join(sorted(STREAM_SCHEMES))
            raise SourceError(
                f"{self.name} is no address of a stream: it begins with one of {known}"
            )
        self._url = scheme.lower() + colon + rest  # FFmpeg knows small letters only
        self._timeout_s = (open_timeout_s, read_timeout_s)

    @property
    def read_timeout_s(self) -> float:
        """How long its next packet is waited for."""
        return self._timeout_s[1]

    @read_timeout_s.setter
    def read_timeout_s(self, seconds: float) -> None:
        """Holds from the next opening on."""
        self._timeout_s = (self._timeout_s[0], seconds)

    def open(self) -> InputContainer:
        """Connect; raises `SourceError`."""
        with self._in_words(self._timeout_s[0], is_open=False):
            if not self._url.startswith("rtsp"):
                return self._open_with({})
            for transport in RTSP_TRANSPORTS[:-1]:
                try:
                    return self._open_with({"rtsp_transport": transport})
                except OSError as error:
                    if error.errno != errno.EPROTONOSUPPORT:
                        raise
            return self._open_with({"rtsp_transport": RTSP_TRANSPORTS[-1]})

    def video(self, container: InputContainer) -> VideoStream:
        """What is looked at; raises `SourceError` where there is nothing that could be."""
        stream = video_stream(container)
        if stream is None:
            raise SourceError(f"{self.name} has no video")
        if not is_decodable(stream):
            raise SourceError(f"{self.name}: its video is coded in an unknown way")
        return stream

    @contextmanager
    def reading(self) -> Generator[None, None, None]:
        """Raise as `SourceError` what goes wrong while one packet is waited for."""
        with self._in_words(self._timeout_s[1], is_open=True):
            yield

    def check_silence(self, since_s: float) -> None:
        """Raise for a packet that was waited for since `since_s` (monotonic seconds) as long as a
        wait may take: nothing has come, but FFmpeg hands out what it held back before it says so.
        """
        timeout_s = self._timeout_s[1]
        if time.monotonic() - since_s >= timeout_s:
            raise self._is_silent(timeout_s)

    def has_ended(self) -> SourceError:
        """What is live has no end of its own: whoever sent it has gone."""
        return SourceError(f"{self.name} has ended: was its server stopped or restarted?")

    def sends_no_picture(self, patience_s: float) -> SourceError:
        """Packets without pictures are no sign of life: nobody would be seen."""
        return SourceError(
            f"{self.name} sends data, but no picture for {patience_s:g} s: does its video still "
            "play elsewhere?"
        )

    def _open_with(self, options: dict[str, str]) -> InputContainer:
        return av.open(
            self._url,
            options={**OPEN_OPTIONS, **options},
            timeout=self._timeout_s,
            metadata_errors="replace",
        )

    @contextmanager
    def _in_words(self, timeout_s: float, *, is_open: bool) -> Generator[None, None, None]:
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
                raise self.has_ended() from None
            # Without its cause, whose text holds the address with the password.
            raise SourceError(self._why_lost(error, is_silent, timeout_s)) from None

    def _is_silent(self, timeout_s: float) -> SourceError:
        return SourceError(f"{self.name} has sent nothing for {timeout_s:g} s: is it switched on?")

    def _why_lost(self, error: Exception, is_silent: bool, timeout_s: float) -> str:
        """The error in words, which never hold the address with its password."""
        name = self.name
        if is_silent or isinstance(error, av.ExitError | TimeoutError):
            return str(self._is_silent(timeout_s))
        if isinstance(error, ConnectionRefusedError):
            return f"{name} refuses the connection: is the port right?"
        if isinstance(error, av.HTTPUnauthorizedError | av.HTTPForbiddenError):
            return (
                f"{name} wants another user or password: give them before the host, USER:PASSWORD@"
            )
        if isinstance(error, OSError) and error.errno == errno.EIO:
            return f"{name} cannot be reached: are host, port and protocol right?"
        return f"{name} cannot be read: {words_of(error)}"


def is_playlist(container: InputContainer) -> bool:
    """Whether segments are fetched one after the other."""
    return not PLAYLISTS.isdisjoint(container.format.name.split(","))


def is_recording(container: InputContainer) -> bool:
    """Whether it says how long it is, or how large: then it ends by itself."""
    if container.format.name == PUSHED:
        return False
    return bool(container.duration) or (container.size > 0 and not is_playlist(container))


def has_stamps(container: InputContainer) -> bool:
    """Whether its format holds time stamps; without, FFmpeg invents some."""
    return not container.format.flags & NO_STAMPS
