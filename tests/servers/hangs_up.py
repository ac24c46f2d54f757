"""A broker that takes messages, acknowledges as many as it is told to, and hangs up."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Sequence
from typing import BinaryIO

CONNECT, PUBLISH, SUBSCRIBE = 1, 3, 8


class HangsUp:
    """Speaks as much MQTT 3.1.1 as a publisher needs.

    Parameters
    ----------
    acknowledged : sequence of int or None
        For each connection, after so many acknowledged messages nothing is acknowledged any more,
        and as soon as another one comes it hangs up; None: all are, and it stays.
    below : str
        Only messages on topics that end so are counted; others are acknowledged.
    port : int
        A free one if 0.
    """

    def __init__(self, acknowledged: Sequence[int | None], *, below: str, port: int = 0) -> None:
        self._server = socket.create_server(("127.0.0.1", port))
        self._plan, self._below = list(acknowledged), below
        self.port = self._server.getsockname()[1]
        self.connections: list[list[bytes]] = []
        self.taken: list[bytes] = []
        self.done = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="hangs-up")

    def _serve(self) -> None:
        for most in self._plan:
            with contextlib.suppress(OSError):
                sock, _ = self._server.accept()
                with sock, sock.makefile("rb") as lines:
                    self.connections.append([])
                    self._talk(sock, lines, most)

    def _talk(self, sock: socket.socket, lines: BinaryIO, most: int | None) -> None:
        acknowledged = 0
        while head := lines.read(1):
            kind, length, shift = head[0] >> 4, 0, 0
            while (byte := lines.read(1)[0]) & 0x80:
                length |= (byte & 0x7F) << shift
                shift += 7
            body = lines.read(length | byte << shift)
            if kind == CONNECT:
                sock.sendall(b"\x20\x02\x00\x00")
            elif kind == SUBSCRIBE:
                sock.sendall(b"\x90\x03" + body[:2] + b"\x01")
            elif kind == PUBLISH:
                size = int.from_bytes(body[:2], "big")
                topic, mid = body[2 : 2 + size].decode(), body[2 + size : 4 + size]
                payload = body[4 + size :]
                if topic.endswith(self._below):
                    self.connections[-1].append(payload)
                    if most is not None and acknowledged == most:
                        # Closing with bytes unread would reset the connection, and what was
                        # acknowledged might never be read.
                        sock.shutdown(socket.SHUT_WR)
                        lines.read()
                        return
                    acknowledged += 1
                    self.taken.append(payload)
                sock.sendall(b"\x40\x02" + mid)
                if most is None and payload == b"last":
                    self.done.set()

    def __enter__(self) -> HangsUp:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # Closing alone would leave a thread that waits in `accept`.
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(10)
