"""The actions as Qt has them: one object each, for menus, buttons and keys alike."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QMainWindow, QMenu, QMenuBar

from motionapp.gui.actions import ACTIONS, MENUS, Needs
from motionapp.gui.words import tr


class ActionSet:
    """Makes the actions of a window; `on` says what they do.

    Parameters
    ----------
    window : QMainWindow
        Their keys work in all of it.
    """

    def __init__(self, window: QMainWindow) -> None:
        self._actions: dict[str, QAction] = {}
        for one in ACTIONS:
            action = QAction(tr(one.words), window)
            action.setShortcuts([QKeySequence(key) for key in one.keys])
            action.setCheckable(one.is_checkable)
            action.setAutoRepeat(one.needs == Needs.RECORDING)
            key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            shown = f" ({key})" if key else ""
            action.setToolTip(f"{tr(one.words)}{shown}")
            window.addAction(action)
            self._actions[one.key] = action

    def __getitem__(self, key: str) -> QAction:
        """As the table calls it."""
        return self._actions[key]

    def on(self, key: str, do: Callable[[], object]) -> None:
        """What is done when it is chosen."""
        self._actions[key].triggered.connect(lambda: do())

    def on_switch(self, key: str, do: Callable[[bool], object]) -> None:
        """What is done when one that can be on or off is switched by a person."""
        self._actions[key].triggered.connect(do)

    def enable(self, met: frozenset[Needs]) -> None:
        """Those whose needs are met can be chosen, the others cannot; those that need nothing are
        left to who knows them."""
        for one in ACTIONS:
            if one.needs != Needs.NOTHING:
                self._actions[one.key].setEnabled(one.needs in met)

    def fill(self, bar: QMenuBar) -> dict[str, QMenu]:
        """Put them into the menus of a bar; the menus by the table's names."""
        menus: dict[str, QMenu] = {}
        for name in MENUS:
            menu = bar.addMenu(tr(name))
            assert menu is not None  # Qt makes one
            menus[name] = menu
            for one in ACTIONS:
                if one.menu == name:
                    menu.addAction(self._actions[one.key])
                    if one.ends_section:
                        menu.addSeparator()
        return menus
