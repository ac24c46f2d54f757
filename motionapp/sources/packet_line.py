"""When the packets of a live stream are decoded and shown, on one line of time and on the wall.

Stamps may be missing, jump, or begin anew with every opening. Arithmetic alone: clocks are passed
in.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from motionapp.core.packet import VIDEO
from motionapp.sources.arrival import Arrival, utc_now
from motionapp.sources.timeline import LONGEST_GAP_S

USUAL_STEP_S = 0.04
"""What a picture is taken to last until stamps have shown it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in time a packet lies; see `core.packet.Packet`."""

    at_s: float
    shown_s: float
    utc: datetime


@dataclass(slots=True)
class _Track:
    """One stream of one opening."""

    arrival: Arrival
    order: Order
    offset_s: float | None = None
    """From its stamps to the line."""
    end_s: float = 0.0
    """`at_s` of its newest packet."""


class PacketLine:
    """Places packets; pictures and sound lie on the same line.

    Parameters
    ----------
    clock : callable returning int
        Monotonic nanoseconds.
    utc : callable returning datetime
        The time on the wall, with its zone.

    Notes
    -----
    Stamps count as long as they go on with the clock. Where they jump, by more than is called a
    gap, the packet lies where it arrived; the wall clock is asked again then, and whenever the
    stamps have drifted from it.
    """

    def __init__(
        self,
        clock: Callable[[], int] = time.monotonic_ns,
        utc: Callable[[], datetime] = utc_now,
    ) -> None:
        self._clock, self._utc = clock, utc
        self._begin_ns: int | None = None
        self._zero_utc: datetime | None = None
        """What the wall clock said when packets began to come."""
        self._lead_s = 0.0
        """How far the line runs ahead of the clock at most. While a stream is opened packets wait,
        and come at once then; but none comes before it was taken."""
        self._tracks: dict[int, _Track] = {}
        self._end_s = 0.0

    def open(self) -> None:
        """What comes next is of another opening: its stamps are others."""
        self._tracks.clear()
        self._zero_utc = None

    def place(
        self,
        stream: int,
        shown_s: float | None,
        decoded_s: float | None,
        arrived_ns: int,
        *,
        reorder: int = 0,
    ) -> Place:
        """Place the next packet.

        Parameters
        ----------
        stream : int
            `VIDEO` or `SOUND`.
        shown_s, decoded_s : float or None
            Its stamps in seconds, from wherever; None where it has none.
        arrived_ns : int
            By the monotonic clock, which may be a while ago.
        reorder : int
            How many pictures a decoder holds back, to show them in order.
        """
        if self._begin_ns is None:
            self._begin_ns = arrived_ns
        now_s = (arrived_ns - self._begin_ns) / 1e9
        ago_s = (self._clock() - arrived_ns) / 1e9
        track = self._tracks.get(stream)
        if track is None:
            track = _Track(Arrival(self._clock, self._utc), Order(reorder), end_s=self._end_s)
            self._tracks[stream] = track
        stamp_s = track.order.step(shown_s, decoded_s)
        if stamp_s is None:
            at_s = late_s = max(track.end_s, now_s)
        else:
            track.arrival.ago_s = ago_s
            at_s = self._at(stream, track, stamp_s, now_s, arrived_ns)
            late_s = at_s if shown_s is None else max(at_s, at_s + shown_s - stamp_s)
        track.end_s = at_s
        self._end_s = max(self._end_s, at_s)
        if self._zero_utc is None:
            self._zero_utc = self._utc() - timedelta(seconds=ago_s + now_s)
            self._lead_s = at_s - now_s
        elif stream == VIDEO:
            self._lead_s = max(self._lead_s, at_s - now_s)
        return Place(at_s, late_s, self._zero_utc + timedelta(seconds=late_s - self._lead_s))

    def _at(
        self, stream: int, track: _Track, stamp_s: float, now_s: float, arrived_ns: int
    ) -> float:
        since_s = track.arrival.step(stamp_s, arrived_ns)
        if track.offset_s is None:
            track.offset_s = self._first_offset(stamp_s, now_s)
        elif since_s is not None:
            track.offset_s = track.end_s + since_s - stamp_s
            if stream == VIDEO:
                self._zero_utc = None  # asked again
        return max(track.end_s, stamp_s + track.offset_s)

    def _first_offset(self, stamp_s: float, now_s: float) -> float:
        """That of the other stream, where both count from the same moment; or by arrival."""
        for other in self._tracks.values():
            offset_s = other.offset_s
            if offset_s is not None and abs(stamp_s + offset_s - now_s) <= LONGEST_GAP_S:
                return offset_s
        return max(now_s, self._end_s) - stamp_s


@dataclass(slots=True)
class Order:
    """Gives packets a time of decoding where their stream has none.

    With `depth` pictures held back, the n-th packet is decoded when the (n - depth)-th picture is
    shown: that is the earliest order in which none is shown before it is decoded.
    """

    depth: int
    _shown: list[float] = field(default_factory=list)
    _step_s: float = USUAL_STEP_S
    _last_s: float | None = None

    def step(self, shown_s: float | None, decoded_s: float | None) -> float | None:
        """The next packet's time of decoding, from the same origin; None: nothing is known."""
        if decoded_s is None and shown_s is None:
            return None
        found_s = decoded_s
        if shown_s is not None:
            counted_s = self._counted(shown_s)
            found_s = counted_s if found_s is None else found_s
        assert found_s is not None
        if decoded_s is None and self._last_s is not None:
            # Within a gap it is only the order that is unsure; farther back the stamps have jumped.
            is_unsure = 0 <= self._last_s - found_s <= LONGEST_GAP_S
            found_s = self._last_s if is_unsure else found_s
        self._last_s = found_s
        return found_s

    def _counted(self, shown_s: float) -> float:
        shown = self._shown
        if shown and abs(shown_s - shown[0]) > LONGEST_GAP_S:
            shown.clear()
        if shown:
            nearest_s = min(abs(shown_s - each) for each in shown)
            self._step_s = nearest_s or self._step_s
        heapq.heappush(shown, shown_s)
        if len(shown) > self.depth:
            return heapq.heappop(shown)
        return shown[0] - (self.depth + 1 - len(shown)) * self._step_s
