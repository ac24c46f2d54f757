"""Hand-over of the newest item only: for pictures that are paced by a clock.

Not for a producer that never waits: it would starve its reader of the interpreter (tried: about
13 ms a hand-over instead of 0.4).
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from typing import Final, Generic, TypeVar

T = TypeVar("T")
MOST_WAITING: Final = 16
"""Half of it pictures: of 1080p, fifty megabytes. A consumer that hangs while a source comes and
goes would else be handed one with each loss, for as long as it hangs."""


class Mailbox(Generic[T]):
    """One slot. A new item replaces the one that nobody took, which is counted.

    What must not be lost is handed over by `keep`: it waits in line, and nothing replaces it but
    the next one, where `MOST_WAITING` wait already. That is for what comes seldom. Nothing waits
    but the consumer; either side may close it at any time.
    """

    def __init__(self) -> None:
        self._items: deque[T] = deque()
        """What is kept, and before each of it and behind all at most one item that is not."""
        self._is_replaceable = False
        """Whether the last item may be replaced."""
        self._dropped = 0
        self._closed = False
        self._error: BaseException | None = None
        self._changed = threading.Condition()

    def put(self, item: T) -> bool:
        """Hand over at once. False: closed, the producer should return."""
        with self._changed:
            if not self._closed:
                if self._is_replaceable and self._items:
                    self._items.pop()
                    self._dropped += 1
                self._append(item, is_replaceable=True)
            return not self._closed

    def keep(self, item: T) -> bool:
        """Hand over what nothing replaces, but for the next one where too much waits, which is
        counted. False: closed, the producer should return."""
        with self._changed:
            if not self._closed:
                while len(self._items) >= MOST_WAITING:
                    self._items.pop()
                    self._dropped += 1
                self._append(item, is_replaceable=False)
            return not self._closed

    def close(self, error: BaseException | None = None) -> None:
        """End the stream; safe to call twice. The first error reaches the consumer."""
        with self._changed:
            self._closed = True
            self._error = self._error or error
            self._changed.notify_all()

    def __iter__(self) -> Iterator[T]:
        """Yield the newest item each time; after closing the last one, then raise the error."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or bool(self._items))
                if not self._items:
                    error, self._error = self._error, None
                    break
                item = self._items.popleft()
            yield item
        if error is not None:
            raise error

    @property
    def dropped(self) -> int:
        """Items that were replaced, or for which there was no room, before anybody took them."""
        with self._changed:
            return self._dropped

    def _append(self, item: T, *, is_replaceable: bool) -> None:
        self._items.append(item)
        self._is_replaceable = is_replaceable
        self._changed.notify_all()
