"""When the packets of a stream came, also those that waited while it was being opened.

FFmpeg looks at some ten pictures before it says that a stream is open, and hands them out at once
then: the first of them came a second ago, at ten a second. Some servers send at once what they have
held since the last key frame. Nothing but their stamps tells how long ago that was.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from motionapp.core.errors import MotionAppError
from motionapp.sources.arrival import WINDOW_S
from motionapp.sources.timeline import LONGEST_GAP_S

MOST_HELD = 1000
"""Packets that are looked at before the first one is handed on: 20 s of pictures and sound."""
MOST_HELD_BYTES = 16 << 20
"""... at 6 Mbit/s."""
HALF = 0.5
"""What was waited for longer than half of what stamps say lay between was not there before."""
PARSED = frozenset(["h264", "hevc"])
"""FFmpeg knows that a picture of these is whole when the next one begins: over RTSP it hands each
out when the next one comes (`need_parsing` in libavformat/rtpdec_h264.c and rtpdec_hevc.c)."""

Packets = Iterator[Any]
"""PyAV's, whose stubs make them generic: they are not when the program runs."""


class Joining:
    """Follows the packets of one opening.

    Parameters
    ----------
    container : InputContainer
    video : VideoStream
    is_ahead : bool
        Whether the first ones are read ahead, until one had to be waited for: by then it is known
        how old they are. That costs the time of one picture, where opening takes that of ten, or of
        two or three where opening took all its time. Not for what has no stamps, or comes in
        segments.
    check_silence : callable
        Given since when a packet was waited for (monotonic seconds), when it has come; may raise.
    clock : callable returning int
        Monotonic nanoseconds.
    """

    def __init__(
        self,
        container: InputContainer,
        video: VideoStream,
        *,
        is_ahead: bool,
        check_silence: Callable[[float], None],
        clock: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._video, self._clock = video.index, clock
        self._is_late = container.format.name == "rtsp" and video.codec_context.name in PARSED
        self._check_silence = check_silence
        self._is_joining = is_ahead
        self._picture_ns: int | None = None
        """When the newest packet of the video was read."""
        self._step_ns = 0
        """How long after the one before that was."""
        self.came_ns = clock()
        """When the packet that was handed on last came, by the clock."""

    def follow(self, packets: Packets) -> Packets:
        """The same packets; what reading them raises comes after what had been read before."""
        if self._is_joining:
            self._is_joining = False
            yield from self._joined(packets)
        for packet, came_ns in self._read(packets):
            self.came_ns = came_ns
            yield packet

    def _read(self, packets: Packets) -> Iterator[tuple[Any, int]]:
        """Packets and when they came, as far as reading shows it."""
        while True:
            began_s = time.monotonic()
            packet = next(packets, None)
            if packet is None:
                return
            self._check_silence(began_s)
            now_ns = self._clock()
            came_ns = now_ns
            if packet.stream_index == self._video:
                before_ns = now_ns if self._picture_ns is None else self._picture_ns
                self._picture_ns, self._step_ns = now_ns, now_ns - before_ns
                came_ns = before_ns if self._is_late else now_ns
            yield packet, came_ns

    def _joined(self, packets: Packets) -> Packets:
        """What waits, and the first packet of the video that had to be waited for."""
        held: list[Any] = []
        waited: list[Waited] = []
        trouble: Exception | None = None
        began_ns, size = self._clock(), 0
        try:
            for packet, came_ns in self._read(packets):
                held.append(packet)
                size += packet.size
                waited.append(Waited(packet.stream_index, _stamp_s(packet), came_ns))
                if len(held) >= MOST_HELD or size > MOST_HELD_BYTES:
                    break
                if self._is_fresh(waited) or self._clock() - began_ns > LONGEST_GAP_S * 1e9:
                    break
        except (MotionAppError, av.FFmpegError, OSError, IndexError, ValueError) as error:
            trouble = error
        for packet, came_ns in zip(held, arrivals(waited), strict=True):
            self.came_ns = came_ns
            yield packet
        if trouble is not None:
            raise trouble

    def _is_fresh(self, waited: Sequence[Waited]) -> bool:
        """Whether the newest packet is a picture that was not there when the first was read."""
        if waited[-1].stream != self._video:
            return False
        stamps = [each.stamp_s for each in waited if each.stream == self._video]
        newest_s, before_s = stamps[-1], stamps[-2] if len(stamps) > 1 else None
        if newest_s is None or before_s is None:
            return False
        return newest_s > before_s and self._step_ns >= HALF * (newest_s - before_s) * 1e9


@dataclass(frozen=True, slots=True)
class Waited:
    """A packet that was read ahead."""

    stream: int
    stamp_s: float | None
    read_ns: int


def arrivals(waited: Sequence[Waited]) -> list[int]:
    """When each of some packets came, in nanoseconds of the clock by which they were read.

    None came after it was read, and the one that was read soonest after its stamp tells of the
    others, each stream by itself. No longer ago than `WINDOW_S`: then stamps are wrong.
    """
    found = [each.read_ns for each in waited]
    for stream in {each.stream for each in waited}:
        places = [place for place, each in enumerate(waited) if each.stream == stream]
        stamps = _filled([waited[place].stamp_s for place in places])
        if not stamps or max(stamps) - min(stamps) > WINDOW_S:
            continue
        zero_ns = min(
            waited[place].read_ns - round(stamp_s * 1e9)
            for place, stamp_s in zip(places, stamps, strict=True)
        )
        newest_ns = zero_ns + round(stamps[0] * 1e9)
        for place, stamp_s in zip(places, stamps, strict=True):
            newest_ns = max(newest_ns, zero_ns + round(stamp_s * 1e9))
            found[place] = min(newest_ns, waited[place].read_ns)
    return found


def _filled(stamps: Sequence[float | None]) -> list[float]:
    """The stamps, and in the place of those that are missing what goes on evenly; empty where
    there are none. FFmpeg leaves out the first one of an RTSP stream."""
    known = [stamp_s for stamp_s in stamps if stamp_s is not None]
    if not known:
        return []
    step_s = max(0.0, known[1] - known[0]) if len(known) > 1 else 0.0
    missing = next(place for place, stamp_s in enumerate(stamps) if stamp_s is not None)
    newest_s, filled = known[0] - (missing + 1) * step_s, list[float]()
    for stamp_s in stamps:
        newest_s = newest_s + step_s if stamp_s is None else stamp_s
        filled.append(newest_s)
    return filled


def _stamp_s(packet: Any) -> float | None:
    stamp = packet.pts if packet.dts is None else packet.dts
    return None if stamp is None or packet.time_base is None else float(stamp * packet.time_base)
