"""The docks in a menu: each is brought to the front by its entry or by its key.

Qt's own entries hide a dock that lies behind another: it counts as shown, though nobody sees it.
"""

from __future__ import annotations

from collections.abc import Iterable

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QDockWidget, QMainWindow, QMenu, QWidget

from motionapp.gui.actions import DOCK_KEY


def add_entries(window: QMainWindow, menu: QMenu, docks: Iterable[QDockWidget]) -> None:
    """Fill a menu, where each is brought to the front and hidden; a key, counted from 1, brings it
    to the front alone: who presses it twice looks for the dock."""
    for number, dock in enumerate(docks, 1):
        key = QKeySequence(DOCK_KEY.format(number=number))
        # The key stands there to be read: as the entry's own it would hide the dock, too.
        said = key.toString(QKeySequence.SequenceFormat.NativeText)
        entry = QAction(f"{dock.windowTitle()}\t{said}", window)
        entry.setCheckable(True)
        entry.triggered.connect(lambda is_on, dock=dock: _bring(dock) if is_on else dock.hide())
        dock.visibilityChanged.connect(entry.setChecked)  # False, too, where another lies over it
        menu.addAction(entry)
        pressed = QAction(dock.windowTitle(), window)
        pressed.setShortcut(key)
        pressed.triggered.connect(lambda _, dock=dock: _bring(dock))
        window.addAction(pressed)


def _bring(dock: QDockWidget) -> None:
    """To the front, with the focus on the first thing in it that takes one."""
    dock.show()
    dock.raise_()
    first = _first(dock)
    if first is not None:
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _first(dock: QDockWidget) -> QWidget | None:
    inside, one = dock.widget(), dock.nextInFocusChain()
    while inside is not None and one is not None and one is not dock:
        takes_focus = bool(one.focusPolicy() & Qt.FocusPolicy.TabFocus) and one.isEnabled()
        is_inside = one is not inside and inside.isAncestorOf(one)  # not what scrolls all of it
        if is_inside and takes_focus and one.isVisibleTo(dock):
            return one
        one = one.nextInFocusChain()
    return None
