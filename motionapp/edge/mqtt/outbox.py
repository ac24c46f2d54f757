"""What waits to be sent: messages that must not be lost, in the order in which they came about."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from motionapp.edge.mqtt.topics import event_payload, events_topic
from motionapp.edge.records import Change, EventRecord


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that has no number yet."""

    topic: str
    """Below the prefix, which may be another one by the time it is sent."""
    payload: bytes
    qos: int = 1
    retain: bool = False


class Message(Protocol):
    """A message that waits."""

    @property
    def number(self) -> int:
        """Greater than that of all before it."""
        ...

    @property
    def topic(self) -> str:
        """Below the prefix."""
        ...

    @property
    def payload(self) -> bytes:
        """What it says."""
        ...

    @property
    def retain(self) -> bool:
        """Whether the broker keeps it."""
        ...


class Outbox(Protocol):
    """Where they wait. It is asked on the teller's own thread, never on the event loop.

    Both raise an `OutputError` where the disk does not let them; they are asked again then.
    """

    def waiting(self, most: int, /) -> Sequence[Message]:
        """The oldest of those that are not sent yet, the oldest first."""
        ...

    def sent(self, numbers: Sequence[int], /) -> None:
        """The broker has taken these over: they need not be remembered."""
        ...


def messages_of(change: Change, event: EventRecord) -> list[Draft]:
    """What is to be sent of a change, to be stored in the transaction that stores the event."""
    return [Draft(events_topic(event.camera), event_payload(change, event))]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A message in memory."""

    number: int
    topic: str
    payload: bytes
    qos: int
    retain: bool


class MemoryOutbox:
    """An outbox that forgets when the process ends."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._waiting: dict[int, Numbered] = {}

    def put(self, drafts: Iterable[Draft]) -> None:
        """Add messages behind all others."""
        with self._lock:
            for draft in drafts:
                number = next(self._numbers)
                self._waiting[number] = Numbered(
                    number, draft.topic, draft.payload, draft.qos, draft.retain
                )

    def waiting(self, most: int, /) -> Sequence[Message]:
        """The oldest, the oldest first."""
        with self._lock:
            return tuple(itertools.islice(self._waiting.values(), most))

    def sent(self, numbers: Sequence[int], /) -> None:
        """Forget these."""
        with self._lock:
            for number in numbers:
                self._waiting.pop(number, None)
