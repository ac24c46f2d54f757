"""Live streams from servers that behave like cameras, good ones and bad ones."""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.errors import SourceError
from motionapp.core.frame import Frame
from motionapp.sources import StreamSource
from motionapp.sources.pace import BURST_RATE, LONGEST_BURST_S, LONGEST_WAIT_S, Pace
from tests.servers.rtsp import RtspServer, Transport, Unit, encoded

SIZE = (160, 120)


def pictures(size: tuple[int, int] = SIZE, count: int = 20) -> Iterator[NDArray[np.uint8]]:
    for number in range(count):
        picture = np.full((size[1], size[0], 3), 70, np.uint8)
        picture[30:90, 4 * number : 4 * number + 30] = 220
        yield picture


@pytest.fixture(scope="module")
def units() -> list[Unit]:
    return encoded(pictures(), rate_hz=20)


@contextmanager
def reading(source: StreamSource) -> Iterator[Iterator[Frame]]:
    try:
        yield source.frames()
    finally:
        source.close()


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_a_camera_is_read_over_whatever_it_speaks(units: list[Unit], transport: Transport) -> None:
    with (
        RtspServer(units, rate_hz=20, transports=(transport,)) as server,
        reading(StreamSource(server.url)) as frames,
    ):
        seen = list(islice(frames, 10))

    assert [frame.epoch.size for frame in seen] == [SIZE] * 10
    assert [b.pts_s - a.pts_s for a, b in pairwise(seen)] == pytest.approx([0.05] * 9, abs=0.001)


def test_an_epoch_knows_when_it_began(units: list[Unit]) -> None:
    with RtspServer(units, rate_hz=20) as server, reading(StreamSource(server.url)) as frames:
        before = datetime.now(UTC)
        first = next(frames)

    assert first.epoch.start_utc is not None
    assert before <= first.epoch.start_utc <= datetime.now(UTC)


@pytest.mark.parametrize("jump_s", [3600.0, -1800.0])
def test_a_clock_that_jumps_neither_skips_nor_repeats_time(
    units: list[Unit], jump_s: float
) -> None:
    seen: list[Frame] = []
    with RtspServer(units, rate_hz=20) as server, reading(StreamSource(server.url)) as frames:
        for frame in islice(frames, 60):
            seen.append(frame)
            if len(seen) == 5:
                server.behaviour.jump_s = jump_s
        end = datetime.now(UTC)

    assert {frame.epoch.number for frame in seen} == {0, 1}
    assert all(0 < b.pts_s - a.pts_s < 1.0 for a, b in pairwise(seen))
    last = seen[-1]
    assert last.epoch.start_utc is not None
    told = last.epoch.start_utc + timedelta(seconds=last.pts_s)
    assert abs((end - told).total_seconds()) < 2.0


def jpeg(picture: NDArray[np.uint8]) -> bytes:
    return bytes(cv2.imencode(".jpg", picture)[1])


@contextmanager
def jpegs_over_http(shown: list[bytes], *, rate_hz: float, said: str = "") -> Iterator[str]:
    """Pictures in parts, over and over, as many webcams give them: without any time stamps."""
    kind = "Content-Type: multipart/x-mixed-replace; boundary=b\r\n"
    head = f"HTTP/1.0 200 OK\r\n{kind}{said}\r\n".encode()
    is_over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)

        def serve() -> None:
            try:
                connection, _ = listener.accept()
                with connection:
                    connection.recv(4096)
                    connection.sendall(head)
                    number = 0
                    while not is_over.wait(1 / rate_hz):
                        data = shown[number % len(shown)]
                        part = f"--b\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}"
                        connection.sendall(part.encode() + b"\r\n\r\n" + data + b"\r\n")
                        number += 1
            except OSError:
                pass

        thread = threading.Thread(target=serve, name="serve")
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/live.mjpg"
        finally:
            is_over.set()
            thread.join()


@pytest.mark.parametrize("said", ["", "Content-Length: 99999999\r\n"])
def test_pictures_without_stamps_are_stamped_on_arrival(said: str) -> None:
    """FFmpeg would count 25 a second: at ten, four seconds would be told as 1.6."""
    shown = [jpeg(picture) for picture in pictures()]
    with (
        jpegs_over_http(shown, rate_hz=10, said=said) as url,
        reading(StreamSource(url)) as frames,
    ):
        next(frames)  # those after it may have waited
        seen = list(islice(frames, 20))

    took_s = [((b.captured_ns or 0) - (a.captured_ns or 0)) / 1e9 for a, b in pairwise(seen)]
    assert [b.pts_s - a.pts_s for a, b in pairwise(seen)] == pytest.approx(took_s, abs=1e-6)
    assert sum(took_s) == pytest.approx(1.9, rel=0.4)


@pytest.mark.parametrize("each", [1, 3])
def test_sizes_that_flip_all_the_time_are_told_once(
    caplog: pytest.LogCaptureFixture, each: int
) -> None:
    shown = [jpeg(picture) for size in (SIZE, (64, 48)) for picture in pictures(size, each)]
    with jpegs_over_http(shown, rate_hz=100) as url:
        source = StreamSource(url)
        with reading(source) as frames:
            list(islice(frames, 15 * each))

    assert "changes its size or form all the time" in source.damage.sentence("door")
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert not source.is_damaged  # decoded again, it would be the same


