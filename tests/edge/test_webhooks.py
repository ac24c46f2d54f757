"""Web addresses that are told, with a real server that answers as it is asked to."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import http.server
import json
import queue
import socket
import ssl
import threading
import time
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

import pytest

from motionapp.core.backoff import Backoff
from motionapp.core.errors import SettingsError
from motionapp.edge.webhook_target import SIGNATURE, TIMESTAMP, signature_of, target_of
from motionapp.edge.webhooks import MOST_TRIES, WebhookTeller
from motionapp.settings.edge import WebhookSettings
from tests.servers.certificates import certificates, needs_openssl
from tests.servers.log import Log, log_of
from tests.servers.tellers import ended, event, status

pytestmark = pytest.mark.timeout(30)


@dataclass(frozen=True, slots=True)
class Call:
    """What came."""

    path: str
    headers: Message
    body: bytes

    @property
    def order(self) -> tuple[str, int]:
        document = json.loads(self.body)
        return document["type"], document["event"]["number"]


class Server:
    """Answers with the statuses it is given, one after the other, then with 204."""

    def __init__(self, *answers: int, port: int = 0, trust: ssl.SSLContext | None = None) -> None:
        self.calls: queue.Queue[Call] = queue.Queue()
        self._answers = list(answers)
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(outer._answers.pop(0) if outer._answers else 204)
                self.send_header("Location", f"http://127.0.0.1:{outer.port}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()
                outer.calls.put(Call(self.path, self.headers, body))

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self._server = http.server.HTTPServer(("127.0.0.1", port), Handler)
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        if trust is not None:
            self._server.socket = trust.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> Server:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def next(self) -> Call:
        return self.calls.get(timeout=10)


def soon() -> Backoff:
    return Backoff(0.01, 0.01)


@contextlib.contextmanager
def telling(*settings: WebhookSettings, **more: object) -> Iterator[WebhookTeller]:
    teller = WebhookTeller(settings, backoff=soon, **more)  # type: ignore[arg-type]
    teller.start()
    try:
        yield teller
    finally:
        teller.close()


def hook(url: str, **more: object) -> WebhookSettings:
    return WebhookSettings(**{"url": url, **more})


@pytest.fixture
def log() -> Iterator[Log]:
    with log_of("motionapp.edge.webhooks") as heard:
        yield heard


def test_the_beginning_and_the_end_of_an_event_are_posted() -> None:
    with Server() as server, telling(hook(server.url)) as teller:
        teller.event_changed("new", event(7))
        teller.event_changed("update", event(7))
        teller.event_changed("end", ended(event(7)))
        teller.camera_changed(status())

        calls = [server.next(), server.next()]

        assert teller.figures()["webhook_dropped"] == 0
    assert [call.order for call in calls] == [("new", 7), ("end", 7)]
    assert calls[0].path == "/hook"
    assert calls[0].headers["Content-Type"] == "application/json"
    assert json.loads(calls[1].body)["event"]["id"] == "door-7"
    assert SIGNATURE not in calls[0].headers
    assert server.calls.empty()


def test_a_call_is_signed_over_its_time_and_its_body(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"of the house\n")
    with Server() as server, telling(hook(server.url, secret_file=secret)) as teller:
        teller.event_changed("new", event())
        call = server.next()

    timestamp = call.headers[TIMESTAMP]
    expected = hmac.new(b"of the house", f"{timestamp}.".encode() + call.body, hashlib.sha256)
    assert call.headers[SIGNATURE] == f"sha256={expected.hexdigest()}"
    assert abs(int(timestamp) - time.time()) < 60


def test_another_time_or_body_has_another_signature() -> None:
    """The pair of time and body has one reading: what moves over the full stop is another."""
    signatures = {
        signature_of(b"key", "1700000000", b"{}"),
        signature_of(b"key", "1700000001", b"{}"),
        signature_of(b"key", "1700000000", b"{ }"),
        signature_of(b"other", "1700000000", b"{}"),
    }

    assert len(signatures) == 4


@pytest.mark.parametrize("answer", [500, 502, 503, 429, 408, 425])
def test_who_says_later_is_called_again_in_order(answer: int) -> None:
    with Server(answer, answer) as server, telling(hook(server.url)) as teller:
        teller.event_changed("new", event(1))
        teller.event_changed("end", ended(event(1)))

        orders = [server.next().order for _ in range(4)]

    assert orders == [("new", 1), ("new", 1), ("new", 1), ("end", 1)]


@pytest.mark.parametrize("answer", [400, 401, 404, 410, 301, 302, 307, 308])
def test_who_refuses_is_not_asked_again_and_no_redirection_is_followed(
    answer: int, log: Log
) -> None:
    with Server(answer) as server, telling(hook(server.url)) as teller:
        teller.event_changed("new", event(1))
        teller.event_changed("new", event(2))

        calls = [server.next(), server.next()]

        # The second was called when the first was done with.
        assert teller.figures()["webhook_dropped"] == 1
    assert [call.order[1] for call in calls] == [1, 2]
    assert {call.path for call in calls} == {"/hook"}
    assert f"webhook 1 (127.0.0.1) answers {answer}" in "".join(log.lines)
    assert ("redirections are not followed" in "".join(log.lines)) == (answer < 400)


def test_a_call_that_never_gets_through_is_given_up(log: Log) -> None:
    with Server(*[500] * MOST_TRIES) as server, telling(hook(server.url)) as teller:
        teller.event_changed("new", event(1))
        teller.event_changed("new", event(2))

        orders = [server.next().order for _ in range(MOST_TRIES + 1)]

        assert teller.figures()["webhook_dropped"] == 1
    assert orders == [("new", 1)] * MOST_TRIES + [("new", 2)]
    assert log.lines == [
        "webhook 1 (127.0.0.1) answers 500; it is tried again",
        f"webhook 1 (127.0.0.1) did not take a call in {MOST_TRIES} tries; it is dropped",
    ]


def test_a_server_that_comes_later_is_told_all(log: Log) -> None:
    with Server() as server:
        gone = server.port
    with telling(hook(f"http://127.0.0.1:{gone}/hook")) as teller:
        teller.event_changed("new", event(1))
        teller.event_changed("end", ended(event(1)))
        log.wait_for("is not reached; it is tried again")
        with Server(port=gone) as server:
            assert [server.next().order for _ in range(2)] == [("new", 1), ("end", 1)]

    assert len(log.lines) == 1, "each reason is told once"


def test_the_oldest_go_when_too_many_wait(monkeypatch: pytest.MonkeyPatch, log: Log) -> None:
    monkeypatch.setattr("motionapp.edge.webhooks.MOST_WAITING", 3)
    with Server() as server:
        teller = WebhookTeller([hook(server.url)], backoff=soon)
        for number in range(1, 6):
            teller.event_changed("new", event(number))
        assert teller.figures() == {"webhook_waiting": 3.0, "webhook_dropped": 2.0}

        teller.start()
        orders = [server.next().order[1] for _ in range(3)]
        teller.close()

    assert orders == [3, 4, 5]
    assert "the oldest are dropped" in "".join(log.lines)


def test_one_that_is_silent_delays_no_other() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        Server() as server,
        telling(hook(f"http://127.0.0.1:{silent.getsockname()[1]}/"), hook(server.url)) as teller,
    ):
        teller.event_changed("new", event(1))

        assert server.next().order == ("new", 1)
        assert teller.figures()["webhook_waiting"] >= 1


def test_a_silent_server_does_not_keep_the_service_from_ending() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        teller = WebhookTeller([hook(f"http://127.0.0.1:{silent.getsockname()[1]}/")])
        teller.start()
        teller.event_changed("new", event(1))
        sock, _ = silent.accept()
        with sock:
            assert sock.recv(4) == b"POST"
            began_s = time.monotonic()
            teller.close()

            assert time.monotonic() - began_s < 0.9
    assert "webhook-1" not in {thread.name for thread in threading.enumerate()}


def test_a_server_that_answers_a_byte_at_a_time_is_given_up(
    monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    monkeypatch.setattr("motionapp.edge.webhooks.CALL_S", 0.2)
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        telling(hook(f"http://127.0.0.1:{server.getsockname()[1]}/")) as teller,
    ):
        teller.event_changed("new", event(1))
        sock, _ = server.accept()
        with sock:
            assert sock.recv(4) == b"POST"
            sock.sendall(b"HTTP/1.1 2")
            server.settimeout(10)
            again, _ = server.accept()
            again.close()

        log.wait_for("it is tried again")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://hooks.local/",
        "https:///path",
        "https://hooks.local:99999/",
        "https://hooks.local/with blank",
        "https://hooks.local/\r\nX-Evil: 1",
        "hooks.local/s3cret",
        "https://[::1/",
    ],
)
def test_an_address_that_cannot_be_called_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(SettingsError, match="no address that can be called") as caught:
        target_of(hook(url))

    assert url not in str(caught.value)


def test_a_missing_or_empty_secret_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        target_of(hook("https://hooks.local/", secret_file=tmp_path / "nowhere"))
    (tmp_path / "empty").write_text("\n")
    with pytest.raises(SettingsError, match="is empty"):
        target_of(hook("https://hooks.local/", secret_file=tmp_path / "empty"))


def test_no_secret_is_in_a_text_or_in_the_log(tmp_path: Path, log: Log) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret-key")
    with Server(404) as server:
        url = f"http://me:s3cret-word@127.0.0.1:{server.port}/s3cret-path?token=s3cret-token"
        settings = hook(url, secret_file=secret)
        with telling(settings) as teller:
            teller.event_changed("new", event())
            call = server.next()
            log.wait_for("answers 404")

    user, kind = call.headers["Authorization"].split()[::-1]
    assert (b64decode(user), kind) == (b"me:s3cret-word", "Basic")
    assert call.path == "/s3cret-path?token=s3cret-token"
    assert "answers 404" in "".join(log.lines)
    assert "s3cret" not in "".join(log.lines)
    assert "s3cret" not in repr(target_of(settings))


@needs_openssl
def test_a_certificate_is_asked_for(tmp_path: Path, log: Log) -> None:
    papers = certificates(tmp_path)
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(papers.certificate, papers.key)
    trust = ssl.create_default_context(cafile=papers.authority)
    with Server(trust=own) as server:
        url = server.url.replace("http:", "https:")
        with telling(hook(url), trust=trust) as teller:
            teller.event_changed("new", event(1))
            assert server.next().order == ("new", 1)
        with telling(hook(url)) as teller:
            teller.event_changed("new", event(2))
            log.wait_for("webhook 1 (127.0.0.1) is not trusted")

    assert server.calls.empty()


def test_the_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is contacted whom the configuration does not name."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    with Server() as server, telling(hook(server.url)) as teller:
        teller.event_changed("new", event(1))

        assert server.next().path == "/hook"
