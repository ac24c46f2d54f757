"""Streams over the loopback."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.addresses import without_password
from motionapp.core.errors import SourceError
from motionapp.core.frame import Frame
from motionapp.sources import StreamSource
from motionapp.sources.pace import LONGEST_WAIT_S, Pace

WriteClip = Callable[..., Path]


@contextlib.contextmanager
def serving(content: bytes, *, hangs: bool = False) -> Iterator[int]:
    """A server that sends `content` to whoever connects, then closes, or stays and says no more."""
    is_over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)

        def serve() -> None:
            with contextlib.suppress(OSError):
                connection, _ = server.accept()
                with connection:
                    if content.startswith(b"HTTP"):
                        connection.recv(4096)  # closed with a request unread, it would be reset
                    connection.sendall(content)
                    is_over.wait(10 if hangs else 0)

        thread = threading.Thread(target=serve, name="serve")
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            is_over.set()
            server.close()
            thread.join()


@contextlib.contextmanager
def sending_for_ever(part: bytes, is_over: threading.Event) -> Iterator[int]:
    """An HTTP server of pictures in parts, all the same."""
    head = b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=b\r\n\r\n"
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)

        def serve() -> None:
            with contextlib.suppress(OSError):
                connection, _ = server.accept()
                with connection:
                    connection.sendall(head)
                    while not is_over.wait(0.02):
                        connection.sendall(part)

        thread = threading.Thread(target=serve, name="serve")
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            is_over.set()
            thread.join()


def with_sound_after(path: Path, *, minutes: int) -> bytes:
    """A clip's pictures, with sound that goes on long after the last of them."""
    mixed = path.with_name("mixed.ts")
    with av.open(str(path)) as clip, av.open(str(mixed), "w") as file:
        pictures = file.add_stream_from_template(clip.streams.video[0])
        sound = file.add_stream("mp2", rate=16000, layout="mono")
        for packet in clip.demux(video=0):
            if packet.size:
                packet.stream = pictures
                file.mux(packet)
        silence = np.zeros((1, 16000), np.int16)
        for second in range(60 * minutes):
            heard = av.AudioFrame.from_ndarray(silence, format="s16", layout="mono")
            heard.sample_rate, heard.pts = 16000, 16000 * second
            file.mux(sound.encode(heard))
        file.mux(sound.encode(None))
    return mixed.read_bytes()


@pytest.fixture
def clip(write_clip: WriteClip) -> bytes:
    return write_clip("clip.ts", count=60, options={"g": "10", "bf": "0"}).read_bytes()


def test_a_stream_gives_frames_stamped_on_arrival(clip: bytes) -> None:
    now_ns = 0

    def tick() -> int:
        nonlocal now_ns
        now_ns += 40_000_000
        return now_ns

    with serving(clip) as port:
        source = StreamSource(f"tcp://127.0.0.1:{port}", clock=tick, wait=lambda seconds: None)

        frames = frames_until_lost(source, "has ended: was its server stopped")

    assert len(frames) == 60
    assert [frame.pts_s for frame in frames] == pytest.approx([0.04 * n for n in range(60)])
    assert all(a.captured_ns < b.captured_ns for a, b in pairwise(frames))
    assert (source.info.size, source.info.is_live) == ((64, 48), True)


def frames_until_lost(source: StreamSource, why: str) -> list[Frame]:
    """The frames of a source that is lost at last."""
    frames = []
    with pytest.raises(SourceError, match=why):  # noqa: PT012  `list` would lose the frames
        for frame in source.frames():
            frames.append(frame)
    return frames


