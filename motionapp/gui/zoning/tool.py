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
        """Where the pointer is, in shares."""

    def press(self, at: Point, sight: Sight, event: QMouseEvent) -> bool:
        """Left takes hold or sets a corner, right takes a corner out or leaves what is drawn."""
        shares, reach = sight.shares_of(at), _reach(sight)
        if event.button() == Qt.MouseButton.RightButton:
            if self._sketch.leave():
                self._drawn()
            elif self._sketch.remove_corner(shares, reach):
                self._changed(self._sketch.zones)
            return True
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        was_drawing = self._sketch.is_drawing
        taken = self._sketch.press(shares, reach)
        if was_drawing and not self._sketch.is_drawing:
            self._changed(self._sketch.zones)
        self._drawn()
        return taken

    def move(self, at: Point, sight: Sight, *, is_held: bool) -> None:
        """Drag what is held; show where the next corner would be."""
        self._at = sight.shares_of(at)
        if is_held and not self._sketch.is_drawing:
            self._sketch.move(self._at)
            self._drawn()

    def release(self, at: Point, sight: Sight) -> None:
        """Let go."""
        if self._sketch.release():
            self._changed(self._sketch.zones)

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


def _handle(painter: QPainter, at: QPointF, colour: QColor) -> None:
    painter.setPen(QPen(DARK, 1.5))
    painter.setBrush(colour)
    painter.drawEllipse(at, HANDLE_PX, HANDLE_PX)


def _reach(sight: Sight) -> Point:
    """So many pixels of the view, in shares of the frame."""
    px = REACH_PX / sight.scale
    return px / sight.frame[0], px / sight.frame[1]
