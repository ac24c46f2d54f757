"""Tells web addresses of events by HTTP POST, each with a signature that its receiver can check.

What waits is held in memory: at most `MOST_WAITING` calls for each address, the oldest of which go
first when there are more. An address that does not answer delays no other.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import logging
import math
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from motionapp.core.backoff import Backoff
from motionapp.core.version import __version__
from motionapp.edge.records import CameraStatus, Change, EventRecord, event_document
from motionapp.edge.webhook_target import SIGNATURE, TIMESTAMP, Target, signature_of, target_of
from motionapp.settings.edge import WebhookSettings

MOST_WAITING = 1000
"""Calls, for each address: of 2 kB mostly. A busy day has some hundred events."""
MOST_TRIES = 10
"""With waits of 1, 2, 4 ... 60 s: five minutes, in which most servers have been restarted."""
SILENCE_S = 10.0
"""For each step of a call: to connect, to encrypt, to answer."""
CALL_S = 30.0
"""For all of it: a server that sends a byte each nine seconds is given up too."""
CLOSE_S = 1.0
AGAIN = frozenset({408, 425, 429})
"""Answers that say "later" (RFC 9110, 15.5.9; RFC 8470; RFC 6585), as do all from 500."""

_log = logging.getLogger(__name__)


class WebhookTeller:
    """Tells all the addresses of a configuration. A `Teller`.

    Parameters
    ----------
    settings : sequence of WebhookSettings
    backoff : callable, optional
        Makes the waits between tries, for each address.
    trust : ssl.SSLContext, optional
        Whose certificates hold; those that the system trusts if None.

    Raises
    ------
    SettingsError
        As `target_of`.
    """

    def __init__(
        self,
        settings: Sequence[WebhookSettings],
        *,
        backoff: Callable[[], Backoff] = Backoff,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._callers = [
            (frozenset(one.kinds), Caller(number, target_of(one), backoff=backoff(), trust=trust))
            for number, one in enumerate(settings, 1)
        ]

    def start(self) -> None:
        """Begin to call."""
        for _, caller in self._callers:
            caller.start()

    def close(self, until_s: float = math.inf) -> None:
        """End; what waits is lost. It waits for at most `CLOSE_S`, and not beyond `until_s`."""
        for _, caller in self._callers:
            caller.stop()
        until_s = min(until_s, time.monotonic() + CLOSE_S)
        for _, caller in self._callers:
            caller.join(max(0.0, until_s - time.monotonic()))

    def event_changed(self, change: Change, event: EventRecord) -> None:
        """An event has begun, changed or ended."""
        body = b""
        for kinds, caller in self._callers:
            if change in kinds:
                body = body or _body(change, event)
                caller.put(body)

    def camera_changed(self, status: CameraStatus) -> None:
        """Nobody is told: outages are events too."""

    def figures(self) -> dict[str, float]:
        """How many calls wait, and how many were given up or pushed out."""
        callers = [caller for _, caller in self._callers]
        return {
            "webhook_waiting": float(sum(caller.waiting for caller in callers)),
            "webhook_dropped": float(sum(caller.dropped for caller in callers)),
        }


def _body(change: Change, event: EventRecord) -> bytes:
    document = {"type": change, "event": event_document(event)}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


class Unanswered(Exception):
    """A call did not arrive. `is_final`: it would not a second time either."""

    def __init__(self, why: str, *, is_final: bool = False) -> None:
        super().__init__(why)
        self.is_final = is_final


class Caller:
    """Calls one address, one call after the other, on a thread of its own.

    Parameters
    ----------
    number : int
        Which webhook of the configuration it is, from 1.
    target : Target
    backoff : Backoff
    trust : ssl.SSLContext or None
    """

    def __init__(
        self, number: int, target: Target, *, backoff: Backoff, trust: ssl.SSLContext | None
    ) -> None:
        self._name = f"webhook {number} ({target.host})"
        self._target, self._backoff = target, backoff
        self._trust = trust or ssl.create_default_context() if target.is_encrypted else None
        self._changed = threading.Condition()
        self._bodies: deque[bytes] = deque()
        self._is_closing = False
        self._said = ""
        self._connection: http.client.HTTPConnection | None = None
        self._thread = threading.Thread(target=self._run, name=f"webhook-{number}", daemon=True)
        self.dropped = 0
        """Calls that never arrived."""

    @property
    def waiting(self) -> int:
        """Calls that have not arrived yet."""
        return len(self._bodies)

    def put(self, body: bytes) -> None:
        """One more call; if there are too many, the oldest is dropped and counted."""
        with self._changed:
            if len(self._bodies) >= MOST_WAITING:
                self._bodies.popleft()
                self._drop(f"does not keep up: of {MOST_WAITING} calls the oldest are dropped")
            self._bodies.append(body)
            self._changed.notify_all()

    def start(self) -> None:
        """Begin to call."""
        self._thread.start()

    def stop(self) -> None:
        """Call no more, and break off the call that is under way."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
            _break_off(self._connection)

    def join(self, longest_s: float) -> None:
        """Wait for its end."""
        if self._thread.ident is not None:
            self._thread.join(longest_s)

    def _run(self) -> None:
        while (body := self._next()) is not None:
            is_done = self._deliver(body)
            with self._changed:
                # It may have been pushed out meanwhile.
                if is_done and self._bodies and self._bodies[0] is body:
                    self._bodies.popleft()

    def _next(self) -> bytes | None:
        with self._changed:
            self._changed.wait_for(lambda: self._is_closing or bool(self._bodies))
            return None if self._is_closing else self._bodies[0]

    def _deliver(self, body: bytes) -> bool:
        """Whether nothing more is to be done about a call: it has arrived, or is given up."""
        for _ in range(MOST_TRIES):
            try:
                self._call(body)
            except Unanswered as error:
                if not self._is_wanted(body):
                    return False
                if error.is_final:
                    self._drop(f"{error}; what it was to be told is dropped")
                    return True
                self._say(f"{error}; it is tried again")
                self._pause()
            else:
                self._said = ""
                self._backoff.note_success(math.inf)
                return True
            if not self._is_wanted(body):
                return False
        self._drop(f"did not take a call in {MOST_TRIES} tries; it is dropped")
        return True

    def _is_wanted(self, body: bytes) -> bool:
        """Whether a call is still to be made."""
        with self._changed:
            return not self._is_closing and bool(self._bodies) and self._bodies[0] is body

    def _pause(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._is_closing, self._backoff.next_s())

    def _call(self, body: bytes) -> None:
        """Post a body once.

        Raises
        ------
        Unanswered
            It did not arrive.
        """
        try:
            with self._connected() as connection:
                connection.request("POST", self._target.path, body, self._headers(body))
                status = connection.getresponse().status
        except ssl.SSLCertVerificationError as error:
            raise Unanswered(f"is not trusted: {error.verify_message}") from None
        except (TimeoutError, ConnectionRefusedError) as error:
            what = "is not reached" if isinstance(error, ConnectionRefusedError) else "is silent"
            raise Unanswered(what) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            # Their texts may hold what a server has sent, or an address.
            raise Unanswered(f"could not be called ({type(error).__name__})") from None
        if status in AGAIN or status >= 500:
            raise Unanswered(f"answers {status}")
        if not 200 <= status < 300:
            follow = ", and redirections are not followed" if 300 <= status < 400 else ""
            raise Unanswered(f"answers {status}{follow}", is_final=True)

    @contextlib.contextmanager
    def _connected(self) -> Iterator[http.client.HTTPConnection]:
        """A connection that is broken off after `CALL_S`, or when the service ends."""
        target = self._target
        connection: http.client.HTTPConnection
        if target.is_encrypted:
            connection = http.client.HTTPSConnection(
                target.host, target.port, timeout=SILENCE_S, context=self._trust
            )
        else:
            connection = http.client.HTTPConnection(target.host, target.port, timeout=SILENCE_S)
        with self._changed:
            self._connection = connection
        deadline = threading.Timer(CALL_S, _break_off, [connection])
        deadline.daemon = True
        deadline.start()
        try:
            yield connection
        finally:
            deadline.cancel()
            with self._changed:
                self._connection = None
            connection.close()

    def _headers(self, body: bytes) -> dict[str, str]:
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"motionapp/{__version__}",
            "Connection": "close",
            TIMESTAMP: timestamp,
            **self._target.headers,
        }
        if self._target.secret is not None:
            headers[SIGNATURE] = signature_of(self._target.secret, timestamp, body)
        return headers

    def _drop(self, why: str) -> None:
        self.dropped += 1
        self._say(why)

    def _say(self, why: str) -> None:
        """Each reason once, until a call has arrived."""
        if why != self._said:
            self._said = why
            _log.warning("%s %s", self._name, why)


def _break_off(connection: http.client.HTTPConnection | None) -> None:
    """Wake a thread that waits for a connection."""
    sock = None if connection is None else connection.sock
    if sock is not None:
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
