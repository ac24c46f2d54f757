"""What strangers send: nothing is changed, nothing is told, nobody else has to wait."""

from __future__ import annotations

import http.client
import os
import select
import socket
from pathlib import Path
from urllib.parse import quote

import pytest

from motionapp.edge.web.limits import Limits
from tests.edge.web.fake import FakeService
from tests.edge.web.fixtures import Tokens
from tests.edge.web.running import PLENTY, Running, read_all, settings_for

CLIMBS = (
    "..", "../", "../../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd",
    "%252e%252e%252fetc%252fpasswd", "..\\..\\windows", "..%5c..%5cetc", "%c0%ae%c0%ae/", "....//",
    "/etc/passwd", "//etc/passwd", "file:///etc/passwd", "%00", "door%00.jpg", "door%0a",
    "door%0d%0aX-Injected:%20yes", "~root", "$HOME", "%uff0e", "\u2025/", "'; drop table events;--",
    "{{7*7}}", "%s%n", "a" * 3000, "-1", "0", "1e9", "9" * 40, "NaN", "3/../4", "3;x", "null",
)  # fmt: skip
PATHS = (
    "/{}", "/page/{}", "/api/v1/{}", "/api/v1/cameras/{}", "/api/v1/cameras/{}/snapshot.jpg",
    "/api/v1/cameras/{}/live.mjpg", "/api/v1/cameras/door/{}", "/api/v1/events/{}",
    "/api/v1/events/{}/recording.mp4", "/api/v1/events/3/{}", "/api/v1/events/{}/snapshot.jpg",
    "/api/v1/events?camera={}", "/api/v1/events?before={}", "/api/v1/events?label={}",
    "/api/v1/events?{}=1", "/api/v1/why?camera={}&at=2026-11-30T07:00:00Z",
    "/api/v1/why?camera=door&at={}", "/api/v1/openapi.json?{}", "/metrics?{}",
)  # fmt: skip


def test_no_path_and_no_parameter_climbs_to_the_disk(opened: Running) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", opened.port, timeout=20)
    for pattern in PATHS:
        for climb in CLIMBS:
            path = pattern.format(quote(climb, safe="%/\\:;'{}$~?&=-.")).replace(" ", "%20")
            # http.client would refuse some of these, so it is not asked whether they are fine.
            connection.putrequest("GET", path, skip_accept_encoding=True)
            connection.endheaders()
            came = connection.getresponse()
            body = came.read()
            assert came.status in (200, 400, 404), (path, came.status)
            assert came.getheader("X-Injected") is None
            assert b"root:" not in body
            if came.status == 200:  # some mean nothing bad: /{} with nothing in it
                assert came.getheader("Content-Type") in (
                    "text/html; charset=utf-8", "application/json",
                ), path  # fmt: skip
    connection.close()
    assert set(opened.service.files_asked) <= {"yard/3.mp4", "yard/3.jpg"}


def test_a_path_that_the_service_does_not_know_is_not_sent(opened: Running) -> None:
    (opened.service.folder / "one.mp4").unlink()
    assert opened.ask("/api/v1/events/3/recording.mp4").status == 404


def test_a_link_a_pipe_or_a_folder_in_the_place_of_a_file_is_not_sent(opened: Running) -> None:
    place = opened.service.folder / "one.mp4"
    place.unlink()
    for put in (
        lambda: place.symlink_to("/etc/passwd"),
        lambda: os.mkfifo(place),
    ):
        put()
        opened.service.file_of = lambda path: place  # type: ignore[method-assign]
        answer = opened.ask("/api/v1/events/3/recording.mp4")
        assert answer.status == 404
        assert b"root:" not in answer.body
        place.unlink()
    place.mkdir()
    assert opened.ask("/api/v1/events/3/recording.mp4").status == 404


@pytest.mark.parametrize(
    ("asked", "status", "told", "length"),
    [
        ("bytes=0-0", 206, "bytes 0-0/256000", 1),
        ("bytes=255000-", 206, "bytes 255000-255999/256000", 1000),
        ("bytes=-1", 206, "bytes 255999-255999/256000", 1),
        ("bytes=0-999999999999999999", 206, "bytes 0-255999/256000", 256000),
        ("bytes=-999999999999999999", 206, "bytes 0-255999/256000", 256000),
        ("bytes=5-2", 200, None, 256000),
        ("bytes=0-0,5-9", 200, None, 256000),
        ("bytes=" + "0-0," * 3000, 200, None, 256000),
        ("elephants=0-1", 200, None, 256000),
    ],
)
def test_ranges_give_just_what_is_there(
    opened: Running, asked: str, status: int, told: str | None, length: int
) -> None:
    answer = opened.ask("/api/v1/events/3/recording.mp4", headers={"Range": asked})

    assert answer.status == status
    assert answer.headers.get("content-range") == told
    assert len(answer.body) == length == int(answer.headers["content-length"])
    whole = bytes(range(256)) * 1000
    assert answer.body in whole
    if told:
        assert answer.body[0] == int(told.split()[1].split("-")[0]) % 256


