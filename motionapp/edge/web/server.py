"""Listens, in the loop of the service; begins and ends in time, whoever is connected.

uvicorn speaks HTTP here. Its `Server` is left out: it wants to be the process, takes its signals,
asks ten times a second whether it should end, and then waits for its clients.
"""

from __future__ import annotations

import asyncio
import errno
import functools
import logging
import os
import socket
import ssl
from typing import cast

import uvicorn
from uvicorn.server import ServerState

from motionapp.core.errors import SettingsError
from motionapp.edge.seams import Service
from motionapp.edge.web.access import Access, Token, read_tokens
from motionapp.edge.web.app import MOST_HEADER_BYTES, make_app, make_site
from motionapp.edge.web.connection import Connection
from motionapp.edge.web.limits import Limits
from motionapp.settings.edge import WebSettings

KEEP_ALIVE_S = 5
BACKLOG = 64
HANDSHAKE_S = 5.0
LOOK_S = 1.0
"""How often slow clients are looked for, while there are any."""
END_S = 0.3
"""So long answers may take to end when the server does."""
_WHY_NOT = {
    errno.EADDRINUSE: "another program listens there; end it, or give another web.port",
    errno.EACCES: "this user may not; give a web.port above 1023",
    errno.EADDRNOTAVAIL: "this machine has no such address; mend web.bind",
}


class WebServer:
    """The page and the API of a service.

    Parameters
    ----------
    settings : WebSettings
    service : Service
    limits : Limits, optional
    """

    def __init__(
        self, settings: WebSettings, service: Service, *, limits: Limits | None = None
    ) -> None:
        self._settings = settings
        self._limits = limits or Limits()
        self.site = make_site(service, Access(_tokens(settings)), self._limits)
        app = make_app(self.site, settings)
        _silence()
        self._config = uvicorn.Config(
            app,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=KEEP_ALIVE_S,
            h11_max_incomplete_event_size=MOST_HEADER_BYTES,
        )
        self._config.load()
        self._state = ServerState()
        self._server: asyncio.Server | None = None
        self._looking: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        """Where the page is asked for."""
        host, port = self._settings.bind, self._settings.port
        if self._server is not None and self._server.sockets:
            port = self._server.sockets[0].getsockname()[1]
        scheme = "http" if self._settings.certificate is None else "https"
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}/"

    async def start(self) -> None:
        """Listen from now on. May be tried again where it fails.

        Raises
        ------
        SettingsError
            The port is taken, the address is not ours, or certificate and key do not fit.
        """
        context = _tls(self._settings)
        listening = _listening(self._settings)
        make = functools.partial(Connection, self._config, self._state, limits=self._limits)
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(
                make,
                sock=listening,
                ssl=context,
                ssl_handshake_timeout=None if context is None else HANDSHAKE_S,
                ssl_shutdown_timeout=None if context is None else END_S,
            )
        except BaseException:
            listening.close()
            raise
        self._looking = asyncio.create_task(self._look(), name="web-slow-clients")

    async def close(self) -> None:
        """Listen no more and let everybody go, within a second. May be called twice."""
        server, self._server = self._server, None
        looking, self._looking = self._looking, None
        if server is None:
            return
        server.close()
        if looking is not None:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)
        for connection in self._connections():
            connection.shutdown()
        tasks = set(self._state.tasks)
        # What is short ends by itself; a stream never would.
        _, going = await asyncio.wait(tasks, timeout=END_S) if tasks else (set(), set())
        for task in going:
            task.cancel()
        if going:  # a disk that hangs is not waited for
            await asyncio.wait(going, timeout=END_S)
        for connection in self._connections():
            connection.transport.abort()
        await asyncio.sleep(0)  # connections hear that they are lost

    def renew(self) -> None:
        """Read the tokens again; who came with one that is gone has to log in again.

        Raises
        ------
        SettingsError
            The file cannot be used; the old ones go on.
        """
        tokens = _tokens(self._settings)
        self.site.access.replace(tokens)
        self.site.sessions.keep_only(tokens or ())

    def _connections(self) -> list[Connection]:
        return [cast(Connection, one) for one in self._state.connections]

    async def _look(self) -> None:
        """Let go of slow clients, each second."""
        while True:
            await asyncio.sleep(LOOK_S)
            for connection in self._connections():
                connection.let_go_if_slow()


def _silence() -> None:
    """uvicorn says nothing: what strangers send would fill a log, and whole addresses with what
    stands behind their ? would be in it. What fails is told by the application."""
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _tokens(settings: WebSettings) -> tuple[Token, ...] | None:
    """None where everybody who comes may do everything: on this machine, if nobody says otherwise.

    That nobody else may come then is checked by the settings.
    """
    return None if settings.token_file is None else read_tokens(settings.token_file)


def _listening(settings: WebSettings) -> socket.socket:
    """The socket that hears.

    Its protocol is named: asyncio asks for it before it lets small packets go at once, and an
    answer whose body waited for the receipt of its head took 44 ms where it takes 3.
    """
    family = socket.AF_INET6 if ":" in settings.bind else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere it would let two programs listen to one port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if settings.bind == "::":
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listening.bind((settings.bind, settings.port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        why = _WHY_NOT.get(error.errno or 0, error.strerror or "mend web.bind and web.port")
        raise SettingsError(
            f"web: nobody can be heard at {settings.bind}, port {settings.port}: {why}"
        ) from None
    return listening


def _tls(settings: WebSettings) -> ssl.SSLContext | None:
    if settings.certificate is None or settings.key is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        # A key with a password would be asked for on the terminal, which a service has not.
        context.load_cert_chain(settings.certificate, settings.key, password="")
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "they do not fit"
        raise SettingsError(
            f"web.certificate {settings.certificate} and web.key {settings.key} cannot be used: "
            f"{why}; both are PEM files, the key without a password"
        ) from None
    return context
