"""Packets of live streams: tapped while they are decoded, and read without being decoded."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.assembly import open_lasting
from motionapp.core.addresses import is_stream
from motionapp.core.backoff import Backoff
from motionapp.core.cover import Cover, Patch
from motionapp.core.errors import SettingsError, SourceError
from motionapp.core.packet import SOUND, Packet
from motionapp.privacy import CoveredSource
from motionapp.sources import PacketReader, StreamSource, Tap
from tests.servers.rtsp import Codec, RtspServer, Unit, encoded, tone

SIZE = (160, 120)
RATE_HZ = 20
pytestmark = pytest.mark.timeout(40)


def pictures(size: tuple[int, int] = SIZE) -> Iterator[NDArray[np.uint8]]:
    for number in range(20):
        picture = np.full((size[1], size[0], 3), 70, np.uint8)
        picture[10:40, 2 * number : 2 * number + 30] = 220
        yield picture


@pytest.fixture(scope="module")
def units() -> list[Unit]:
    return encoded(pictures(), rate_hz=RATE_HZ)


class Basket:
    """Gathers packets, and waits for them."""

    def __init__(self) -> None:
        self.packets: list[Packet] = []
        self.told: list[str] = []
        self._changed = threading.Condition()
        self.tap = Tap(self)

    def __call__(self, packet: Packet) -> None:
        with self._changed:
            self.packets.append(packet)
            self._changed.notify_all()

    def tell(self, what: str = "back") -> None:
        with self._changed:
            self.told.append(what)
            self._changed.notify_all()

    def wait_for(self, holds: Callable[[], object]) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: bool(holds()), 15), (self.told, self.packets)

    def videos(self) -> list[Packet]:
        return [packet for packet in self.packets if packet.is_video]

    def reader(self, url: str, **options: float) -> PacketReader:
        return PacketReader(
            url, self.tap, on_lost=self.tell, on_back=self.tell,
            backoff=Backoff(0.05, 0.05, rng=random.Random(3)), **options,
        )  # fmt: skip


@pytest.fixture
def basket() -> Basket:
    return Basket()


@pytest.mark.parametrize("sound", ["aac", "pcm_mulaw"])
@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_packets_come_as_they_were_sent(
    basket: Basket, codec: Codec, sound: Literal["aac", "pcm_mulaw"]
) -> None:
    sent = encoded(pictures(), rate_hz=RATE_HZ, codec=codec)
    heard = tone(sound)
    with (
        RtspServer(sent, rate_hz=RATE_HZ, sound=heard) as server,
        basket.reader(server.url),
    ):
        basket.wait_for(lambda: len(basket.videos()) >= 10 and len(basket.packets) >= 18)
    end = datetime.now(UTC)  # they come until here

    video = basket.videos()
    form, sound_form = video[0].forms
    assert (form.codec, form.size) == (codec, SIZE)
    assert (sound_form.codec, sound_form.sample_rate_hz, sound_form.channels) == (
        sound, heard.rate_hz, 1,
    )  # fmt: skip
    for packet, unit in zip(video[:10], sent, strict=False):
        assert packet.is_key == unit.is_key
        assert all(nal in packet.data for nal in unit.nals)
    blocks = [packet.data for packet in basket.packets if packet.stream == SOUND]
    assert blocks == list(heard.blocks[: len(blocks)])
    # The first packet of RTSP has no stamp: the second may have to wait for its end.
    assert [b.at_s - a.at_s for a, b in pairwise(video[2:])] == pytest.approx(
        [1 / RATE_HZ] * (len(video) - 3), abs=0.001
    )
    assert timedelta(0) <= end - video[-1].utc < timedelta(seconds=2)
    assert basket.told == ["back"]


def test_while_a_stream_is_decoded_each_packet_is_tapped_before_its_picture(
    units: list[Unit], basket: Basket
) -> None:
    with RtspServer(units, rate_hz=RATE_HZ) as server:
        source = StreamSource(server.url, tap=basket.tap)
        for number, frame in enumerate(islice(source.frames(), 10), 1):
            assert len(basket.packets) >= number
            newest = basket.packets[number - 1]
            start_utc = frame.epoch.start_utc
            assert start_utc is not None
            seen_utc = start_utc + timedelta(seconds=frame.pts_s)
            assert abs((newest.utc - seen_utc).total_seconds()) < 0.5
        source.close()


def test_a_tap_holds_over_losses_and_tells_openings_apart(
    units: list[Unit], basket: Basket
) -> None:
    with RtspServer(units, rate_hz=RATE_HZ) as server:
        source = open_lasting(server.url, tap=basket.tap)
        frames = source.frames()
        for _ in range(5):
            next(frames)
        server.hang_up()
        while not basket.packets or basket.packets[-1].opening == 1:
            next(frames)
        source.stop()
        source.close()

    last, first = next((a, b) for a, b in pairwise(basket.packets) if a.opening != b.opening)
    assert first.is_key
    assert not first.follows(last)
    assert 0.5 < first.at_s - last.at_s < 5.0


def test_a_camera_that_comes_back_otherwise_has_another_form(
    units: list[Unit], basket: Basket
) -> None:
    with RtspServer(units, rate_hz=RATE_HZ) as server, basket.reader(server.url):
        basket.wait_for(lambda: len(basket.packets) >= 5)
        server.behaviour.units = encoded(pictures((320, 240)), rate_hz=RATE_HZ, codec="hevc")
        server.hang_up()
        basket.wait_for(lambda: basket.packets[-1].opening == 2)

    before, after = basket.packets[0].form, basket.packets[-1].form
    assert (before.codec, before.size) == ("h264", SIZE)
    assert (after.codec, after.size) == ("hevc", (320, 240))
    assert before != after
    assert basket.told[0] == "back"
    assert "has ended" in basket.told[1]
    assert basket.told[-1] == "back"


def test_the_same_camera_has_the_same_form_again(units: list[Unit], basket: Basket) -> None:
    with RtspServer(units, rate_hz=RATE_HZ) as server, basket.reader(server.url):
        basket.wait_for(lambda: len(basket.packets) >= 5)
        server.hang_up()
        basket.wait_for(lambda: basket.packets[-1].opening == 2)

    assert basket.packets[0].forms == basket.packets[-1].forms


def test_a_reader_stops_within_a_second_while_its_camera_says_nothing(
    units: list[Unit], basket: Basket
) -> None:
    with RtspServer(units, rate_hz=RATE_HZ) as server:
        with basket.reader(server.url, read_timeout_s=4.0):
            basket.wait_for(lambda: len(basket.packets) >= 5)
            server.behaviour.is_silent = True
            began_s = time.monotonic()
        took_s = time.monotonic() - began_s
        came = len(basket.packets)
        server.behaviour.is_silent = False
        threading.Event().wait(0.3)

    assert took_s < 1.0
    assert len(basket.packets) == came  # nothing is handed on any more


def test_silence_and_sound_alone_are_losses(units: list[Unit], basket: Basket) -> None:
    sound = tone("pcm_mulaw")
    with (
        RtspServer(units, rate_hz=RATE_HZ, sound=sound) as server,
        basket.reader(server.url, next_picture_s=0.5),
    ):
        basket.wait_for(lambda: basket.told)
        server.behaviour.units = [Unit(())]
        basket.wait_for(lambda: any("no picture for 0.5 s" in told for told in basket.told))


def test_a_camera_that_is_not_there_is_told_once_and_without_its_password(basket: Basket) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with basket.reader(f"rtsp://user:secret@127.0.0.1:{port}/door") as reader:
        basket.wait_for(lambda: basket.told)
        threading.Event().wait(0.3)  # several tries

    assert len(basket.told) == 1
    assert "refuses the connection" in basket.told[0]
    assert "secret" not in basket.told[0] + reader.name


def test_what_is_no_address_of_a_stream_is_refused(basket: Basket) -> None:
    with pytest.raises(SourceError, match="no address of a stream"):
        basket.reader("file:///etc/passwd")


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("rtsp://door/1", True),
        ("HTTP://door/live.mjpg", True),
        ("camera:0", False),
        ("synthetic:walk", False),
        ("/videos/door.mp4", False),
    ],
)
def test_only_streams_have_packets(spec: str, expected: bool) -> None:
    assert is_stream(spec) is expected


COVER = Cover((Patch("desk", ((0, 0), (1, 0), (1, 1), (0, 1))),))


def test_a_source_whose_packets_are_tapped_cannot_be_covered(basket: Basket) -> None:
    """Whoever copies packets copies what lies beneath the cover."""
    for source in (
        StreamSource("rtsp://127.0.0.1:9/door", tap=basket.tap),
        open_lasting("rtsp://127.0.0.1:9/door", tap=basket.tap),
    ):
        with pytest.raises(SettingsError, match="encode its covered pictures instead"):
            CoveredSource(source, COVER)


def test_a_covered_source_has_no_tap_and_gets_none(basket: Basket) -> None:
    bare = StreamSource("rtsp://127.0.0.1:9/door")
    source = CoveredSource(bare, COVER)
    bare.tap = basket.tap

    assert not hasattr(source, "tap")
    with pytest.raises(SettingsError, match="tapped"):
        next(iter(source.frames()))
