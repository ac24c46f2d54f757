"""Bounded hand-over between two threads that loses nothing: whoever is faster waits."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Channel(Generic[T]):
    """Hands items from a producer to a consumer; either side may close it at any time.

    Parameters
    ----------
    capacity : int
        So many items may wait, at least 1; then `put` waits for room.
    """

    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ValueError(f"a channel holds at least one item, not {capacity}")
        self._capacity = capacity
        self._items: deque[T] = deque()
        self._closed = False
        self._error: BaseException | None = None
        self._changed = threading.Condition()

    def put(self, item: T) -> bool:
        """Wait for room, then hand over. False: closed, the producer should return."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or len(self._items) < self._capacity)
            if not self._closed:
                self._items.append(item)
                self._changed.notify_all()
            return not self._closed

    def keep(self, item: T) -> bool:
        """The same: nothing is ever replaced here."""
        return self.put(item)

    def close(self, error: BaseException | None = None) -> None:
        """End the stream; safe to call twice. The first error reaches the consumer."""
        with self._changed:
            self._closed = True
            self._error = self._error or error
            self._changed.notify_all()

    def __iter__(self) -> Iterator[T]:
        """Yield what is left, then raise the producer's error, once, if there is one."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or bool(self._items))
                if not self._items:
                    error, self._error = self._error, None
                    break
                item = self._items.popleft()
                self._changed.notify_all()
            yield item
        if error is not None:
            raise error

    @property
    def dropped(self) -> int:
        """Items that were lost: always 0, which is what tells it from a mailbox."""
        return 0
