"""The pointer on the picture while zones are edited."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor, QMouseEvent, QPainter, QPen, QPolygonF

from motionapp.gui.sight import Point, Sight
from motionapp.gui.zoning.overlay import COVERED, DARK, corners_of, zone_colour
from motionapp.gui.zoning.sketch import Sketch, Zones

REACH_PX = 9.0
HANDLE_PX = 4.5
CROSS_PX = 10.0
LINE = QColor(255, 255, 255)


class ZoneTool:
    """Hands what the pointer does to a sketch, and draws its handles.

    Parameters
    ----------
    sketch : Sketch
    changed : callable
        Called with the zones when a person has changed them: once for a drag, not on its way.
    drawn : callable
        Called when something is drawn otherwise; what is asked for is the same.
    """

    def __init__(
        self, sketch: Sketch, *, changed: Callable[[Zones], None], drawn: Callable[[], None]
    ) -> None:
        self._sketch, self._changed, self._drawn = sketch, changed, drawn
        self._at: Point | None = None
        """Where the pointer is, or a cross that keys steer, in shares."""
        self._is_steered = False

    def press(self, at: Point, sight: Sight, event: QMouseEvent) -> bool:
        """Left takes hold or sets a corner, right takes a corner out or leaves what is drawn."""
        shares, reach = sight.shares_of(at), _reach(sight)
        self._is_steered = False
        if event.button() == Qt.MouseButton.RightButton:
            if self._sketch.leave():
                self._drawn()
            elif self._sketch.remove_corner(shares, reach):
                self._changed(self._sketch.zones)
            return True
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        return self._press(shares, reach)

    def move(self, at: Point, sight: Sight, *, is_held: bool) -> None:
        """Drag what is held; show where the next corner would be."""
        self._at, self._is_steered = sight.shares_of(at), False
        if is_held and not self._sketch.is_drawing:
            self._sketch.move(self._at)
            self._drawn()

    def release(self, at: Point, sight: Sight) -> None:
        """Let go."""
        if self._sketch.release():
            self._changed(self._sketch.zones)

    def steer(self, dx: float, dy: float) -> None:
        """Move a cross by keys, in shares; it begins in the middle."""
        x, y = self._at if self._is_steered and self._at is not None else (0.5, 0.5)
        self._at = min(1.0, max(0.0, x + dx)), min(1.0, max(0.0, y + dy))
        self._is_steered = True
        self._drawn()

    def set_corner(self, sight: Sight) -> None:
        """As if the cross were clicked at."""
        if not self._is_steered or self._at is None:
            self.steer(0.0, 0.0)
        elif self._sketch.is_drawing:
            self._press(self._at, _reach(sight))

    def take_back(self) -> None:
        """The last corner was not meant."""
        if self._sketch.take_back():
            self._drawn()

    def finish(self) -> bool:
        """End what is being drawn; False: nothing is."""
        if not self._sketch.is_drawing:
            return False
        if self._sketch.finish():
            self._changed(self._sketch.zones)
        self._drawn()
        return True

    def paint(self, painter: QPainter, sight: Sight) -> None:
        """Handles of the chosen zone, and what is being drawn."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._sketch.is_drawing:
            self._paint_drawn(painter, sight)
        elif self._sketch.chosen is not None:
            zone = self._sketch.zones[self._sketch.chosen]
            for corner in corners_of(zone, sight):
                _handle(painter, corner, zone_colour(zone))
        painter.restore()

    def _press(self, shares: Point, reach: Point) -> bool:
        was_drawing = self._sketch.is_drawing
        taken = self._sketch.press(shares, reach)
        if was_drawing and not self._sketch.is_drawing:
            self._changed(self._sketch.zones)
        self._drawn()
        return taken

    def _paint_drawn(self, painter: QPainter, sight: Sight) -> None:
        corners = [QPointF(*sight.of_shares(one)) for one in self._sketch.corners]
        line = [*corners, *([QPointF(*sight.of_shares(self._at))] if self._at is not None else [])]
        if self._sketch.kind == "privacy":  # as it will be burned in
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(COVERED)
            painter.drawPolygon(QPolygonF(line))
        for pen in (QPen(DARK, 4), QPen(LINE, 2, Qt.PenStyle.DashLine)):
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF(line))
        for corner in corners:
            _handle(painter, corner, LINE)
        if self._is_steered:
            _cross(painter, line[-1])


def _cross(painter: QPainter, at: QPointF) -> None:
    for pen in (QPen(DARK, 4), QPen(LINE, 2)):
        painter.setPen(pen)
        painter.drawLine(at - QPointF(CROSS_PX, 0), at + QPointF(CROSS_PX, 0))
        painter.drawLine(at - QPointF(0, CROSS_PX), at + QPointF(0, CROSS_PX))


def _handle(painter: QPainter, at: QPointF, colour: QColor) -> None:
    painter.setPen(QPen(DARK, 1.5))
    painter.setBrush(colour)
    painter.drawEllipse(at, HANDLE_PX, HANDLE_PX)


def _reach(sight: Sight) -> Point:
    """So many pixels of the view, in shares of the frame."""
    px = REACH_PX / sight.scale
    return px / sight.frame[0], px / sight.frame[1]
