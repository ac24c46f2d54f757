"""A label of plain words on one line, shortened where there is no room for all of them."""

from __future__ import annotations

from html import escape

from PyQt6.QtCore import QRect, QSize, Qt
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QLabel, QSizePolicy, QWidget


class OneLine(QLabel):
    """Never wider than its place; a tip tells the whole."""

    def __init__(
        self,
        name: str = "",
        *,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._elide = elide

    def say(self, text: str, tip: str = "") -> None:
        """Show a text; the tip is the text itself unless another is given."""
        self.setText(text)
        self.setToolTip(plain_tip(tip or text))

    def minimumSizeHint(self) -> QSize:
        """As high as its letters."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """The text, or as much as fits."""
        painter = QPainter(self)
        room = QRect(0, 0, self.width(), self.height())
        text = self.fontMetrics().elidedText(self.text(), self._elide, room.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        flags = self.alignment() | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, int(flags), text)
        painter.end()


def plain_tip(text: str) -> str:
    """A text as a tip, whatever stands in it: Qt takes what looks like HTML for that."""
    return f"<p>{escape(text)}</p>" if text else ""
