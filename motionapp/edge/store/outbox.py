"""Messages that wait for the broker: in order, bounded, and never an end without its beginning."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from motionapp.edge.records import Change

MOST_MESSAGES: Final = 100_000
"""A thousand events of a hundred messages: a broker that stays away for days."""
MOST_BYTES: Final = 64 << 20


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be published."""

    topic: str
    payload: bytes
    qos: int = 1
    retain: bool = False
    number: int = 0
    """Of the outbox, by which `sent` knows it; 0 until it is in there."""
    event: int = 0
    """The number of its event; the store sets it."""
    change: Change = "update"
    """Of what it tells; the store sets it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How full the outbox is."""

    messages: int
    size_bytes: int
    """Of topics and payloads."""
    dropped: int
    """Messages that were given up since the store was begun: the broker was away too long."""


class Outbox:
    """The table of messages. Every change is part of a transaction that the caller began.

    Parameters
    ----------
    connection : sqlite3.Connection
    most_messages, most_bytes : int
        Beyond these the oldest updates go, then the oldest events as a whole, from which on nothing
        is said of them.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        *,
        most_messages: int = MOST_MESSAGES,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._connection = connection
        self._most = most_messages, most_bytes
        self._handed_to = 0
        """Up to this number they are on their way to the broker: what is there cannot be taken
        back, and who has heard of a beginning must hear of the end."""

    @property
    def handed_to(self) -> int:
        """Up to this number they are on their way, or were."""
        return self._handed_to

    def hand_on(self, number: int) -> None:
        """Up to this number they were on their way from the file before this one."""
        self._handed_to = max(self._handed_to, number)

    @property
    def size(self) -> Waiting:
        """How much waits, and how much was given up."""
        row = self._connection.execute(
            "SELECT messages, bytes, dropped FROM outbox_size"
        ).fetchone()
        return Waiting(*row)

    def recount(self) -> None:
        """Count what waits anew, as is done at each start."""
        self._connection.execute(
            "INSERT INTO outbox_size SELECT 0, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM outbox_size)"
        )
        self._connection.execute(
            "UPDATE outbox_size SET (messages, bytes) = (SELECT count(*),"
            " coalesce(sum(length(topic) + length(payload)), 0) FROM outbox)"
        )

    def add(self, event: int, change: Change, messages: Iterable[Message]) -> None:
        """Put messages at the end, and make room for them if there is none."""
        rows = [(event, change, one.topic, one.payload, one.qos, one.retain) for one in messages]
        muted = self._connection.execute(
            "SELECT 1 FROM events WHERE number = ? AND telling = 'muted'", (event,)
        ).fetchone()
        if muted is not None:
            self._count_dropped(len(rows))
            return
        self._connection.executemany(
            "INSERT INTO outbox (event, change, topic, payload, qos, retain)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            rows,
        )
        # What cannot go is on its way, or an end of which the beginning has been told: of these
        # there are no more than events were open when the broker went.
        while self._is_over() and (gone := self._drop_an_update() or self._drop_an_event()):
            self._count_dropped(gone)

    def waiting(self, most: int) -> list[Message]:
        """The next ones, the oldest first; they count as on their way from now on."""
        rows = self._connection.execute(
            "SELECT topic, payload, qos, retain, number, event, change FROM outbox"
            " ORDER BY number LIMIT ?",
            (most,),
        ).fetchall()
        found = [
            Message(topic, payload, qos, bool(retain), number, event, change)
            for topic, payload, qos, retain, number, event, change in rows
        ]
        self._handed_to = max([self._handed_to, *(one.number for one in found)])
        return found

    def remove(self, numbers: Iterable[int]) -> None:
        """They have been told."""
        for number in numbers:
            self._connection.execute(
                "UPDATE events SET telling = 'begun' WHERE telling = 'due' AND number ="
                " (SELECT event FROM outbox WHERE number = ? AND change = 'new')",
                (number,),
            )
            self._connection.execute("DELETE FROM outbox WHERE number = ?", (number,))

    def _is_over(self) -> bool:
        size = self.size
        return size.messages > self._most[0] or size.size_bytes > self._most[1]

    def _count_dropped(self, more: int) -> None:
        self._connection.execute("UPDATE outbox_size SET dropped = dropped + ?", (more,))

    def _drop_an_update(self) -> int:
        return self._connection.execute(
            "DELETE FROM outbox WHERE number = (SELECT min(number) FROM outbox"
            " WHERE change = 'update' AND number > ?)",
            (self._handed_to,),
        ).rowcount

    def _drop_an_event(self) -> int:
        """All that waits of the oldest event whose beginning nobody has heard of."""
        row = self._connection.execute(
            "SELECT event FROM outbox AS this WHERE change = 'new' AND number > ?1"
            " AND NOT EXISTS (SELECT 1 FROM events"
            " WHERE events.number = this.event AND telling = 'begun')"
            " AND NOT EXISTS (SELECT 1 FROM outbox AS other WHERE other.event = this.event"
            " AND other.number <= ?1) ORDER BY number LIMIT 1",
            (self._handed_to,),
        ).fetchone()
        if row is None:
            return 0
        self._connection.execute("UPDATE events SET telling = 'muted' WHERE number = ?", row)
        return self._connection.execute("DELETE FROM outbox WHERE event = ?", row).rowcount
