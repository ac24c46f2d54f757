"""When packets came that waited while their stream was being opened."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from motionapp.core.packet import Packet
from motionapp.sources import StreamSource
from motionapp.sources.arrival import WINDOW_S
from motionapp.sources.joining import Waited, arrivals
from motionapp.sources.packet_reader import PacketReader
from motionapp.sources.packets import Tap
from tests.servers.rtsp import Codec, RtspServer, encoded

RATE_HZ = 10
ACCURACY_S = 0.15
"""Machines that test may be busy; what is sought was late by a second."""


def pictures() -> Iterator[NDArray[np.uint8]]:
    for number in range(20):
        picture = np.full((120, 160, 3), 70, np.uint8)
        picture[10:40, 4 * number : 4 * number + 30] = 220
        yield picture


class Known:
    """When a camera has sent its first picture, by the wall clock."""

    def __init__(self, server: RtspServer) -> None:
        self.sent_s: list[float] = []
        server.behaviour.jump_s = 1234.5  # cameras begin to count anywhere (RFC 3550, 5.1)
        server.sent = lambda number: self.sent_s.append(time.time())


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_an_epoch_begins_when_its_first_picture_was_sent(codec: Codec) -> None:
    with RtspServer(encoded(pictures(), rate_hz=RATE_HZ, codec=codec), rate_hz=RATE_HZ) as server:
        known = Known(server)
        source = StreamSource(server.url)
        frames = list(islice(source.frames(), 14))
        source.close()

    start_utc = frames[0].epoch.start_utc
    assert start_utc is not None
    assert {frame.epoch.number for frame in frames} == {0}
    for frame, sent_s in zip(frames, known.sent_s, strict=False):
        told_s = (start_utc + timedelta(seconds=frame.pts_s)).timestamp()
        assert told_s == pytest.approx(sent_s, abs=ACCURACY_S)
    assert frames[0].captured_ns is not None
    captured_s = time.time() - (time.monotonic_ns() - frames[0].captured_ns) / 1e9
    assert captured_s == pytest.approx(known.sent_s[0], abs=ACCURACY_S)


def test_a_recording_begins_when_its_first_packet_was_sent() -> None:
    packets: list[Packet] = []
    with RtspServer(encoded(pictures(), rate_hz=RATE_HZ), rate_hz=RATE_HZ) as server:
        known = Known(server)
        with PacketReader(server.url, Tap(packets.append)):
            deadline_s = time.monotonic() + 15
            while len(packets) < 14 and time.monotonic() < deadline_s:
                server.wait_until_played()

    assert len(packets) >= 14
    assert all(a.at_s < b.at_s for a, b in pairwise(packets[1:]))
    for packet, sent_s in zip(packets, known.sent_s, strict=False):
        assert packet.utc.timestamp() == pytest.approx(sent_s, abs=ACCURACY_S)


@given(
    st.integers(1, 300),
    st.integers(1, 60),
    st.lists(st.floats(0, 0.4), min_size=1, max_size=30),
    st.floats(-1e6, 1e6),
    st.booleans(),
)
def test_what_waited_came_as_its_stamps_say_before_what_did_not(
    waited: int, rate_hz: int, delays_s: list[float], first_s: float, has_first: bool
) -> None:
    waited = min(waited, round(20 * rate_hz))
    opened_ns = 10**12
    last_ns = opened_ns + round(1e9 / rate_hz)  # the one that was waited for, and came in time
    packets = [
        Waited(
            0,
            None if number == 0 and not has_first else first_s + number / rate_hz,
            opened_ns + round(1e6 * delays_s[number % len(delays_s)]),
        )
        for number in range(waited)
    ]
    packets.append(Waited(0, first_s + waited / rate_hz, last_ns))

    found = arrivals(packets)

    for number, (came_ns, packet) in enumerate(zip(found, packets, strict=True)):
        assert came_ns <= packet.read_ns
        is_known = waited > 1 or has_first
        if is_known:
            taken_ns = last_ns - round((waited - number) / rate_hz * 1e9)
            assert came_ns == pytest.approx(taken_ns, abs=1e6 + abs(first_s))
    assert found == sorted(found)


@pytest.mark.parametrize("jump_s", [3600.0, -3600.0])
def test_stamps_that_jump_say_nothing_of_what_waited(jump_s: float) -> None:
    packets = [Waited(0, 0.0, 1000), Waited(0, jump_s, 2000), Waited(0, jump_s + 0.1, 10**8)]

    assert abs(jump_s) > WINDOW_S
    assert arrivals(packets) == [1000, 2000, 10**8]


def test_packets_without_any_stamp_came_when_they_were_read_and_sound_by_itself() -> None:
    packets = [Waited(0, None, 5), Waited(1, 7.0, 10**9), Waited(1, 7.5, 10**9), Waited(0, None, 9)]

    assert arrivals(packets) == [5, 10**9 // 2, 10**9, 9]
