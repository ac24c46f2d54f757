"""Panels become docks: each has a name by which its place is remembered."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtWidgets import (
    QDockWidget,
    QFrame,
    QMainWindow,
    QMenu,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from motionapp.gui.dock_menu import add_entries

USUAL_WIDTH_PX = 410


def add_docks(
    window: QMainWindow, menu: QMenu, stacks: Sequence[Sequence[tuple[str, str, QWidget]]]
) -> dict[str, QDockWidget]:
    """Put panels to the right of a window: stacks of them, one below the other.

    Parameters
    ----------
    window : QMainWindow
    menu : QMenu
        Where each can be brought to the front, and hidden.
    stacks : sequence of sequences of (str, str, QWidget)
        Their names, titles and what is in them. Of each stack the first is seen; the others lie
        behind it.

    Returns
    -------
    dict of str to QDockWidget
        By their names.
    """
    window.setDockNestingEnabled(True)
    window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.South)
    docks: dict[str, QDockWidget] = {}
    for stack in stacks:
        first, *others = (
            docks.setdefault(name, _dock(window, name, title, panel))
            for name, title, panel in stack
        )
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, first)
        for dock in others:
            window.tabifyDockWidget(first, dock)
        first.raise_()
    add_entries(window, menu, docks.values())
    window.resizeDocks([next(iter(docks.values()))], [USUAL_WIDTH_PX], Qt.Orientation.Horizontal)
    return docks


class _Column(QScrollArea):
    """As wide as its panel, or wider; a small screen has no room for all of its height."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def minimumSizeHint(self) -> QSize:
        """With room for the bar beside it."""
        inner, bar, hint = self.widget(), self.verticalScrollBar(), super().minimumSizeHint()
        if inner is None or bar is None:
            return hint
        return QSize(inner.minimumSizeHint().width() + bar.sizeHint().width(), hint.height())


def _dock(window: QMainWindow, name: str, title: str, panel: QWidget) -> QDockWidget:
    dock = QDockWidget(title, window)
    dock.setObjectName(name)
    ground = QWidget()
    ground.setObjectName("panel")
    layout = QVBoxLayout(ground)
    layout.setContentsMargins(12, 10, 12, 10)
    layout.addWidget(panel)
    area = _Column()
    area.setWidget(ground)
    dock.setWidget(area)
    return dock
