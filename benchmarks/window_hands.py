"""A hand on the window: a real pointer and real keys by `xdotool`, from a thread beside Qt's.

Where things are is asked of Qt, in its own thread; what is done with them goes through the screen,
a virtual one (Xvfb) with a small window manager.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from PyQt6.QtCore import QObject, QPoint, QRect, Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QMainWindow,
    QMenu,
    QScrollArea,
    QTabBar,
    QWidget,
)

SCREEN = (1600, 900)
MANAGERS = ("openbox", "matchbox-window-manager", "metacity")
"""One of them is needed for dialogs to have the focus."""
LOOK_S = 0.03
MOST_NOTCHES = 40
STEPS = 12
"""Of a drag: Qt begins one after ten pixels, and a target hears of each."""
Answer = TypeVar("Answer")


@contextmanager
def screen(size: tuple[int, int] = SCREEN) -> Iterator[dict[str, str]]:
    """A virtual screen while the block lasts; what a process on it needs in its environment.

    Raises
    ------
    SystemExit
        Xvfb, xdotool or a window manager is not there.
    """
    manager = next(filter(None, map(shutil.which, MANAGERS)), None)
    missing = [name for name in ("Xvfb", "xdotool") if shutil.which(name) is None]
    if missing or manager is None:
        wanted = ", ".join(missing) or "a window manager"
        raise SystemExit(f"missing: {wanted} (apt install xvfb xdotool openbox)")
    told, tells = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(tells), "-screen", "0", f"{size[0]}x{size[1]}x24", "-nolisten",
         "tcp"],
        pass_fds=(tells,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(tells)
    with open(told) as answer:
        number = answer.readline().strip()
    environment = {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    manages = subprocess.Popen(
        [manager], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield environment
    finally:
        for process in (manages, server):
            process.terminate()
            process.wait()


class _Asked(QObject):
    """Runs in Qt's thread what another thread asks of it."""

    asked = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self.asked.connect(lambda do: do(), Qt.ConnectionType.BlockingQueuedConnection)


class Failed(AssertionError):
    """Something did not come about in time."""