@pytest.mark.parametrize("asked", ["bytes=256000-", "bytes=-0", "bytes=999999999999999999-"])
def test_a_range_behind_the_end_is_told_so(opened: Running, asked: str) -> None:
    answer = opened.ask("/api/v1/events/3/recording.mp4", headers={"Range": asked})

    assert answer.status == 416
    assert answer.headers["content-range"] == "bytes */256000"
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_recording_that_has_just_begun_is_empty(opened: Running) -> None:
    (opened.service.folder / "one.mp4").write_bytes(b"")
    path = "/api/v1/events/3/recording.mp4"

    answer = opened.ask(path)
    assert (answer.status, answer.body) == (200, b"")
    assert opened.ask(path, headers={"Range": "bytes=0-"}).status == 416


def test_a_recording_that_has_not_changed_is_not_sent_twice(opened: Running) -> None:
    path = "/api/v1/events/3/recording.mp4"
    tag = opened.ask(path, "HEAD").headers["etag"]

    unchanged = opened.ask(path, headers={"If-None-Match": tag})
    assert (unchanged.status, unchanged.body) == (304, b"")
    assert "content-length" not in unchanged.headers
    part = {"Range": "bytes=0-9"}
    assert opened.ask(path, headers=part | {"If-Range": tag}).status == 206
    assert opened.ask(path, headers=part | {"If-Range": '"another"'}).status == 200


def test_a_recording_that_is_cut_off_while_it_is_sent_ends_the_connection(
    opened: Running,
) -> None:
    place = opened.service.folder / "one.mp4"
    with place.open("wb") as file:
        file.truncate(100_000_000)
    with opened.connected() as client:
        client.sendall(b"GET /api/v1/events/3/recording.mp4 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert b"content-length: 100000000" in client.recv(4096)
        place.write_bytes(b"")
        assert len(read_all(client)) < 100_000_000


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a\rSet-Cookie: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a\x00b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"PATCH /api/v1/events/3 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"PATCH /api/v1/events/3 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -5\r\n\r\n",
        b"PATCH /api/v1/events/3 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n"
        b"Content-Length: 6\r\n\r\nabcdef",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(40) + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 70_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    ],
)
def test_what_is_no_request_is_told_so_and_ended(opened: Running, request_bytes: bytes) -> None:
    came = opened.raw(request_bytes)

    assert came[:13] in (b"HTTP/1.1 400 ", b"HTTP/1.1 414 ", b"HTTP/1.1 431 ", b"")
    assert b"set-cookie" not in came.lower()
    assert came == b"" or b"nosniff" in came
    assert opened.ask("/healthz").status == 200
    assert not opened.service.locks


def test_a_websocket_is_not_begun(opened: Running) -> None:
    answer = opened.ask(
        "/api/v1/cameras",
        headers={"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
                 "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="},
    )  # fmt: skip
    assert answer.status == 200


