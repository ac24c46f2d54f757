"""Streams that send a picture now and then: deadlines that follow from what they have shown."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.backoff import Backoff
from motionapp.core.packet import Packet
from motionapp.core.spacing import LONGEST_S, MARGIN
from motionapp.sources import StreamSource
from motionapp.sources.packet_reader import PacketReader
from motionapp.sources.packets import Tap
from motionapp.sources.patience import MOST_TRIED_S, Patience
from motionapp.sources.reconnecting import ReconnectingSource
from motionapp.sources.timeline import LONGEST_GAP_S, Shape, Timeline
from tests.servers.rtsp import RtspServer, encoded

SHAPE = Shape((64, 48))
READ_S = 5.0


def epochs(stamps_s: list[float], patience: Patience | None = None) -> list[int]:
    """The epochs of pictures of a stream that says 25 a second."""
    timeline = Timeline(
        Fraction(1, 1000),
        rate_hz=Fraction(25),
        spacing=None if patience is None else patience.spacing,
    )
    found = []
    for stamp_s in stamps_s:
        stamp = timeline.step(round(stamp_s * 1000), SHAPE)
        assert stamp is not None
        found.append(stamp.epoch.number)
    return found


@pytest.mark.parametrize("each_s", [3.0, 6.0, 10.0, 30.0])
def test_pictures_that_come_seldom_share_an_epoch_once_that_is_known(each_s: float) -> None:
    stamps_s = [each_s * number for number in range(10)]

    assert epochs(stamps_s, Patience()) == [0, 1, 2, 2, 2, 2, 2, 2, 2, 2]
    assert epochs(stamps_s) == list(range(10))  # of a recording nothing is learned


def test_a_gap_ends_an_epoch_as_before_where_pictures_come_often() -> None:
    stamps_s = [0.1 * number for number in range(50)]
    later_s = [stamps_s[-1] + LONGEST_GAP_S + 0.1 + 0.1 * number for number in range(50)]

    assert epochs([*stamps_s, *later_s], Patience()) == [0] * 50 + [1] * 50


def test_a_gap_of_many_distances_ends_an_epoch_of_pictures_that_come_seldom() -> None:
    stamps_s = [3.0 * number for number in range(10)]
    near_s, far_s = stamps_s[-1] + MARGIN * 3.0 - 1, stamps_s[-1] + MARGIN * 3.0 + 1

    assert epochs([*stamps_s, near_s], Patience())[-1] == 2
    assert epochs([*stamps_s, far_s], Patience())[-1] == 3


def test_deadlines_follow_from_distances_within_a_bound() -> None:
    patience = Patience()
    assert patience.stretched(READ_S) == READ_S

    for apart_s, expected_s in ((0.1, READ_S), (3.0, 12.0), (60.0, LONGEST_S)):
        for _ in range(5):
            patience.spacing.note(apart_s)
        assert patience.stretched(READ_S) == pytest.approx(expected_s)


def test_who_has_seen_one_picture_waits_longer_the_next_time_up_to_a_bound() -> None:
    patience = Patience()
    waits_s = []
    for _ in range(4):
        waits_s.append(patience.stretched(READ_S))
        patience.note_loss(waits_s[-1], has_begun=True)
    assert waits_s == [READ_S, 2 * READ_S, MOST_TRIED_S, MOST_TRIED_S]

    for _ in range(2):
        patience.spacing.note(0.1)  # it was no slow camera
    assert patience.stretched(READ_S) == READ_S


def test_who_has_seen_nothing_does_not_wait_longer() -> None:
    patience = Patience()
    patience.note_loss(READ_S, has_begun=False)

    assert patience.stretched(READ_S) == READ_S


def camera() -> RtspServer:
    """A camera whose pictures come farther apart than is waited for at first."""

    def pictures() -> Iterator[NDArray[np.uint8]]:
        for number in range(20):
            picture = np.full((120, 160, 3), 70, np.uint8)
            picture[10:40, 4 * number : 4 * number + 30] = 220
            yield picture

    server = RtspServer(encoded(pictures(), rate_hz=25), rate_hz=2)
    server.behaviour.jump_s = 1234.5
    return server


@pytest.mark.timeout(40)
def test_a_camera_whose_pictures_come_seldom_is_not_lost_for_ever() -> None:
    losses: list[str] = []
    with camera() as server:
        source = ReconnectingSource(
            lambda: StreamSource(server.url, open_timeout_s=0.3, read_timeout_s=0.2),
            name="slow",
            on_lost=losses.append,
            wait=lambda seconds: None,
        )
        since_loss = seen_losses = 0
        for _ in source.frames():
            since_loss = since_loss + 1 if len(losses) == seen_losses else 1
            seen_losses = len(losses)
            if since_loss >= 8 or seen_losses > 8:
                break
        source.close()

    assert since_loss >= 8
    assert losses  # or nothing had to be learned


@pytest.mark.timeout(40)
def test_one_that_is_only_copied_is_not_lost_for_ever_either() -> None:
    packets: list[Packet] = []
    enough = threading.Event()

    def gather(packet: Packet) -> None:
        packets.append(packet)
        if sum(each.opening == packet.opening for each in packets) >= 8:
            enough.set()

    with (
        camera() as server,
        PacketReader(
            server.url,
            Tap(gather),
            open_timeout_s=0.3,
            read_timeout_s=0.2,
            backoff=Backoff(0.01, 0.01),
        ),
    ):
        assert enough.wait(20), [packet.opening for packet in packets]
