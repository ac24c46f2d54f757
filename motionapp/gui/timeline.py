"""The line under the picture: where a recording is, and its events in their colours."""

from __future__ import annotations

from collections.abc import Iterable

from PyQt6.QtCore import QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPalette
from PyQt6.QtWidgets import QWidget

from motionapp.gui.found.log import Found
from motionapp.gui.play.wish import Loop
from motionapp.gui.theme import label_qcolor

HEIGHT_PX = 22
BAR_PX = 8.0
MARGIN_PX = 7.0


class Timeline(QWidget):
    """Shows a recording from end to end; a click asks to go there."""

    seek_asked = pyqtSignal(float)  # seconds

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT_PX)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Position in the recording")
        self._duration_s: float | None = None
        self._position_s = 0.0
        self._events: tuple[Found, ...] = ()
        self._loop: Loop | None = None

    def set_duration(self, duration_s: float | None) -> None:
        """Another source; without a known length there is no line."""
        self._duration_s, self._position_s, self._events = duration_s, 0.0, ()
        self.setVisible(duration_s is not None and duration_s > 0)
        self.update()

    def set_position(self, position_s: float) -> None:
        """The shown picture's time."""
        moved_px = abs(self._x(position_s) - self._x(self._position_s))
        if moved_px >= 0.5:  # a long recording moves a pixel in seconds
            self._position_s = position_s
            self.update()

    def set_loop(self, loop: Loop | None) -> None:
        """Mark the stretch that is played again and again."""
        if loop != self._loop:
            self._loop = loop
            self.update()

    def set_events(self, events: Iterable[Found]) -> None:
        """What has been found."""
        self._events = tuple(events)
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Ground, events, position."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        top = (self.height() - BAR_PX) / 2
        painter.setBrush(self.palette().color(QPalette.ColorRole.Mid))
        ground = QRectF(MARGIN_PX, top, self.width() - 2 * MARGIN_PX, BAR_PX)
        painter.drawRoundedRect(ground, BAR_PX / 2, BAR_PX / 2)
        if self._loop is not None and self._loop != Loop() and self._duration_s:
            left = self._x(self._loop.start_s)
            right = self._x(min(self._loop.end_s, self._duration_s))
            painter.setBrush(self.palette().color(QPalette.ColorRole.Highlight))
            painter.drawRect(QRectF(left, top - 4, max(2.0, right - left), BAR_PX + 8))
        for found in self._events:
            event_s = found.event.start_s, found.event.end_s
            end_s = max(event_s[1], self._position_s) if found.is_open else event_s[1]
            left, right = self._x(event_s[0]), self._x(end_s)
            painter.setBrush(label_qcolor(found.event.label))
            painter.drawRoundedRect(QRectF(left, top, max(3.0, right - left), BAR_PX), 3, 3)
        painter.setBrush(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawEllipse(QPointF(self._x(self._position_s), self.height() / 2), 6.5, 6.5)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Go there."""
        self._ask(event)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Go there while the button is held."""
        self._ask(event)

    def _ask(self, event: QMouseEvent | None) -> None:
        if event is None or self._duration_s is None:
            return
        share = (event.position().x() - MARGIN_PX) / max(1.0, self.width() - 2 * MARGIN_PX)
        self.seek_asked.emit(min(1.0, max(0.0, share)) * self._duration_s)

    def _x(self, seconds: float) -> float:
        share = 0.0 if not self._duration_s else min(1.0, max(0.0, seconds / self._duration_s))
        return MARGIN_PX + share * (self.width() - 2 * MARGIN_PX)
