"""One connection to a broker, from its beginning to its end, on the thread that asks for it.

paho speaks the protocol; sockets are waited for here, so that everything of a connection happens on
one thread and a message goes out the moment it is known. After its end a new one is made: what the
broker has not acknowledged is sent again from where it waits, and nothing is left of the old one.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import ssl
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from motionapp.core.errors import MissingExtraError
from motionapp.edge.mqtt.refusals import BrokerError, refused_because, why_not
from motionapp.settings.edge import MqttSettings

if TYPE_CHECKING:
    from paho.mqtt.client import Client

KEEPALIVE_S = 30
"""The broker says that the service is gone after half as long again (MQTT 3.1.1, 3.1.2.10)."""
CONNECT_S = 5.0
"""For each of: finding and reaching the host, agreeing on encryption, the broker's answer."""
LONGEST_TURN_S = 1.0
"""Paho looks after its pings at least so often."""

Heard = Callable[[str, bytes, bool], None]
"""Called with topic, payload, and whether the broker had kept it."""


def need_paho() -> None:
    """Raise `MissingExtraError` where paho-mqtt is not installed."""
    try:
        import paho.mqtt.client  # noqa: F401
    except ImportError:
        raise MissingExtraError("MQTT", "edge") from None


class Wakener:
    """Wakes a thread that waits for sockets. Safe to call from any thread, also a signal's."""

    def __init__(self) -> None:
        self.end, self._other = socket.socketpair()
        self.end.setblocking(False)
        self._other.setblocking(False)

    def wake(self) -> None:
        """End the present or the next wait."""
        with contextlib.suppress(OSError):  # full: it wakes anyway; closed: nobody waits
            self._other.send(b"\0")

    def calm(self) -> None:
        """It has woken."""
        with contextlib.suppress(BlockingIOError):
            while self.end.recv(4096):
                pass

    def close(self) -> None:
        """Nobody waits any more."""
        self.end.close()
        self._other.close()


