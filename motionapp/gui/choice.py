"""A list to choose from."""

from __future__ import annotations

from PyQt6.QtCore import QRect, Qt
from PyQt6.QtGui import QCursor, QPaintEvent
from PyQt6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter


class Choice(QComboBox):
    """A list to choose from, with an arrow: under a style sheet Qt draws none of its own."""

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """The box, its text as far as there is room, then the arrow."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = text_room(self)
        option.currentText = self.fontMetrics().elidedText(
            option.currentText, Qt.TextElideMode.ElideRight, room
        )
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        right = QRect(self.width() - 24, 0, 14, self.height())
        painter.drawText(right, int(Qt.AlignmentFlag.AlignCenter), "▾")
        painter.end()

    def hidePopup(self) -> None:
        """Qt takes the pointer for still above the box, wherever in the list it has clicked."""
        super().hidePopup()
        is_above = self.rect().contains(self.mapFromGlobal(QCursor.pos()))
        self.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, is_above)
        self.update()


def text_room(choice: QComboBox) -> int:
    """Pixels of width that there are for its text."""
    option = QStyleOptionComboBox()
    choice.initStyleOption(option)
    field = QStyle.SubControl.SC_ComboBoxEditField
    style = choice.style()
    assert style is not None
    return style.subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, choice).width()
