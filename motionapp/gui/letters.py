"""Letters in the corners of pictures that are compared, so that nobody mistakes A for B."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QPainter

from motionapp.gui.sight import Sight

DARK, LIGHT = QColor(16, 16, 16, 200), QColor(255, 255, 255)
SIDE_PX, GAP_PX, LETTER_PX = 26, 8, 15


class Letters:
    """Lies over a view: one letter on the left of its picture, another on the right."""

    def __init__(self) -> None:
        self.left = self.right = ""
        """What stands there; empty: nothing."""

    def paint(self, painter: QPainter, sight: Sight) -> None:
        """In the upper corners of what is seen of the picture."""
        (x0, y0), (x1, _) = sight.to_view((0.0, 0.0)), sight.to_view((float(sight.frame[0]), 0.0))
        left, right, top = (
            max(0.0, min(x0, x1)),
            min(float(sight.view[0]), max(x0, x1)),
            max(0.0, y0),
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint(painter, self.left, left + GAP_PX, top + GAP_PX)
        _paint(painter, self.right, right - GAP_PX - SIDE_PX, top + GAP_PX)
        painter.restore()


def _paint(painter: QPainter, letter: str, x: float, y: float) -> None:
    if not letter:
        return
    place = QRectF(x, y, SIDE_PX, SIDE_PX)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(DARK)
    painter.drawRoundedRect(place, 6, 6)
    font = QFont(painter.font())
    font.setPixelSize(LETTER_PX)
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(LIGHT)
    painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), letter)