class Link:
    """A connection. Whatever ends it is raised as a `BrokerError`, once.

    Parameters
    ----------
    settings : MqttSettings
    client_id : str
    will : tuple of str and bytes
        Topic and payload that the broker tells if the connection breaks; retained.
    heard : callable
        Called with each message, on the thread of `turn`.
    wakener : Wakener
        What ends a wait besides the broker.
    """

    def __init__(
        self,
        settings: MqttSettings,
        client_id: str,
        will: tuple[str, bytes],
        heard: Heard,
        wakener: Wakener,
    ) -> None:
        self._settings, self._wakener = settings, wakener
        self._keys: dict[int, int | str] = {}
        self._taken: list[int | str] = []
        self._refusal = ""
        self._is_open = False
        self._client = _client(settings, client_id)
        self._client.will_set(*will, qos=1, retain=True)
        self._client.on_connect = self._answered
        self._client.on_publish = lambda _client, _data, mid, _code, _more: self._acknowledged(mid)
        self._client.on_message = lambda _client, _data, message: heard(
            message.topic, bytes(message.payload), message.retain
        )

    def open(self) -> None:
        """Connect, and wait for the broker's answer.

        Raises
        ------
        BrokerError
            It cannot be reached, or does not want us.
        """
        try:
            self._client.connect(self._settings.host, self._settings.port, KEEPALIVE_S)
        except (OSError, ValueError) as error:
            raise BrokerError(why_not(error, self._settings)) from error
        until_s = time.monotonic() + CONNECT_S
        while not self._client.is_connected():
            if (left_s := until_s - time.monotonic()) <= 0:
                raise BrokerError("does not answer: is it an MQTT broker?")
            self.turn(left_s)
        self._is_open = True

    def subscribe(self, *topics: str) -> None:
        """Hear what is told on these topics."""
        self._client.subscribe([(topic, 1) for topic in topics])

    def publish(self, topic: str, payload: bytes, *, retain: bool, key: int | str) -> None:
        """Send a message; `taken` has its key once the broker has acknowledged it."""
        sent = self._client.publish(topic, payload, qos=1, retain=retain)
        self._keys[sent.mid] = key

    @property
    def outstanding(self) -> int:
        """How many messages the broker has not acknowledged."""
        return len(self._keys)

    def has_outstanding(self, is_meant: Callable[[str], bool]) -> bool:
        """Whether a message with such a key, a text, is among them."""
        return any(isinstance(key, str) and is_meant(key) for key in self._keys.values())

    def taken(self) -> list[int | str]:
        """What the broker has acknowledged since this was last asked, in that order."""
        taken, self._taken = self._taken, []
        return taken

    def turn(self, longest_s: float = LONGEST_TURN_S) -> None:
        """Wait until something can be read or written or somebody wakes us, and do it.

        Raises
        ------
        BrokerError
            The connection has ended.
        """
        sock: Any = self._client.socket()
        if sock is None:
            raise self._lost()
        # Encrypted bytes that are decoded already are not seen by the selector.
        is_pending = isinstance(sock, ssl.SSLSocket) and sock.pending() > 0
        events = selectors.EVENT_READ
        if self._client.want_write():
            events |= selectors.EVENT_WRITE
        with selectors.DefaultSelector() as selector:
            selector.register(sock, events)
            selector.register(self._wakener.end, selectors.EVENT_READ)
            longest_s = 0.0 if is_pending else min(longest_s, LONGEST_TURN_S)
            ready = {key.fileobj: mask for key, mask in selector.select(longest_s)}
        if self._wakener.end in ready:
            self._wakener.calm()
        if is_pending or ready.get(sock, 0) & selectors.EVENT_READ:
            self._client.loop_read()
        if ready.get(sock, 0) & selectors.EVENT_WRITE:
            self._client.loop_write()
        self._client.loop_misc()
        if self._client.socket() is None:
            raise self._lost()

    def end(self, until_s: float) -> None:
        """Say goodbye, so that the broker does not tell the will.

        Parameters
        ----------
        until_s : float
            No longer than until then, by `time.monotonic`.
        """
        self._client.disconnect()
        with contextlib.suppress(BrokerError):
            while (left_s := until_s - time.monotonic()) > 0:
                self.turn(left_s)

    def close(self) -> None:
        """Give the socket back, whatever state it is in."""
        sock: Any = self._client.socket()
        if sock is not None:
            sock.close()

    def _answered(
        self, client: Client, _data: Any, _flags: Any, reason: Any, _more: Any = None
    ) -> None:
        if reason.is_failure:
            self._refusal = refused_because(str(reason), self._settings)

    def _acknowledged(self, mid: int) -> None:
        if (key := self._keys.pop(mid, None)) is not None:
            self._taken.append(key)

    def _lost(self) -> BrokerError:
        if self._refusal or self._is_open:
            return BrokerError(self._refusal or "has ended the connection")
        ask = "" if self._settings.tls else ": does it want encryption (mqtt.tls)?"
        return BrokerError(f"ends the connection instead of answering{ask}")


def _client(settings: MqttSettings, client_id: str) -> Client:
    """A client of paho's that is not connected yet.

    Raises
    ------
    BrokerError
        The password or the certificates cannot be read.
    """
    from paho.mqtt.client import Client
    from paho.mqtt.enums import CallbackAPIVersion

    # A session that the broker kept would give us old commands; what is to be sent waits with us.
    client = Client(
        CallbackAPIVersion.VERSION2, client_id, clean_session=True, reconnect_on_failure=False
    )
    client.connect_timeout = CONNECT_S
    # Who may be on their way at once is decided by whoever publishes.
    client.max_inflight_messages = 0
    client.on_socket_open = _at_once
    # With this, paho leaves writing to the loop instead of doing it within `publish`.
    client.on_socket_register_write = lambda _client, _data, _sock: None
    if settings.user is not None:
        client.username_pw_set(settings.user, _password(settings))
    try:
        if settings.tls:
            client.tls_set_context(ssl.create_default_context(cafile=settings.ca_file))
    except (OSError, ValueError) as error:
        raise BrokerError(why_not(error, settings)) from error
    return client


def _password(settings: MqttSettings) -> str | None:
    """Read anew for each connection: who changes it need not restart the service."""
    if settings.password_file is None:
        return None
    try:
        return settings.password_file.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise BrokerError(
            f"wants a password, but {settings.password_file} cannot be read: mqtt.password_file "
            "names a text file with nothing but the password"
        ) from None


def _at_once(_client: Client, _data: Any, sock: Any) -> None:
    # Small messages one after the other would else wait for each other's acknowledgement (40 ms).
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
