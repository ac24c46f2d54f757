"""What a person might do in the window, drawn by chance: for `window_actions.py`, which counts what
goes wrong. Dialogs are answered by chance, too, so that none holds anything up."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from PyQt6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import QDropEvent, QMouseEvent, QWheelEvent
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QInputDialog,
    QLineEdit,
    QMessageBox,
    QSlider,
    QToolButton,
    QWidget,
)

from motionapp.gui.actions import ACTIONS
from motionapp.gui.window import MainWindow

NEVER = ("quit",)
"""It would be over."""
SELDOM = ("export",)
"""A process of its own each time."""
LEFT = 0.5
"""So often a dialog is left without an answer."""
TEXTS = ("", "walk", "a", "ü & <b>", "0.3", "-1", "99999", "http://127.0.0.1:9/none")


@dataclass
class Doings:
    """Does one thing after the other.

    Parameters
    ----------
    window : MainWindow
    drawn : random.Random
    sources : list of str
        Good ones, damaged ones, and some that are not there.
    folder : Path
        Whatever is written goes there.
    """

    window: MainWindow
    drawn: random.Random
    sources: list[str]
    folder: Path

    def one(self) -> str:
        """Do something; tells what."""
        kinds: list[tuple[int, Callable[[], str]]] = [
            (40, self._action), (10, self._drag), (6, self._wheel), (6, self._timeline),
            (22, self._poke), (6, self._open), (6, self._dock), (8, self._answer),
            (2, self._resize), (4, self._event), (4, self._draw_zone),
        ]  # fmt: skip
        weights = [weight for weight, _ in kinds]
        _, do = self.drawn.choices(kinds, weights)[0]
        return do()

    @contextmanager
    def answered(self) -> Iterator[None]:
        """Dialogs that wait are answered while the block lasts."""

        def file(*_: object, **__: object) -> tuple[str, str]:
            return "" if self.drawn.random() < LEFT else str(self._file()), ""

        def folder(*_: object, **__: object) -> str:
            return "" if self.drawn.random() < LEFT else str(self.folder)

        with (
            mock.patch.object(QFileDialog, "getOpenFileName", file),
            mock.patch.object(QFileDialog, "getSaveFileName", file),
            mock.patch.object(QFileDialog, "getExistingDirectory", folder),
            mock.patch.object(QMessageBox, "warning"),
        ):
            yield

    def _file(self) -> Path:
        names = ("zones.toml", "set.json", "picture.png", "none.onnx", "nowhere/a.mp4")
        return self.folder / self.drawn.choice(names)

    def _action(self) -> str:
        names = [one.key for one in ACTIONS if one.key not in NEVER]
        name = self.drawn.choice(names)
        if name in SELDOM and self.drawn.random() < 0.9:
            name = "pause"
        self.window.actions_[name].trigger()
        return f"action {name}"

    def _at(self, widget: QWidget) -> QPointF:
        return QPointF(
            self.drawn.uniform(0, max(1, widget.width() - 1)),
            self.drawn.uniform(0, max(1, widget.height() - 1)),
        )

    def _mouse(self, widget: QWidget, kind: QEvent.Type, at: QPointF, *, is_right: bool) -> None:
        button = Qt.MouseButton.RightButton if is_right else Qt.MouseButton.LeftButton
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
        if kind == QEvent.Type.MouseMove:
            button = Qt.MouseButton.NoButton
        there = QPointF(widget.mapToGlobal(at.toPoint()))
        none = Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(widget, QMouseEvent(kind, at, there, button, held, none))

    def _drag(self) -> str:
        view, is_right = self.window.view, self.drawn.random() < 0.2
        self._mouse(view, QEvent.Type.MouseButtonPress, self._at(view), is_right=is_right)
        for _ in range(self.drawn.randrange(4)):
            self._mouse(view, QEvent.Type.MouseMove, self._at(view), is_right=is_right)
        self._mouse(view, QEvent.Type.MouseButtonRelease, self._at(view), is_right=is_right)
        if self.drawn.random() < 0.1:
            self._mouse(view, QEvent.Type.MouseButtonDblClick, self._at(view), is_right=False)
        return "drag on the picture"

    def _wheel(self) -> str:
        widget = self.drawn.choice(
            [self.window.view, self.window.timeline, self.window.panels.settings]
        )
        at, turn = self._at(widget), QPoint(0, self.drawn.choice([-240, -120, 120, 240]))
        there = QPointF(widget.mapToGlobal(at.toPoint()))
        none, no_button = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.NoButton
        phase = Qt.ScrollPhase.NoScrollPhase
        QApplication.sendEvent(
            widget, QWheelEvent(at, there, QPoint(), turn, no_button, none, phase, False)
        )
        return f"wheel over {type(widget).__name__}"

    def _timeline(self) -> str:
        line = self.window.timeline
        self._mouse(line, QEvent.Type.MouseButtonPress, self._at(line), is_right=False)
        for _ in range(self.drawn.randrange(3)):
            self._mouse(line, QEvent.Type.MouseMove, self._at(line), is_right=False)
        self._mouse(line, QEvent.Type.MouseButtonRelease, self._at(line), is_right=False)
        return "drag on the timeline"

    def _poke(self) -> str:
        """Something that can be set or pressed, in a dock that is seen."""
        kinds = (QAbstractButton, QComboBox, QAbstractSpinBox, QSlider, QLineEdit)
        there = [
            one
            for dock in self.window.docks.values()
            for kind in kinds
            for one in dock.findChildren(kind)
            if one.isVisible() and one.isEnabled()
        ]
        if not there:
            return "nothing to set"
        one = self.drawn.choice(there)
        self._set(one)
        return f"set {type(one).__name__} {one.accessibleName() or one.objectName()}"

    def _set(self, one: QWidget) -> None:
        if isinstance(one, QComboBox):
            if one.count():
                one.setCurrentIndex(self.drawn.randrange(one.count()))
                one.activated.emit(one.currentIndex())
        elif isinstance(one, QSlider):
            one.setValue(self.drawn.randint(one.minimum(), one.maximum()))
        elif isinstance(one, QAbstractSpinBox):
            one.stepBy(self.drawn.choice([-3, -1, 1, 3]))
            one.editingFinished.emit()
        elif isinstance(one, QLineEdit):
            one.setText(self.drawn.choice(TEXTS))
            one.editingFinished.emit()
        elif isinstance(one, QToolButton) and one.menu() is not None:
            actions = [action for action in one.menu().actions() if action.isEnabled()]
            if actions:
                self.drawn.choice(actions).trigger()
        elif isinstance(one, QAbstractButton):
            one.click()

    def _open(self) -> str:
        spec = self.drawn.choice(self.sources)
        if self.drawn.random() < 0.5:
            self.window.open_source(spec)
            return f"open {Path(spec).name}"
        data = QMimeData()
        data.setUrls([QUrl(spec) if "://" in spec else QUrl.fromLocalFile(spec)])
        copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
        left = Qt.MouseButton.LeftButton
        self.window.dropEvent(QDropEvent(QPointF(5, 5), copy, data, left, none))
        return f"drop {Path(spec).name}"

    def _dock(self) -> str:
        name, dock = self.drawn.choice(list(self.window.docks.items()))
        does = self.drawn.choice(["show", "show", "show", "hide", "float"])
        if does == "float":
            dock.setFloating(not dock.isFloating())
        else:
            dock.setVisible(does == "show")
            dock.raise_()
        return f"{does} dock {name}"

    def _answer(self) -> str:
        """A dialog that is open, if there is one."""
        open_ = [
            one
            for one in QApplication.topLevelWidgets()
            if isinstance(one, QDialog) and one.isVisible()
        ]
        if not open_:
            return "no dialog to answer"
        dialog = open_[0]
        if isinstance(dialog, QInputDialog):
            dialog.setTextValue(self.drawn.choice(TEXTS))
        if self.drawn.random() < LEFT:
            dialog.reject()
        else:
            dialog.accept()
        return f"answer {type(dialog).__name__}"

    def _resize(self) -> str:
        self.window.resize(self.drawn.randint(700, 1280), self.drawn.randint(500, 800))
        return "resize"

    def _event(self) -> str:
        """Choose one that is listed."""
        panel = self.window.panels.events
        rows = panel.sieved.rowCount()
        if not rows:
            return "no event to choose"
        index = panel.sieved.index(self.drawn.randrange(rows), 0)
        panel.list.setCurrentIndex(index)
        panel.list.clicked.emit(index)
        return "choose an event"

    def _draw_zone(self) -> str:
        self.window.panels.zones.drawing_asked.emit(self.drawn.choice(["include", "exclude"]))
        view = self.window.view
        for _ in range(self.drawn.randint(1, 5)):
            at = self._at(view)
            self._mouse(view, QEvent.Type.MouseButtonPress, at, is_right=False)
            self._mouse(view, QEvent.Type.MouseButtonRelease, at, is_right=False)
        if self.drawn.random() < 0.4:
            self.window.actions_["leave"].trigger()
        elif self.drawn.random() < 0.5:
            self.window.actions_["undo"].trigger()
        return "draw a zone"
