"""How much one client, and all together, may ask for: what is beyond is sent away, and counted."""

from __future__ import annotations

import ipaddress
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from motionapp.edge.web.problems import Problem


@dataclass(frozen=True, slots=True)
class Limits:
    """What is allowed. The page asks some five times a second at most, with eight cameras open."""

    requests_burst: int = 200
    """Of one client at once ..."""
    requests_hz: float = 40.0
    """... and on and on."""
    failures_burst: int = 5
    """Wrong tokens of one client at once ..."""
    failures_hz: float = 1 / 12
    """... and on and on: 7200 a day, of 2^256."""
    body_bytes: int = 16 * 1024
    """Of a request; the longest that makes sense has a hundred."""
    streams: int = 16
    """Live pictures that are watched at the same time."""
    streams_each: int = 6
    """... by one client: so many connections a browser opens."""
    connections: int = 128
    connections_each: int = 48
    """Of one address, behind which a whole household may stand."""
    request_s: float = 10.0
    """In which a request must have come, and a silent connection ends."""
    write_s: float = 10.0
    """A client that takes nothing for so long is let go."""
    answer_s: float = 8.0
    """In which a camera's process must have answered."""


MOST_CLIENTS = 4096
"""That are remembered; beyond, the one seen longest ago is forgotten."""


def client_of(address: str) -> str:
    """Who counts as one client: an IPv4 address, or an IPv6 network of 64 bits.

    Whoever has one IPv6 address has all of its network, 2^64 of them.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        if not found.is_loopback:
            return str(ipaddress.ip_network((found, 64), strict=False).network_address)
    return str(found)


class Buckets:
    """For each client a bucket of what it may do, which fills up again.

    Parameters
    ----------
    burst : int
        It holds so many.
    hz : float
        So many a second come back.
    clock : callable
        Seconds that only go on.
    """

    def __init__(
        self, burst: int, hz: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst, self._hz, self._clock = float(burst), hz, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, client: str) -> float:
        """How long until it may again; 0 if now."""
        left = self._filled(client)
        return 0.0 if left >= 1.0 else (1.0 - left) / self._hz

    def take(self, client: str) -> float:
        """Take one, if there is one; else how long to wait."""
        wait_s = self.wait_s(client)
        if wait_s == 0.0:
            self._left[client] = (self._filled(client) - 1.0, self._clock())
            self._left.move_to_end(client)
            if len(self._left) > MOST_CLIENTS:
                self._left.popitem(last=False)
        return wait_s

    def give_back(self, client: str) -> None:
        """Undo one `take`."""
        if client in self._left:
            self._left[client] = (min(self._burst, self._filled(client) + 1.0), self._clock())

    def _filled(self, client: str) -> float:
        left, at_s = self._left.get(client, (self._burst, self._clock()))
        return min(self._burst, left + (self._clock() - at_s) * self._hz)


def too_often(wait_s: float) -> Problem:
    """The answer to who asks too often."""
    seconds = max(1, int(wait_s + 0.999))
    return Problem(
        429,
        f"Too much was asked for at once: try again in {seconds} s.",
        {"Retry-After": str(seconds)},
    )


class Streams:
    """Counts live pictures that are watched.

    Parameters
    ----------
    most : int
    most_each : int
        By one client.
    """

    def __init__(self, most: int, most_each: int) -> None:
        self._most, self._most_each = most, most_each
        self._open: Counter[str] = Counter()

    def __len__(self) -> int:
        return self._open.total()

    def check(self, client: str) -> None:
        """Raise a `Problem` where one more would be too many."""
        if len(self) >= self._most or self._open[client] >= self._most_each:
            raise Problem(
                429,
                "So many live pictures are watched already that no more is sent: close one.",
                {"Retry-After": "5"},
            )

    @contextmanager
    def one(self, client: str) -> Iterator[None]:
        """Hold one as long as it is sent; raises a `Problem` if it would be too many."""
        self.check(client)
        self._open[client] += 1
        try:
            yield
        finally:
            self._open[client] -= 1
            self._open += Counter()  # leaves out those with none
