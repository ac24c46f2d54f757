"""Streams whose coding changes while they are read, or is not known when they are opened."""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from motionapp.core.packet import Packet
from motionapp.edge.camera.recorder import Recorder
from motionapp.settings.edge import RecordSettings
from motionapp.sources.coding import Coding, parameters_in
from motionapp.sources.packet_reader import PacketReader
from motionapp.sources.packets import Tap
from tests.servers.rtsp import Codec, RtspServer, Unit, encoded

SMALL, LARGE = (160, 120), (320, 240)
RATE_HZ = 20

pytestmark = pytest.mark.timeout(40)


def units(size: tuple[int, int], codec: Codec) -> list[Unit]:
    def pictures() -> Iterator[NDArray[np.uint8]]:
        for number in range(10):
            picture = np.full((size[1], size[0], 3), 70, np.uint8)
            picture[10:40, 4 * number : 4 * number + 30] = 220
            yield picture

    return encoded(pictures(), rate_hz=RATE_HZ, codec=codec)


def annex_b(unit: Unit) -> bytes:
    return b"".join(b"\x00\x00\x00\x01" + nal for nal in unit.nals)


class Opened(Tap):
    """Says when it has been opened, and gathers what comes."""

    def __init__(self, accept: Any = lambda packet: None) -> None:
        self.packets: list[Packet] = []
        self.opened = threading.Event()
        self._changed = threading.Condition()
        self._next = accept
        super().__init__(self._gather)

    def open(self, *arguments: Any) -> None:
        super().open(*arguments)
        self.opened.set()

    def _gather(self, packet: Packet) -> None:
        self._next(packet)
        with self._changed:
            self.packets.append(packet)
            self._changed.notify_all()

    def sizes(self) -> list[tuple[int, int] | None]:
        """Each size that came, in order."""
        found: list[tuple[int, int] | None] = []
        for packet in self.packets:
            if not found or packet.forms[0].size != found[-1]:
                found.append(packet.forms[0].size)
        return found

    def wait_for(self, sizes: list[tuple[int, int]]) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.sizes() == sizes, 15), self.sizes()


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_another_size_over_the_same_connection_begins_another_file(
    codec: Codec, tmp_path: Path
) -> None:
    recorder = Recorder(RecordSettings(when="always"), tmp_path, "door", lambda told: None)
    tap = Opened(recorder.accept)
    with RtspServer(units(SMALL, codec), rate_hz=RATE_HZ) as server:
        small = server.behaviour.units
        with PacketReader(server.url, tap):
            tap.wait_for([SMALL])
            server.behaviour.units = units(LARGE, codec)
            tap.wait_for([SMALL, LARGE])
            server.behaviour.units = small
            tap.wait_for([SMALL, LARGE, SMALL])
    recorder.close()

    assert {packet.opening for packet in tap.packets} == {1}
    files = sorted(tmp_path.rglob("*.mp4"))
    held = []
    for path in files:
        with av.open(str(path)) as file:
            video = file.streams.video[0]
            told = (video.width, video.height)  # before anything is decoded
            held.append((told, {(frame.width, frame.height) for frame in file.decode(video)}))
    assert held == [(SMALL, {SMALL}), (LARGE, {LARGE}), (SMALL, {SMALL})]


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_a_stream_that_is_silent_while_it_is_opened_is_recorded_once_it_speaks(
    codec: Codec, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "motionapp.sources.packets")
    tap = Opened()
    with RtspServer(units(SMALL, codec), rate_hz=RATE_HZ) as server:
        server.behaviour.is_silent = True
        with PacketReader(server.url, tap, open_timeout_s=0.7):
            assert tap.opened.wait(10)
            server.behaviour.is_silent = False
            tap.wait_for([SMALL])

    assert tap.packets[0].opening == 1
    told = [record.getMessage() for record in caplog.records]
    if codec == "h264":  # of H.265, FFmpeg knows the size from the description
        assert tap.packets[0].is_key
        assert told == ["no picture has come yet: it is recorded from its first key frame on"]
    else:
        assert not told


def opened(data: bytes, kind: str) -> Coding:
    with av.open(io.BytesIO(data), format=kind) as file:
        return Coding(file.streams.video[0])


def test_a_jpeg_of_another_size_is_another_form() -> None:
    def jpeg(size: tuple[int, int]) -> bytes:
        return bytes(cv2.imencode(".jpg", np.zeros((size[1], size[0], 3), np.uint8))[1])

    coding = opened(jpeg(SMALL), "mjpeg")

    assert not coding.step(jpeg(SMALL))
    assert coding.step(jpeg(LARGE))
    assert coding.form is not None
    assert coding.form.size == LARGE


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_parameters_that_come_again_or_in_part_are_no_change(codec: Codec) -> None:
    key, *_ = units(SMALL, codec)
    coding = opened(annex_b(key), codec)
    before = coding.form
    sets = parameters_in(codec, annex_b(key))
    assert len(sets) == (3 if codec == "hevc" else 2)
    without = Unit(tuple(nal for nal in key.nals if nal not in sets[:-1]), codec)

    assert not any(coding.step(annex_b(unit)) for unit in (key, without, key))
    assert coding.form is before


def test_a_key_frame_that_is_cut_off_changes_nothing() -> None:
    small, large = units(SMALL, "h264")[0], units(LARGE, "h264")[0]
    coding = opened(annex_b(small), "h264")

    assert not coding.step(annex_b(large)[:12])
    assert coding.form is not None
    assert coding.form.size == SMALL
    assert coding.step(annex_b(large))


@given(st.sampled_from(["h264", "hevc", "mjpeg", "vp9"]), st.binary(max_size=200))
def test_whatever_comes_there_are_parameters_or_there_are_none(codec: str, data: bytes) -> None:
    found = parameters_in(codec, data)

    assert all(each and each in data for each in found)
    assert codec != "vp9" or not found
