"""A list to choose from."""

from __future__ import annotations

from PyQt6.QtCore import QRect, Qt
from PyQt6.QtGui import QCursor, QPainter, QPaintEvent
from PyQt6.QtWidgets import QComboBox


class Choice(QComboBox):
    """A list to choose from, with an arrow: under a style sheet Qt draws none of its own."""

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """The box, then the arrow."""
        super().paintEvent(event)
        painter = QPainter(self)
        right = QRect(self.width() - 24, 0, 14, self.height())
        painter.drawText(right, int(Qt.AlignmentFlag.AlignCenter), "▾")
        painter.end()

    def hidePopup(self) -> None:
        """Qt takes the pointer for still above the box, wherever in the list it has clicked."""
        super().hidePopup()
        is_above = self.rect().contains(self.mapFromGlobal(QCursor.pos()))
        self.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, is_above)
        self.update()
