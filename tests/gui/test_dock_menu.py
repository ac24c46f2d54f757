"""The docks in the menu: what lies behind another is brought to the front."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QApplication, QLabel, QLineEdit, QMainWindow, QMenu

from motionapp.gui.docks import add_docks

Until = Callable[[Callable[[], object]], None]


class Docked(QMainWindow):
    """Two docks, one behind the other."""

    def __init__(self) -> None:
        super().__init__()
        self.field, self.menu = QLineEdit(), QMenu(self)
        stack = [("front", "Front", QLabel("something")), ("behind", "Behind", self.field)]
        self.docks = add_docks(self, self.menu, [stack])

    def entry(self, title: str) -> QAction:
        return next(one for one in self.menu.actions() if one.text().startswith(title))

    def is_seen(self, name: str) -> bool:
        return not self.docks[name].visibleRegion().isEmpty()


@pytest.fixture
def window(app: QApplication, until: Until) -> Iterator[Docked]:
    window = Docked()
    window.show()
    window.activateWindow()
    until(lambda: window.is_seen("front") and not window.is_seen("behind"))
    yield window
    window.close()
    window.deleteLater()


def test_an_entry_brings_a_dock_that_lies_behind_to_the_front(window: Docked, until: Until) -> None:
    assert window.entry("Front").isChecked()
    assert not window.entry("Behind").isChecked()

    window.entry("Behind").trigger()

    until(lambda: window.is_seen("behind"))
    assert window.entry("Behind").isChecked()
    assert not window.entry("Front").isChecked()


def test_what_is_brought_to_the_front_has_the_focus(window: Docked, until: Until) -> None:
    window.entry("Behind").trigger()

    until(window.field.hasFocus)


def test_an_entry_of_a_dock_that_is_seen_hides_it(window: Docked, until: Until) -> None:
    window.entry("Front").trigger()

    until(lambda: not window.is_seen("front"))
    assert window.docks["front"].isHidden()

    window.entry("Front").trigger()

    until(lambda: window.is_seen("front"))


def test_a_key_brings_a_dock_to_the_front_and_never_hides_it(window: Docked, until: Until) -> None:
    keys = {one.shortcut().toString(): one for one in window.actions()}
    assert list(keys) == ["Ctrl+1", "Ctrl+2"]

    for _ in range(2):
        keys["Ctrl+2"].trigger()
        until(lambda: window.is_seen("behind"))

    assert not window.docks["behind"].isHidden()


def test_entries_say_their_keys_in_their_order(window: Docked) -> None:
    assert [one.text() for one in window.menu.actions()] == ["Front\tCtrl+1", "Behind\tCtrl+2"]
