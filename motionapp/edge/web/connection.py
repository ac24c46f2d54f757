"""A connection that lets go of whoever keeps it waiting.

uvicorn waits for ever for the rest of a request, and for a client that reads nothing; a hundred
such clients would keep everybody else out.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from motionapp.edge.web.headers import STRICT
from motionapp.edge.web.limits import Limits, client_of
from motionapp.edge.web.problems import MEDIA_TYPE, Problem


class Connection(H11Protocol):
    """One client at the other end.

    Parameters
    ----------
    config : Config
    server_state : ServerState
    limits : Limits
    """

    def __init__(self, config: Config, server_state: ServerState, *, limits: Limits) -> None:
        super().__init__(config, server_state, {}, asyncio.get_running_loop())
        self._limits = limits
        self._asking_since_s = self.loop.time()
        self._paused_since_s: float | None = None
        self._leaving_since_s: float | None = None
        self.counts_for = ""
        """As which client."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take it, if there is room."""
        super().connection_made(transport)
        self._asking_since_s = self.loop.time()
        self.counts_for = client_of(self.client[0] if self.client else "")
        others = [getattr(one, "counts_for", "") for one in self.connections]
        if (
            len(others) > self._limits.connections
            or others.count(self.counts_for) > self._limits.connections_each
        ):
            transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take what comes; a request has its time from its first byte on."""
        if self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]:
            self._asking_since_s = self.loop.time()
        super().data_received(data)

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        self._asking_since_s = self.loop.time()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """The client takes nothing for now."""
        self._paused_since_s = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        """It does again."""
        self._paused_since_s = None
        super().resume_writing()

    def let_go_if_slow(self) -> bool:
        """End it if its client has kept it waiting for too long."""
        now_s = self.loop.time()
        if self.transport.is_closing() and self._leaving_since_s is None:
            self._leaving_since_s = now_s
        is_asking = self.conn.their_state in (h11.IDLE, h11.SEND_BODY)
        waits = (
            (self._asking_since_s if is_asking else None, self._limits.request_s),
            (self._paused_since_s, self._limits.write_s),
            (self._leaving_since_s, self._limits.write_s),
        )
        if any(since_s is not None and now_s - since_s > longest_s for since_s, longest_s in waits):
            self.transport.abort()
            return True
        return False

    def send_400_response(self, msg: str) -> None:
        """Say that it was no HTTP, as strictly as everything else; then end."""
        document = Problem(400, "This is no request that HTTP knows.").document()
        body = json.dumps(document).encode()
        headers: list[tuple[str, str]] = [
            *STRICT.items(),
            ("Content-Type", MEDIA_TYPE),
            ("Content-Length", str(len(body))),
            ("Connection", "close"),
        ]
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            events: tuple[Any, ...] = (
                h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
                h11.Data(data=body),
                h11.EndOfMessage(),
            )
            for event in events:
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
