"""One application for all tests, and windows that are closed with their threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from PyQt6.QtCore import QEventLoop, QTimer
from PyQt6.QtWidgets import QApplication

from motionapp.gui.theme import dress


@pytest.fixture(scope="session")
def app() -> QApplication:
    """The one that Qt allows a process."""
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication([])
    dress(app)
    return app


@pytest.fixture
def until(app: QApplication) -> Callable[[Callable[[], object]], None]:
    """Let Qt work until something holds; after 15 s it will not."""

    def wait(holds: Callable[[], object]) -> None:
        deadline_s = time.monotonic() + 15.0
        loop, timer = QEventLoop(), QTimer()

        def look() -> None:
            if holds() or time.monotonic() > deadline_s:
                loop.quit()

        timer.timeout.connect(look)
        timer.start(5)
        loop.exec()
        timer.stop()
        assert holds(), "it did not come about within 15 s"

    return wait


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before
