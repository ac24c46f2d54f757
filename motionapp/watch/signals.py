"""SIGINT and SIGTERM as news that the main thread waits for."""

from __future__ import annotations

import queue
import signal
from collections.abc import Iterator
from contextlib import contextmanager

News = queue.SimpleQueue[int | None]
"""A signal's number, or None: everything has ended. Its `put` may be called in a handler, which
those of events and conditions may not."""

ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def caught_signals(news: News) -> Iterator[None]:
    """Put the first of the ending signals into `news`; a second one acts as it did before."""
    before = {number: signal.getsignal(number) for number in ENDING_SIGNALS}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def handle(number: int, frame: object) -> None:
        restore()
        news.put(number)

    for number in ENDING_SIGNALS:
        signal.signal(number, handle)
    try:
        yield
    finally:
        restore()


def wait_for_news(news: News) -> int | None:
    """Wait for a signal or the end."""
    while True:
        try:
            # Windows does not let Ctrl-C through to a wait without limit.
            return news.get(timeout=1.0)
        except queue.Empty:
            continue
