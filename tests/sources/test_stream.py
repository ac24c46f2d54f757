"""Streams over the loopback."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from motionapp.core.errors import SourceError
from motionapp.sources import StreamSource
from motionapp.sources.stream import without_password

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


def test_names_hold_no_password() -> None:
    assert without_password("rtsp://me:secret@host:554/door?key=1") == "rtsp://host:554/door"
