"""Live pictures: as they come, bounded in number, ended with their client or the server."""

from __future__ import annotations

import time

from motionapp.edge.web.limits import Limits
from tests.edge.web.fake import FakeService
from tests.edge.web.fixtures import Tokens
from tests.edge.web.running import Running, read_all, settings_for

LIVE = b"GET /api/v1/cameras/door/live.mjpg HTTP/1.1\r\nHost: 127.0.0.1\r\n"


def test_pictures_come_one_after_the_other_each_with_its_length(opened: Running) -> None:
    with opened.connected() as client:
        client.sendall(LIVE + b"\r\n")
        came = b""
        while came.count(b"--picture\r\n") < 4:
            came += client.recv(65536)

    assert b"multipart/x-mixed-replace; boundary=picture" in came
    # Each but the first comes with the border behind it, which lets a browser show it at once.
    assert came.count(b"Content-Type: image/jpeg") in (3, 4)
    assert came.count(b"\xff\xd8\xff") >= 3
    opened.until(lambda: opened.service.watched == 0)
    opened.until(lambda: len(opened.server.site.streams) == 0)


def test_a_stream_ends_with_its_camera(opened: Running) -> None:
    with opened.connected() as client:
        client.sendall(LIVE + b"\r\n")
        client.recv(65536)
        opened.service.statuses["door"] = opened.service.statuses["garage"]
        assert read_all(client).endswith(b"0\r\n\r\n")


def test_to_ask_whether_there_is_one_begins_none(opened: Running) -> None:
    answer = opened.ask("/api/v1/cameras/door/live.mjpg", "HEAD")

    assert (answer.status, answer.body) == (200, b"")
    assert opened.service.watched == 0


def test_so_many_streams_are_sent_and_who_comes_later_is_told(service: FakeService) -> None:
    with Running(service, settings_for(), Limits(streams=3, streams_each=3)) as running:
        clients = [running.connected() for _ in range(3)]
        for client in clients:
            client.sendall(LIVE + b"\r\n")
        running.until(lambda: service.watched == 3)

        refused = running.ask("/api/v1/cameras/yard/live.mjpg")
        assert refused.status == 429
        assert running.ask("/healthz").status == 200
        clients.pop().close()
        running.until(lambda: service.watched == 2)
        with running.connected() as client:
            client.sendall(LIVE + b"\r\n")
            running.until(lambda: service.watched == 3)
        for client in clients:
            client.close()


def test_a_stream_ends_when_its_token_is_taken_away(guarded: Running, tokens: Tokens) -> None:
    with guarded.connected() as client:
        client.sendall(LIVE + f"Authorization: Bearer {tokens.viewer}\r\n\r\n".encode())
        client.recv(65536)
        guarded.loop.call_soon_threadsafe(guarded.server.site.access.replace, ())
        assert read_all(client).endswith(b"0\r\n\r\n")


def test_the_server_ends_within_a_second_whoever_is_connected(service: FakeService) -> None:
    with Running(service, settings_for()) as running:
        reading, deaf, silent = (running.connected() for _ in range(3))
        reading.sendall(LIVE + b"\r\n")
        deaf.sendall(LIVE + b"\r\n")
        running.until(lambda: service.watched == 2)

        begun_s = time.monotonic()
        running.do(running.server.close())
        took_s = time.monotonic() - begun_s

        assert took_s < 1.0
        assert service.watched == 0
        running.until(lambda: not running.server._state.connections)
        for client in (reading, deaf, silent):
            read_all(client)  # has an end
            client.close()
        running.do(running.server.close())
