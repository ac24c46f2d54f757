"""The docks in a menu: each is brought to the front by its entry and by its key.

Qt's own entries hide a dock that lies behind another: it counts as shown, though nobody sees it.
"""

from __future__ import annotations

from collections.abc import Iterable

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QDockWidget, QMainWindow, QMenu, QWidget

from motionapp.gui.actions import DOCK_KEY


def add_entries(window: QMainWindow, menu: QMenu, docks: Iterable[QDockWidget]) -> None:
    """Fill a menu; the keys are counted from 1 and work in all of the window."""
    for number, dock in enumerate(docks, 1):
        entry = QAction(dock.windowTitle(), window)
        entry.setCheckable(True)
        entry.setShortcut(QKeySequence(DOCK_KEY.format(number=number)))
        entry.triggered.connect(lambda is_on, dock=dock: _bring(dock) if is_on else dock.hide())
        dock.visibilityChanged.connect(entry.setChecked)  # False, too, where another lies over it
        menu.addAction(entry)
        window.addAction(entry)


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
