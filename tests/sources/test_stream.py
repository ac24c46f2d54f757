"""Streams over the loopback."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.errors import SourceError
from motionapp.sources import StreamSource
from motionapp.sources.stream import LONGEST_WAIT_S, Pace, without_password

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


@pytest.fixture
def clip(write_clip: WriteClip) -> bytes:
    return write_clip("clip.ts", count=60, options={"g": "10", "bf": "0"}).read_bytes()


def test_a_stream_gives_frames_stamped_on_arrival(clip: bytes) -> None:
    ticks = iter(range(10**9))
    with serving(clip) as port:
        source = StreamSource(f"tcp://127.0.0.1:{port}", clock=lambda: next(ticks))

        frames = list(source.frames())

    assert len(frames) == 60
    assert [frame.pts_s for frame in frames] == pytest.approx([0.04 * n for n in range(60)])
    assert [frame.captured_ns for frame in frames] == list(range(60))
    assert (source.info.size, source.info.is_live) == ((64, 48), True)


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