def test_names_of_strangers_lead_nowhere(opened: Running) -> None:
    answer = opened.ask("/api/v1/cameras", headers={"Host": "rebound.example:8480"})
    assert answer.status == 421
    assert b"door" not in answer.body
    assert opened.raw(b"GET /api/v1/cameras HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("length", [b"20000", b"99999999999999999999999"])
def test_a_huge_body_is_not_listened_to(opened: Running, length: bytes) -> None:
    came = opened.raw(
        b"PATCH /api/v1/events/3 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        b"Content-Type: application/json\r\nContent-Length: " + length + b"\r\n\r\n{"
    )
    assert came.startswith(b"HTTP/1.1 413") or came.startswith(b"HTTP/1.1 400")


def test_a_huge_body_in_pieces_is_not_listened_to_either(opened: Running) -> None:
    with opened.connected() as client:
        client.sendall(
            b"PATCH /api/v1/events/3 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        try:
            for _ in range(1000):
                client.sendall(b"1000\r\n" + b" " * 4096 + b"\r\n")
        except ConnectionError:
            pass
        else:
            pytest.fail("four megabytes were listened to")
    assert not opened.service.locks


SLOW = Limits(request_s=0.3, write_s=0.3)


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
        b"PATCH /api/v1/events/3 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        b"Content-Type: application/json\r\nContent-Length: 20\r\n\r\n{",
        b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /heal",
    ],
)
def test_a_client_that_never_ends_its_request_is_let_go(
    service: FakeService, begun: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("motionapp.edge.web.server.LOOK_S", 0.05)
    with Running(service, settings_for(), SLOW) as running, running.connected() as client:
        client.sendall(begun)

        came = read_all(client)

        assert came.count(b"HTTP/1.1") == begun.count(b"healthz")
        assert not running.service.locks


@pytest.mark.parametrize(
    "path", ["/api/v1/cameras/door/live.mjpg", "/api/v1/events/3/recording.mp4"]
)
def test_a_client_that_never_reads_is_let_go(
    service: FakeService, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("motionapp.edge.web.server.LOOK_S", 0.05)
    service.picture_s = 0.0
    (service.folder / "one.mp4").write_bytes(bytes(20_000_000))
    with Running(service, settings_for(), SLOW) as running, running.connected() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        running.until(lambda: bool(running.server._state.tasks))

        running.until(lambda: not running.server._state.connections)
        running.until(lambda: not running.server._state.tasks)

        assert service.watched == 0
        assert len(running.server.site.streams) == 0


def test_one_address_holds_only_so_many_connections(service: FakeService) -> None:
    few = Limits(connections_each=3)
    with Running(service, settings_for(), few) as running:
        clients = [running.connected() for _ in range(6)]
        try:
            gone: set[socket.socket] = set()
            while len(gone) < 3:  # what can be read of those is their end
                ended, _, _ = select.select([one for one in clients if one not in gone], [], [], 20)
                assert ended, "all of them are still there"
                gone.update(ended)
            assert {read_all(one) for one in gone} == {b""}

            kept = next(one for one in clients if one not in gone)
            kept.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert kept.recv(65536).startswith(b"HTTP/1.1 200")
        finally:
            for client in clients:
                client.close()


def test_wrong_tokens_are_slowed_down_but_who_is_known_goes_on(
    service: FakeService, tokens: Tokens
) -> None:
    with Running(service, settings_for(tokens.path), Limits(failures_burst=3)) as running:
        assert running.ask("/api/v1/cameras", token=tokens.viewer).status == 200

        said = [running.ask("/api/v1/cameras", token=f"guess {one}") for one in range(5)]
        login = running.ask("/api/v1/session", "POST", body={"token": "another guess"})

        assert [one.status for one in said] == [401, 401, 401, 429, 429]
        assert login.status == 429
        assert int(login.headers["retry-after"]) >= 1
        assert running.ask("/api/v1/cameras", token=tokens.viewer).status == 200


def test_who_asks_too_often_has_to_wait(service: FakeService) -> None:
    with Running(service, settings_for(), Limits(requests_burst=3, requests_hz=0.01)) as running:
        assert [running.ask("/healthz").status for _ in range(5)] == [200, 200, 200, 429, 429]


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", "Basic YWRtaW46", "bearer\t", "Bearer " + "x" * 5000, "Bearer a b"],
)
def test_what_is_no_token_opens_nothing(guarded: Running, authorization: str) -> None:
    answer = guarded.ask("/api/v1/cameras", headers={"Authorization": authorization})

    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_no_token_and_no_path_of_ours_is_in_any_answer(
    service: FakeService, tokens: Tokens, tmp_path: Path
) -> None:
    with Running(service, settings_for(tokens.path), PLENTY) as running:
        paths = ["/", "/healthz", "/metrics", "/api/v1/cameras", "/api/v1/events", "/nothing",
                 "/api/v1/events/3", "/api/v1/session", "/api/v1/openapi.json"]  # fmt: skip
        told = "".join(
            str(running.ask(path, token=token).headers) + str(running.ask(path, token=token).body)
            for path in paths
            for token in ("", tokens.viewer, tokens.admin)
        )
    assert str(tmp_path) not in told
    assert str(tokens.path) not in told
    assert tokens.viewer not in told
    assert tokens.admin not in told
    assert "yard/3.mp4" not in told
