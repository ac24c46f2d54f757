"""A real server on the loopback, in a thread of its own, and a client that asks it."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar

from motionapp.edge.web.limits import Limits
from motionapp.edge.web.server import WebServer
from motionapp.settings.edge import WebSettings
from tests.edge.web.fake import FakeService

T = TypeVar("T")
PLENTY = Limits(
    requests_burst=1_000_000, requests_hz=1e6, failures_burst=1_000_000, failures_hz=1e6
)


class Answer(NamedTuple):
    """What came."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def settings_for(tokens: Path | None = None, **changes: Any) -> WebSettings:
    """Listening on a free port of the loopback."""
    return WebSettings(token_file=tokens).model_copy(update={"port": 0, **changes})


class Running:
    """Serves a fake service until its `with` ends."""

    def __init__(
        self, service: FakeService, settings: WebSettings, limits: Limits = PLENTY
    ) -> None:
        self.service = service
        self._settings, self._limits = settings, limits
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="web-under-test")

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            self.server: WebServer = self.do(self._start())
        except BaseException:
            self._end()
            raise
        self.port = int(self.server.address.rstrip("/").rpartition(":")[2])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.do(self.server.close())
        finally:
            self._end()

    async def _start(self) -> WebServer:
        server = WebServer(self._settings, self.service, limits=self._limits)
        await server.start()
        return server

    def _end(self) -> None:
        self.do(self.loop.shutdown_default_executor())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Done on the server's loop."""
        done: Future[T] = asyncio.run_coroutine_threadsafe(work, self.loop)
        return done.result(20)

    def until(self, is_so: Callable[[], bool], *, longest_s: float = 10.0) -> None:
        """Wait until something is so on the server's loop."""

        async def wait() -> None:
            end_s = time.monotonic() + longest_s
            while not is_so():
                assert time.monotonic() < end_s, "it never came to be so"
                await asyncio.sleep(0.005)

        self.do(wait())

    def ask(
        self,
        path: str,
        method: str = "GET",
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        token: str = "",
    ) -> Answer:
        """One request, on a connection of its own."""
        sent = dict(headers or {})
        data = body if isinstance(body, bytes) else None
        if body is not None and data is None:
            data = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        if token:
            sent["Authorization"] = f"Bearer {token}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, data, sent)
            came = connection.getresponse()
            told = {name.lower(): text for name, text in came.getheaders()}
            return Answer(came.status, told, came.read())
        finally:
            connection.close()

    def raw(self, data: bytes) -> bytes:
        """What comes back, to the end, if these bytes are sent as they are."""
        with self.connected() as client:
            client.sendall(data)
            return read_all(client)

    def connected(self) -> socket.socket:
        """A connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)


def read_all(client: socket.socket) -> bytes:
    """All that comes until the other end is closed or gone."""
    found = bytearray()
    try:
        while chunk := client.recv(65536):
            found += chunk
    except ConnectionError:
        pass
    return bytes(found)
