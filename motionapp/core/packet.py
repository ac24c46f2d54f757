"""What a live stream sends, before anybody decodes it: values that sources give and sinks write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Final, TypeAlias

VIDEO: Final = 0
SOUND: Final = 1


@dataclass(frozen=True, slots=True)
class StreamForm:
    """How a stream is coded: all that a muxer must know. Equal forms can stand in one file."""

    codec: str
    """As FFmpeg calls it: ``h264``, ``hevc``, ``aac``, ``pcm_mulaw``."""
    header: bytes = field(repr=False)
    """The same for a muxer: the head of a NUT file with this stream, which holds parameters as
    they are, whatever the coding."""
    extradata: bytes = field(default=b"", repr=False)
    """What a decoder needs before the first packet."""
    size: tuple[int, int] | None = None
    """Width and height as stored, in pixels; None of sound."""
    rate_hz: Fraction | None = None
    """Pictures per second, if the stream says so."""
    sample_rate_hz: int = 0
    channels: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Packet:
    """One coded picture, or a little coded sound."""

    data: bytes = field(repr=False)
    stream: int
    """`VIDEO` or `SOUND`."""
    is_key: bool
    """Decoding may begin with it. Sound begins anywhere."""
    pts: int | None
    """Raw stamp in ticks of the time base, when it is shown."""
    dts: int | None
    """The same, when it is decoded."""
    duration: int
    """Ticks; 0 where the stream does not say."""
    time_base: Fraction
    """Seconds per tick."""
    at_s: float
    """When it is decoded, on a time line of the packets' own: it goes on with the clock, over jumps
    of the stamps and over losses, and never back."""
    shown_s: float
    """When it is shown, on that line; not before `at_s`."""
    utc: datetime
    """When it was taken, by the wall clock."""
    arrived_ns: int
    """By the monotonic clock."""
    opening: int
    """Counts how often the stream has been opened: nothing refers back over that."""
    forms: tuple[StreamForm, ...]
    """Of all streams of this opening, the video first."""

    @property
    def form(self) -> StreamForm:
        """Of its own stream."""
        return self.forms[self.stream]

    @property
    def is_video(self) -> bool:
        """Whether it is a picture."""
        return self.stream == VIDEO

    def follows(self, other: Packet) -> bool:
        """Whether it may stand in one file behind another packet."""
        return self.opening == other.opening and (
            self.forms is other.forms or self.forms == other.forms
        )


Accept: TypeAlias = Callable[[Packet], None]
"""Given each packet, on the thread that reads. It must not wait."""
