"""One application for all tests, and windows that are closed with their threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QEventLoop, QSettings, QTimer
from PyQt6.QtWidgets import QApplication

from motionapp import assembly
from motionapp.gui.manners import install
from motionapp.gui.play.wish import Wish
from motionapp.gui.start import make_window
from motionapp.gui.theme import dress
from motionapp.gui.window import MainWindow
from motionapp.testing import ScriptedSource


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


@pytest.fixture
def shown_window(
    app: QApplication,
    until: Callable[[Callable[[], object]], None],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[..., MainWindow]]:
    """Opens windows on a wish, waits until something is seen, and closes them after the test.

    What is done with a window before it is shown is given as `before`.
    """
    monkeypatch.setattr("motionapp.gui.play.driver.list_cameras", list)
    opened: list[MainWindow] = []

    def show(
        wish: Wish,
        *,
        threads: int | None = None,
        before: Callable[[MainWindow], object] = lambda _: None,
    ) -> MainWindow:
        window = make_window(wish, threads=threads)
        opened.append(window)
        before(window)
        window.show()
        until(lambda: window.view.painted.count)
        return window

    yield show
    for window in opened:
        window.close()
        window.deleteLater()


@pytest.fixture
def long_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is opened is two minutes of scripted pictures."""
    monkeypatch.setattr(assembly, "open_source", lambda spec, **_: ScriptedSource(3000))
