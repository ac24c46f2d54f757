"""A mark at the place of the picture that was asked about."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from motionapp.explain.inquiry import WITHIN_S
from motionapp.gui.picture import PictureView
from motionapp.gui.sight import Point, Sight

RADIUS_PX: Final = 9.0
DARK, LIGHT = QColor(16, 16, 16, 190), QColor(255, 255, 255)


class Pin:
    """Lies over a view, and shows on any ground.

    Parameters
    ----------
    view : PictureView
    """

    def __init__(self, view: PictureView) -> None:
        self._view = view
        self.at: Point | None = None
        """In shares of the frame; None: no place was asked about."""
        self._at_s = 0.0
        view.lay_over(self)

    def put(self, at: Point | None, at_s: float = 0.0) -> None:
        """Show it there, on the pictures round a time, or no more."""
        self.at, self._at_s = at, at_s
        self._view.update()

    def paint(self, painter: QPainter, sight: Sight) -> None:
        """A ring with a point in it."""
        picture = self._view.picture
        if self.at is None or picture is None or abs(picture.pts_s - self._at_s) > WITHIN_S:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        at = QPointF(*sight.of_shares(self.at))
        for colour, width_px in ((DARK, 4.5), (LIGHT, 2.0)):
            pen = QPen(colour, width_px)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawEllipse(at, RADIUS_PX, RADIUS_PX)
            painter.drawPoint(at)
        painter.restore()
