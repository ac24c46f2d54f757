"""Which messages of the outbox are on their way, and when they may be forgotten.

A value that steps, on one thread: at most `MOST_IN_FLIGHT` are with the broker unacknowledged, the
oldest first. In a new connection all that was not acknowledged goes again, in the same order: a
message may come twice, but never the later one first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from motionapp.core.errors import MotionAppError
from motionapp.edge.mqtt.outbox import Outbox
from motionapp.edge.mqtt.topics import Topics

MOST_IN_FLIGHT = 20
"""What brokers hold for a client before it has acknowledged (mosquitto: max_inflight_messages)."""
MOST_VALUES = 20
"""Of retained values besides."""
FEW = MOST_IN_FLIGHT // 2
"""The outbox is asked, and told, of so many at a time: each is a transaction on an SD card."""


class Way(Protocol):
    """Where messages are given to; a `Link`."""

    @property
    def outstanding(self) -> int:
        """How many it has that are not acknowledged."""
        ...

    def publish(self, topic: str, payload: bytes, *, retain: bool, key: int | str) -> None:
        """Take a message."""
        ...


class Stream:
    """The messages of an outbox on their way.

    Parameters
    ----------
    outbox : Outbox
    topics : Topics
    """

    def __init__(self, outbox: Outbox, topics: Topics) -> None:
        self._outbox, self._topics = outbox, topics
        self._in_flight: set[int] = set()
        self._acknowledged: list[int] = []
        self.has_more = True
        """Whether the outbox may hold what has not been asked for. Set from any thread."""

    def begin(self) -> None:
        """A new connection: all that waits goes again, but for what has arrived."""
        self._in_flight.clear()
        self.has_more = True

    def send(self, way: Way) -> None:
        """Tell the outbox what has arrived, and give what waits, as far as there is room.

        Raises
        ------
        OutputError
            The outbox cannot be read or written; nothing is forgotten by that.
        """
        if len(self._acknowledged) >= FEW or not self._in_flight:
            self.settle()
        if not self.has_more or len(self._in_flight) > FEW:
            return
        self.settle()
        self.has_more = False  # before asking: what comes while we ask sets it again
        try:
            waiting = self._outbox.waiting(MOST_IN_FLIGHT)
        except MotionAppError:
            self.has_more = True
            raise
        for message in waiting:
            if message.number not in self._in_flight:
                self._in_flight.add(message.number)
                topic = self._topics.whole(message.topic)
                way.publish(topic, message.payload, retain=message.retain, key=message.number)
        if len(waiting) == MOST_IN_FLIGHT:
            self.has_more = True

    def room_beside(self, way: Way) -> int:
        """How many retained values may be sent now."""
        return MOST_VALUES - (way.outstanding - len(self._in_flight))

    def note_taken(self, keys: Iterable[int | str]) -> None:
        """The broker has acknowledged these."""
        for key in keys:
            if isinstance(key, int) and key in self._in_flight:
                self._in_flight.discard(key)
                self._acknowledged.append(key)

    def settle(self) -> None:
        """Tell the outbox what has arrived. Raises `OutputError` as `send`."""
        if self._acknowledged:
            self._outbox.sent(tuple(self._acknowledged))
            self._acknowledged.clear()
