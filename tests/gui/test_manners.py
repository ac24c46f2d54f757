"""How widgets behave: keys are whose they are, and the wheel changes nothing on its way."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QAction, QKeySequence, QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QListWidget,
    QMainWindow,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)


class Panel(QMainWindow):
    """One of each, beside actions that have their keys."""

    def __init__(self) -> None:
        super().__init__()
        middle = QWidget()
        layout = QVBoxLayout(middle)
        self.button, self.line = QPushButton("press"), QLineEdit()
        self.slider, self.choice = QSlider(Qt.Orientation.Horizontal), QComboBox()
        self.slider.setRange(0, 100)
        self.slider.setValue(50)
        self.choice.addItems(["a", "b", "c"])
        self.list = QListWidget()
        self.list.addItems(["a", "b", "c"])
        self.list.setCurrentRow(0)
        for widget in (self.button, self.line, self.slider, self.choice, self.list):
            layout.addWidget(widget)
        self.setCentralWidget(middle)
        self.done: list[str] = []
        self.pressed = 0
        self.button.clicked.connect(self._press)
        for key in ("Space", "Left", "Down", "B"):
            action = QAction(self)
            action.setShortcut(QKeySequence(key))
            action.triggered.connect(lambda _, key=key: self.done.append(key))
            self.addAction(action)

    def _press(self) -> None:
        self.pressed += 1


@pytest.fixture
def panel(app: QApplication) -> Panel:
    panel = Panel()
    panel.show()
    panel.activateWindow()
    QTest.qWaitForWindowActive(panel)
    return panel


def hit(widget: QWidget, key: Qt.Key) -> None:
    widget.setFocus()
    QTest.keyClick(widget, key)  # type: ignore[call-overload]  # its stub asks for `self` twice


def turn(widget: QWidget) -> QWheelEvent:
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle, QPointF(widget.mapToGlobal(QPoint(5, 5))), QPoint(), QPoint(0, -120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)
    return event


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_a_button_with_the_focus_is_pressed_and_nothing_else(panel: Panel, key: Qt.Key) -> None:
    hit(panel.button, key)

    assert panel.pressed == 1
    assert panel.done == []


def test_arrows_move_a_slider_that_has_the_focus(panel: Panel) -> None:
    hit(panel.slider, Qt.Key.Key_Left)

    assert panel.slider.value() == 49
    assert panel.done == []


def test_letters_are_typed_where_one_types(panel: Panel) -> None:
    hit(panel.line, Qt.Key.Key_B)
    hit(panel.line, Qt.Key.Key_Space)

    assert panel.line.text() == "b "
    assert panel.done == []


def test_space_is_no_list_s_but_arrows_are(panel: Panel) -> None:
    hit(panel.list, Qt.Key.Key_Down)
    hit(panel.list, Qt.Key.Key_Space)

    assert panel.list.currentRow() == 1
    assert panel.done == ["Space"]


def test_elsewhere_keys_are_the_window_s(panel: Panel) -> None:
    middle = panel.centralWidget()
    assert middle is not None
    middle.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    for key in (Qt.Key.Key_Space, Qt.Key.Key_Left, Qt.Key.Key_B):
        hit(middle, key)

    assert panel.done == ["Space", "Left", "B"]


def test_the_wheel_changes_only_what_has_the_focus(panel: Panel) -> None:
    panel.button.setFocus()
    turn(panel.slider)
    turn(panel.choice)
    assert (panel.slider.value(), panel.choice.currentText()) == (50, "a")

    panel.choice.setFocus()
    turn(panel.choice)

    assert panel.choice.currentText() == "b"
