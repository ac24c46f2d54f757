"""The line under the picture: how much moves when, the events in their colours, what is lost, and
where the recording is. The wheel brings it nearer."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PyQt6.QtWidgets import QWidget

from motionapp.core.wording import clock_text
from motionapp.gui.found.activity import UNSEEN, Activity
from motionapp.gui.found.log import Found
from motionapp.gui.play.wish import Loop
from motionapp.gui.theme import label_qcolor
from motionapp.gui.time_scale import TimeScale
from motionapp.gui.words import tr

CURVE_PX, BAR_PX, MARGIN_PX = 18.0, 8.0, 7.0
HEIGHT_PX = round(CURVE_PX + BAR_PX + 12)
FULL_STRENGTH = 0.05
"""A share of the picture that moves which fills the curve; the root of it is drawn, as one walker
is a hundredth of a street."""
NOTCH, NOTCH_ZOOM = 120, 1.3
LEAST_PX = 3.0
"""No event is narrower."""


class Timeline(QWidget):
    """Shows a recording from end to end, or a stretch of it; a click asks to go there."""

    seek_asked = pyqtSignal(float)  # seconds

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT_PX)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(tr("Position in the recording"))
        self.activity = Activity()
        """Noted by who plays; `show_found` paints what is new of it."""
        self._scale: TimeScale | None = None
        self._position_s = 0.0
        self._found: tuple[Found, ...] = ()
        self._times_s: NDArray[np.float64] = np.empty((0, 2))
        """When each of them begins and ends."""
        self._lost: tuple[tuple[float, float], ...] = ()
        self._loop: Loop | None = None
        self._below: QPixmap | None = None
        """All but loop and position, as it was painted last; None: it has changed."""

    @property
    def scale(self) -> TimeScale | None:
        """What is shown; None where nobody knows how long the recording is."""
        return self._scale

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(480, HEIGHT_PX)

    def set_duration(self, duration_s: float | None) -> None:
        """Another source; without a known length there is no line."""
        self._position_s, self._found, self._lost = 0.0, (), ()
        self._times_s = np.empty((0, 2))
        is_known = duration_s is not None and duration_s > 0
        left, right = self._edges()
        if self._scale is None or duration_s != self._scale.duration_s:
            self._scale = TimeScale(duration_s, left, right) if duration_s and is_known else None
        self.setVisible(is_known)
        self._changed()

    def set_position(self, position_s: float) -> None:
        """The shown picture's time."""
        scale = self._scale
        if scale is None:
            return
        before, self._position_s = self._position_s, position_s
        followed = scale.following(position_s)
        if followed != scale:
            self._show(followed)
        elif abs(scale.x_of(position_s) - scale.x_of(before)) >= 0.5:
            self.update()  # a long recording moves a pixel in seconds
        else:
            self._position_s = before

    def set_loop(self, loop: Loop | None) -> None:
        """Mark the stretch that is played again and again."""
        if loop != self._loop:
            self._loop = loop
            self.update()

    def show_found(
        self, found: Iterable[Found], lost: tuple[tuple[float, float], ...] = ()
    ) -> None:
        """What has been found, and what could not be read; asked for now and then."""
        before, self._found, self._lost = self._found, tuple(found), lost
        if self._found != before:
            self._times_s = np.array([(o.event.start_s, o.event.end_s) for o in self._found])
        self._changed()

    def show_whole(self) -> None:
        """All of the recording again."""
        if self._scale is not None:
            left, right = self._edges()
            self._show(TimeScale(self._scale.duration_s, left, right))

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """What lies below from memory; loop and position anew."""
        if self._scale is None:
            return
        if self._below is None:
            self._below = self._paint_below(self._scale)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._below)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        self._paint_loop(painter, self._scale)
        x = self._scale.x_of(self._position_s)
        painter.setBrush(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawRect(QRectF(x - 0.75, 2, 1.5, HEIGHT_PX - 4))
        painter.drawEllipse(QPointF(x, HEIGHT_PX - 6 - BAR_PX / 2), 6.0, 6.0)
        painter.end()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """The same stretch on another line."""
        if self._scale is not None:
            self._scale = self._scale.wide(*self._edges())
        self._changed()

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Nearer or further away; sideways, earlier or later."""
        if event is None or self._scale is None:
            return
        turn = event.angleDelta()
        if abs(turn.x()) > abs(turn.y()):
            self._show(self._scale.moved(-turn.x() / NOTCH * 0.1 * self._scale.length_s))
        else:
            x = event.position().x()
            self._show(self._scale.zoomed(NOTCH_ZOOM ** (turn.y() / NOTCH), x))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Go there."""
        self._ask(event)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Go there while the button is held; tell the time of what lies below the pointer."""
        if event is None or self._scale is None:
            return
        self.setToolTip(clock_text(self._scale.s_of(event.position().x())))
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._ask(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """All of it."""
        self.show_whole()

    def _ask(self, event: QMouseEvent | None) -> None:
        if event is not None and self._scale is not None:
            self.seek_asked.emit(self._scale.s_of(event.position().x()))

    def _show(self, scale: TimeScale) -> None:
        self._scale = scale
        self._changed()

    def _changed(self) -> None:
        self._below = None
        self.update()

    def _edges(self) -> tuple[float, float]:
        return MARGIN_PX, max(MARGIN_PX + 1, self.width() - MARGIN_PX)

    # -- painting ---------------------------------------------------------------------------

    def _paint_below(self, scale: TimeScale) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(round(self.width() * ratio), round(HEIGHT_PX * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        top = HEIGHT_PX - 6 - BAR_PX
        painter.setBrush(self.palette().color(QPalette.ColorRole.Mid))
        left, right = self._edges()
        painter.drawRoundedRect(QRectF(left, top, right - left, BAR_PX), BAR_PX / 2, BAR_PX / 2)
        self._paint_curve(painter, scale)
        self._paint_lost(painter, scale, top)
        self._paint_events(painter, scale, top)
        painter.end()
        return pixmap

    def _paint_curve(self, painter: QPainter, scale: TimeScale) -> None:
        left, right = self._edges()
        count = max(1, round(right - left))
        curve = self.activity.curve(scale.from_s, scale.end_s, count)
        heights = np.sqrt(np.clip(curve / FULL_STRENGTH, 0, 1)) * CURVE_PX
        ground = HEIGHT_PX - 6 - BAR_PX - 2
        points = [QPointF(left, ground)]
        points += [QPointF(left + n, ground - float(h)) for n, h in enumerate(heights)]
        points.append(QPointF(left + count, ground))
        colour = self.palette().color(QPalette.ColorRole.Link)
        colour.setAlpha(120)
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF(points))
        seen = np.flatnonzero(curve > UNSEEN)
        if len(seen):  # a line where somebody has looked, though nothing moved
            painter.drawRect(QRectF(left + float(seen[0]), ground, float(np.ptp(seen)) + 1, 1))

    def _paint_lost(self, painter: QPainter, scale: TimeScale, top: float) -> None:
        painter.setBrush(QColor(200, 60, 60, 200))
        for from_s, to_s in self._lost:
            x0, x1 = scale.x_of(from_s), scale.x_of(to_s)
            painter.drawRect(QRectF(x0, top - 3, max(2.0, x1 - x0), BAR_PX + 6))

    def _paint_events(self, painter: QPainter, scale: TimeScale, top: float) -> None:
        """The newest last."""
        left, right = self._edges()
        for one in self._to_be_painted(scale):
            event = one.event
            end_s = max(event.end_s, self._position_s) if one.is_open else event.end_s
            x0, x1 = scale.x_of(event.start_s), scale.x_of(end_s)
            colour = label_qcolor(event.label)
            colour.setAlpha(130 if one.is_cut else 255)
            painter.setBrush(colour)
            x0, x1 = max(left, x0), min(right, x1)
            painter.drawRoundedRect(QRectF(x0, top, max(LEAST_PX, x1 - x0), BAR_PX), 3, 3)

    def _to_be_painted(self, scale: TimeScale) -> list[Found]:
        """Those that are seen, oldest first. Of short ones that share their pixels, the newest
        covers the others: of thousands, as many are left as the line has pixels."""
        left, right = self._edges()
        if not self._found:
            return []
        x0, x1 = (left + (self._times_s - scale.from_s) * scale.px_per_s).T
        is_open = np.zeros(len(x0), np.bool_)
        is_open[[n for n, one in enumerate(self._found) if one.is_open]] = True
        is_seen = (x0 <= right) & ((x1 >= left) | is_open)
        is_short = (x1 - x0 < LEAST_PX) & ~is_open
        _, newest = np.unique(np.round(x0), return_index=True)  # newest first, as they are kept
        is_first = np.zeros(len(x0), np.bool_)
        is_first[newest] = True
        return [self._found[n] for n in np.flatnonzero(is_seen & (is_first | ~is_short))[::-1]]

    def _paint_loop(self, painter: QPainter, scale: TimeScale) -> None:
        if self._loop is None or self._loop == Loop():
            return
        left, right = self._edges()
        x0 = max(left, scale.x_of(self._loop.start_s))
        x1 = min(right, scale.x_of(min(self._loop.end_s, scale.duration_s)))
        colour = self.palette().color(QPalette.ColorRole.Link)
        painter.setBrush(colour)
        for x in (x0, x1):
            painter.drawRect(QRectF(x - 1, 2, 2, HEIGHT_PX - 4))
        colour.setAlpha(50)
        painter.setBrush(colour)
        painter.drawRect(QRectF(x0, 2, max(0.0, x1 - x0), HEIGHT_PX - 4))
