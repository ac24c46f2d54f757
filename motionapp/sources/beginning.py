"""When a recording begins: with its first packet, be it decodable or not, as players count.

A recording that is cut out of a longer one begins between two key frames: nothing can be decoded
up to the second one, but its time passes. Of the stamps alone; knows no files and decodes nothing.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from motionapp.sources.timeline import continues

MOST_SEEN: Final = 100_000
"""Packets before the first picture that are kept in mind: an hour's."""
LATE_START_S: Final = 0.5
"""A recording of which nothing can be decoded for so long has lost its first key frame; less is
what a stream's open groups of pictures leave out wherever it is cut."""
MOST_LEAD_S: Final = 10.0
"""Sound that begins earlier counts by another clock."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where second 0 of a recording is."""

    zero: int | None
    """Its stamp, in ticks of the video; None where pictures have no stamps."""
    lost: int = 0
    """Ticks up to the first picture, where packets before it cannot be decoded."""
    lead: int = 0
    """Those of them for which there is sound, and not even packets of the video."""

    @classmethod
    def of(cls, container: InputContainer, first: int, lost: int, tick: Fraction) -> Beginning:
        """That of a recording whose first picture has the stamp `first`.

        How much of a lost start is not even stored, the sound alone can say. Where nothing is lost,
        sound is not asked: every recorder begins it a little earlier or later, and recordings that
        are joined would drift apart by it.
        """
        lead = lead_of_sound(container, first - lost, tick) if lost * tick > LATE_START_S else 0
        return cls(first - lost - lead, lost + lead, lead)


NOT_STAMPED: Final = Beginning(None)


class SeenPackets:
    """The packets that a decoder was given up to its first picture."""

    def __init__(self, stream_index: int, tick: Fraction) -> None:
        self._index, self._tick = stream_index, float(tick)
        self._shown: deque[int] = deque(maxlen=MOST_SEEN)
        self._decoded: deque[int] = deque(maxlen=MOST_SEEN)
        self._last_key: int | None = None
        self._duration = 0

    def see(self, packet: av.Packet[VideoStream]) -> None:
        """Take note of a packet; one that an edit list leaves out does not count."""
        if packet.stream_index != self._index or not packet.size or packet.is_discard:
            return
        self._duration = max(self._duration, packet.duration or 0)
        stamp = packet.pts if packet.pts is not None else packet.dts
        if stamp is not None:
            self._shown.append(stamp)
        if packet.dts is not None:
            self._decoded.append(packet.dts)
            if packet.is_keyframe:
                self._last_key = packet.dts

    def lost_before(self, first: int, *, is_shown: bool) -> int:
        """Ticks that went by, without a jump of the stamps, before the first picture.

        Parameters
        ----------
        first : int
            The picture's stamp.
        is_shown : bool
            False where only stamps of decoding can be trusted: of what the decoder has been given,
            the last key frame became that picture.
        """
        if not is_shown:
            first = first if self._last_key is None else self._last_key
        earliest = first
        for stamp in sorted(self._shown if is_shown else self._decoded, reverse=True):
            if stamp >= earliest:
                continue
            if not continues(
                stamp * self._tick, self._duration * self._tick, earliest * self._tick
            ):
                break
            earliest = stamp
        return first - earliest if is_shown or self._last_key is not None else 0


def lead_of_sound(container: InputContainer, begin: int, tick: Fraction) -> int:
    """Ticks from the beginning of the earliest sound to `begin`, the video's first stamp.

    0 where sound begins later, and where there are several videos: the sound may be another
    programme's, which has a clock of its own.
    """
    if len(container.streams.video) != 1:
        return 0
    starts_s = [
        stream.start_time * (stream.time_base or 0)
        for stream in container.streams.audio
        if stream.start_time is not None
    ]
    lead_s = begin * tick - min(starts_s, default=begin * tick)
    return round(lead_s / tick) if 0 < lead_s <= MOST_LEAD_S else 0
