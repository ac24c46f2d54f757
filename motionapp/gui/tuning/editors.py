"""One editor for each kind of setting: it shows a value and tells when a person has changed it."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from motionapp.gui.choice import Choice
from motionapp.gui.one_line import plain_tip
from motionapp.gui.tuning.fields import Field
from motionapp.gui.words import tr

DECIMALS = 4
"""Shares of the picture are as small as 0.0002."""


class Number(QDoubleSpinBox):
    """Numbers without idle zeros."""

    def textFromValue(self, value: float) -> str:
        """``0.08``, not ``0.0800``."""
        return self.locale().toString(float(value), "g", 6)


class Editor(QWidget):
    """Shows and changes the value of one setting; one that may be unset has a box to set it."""

    changed = pyqtSignal(object)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self._is_set: QCheckBox | None = None
        self._input = _input(field)
        self._input.setAccessibleName(f"{field.room} {field.words}")
        self._input.setAccessibleDescription(field.about)
        self.setToolTip(plain_tip(field.about))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        if field.is_optional and field.kind != "choice":
            self._is_set = QCheckBox()
            self._is_set.setAccessibleName(tr("Set it yourself"))
            self._is_set.setToolTip(tr("Set it yourself; else the program chooses"))
            self._is_set.toggled.connect(self._input.setEnabled)
            self._is_set.clicked.connect(lambda _: self._tell())
            self._input.setEnabled(False)
            layout.addWidget(self._is_set)
        layout.addWidget(self._input, 1)
        self._listen()

    def value(self) -> Any:
        """What is shown; None where it is unset."""
        if self._is_set is not None and not self._is_set.isChecked():
            return None
        widget = self._input
        if isinstance(widget, QCheckBox):
            return widget.isChecked()
        if isinstance(widget, QComboBox):
            return widget.currentData()
        if isinstance(widget, (QSpinBox, QDoubleSpinBox)):
            return widget.value()
        assert isinstance(widget, QLineEdit)  # there is no other
        return widget.text().strip()

    def show_value(self, value: Any) -> None:
        """Show this, without telling anybody."""
        blockers = [QSignalBlocker(one) for one in (self._input, self._is_set) if one is not None]
        if self._is_set is not None:
            self._is_set.setChecked(value is not None)
            self._input.setEnabled(value is not None)
        widget = self._input
        if isinstance(widget, QComboBox):
            widget.setCurrentIndex(max(0, widget.findData(value)))
        elif value is not None:
            if isinstance(widget, QCheckBox):
                widget.setChecked(bool(value))
            elif isinstance(widget, QSpinBox):
                widget.setValue(int(value))
            elif isinstance(widget, QDoubleSpinBox):
                widget.setValue(float(value))
            elif isinstance(widget, QLineEdit) and widget.text().strip() != value:
                widget.setText(str(value))
        del blockers

    def _listen(self) -> None:
        widget = self._input
        if isinstance(widget, QCheckBox):
            widget.clicked.connect(lambda _: self._tell())
        elif isinstance(widget, QComboBox):
            widget.activated.connect(lambda _: self._tell())
        elif isinstance(widget, (QSpinBox, QDoubleSpinBox)):
            widget.valueChanged.connect(lambda _: self._tell())
        elif isinstance(widget, QLineEdit):
            widget.editingFinished.connect(self._tell)

    def _tell(self) -> None:
        self.changed.emit(self.value())


def _input(field: Field) -> QWidget:
    if field.kind == "switch":
        return QCheckBox()
    if field.kind == "choice":
        choice = Choice()
        if field.is_optional:
            choice.addItem(tr("as the program chooses"), None)
        for one in field.choices:
            choice.addItem(one, one)
        choice.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return choice
    if field.kind == "text":
        return QLineEdit()
    spin: QSpinBox | QDoubleSpinBox
    if field.kind == "whole":
        whole = QSpinBox()
        whole.setRange(int(field.low), int(field.high))
        spin = whole
    else:
        number = Number()
        number.setDecimals(DECIMALS)
        number.setRange(field.low, field.high)
        number.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
        spin = number
    spin.setKeyboardTracking(False)  # 0.25 is not 0 first
    spin.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return spin
