"""One application for all tests, and windows that are closed with their threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QEventLoop, QSettings, QTimer
from PyQt6.QtWidgets import QApplication

from motionapp.gui.manners import install
from motionapp.gui.theme import dress


@pytest.fixture(scope="session")
def app() -> QApplication:
    """The one that Qt allows a process."""
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication([])
    dress(app)
    install(app)
    return app


@pytest.fixture(autouse=True)
def nothing_is_remembered(tmp_path: Path) -> None:
    """Windows of tests remember in a folder of their own, not in the desktop's."""
    for scope in (QSettings.Scope.UserScope, QSettings.Scope.SystemScope):
        QSettings.setPath(QSettings.Format.NativeFormat, scope, str(tmp_path / "remembered"))


@pytest.fixture
def until(app: QApplication) -> Callable[[Callable[[], object]], None]:
    """Let Qt work until something holds; after half a minute it will not."""

    def wait(holds: Callable[[], object]) -> None:
        deadline_s = time.monotonic() + 30.0
        loop, timer = QEventLoop(), QTimer()

        def look() -> None:
            if holds() or time.monotonic() > deadline_s:
                loop.quit()

        timer.timeout.connect(look)
        timer.start(5)
        loop.exec()
        timer.stop()
        assert holds(), "it did not come about within 30 s"

    return wait


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before