def test_a_change_of_size_now_and_then_is_nothing_to_tell() -> None:
    shown = [jpeg(picture) for size in (SIZE, (64, 48)) for picture in pictures(size)]
    with jpegs_over_http(shown, rate_hz=100) as url:
        source = StreamSource(url)
        with reading(source) as frames:
            seen = list(islice(frames, 90))

    assert len({frame.epoch.number for frame in seen}) > 3
    assert not source.damage.is_partial


def test_a_camera_that_falls_silent_is_lost_when_it_is_said(units: list[Unit]) -> None:
    with RtspServer(units, rate_hz=20) as server:
        source = StreamSource(server.url, read_timeout_s=1.0)
        with reading(source) as frames:
            next(frames)
            server.behaviour.is_silent = True
            began_s = time.monotonic()
            with pytest.raises(SourceError, match=r"nothing for 1 s"):
                list(frames)
        took_s = time.monotonic() - began_s

    assert took_s < 1.7  # one wait, and what FFmpeg held back is no second sign of life


def test_a_burst_is_handed_on_at_twice_its_speed() -> None:
    """Ten seconds that were held up on their way come in no time."""
    now_ns, handed = 0, list[float]()

    def wait(seconds: float) -> None:
        nonlocal now_ns
        now_ns += round(seconds * 1e9)

    pace = Pace(lambda: now_ns, wait, is_held=False)
    for number in range(100):
        pace.step(number / 10)
        handed.append(now_ns / 1e9)

    assert handed == pytest.approx([number / 10 / BURST_RATE for number in range(100)])


def test_a_camera_in_time_waits_for_nothing() -> None:
    waits: list[float] = []
    now_ns = 0
    pace = Pace(lambda: now_ns, waits.append, is_held=False)
    for number in range(100):
        now_ns = round((number / 10 + 0.02 * (number % 2)) * 1e9)
        pace.step(number / 10)

    assert waits == []


def test_a_hole_in_a_live_stream_is_not_waited_for_twice() -> None:
    waits: list[float] = []
    pace = Pace(lambda: 0, waits.append, is_held=False)

    pace.step(5.0)
    pace.step(3605.0)

    assert waits == [LONGEST_WAIT_S / BURST_RATE]


def test_a_burst_that_does_not_end_is_none() -> None:
    """A clock that runs three times as fast: waiting for it would fall behind for ever."""
    now_ns, handed = 0, list[float]()

    def wait(seconds: float) -> None:
        nonlocal now_ns
        now_ns += round(seconds * 1e9)

    pace = Pace(lambda: now_ns, wait, is_held=False)
    for number in range(1200):  # two minutes at ten a second
        now_ns = max(now_ns, number * 100_000_000)
        pace.step(3 * number / 10)
        handed.append(now_ns / 1e9 - number / 10)

    assert max(handed) < LONGEST_BURST_S
    assert handed[-1] == 0


def test_a_clock_that_wavers_costs_pictures_and_no_epoch(units: list[Unit]) -> None:
    """A time server has it set back by 80 ms, twice."""
    with RtspServer(units, rate_hz=20) as server:
        source = StreamSource(server.url)
        with reading(source) as frames:
            seen = list(islice(frames, 5))
            for jump_s in (-0.08, -0.16):
                server.behaviour.jump_s = jump_s
                seen += islice(frames, 10)

    assert {frame.epoch.number for frame in seen} == {0}
    assert all(0 < b.pts_s - a.pts_s < 0.3 for a, b in pairwise(seen))
    assert 1 <= source.damage.dropped_stamps <= 4
    assert not source.damage.is_partial


def transport_stream(first_pid: int, first_s: int) -> bytes:
    """Four seconds of a picture in motion, whose video has the number `first_pid`."""
    file = io.BytesIO()
    with av.open(file, "w", format="mpegts", options={"mpegts_start_pid": str(first_pid)}) as out:
        stream = out.add_stream("libx264", rate=20, options={"g": "20", "tune": "zerolatency"})
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        for number, picture in enumerate(pictures(count=80)):
            frame = av.VideoFrame.from_ndarray(np.roll(picture, number, 1), format="bgr24")
            frame.pts = 20 * first_s + number
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return file.getvalue()


def test_an_encoder_that_numbers_its_streams_anew_is_followed() -> None:
    """It was restarted behind a relay, which keeps the connection. PyAV would read on for ever."""
    parts = [transport_stream(pid, first_s) for pid, first_s in ((256, 0), (512, 4))]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: video/mp2t\r\n\r\n")
                for part in parts:
                    connection.sendall(part)

        thread = threading.Thread(target=serve, name="serve")
        thread.start()
        source = StreamSource(
            f"http://127.0.0.1:{listener.getsockname()[1]}/relay.ts", wait=lambda seconds: None
        )
        seen: list[Frame] = []
        with reading(source) as frames, pytest.raises(SourceError, match="has ended"):
            seen.extend(frames)
        thread.join()

    assert seen[-1].pts_s > 7.5