def test_a_live_stream_whose_server_hangs_up_is_lost(clip: bytes) -> None:
    """Over HTTP without a length nothing but the end of the connection says that it is over."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp2t\r\n\r\n" + clip
    with serving(answer) as port:
        source = StreamSource(f"http://me:secret@127.0.0.1:{port}/live")

        frames = frames_until_lost(source, rf"^http://127\.0\.0\.1:{port}/live has ended")

    assert len(frames) == 60


def test_a_recording_of_known_size_ends_like_a_recording(write_clip: WriteClip) -> None:
    """A bare stream of H.264 does not say how long it lasts, but its server how large it is."""
    content = write_clip("clip.h264", count=30).read_bytes()
    head = f"HTTP/1.0 200 OK\r\nContent-Length: {len(content)}\r\n\r\n".encode()

    with serving(head + content) as port:
        source = StreamSource(f"http://127.0.0.1:{port}/clip.h264", wait=lambda seconds: None)

        assert len(list(source.frames())) == 30

    assert not source.damage.is_partial


def test_a_recording_whose_server_hangs_up_is_partial_or_lost(write_clip: WriteClip) -> None:
    content = write_clip("clip.mkv", count=250).read_bytes()
    head = f"HTTP/1.0 200 OK\r\nContent-Length: {len(content)}\r\n\r\n".encode()

    with serving(head + content[: len(content) // 2]) as port:
        source = StreamSource(f"http://127.0.0.1:{port}/clip.mkv", wait=lambda seconds: None)
        try:
            count = len(list(source.frames()))
        except SourceError:
            return

    assert 0 < count < 250
    assert source.damage.is_partial


def test_packets_without_pictures_are_a_loss(write_clip: WriteClip) -> None:
    """Sound goes on for a minute after the last picture; half a second of that is too much."""
    content = with_sound_after(write_clip("clip.ts", count=30), minutes=1)
    with serving(content, hangs=True) as port:
        source = StreamSource(f"tcp://127.0.0.1:{port}", next_picture_s=-1.0)

        frames = frames_until_lost(source, "sends data, but no picture")

    assert 1 <= len(frames) <= 30


def test_pictures_larger_than_any_camera_s_are_refused(
    clip: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Decoding 16000 x 16000 pixels takes 700 MB; here one pixel less than there are is enough."""
    monkeypatch.setattr("motionapp.sources.stream.MOST_PIXELS", 64 * 48 - 1)
    with serving(clip) as port:
        source = StreamSource(f"tcp://127.0.0.1:{port}")

        frames = frames_until_lost(source, "has ended")

    assert frames == []
    assert source.damage.is_partial


def test_a_stop_is_heard_between_packets_that_give_no_picture() -> None:
    """Pictures that are all rubbish: nothing but the packet itself wakes the reader."""
    picture = b"\xff\xd8\xff\xe0" + b"\x00rubbish" * 50 + b"\xff\xd9"
    part = b"--b\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(picture)
    is_over = threading.Event()
    with sending_for_ever(part + picture + b"\r\n", is_over) as port:
        source = StreamSource(f"http://127.0.0.1:{port}/live.mjpg", first_picture_s=60.0)
        reader = threading.Thread(target=lambda: list(source.frames()), name="reader")
        reader.start()

        source.stop()  # before or while it reads: it holds for good
        reader.join(8.0)

        assert not reader.is_alive()
        is_over.set()


def test_a_recording_on_a_server_is_held_to_its_time_stamps(write_clip: WriteClip) -> None:
    """It comes in a few milliseconds, and whoever paces a live source would drop most of it."""
    content = write_clip("clip.mkv", count=30).read_bytes()
    head = f"HTTP/1.0 200 OK\r\nContent-Length: {len(content)}\r\n\r\n".encode()
    now_ns = 0

    def wait(seconds: float) -> None:
        nonlocal now_ns
        now_ns += round(seconds * 1e9)

    with serving(head + content) as port:
        url = f"http://127.0.0.1:{port}/clip.mkv"
        frames = list(StreamSource(url, clock=lambda: now_ns, wait=wait).frames())

    assert len(frames) == 30
    assert now_ns == pytest.approx(frames[-1].pts_s * 1e9)
    assert [frame.captured_ns for frame in frames] == [round(f.pts_s * 1e9) for f in frames]


def test_a_hole_in_a_recording_on_a_server_is_passed_over() -> None:
    waits: list[float] = []
    pace = Pace(lambda: 0, waits.append)

    due_ns = [pace.step(pts_s) for pts_s in (5.0, 3605.0)]

    assert waits == [LONGEST_WAIT_S]
    assert due_ns == [0, round(LONGEST_WAIT_S * 1e9)]