class Hands:
    """Moves the pointer and presses keys; made in Qt's thread, used from another one.

    Parameters
    ----------
    window : QMainWindow
    pace_s : float
        How long a person waits between two things.
    """

    def __init__(self, window: QMainWindow, pace_s: float = 0.12) -> None:
        self.window, self._pace_s = window, pace_s
        self._asked, self._thread = _Asked(), threading.get_ident()

    def ask(self, what: Callable[[], Answer]) -> Answer:
        """What a call in Qt's thread gives, or raises."""
        if threading.get_ident() == self._thread:
            return what()  # asked on the way to another answer
        got: list[Answer] = []
        wrong: list[Exception] = []

        def do() -> None:
            try:
                got.append(what())
            except Exception as error:  # noqa: BLE001  raised again where it was asked
                wrong.append(error)

        self._asked.asked.emit(do)
        if wrong:
            raise wrong[0]
        return got[0]

    def until(self, holds: Callable[[], object], what: str, within_s: float = 20.0) -> float:
        """Wait until something holds in Qt's thread; seconds that it took.

        Raises
        ------
        Failed
            It did not within the time.
        """
        began_s = time.monotonic()
        while not self.ask(holds):
            if time.monotonic() - began_s > within_s:
                raise Failed(f"not within {within_s:g} s: {what}")
            time.sleep(LOOK_S)
        return time.monotonic() - began_s

    def wait(self, seconds: float) -> None:
        """As somebody does who looks."""
        time.sleep(seconds)

    # -- the pointer ------------------------------------------------------------------------

    def place(self, widget: QWidget, at: QPoint | QRect | None = None) -> QPoint:
        """Where a point of a widget is on the screen, or the middle of a part of it, or its own.

        Raises
        ------
        Failed
            The widget cannot be seen there, so that nobody could point at it.
        """

        def find() -> QPoint:
            part = widget.rect() if at is None else at
            point = part.center() if isinstance(part, QRect) else part
            if not widget.isVisible() or not widget.visibleRegion().contains(point):
                name = widget.accessibleName() or widget.objectName() or type(widget).__name__
                raise Failed(f"{name} cannot be seen at {point.x()}, {point.y()}")
            return widget.mapToGlobal(point)

        return self.ask(find)

    def click(
        self,
        widget: QWidget,
        at: QPoint | QRect | None = None,
        *,
        button: int = 1,
        times: int = 1,
    ) -> None:
        """Press and let go there."""
        self.point(self.place(widget, at))
        self._do("click", "--repeat", str(times), "--delay", "60", str(button))
        time.sleep(self._pace_s)

    def point(self, at: QPoint) -> None:
        """Move the pointer to a place of the screen."""
        self._do("mousemove", str(at.x()), str(at.y()))  # --sync waits for ever where it is there
        time.sleep(0.02)

    def drag(self, begin: QPoint, end: QPoint) -> None:
        """Press at a place of the screen, go to another in steps, let go."""
        self.point(begin)
        self._do("mousedown", "1")
        for step in range(1, STEPS + 1):
            share = step / STEPS
            there = _between(begin, end, share)
            self.point(there)
            time.sleep(0.03)
        time.sleep(self._pace_s)
        self._do("mouseup", "1")
        time.sleep(self._pace_s)

    def hold(self, widget: QWidget, seconds: float) -> None:
        """Press, wait, let go."""
        self.point(self.place(widget))
        self._do("mousedown", "1")
        time.sleep(seconds)
        self._do("mouseup", "1")
        time.sleep(self._pace_s)

    def reveal(self, widget: QWidget) -> None:
        """Turn the wheel over what scrolls until a widget is seen.

        Raises
        ------
        Failed
            It is not, however far one scrolls.
        """
        area = self.ask(lambda: _scrolls(widget))
        for _ in range(MOST_NOTCHES):
            if not self.ask(lambda: widget.visibleRegion().contains(widget.rect().center())):
                self.point(self.ask(lambda: area.mapToGlobal(QPoint(6, area.height() // 2))))
                self._do("click", "5")
                time.sleep(self._pace_s)
        self.place(widget)

    # -- keys -------------------------------------------------------------------------------

    def key(self, *keys: str) -> None:
        """Press keys one after the other, as xdotool calls them."""
        self._do("key", "--delay", "40", *keys)
        time.sleep(self._pace_s)

    def write(self, text: str) -> None:
        """Type."""
        self._do("type", "--delay", "8", text)
        time.sleep(self._pace_s)

    # -- what is made of several of them ----------------------------------------------------

    def choose(self, choice: QComboBox, text: str) -> None:
        """Open a list and click a row of it."""
        self.click(choice)
        view = self.ask(choice.view)
        assert view is not None  # Qt makes one
        self.until(view.isVisible, f"the list of {text} opens", 5.0)
        time.sleep(self._pace_s)
        row = self.ask(lambda: choice.findText(text))
        if row < 0:
            raise Failed(f"there is no {text} to choose")
        self._click_row(view, row)

    def _click_row(self, view: QAbstractItemView, row: int) -> None:
        viewport, model = self.ask(view.viewport), self.ask(view.model)
        assert viewport is not None  # Qt makes one
        assert model is not None
        self.ask(lambda: view.scrollTo(model.index(row, 0)))
        self.click(viewport, self.ask(lambda: view.visualRect(model.index(row, 0))))

    def raise_dock(self, title: str) -> None:
        """Click the tab of a dock."""

        def find() -> tuple[QTabBar, QRect]:
            for bar in self.window.findChildren(QTabBar):
                for number in range(bar.count()):
                    if bar.isVisible() and bar.tabText(number) == title:
                        return bar, bar.tabRect(number)
            raise Failed(f"there is no tab {title}")

        self.click(*self.ask(find))

    def menu(self, *words: str) -> None:
        """Click through the menu bar; words without their `&`."""
        bar = self.ask(self.window.menuBar)
        assert bar is not None  # Qt makes one
        place: QWidget = bar
        for word in words:
            found = self.ask(lambda place=place, word=word: _entry(place, word))
            self.click(place, found[0])
            if found[1] is not None:
                place = found[1]
                self.until(place.isVisible, f"the menu {word} opens", 5.0)

    def _do(self, *command: str) -> None:
        done = subprocess.run(
            ["xdotool", *command], capture_output=True, text=True, check=False, timeout=30
        )
        if done.returncode:
            raise Failed(f"xdotool {command[0]}: {done.stderr.strip()}")

    def picture(self, path: os.PathLike[str]) -> None:
        """Save all of the screen."""

        def grab() -> bool:
            primary = QGuiApplication.primaryScreen()
            return primary is not None and primary.grabWindow(0).save(os.fspath(path))

        if not self.ask(grab):
            raise Failed(f"{path} cannot be written")


def _between(begin: QPoint, end: QPoint, share: float) -> QPoint:
    return QPoint(
        round(begin.x() + share * (end.x() - begin.x())),
        round(begin.y() + share * (end.y() - begin.y())),
    )


def _scrolls(widget: QWidget) -> QWidget:
    one = widget.parentWidget()
    while one is not None and not isinstance(one, QScrollArea):
        one = one.parentWidget()
    if one is None:
        raise Failed("nothing scrolls it")
    return one


def _entry(menu: QWidget, word: str) -> tuple[QRect, QMenu | None]:
    for action in menu.actions():
        if action.text().replace("&", "").split("\t")[0].strip() == word:
            if not action.isEnabled():
                raise Failed(f"{word} cannot be chosen")
            return menu.actionGeometry(action), action.menu()  # type: ignore[attr-defined]
    raise Failed(f"there is no entry {word}")
