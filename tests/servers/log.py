"""What a program says in its log, to be waited for."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator


class Log(logging.Handler):
    """The lines of a log."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._more = threading.Condition()

    def emit(self, record: logging.LogRecord) -> None:
        with self._more:
            self.lines.append(record.getMessage())
            self._more.notify_all()

    def wait_for(self, word: str) -> str:
        """The first line with this word in it."""
        with self._more:
            is_there = self._more.wait_for(lambda: any(word in line for line in self.lines), 10)
            assert is_there, self.lines
            return next(line for line in self.lines if word in line)


@contextlib.contextmanager
def log_of(name: str) -> Iterator[Log]:
    """What is said below a logger's name, from its details on."""
    handler, logger = Log(), logging.getLogger(name)
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield handler
    finally:
        logger.setLevel(level)
        logger.removeHandler(handler)