def test_a_stream_that_falls_silent_is_lost(clip: bytes) -> None:
    with serving(clip, hangs=True) as port:
        source = StreamSource(f"tcp://127.0.0.1:{port}", read_timeout_s=0.5, open_timeout_s=2)

        with pytest.raises(SourceError, match=r"has sent nothing for 0\.5 s"):
            list(source.frames())


def test_a_stream_that_refuses_gets_one_plain_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    frames = StreamSource(f"rtsp://me:secret@127.0.0.1:{port}/door").frames()

    with pytest.raises(SourceError, match="refuses the connection") as raised:
        next(frames)
    assert "secret" not in str(raised.value)
    with pytest.raises(StopIteration):
        next(frames)


@pytest.mark.parametrize("scheme", ["tcp", "http", "https", "rtsp", "rtsps"])
def test_a_server_that_accepts_and_says_nothing_is_given_up_in_time(scheme: str) -> None:
    with serving(b"", hangs=True) as port:
        address = f"{scheme}://me:secret@127.0.0.1:{port}/door?token=hush"
        frames = StreamSource(address, open_timeout_s=0.4).frames()
        began_s = time.monotonic()

        with pytest.raises(SourceError) as raised:
            next(frames)

    assert time.monotonic() - began_s < 5
    assert str(raised.value) == (
        f"{scheme}://127.0.0.1:{port}/door has sent nothing for 0.4 s: is it switched on?"
    )


def test_an_http_stream_that_stops_in_the_middle_is_lost(clip: bytes) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp2t\r\n\r\n" + clip
    with serving(answer, hangs=True) as port:
        source = StreamSource(f"http://127.0.0.1:{port}/live", read_timeout_s=0.4)
        frames = source.frames()

        first = next(frames)
        with pytest.raises(SourceError, match=r"has sent nothing for 0\.4 s"):
            list(frames)

    assert first.pts_s == 0


@pytest.mark.parametrize(
    ("status", "sentence"),
    [("401 Unauthorized", "wants another user or password"), ("404 Not Found", "404 Not Found")],
)
def test_what_a_server_answers_is_told_without_the_password(status: str, sentence: str) -> None:
    with serving(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode()) as port:
        source = StreamSource(f"http://me:secret@127.0.0.1:{port}/live", open_timeout_s=2)

        with pytest.raises(SourceError, match=sentence) as raised:
            next(source.frames())

    told = "".join(traceback.format_exception(raised.value))
    assert "secret" not in told


def test_what_is_no_stream_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no address of a stream"):
        StreamSource(f"file://{tmp_path}")
    with serving(b"This is no video.\n" * 500) as port:
        source = StreamSource(f"tcp://127.0.0.1:{port}", open_timeout_s=2)
        with pytest.raises(SourceError, match="cannot be read"):
            next(source.frames())


def test_closing_ends_the_connection(clip: bytes) -> None:
    with serving(clip, hangs=True) as port:
        source = StreamSource(f"tcp://127.0.0.1:{port}", open_timeout_s=2, read_timeout_s=2)
        frames = source.frames()
        next(frames)

        source.close()
        source.close()

        with pytest.raises(StopIteration):
            next(frames)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("rtsp://me:secret@host:554/door?key=secret", "rtsp://host:554/door"),
        ("RTSPS://me:se/cr?e#t@host/door", "rtsps://host/door"),
        ("http://me:se@cret@[::1]:80/door", "http://[::1]:80/door"),
        ("rtsp:me:secret@host/door", "rtsp://host/door"),
        ("https://host/live.m3u8", "https://host/live.m3u8"),
    ],
)
def test_names_hold_no_password(address: str, shown: str) -> None:
    assert without_password(address) == shown
    assert StreamSource(address).info.name == shown


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12))
def test_no_password_whatever_its_characters_is_shown(password: str) -> None:
    shown = without_password(f"rtsp://me:(({password}))@host/door")

    assert shown == "rtsp://host/door"
