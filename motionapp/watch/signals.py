"""Signals as news that the main thread waits for: to end, and to write into a new file."""

from __future__ import annotations

import queue
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

News = queue.SimpleQueue[int | None]
"""A signal's number, or None: everything has ended. Its `put` may be called in a handler, which
those of events and conditions may not."""

ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM)
HANGUP: int | None = getattr(signal, "SIGHUP", None)
"""The terminal has gone, or, by an old habit of programs without one: files were put aside."""


@contextmanager
def caught_signals(news: News) -> Iterator[bool]:
    """Put the first of the ending signals into `news`; a second one acts as it did before.

    A hangup is put there each time, also after one of those: service managers may send both, and
    what is open still has to be closed. Gives whether hangups were ignored before: who started this
    process wants it to outlive its terminal, as `nohup` does.
    """
    caught = (*ENDING_SIGNALS, *(() if HANGUP is None else (HANGUP,)))
    before = {number: signal.getsignal(number) for number in caught}

    def restore(numbers: Iterable[int]) -> None:
        for number in numbers:
            signal.signal(number, before[number])

    def handle(number: int, frame: object) -> None:
        if number != HANGUP:
            restore(ENDING_SIGNALS)
        news.put(number)

    for number in caught:
        signal.signal(number, handle)
    try:
        yield HANGUP is not None and before[HANGUP] is signal.SIG_IGN
    finally:
        restore(caught)


def wait_for_news(news: News) -> int | None:
    """Wait for a signal; None: everything has ended."""
    while True:
        try:
            # Windows does not let Ctrl-C through to a wait without limit.
            return news.get(timeout=1.0)
        except queue.Empty:
            continue
