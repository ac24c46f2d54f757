"""The zones in force, drawn over the picture with their names: readable on any ground."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from motionapp.gui.found.crossings import Counts
from motionapp.gui.sight import Sight
from motionapp.gui.theme import label_qcolor
from motionapp.gui.zoning.arrows import paint_arrows
from motionapp.privacy.frames import LEVEL
from motionapp.settings.zones import ZoneSettings

DARK = QColor(16, 16, 16, 190)
EXCLUDED = QColor(180, 180, 180)
COVERED = QColor(LEVEL, LEVEL, LEVEL)
"""As it is burned in."""
EDGE_OF_COVERED = QColor(200, 200, 200)
LETTERS_PX = 13


class ZoneOverlay:
    """Draws zones over a view.

    Parameters
    ----------
    counts : callable
        How many have gone over a line, by its name.
    """

    def __init__(self, counts: Callable[[str], Counts] = lambda line: Counts()) -> None:
        self._counts = counts
        self.zones: tuple[ZoneSettings, ...] = ()
        """Those in force."""

    def paint(self, painter: QPainter, sight: Sight) -> None:
        """Outlines and names; what is left out is hatched, what is private covered, and a line has
        arrows with how many went over it."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for zone in self.zones:
            if zone.kind == "line":
                _paint_line(painter, sight, zone, self._counts(zone.name))
            else:
                _paint(painter, sight, zone)
        painter.restore()


def corners_of(zone: ZoneSettings, sight: Sight) -> list[QPointF]:
    """The corners of a zone in the view, in its pixels."""
    if zone.unit == "px":
        return [QPointF(*sight.to_view(corner)) for corner in zone.polygon]
    return [QPointF(*sight.of_shares(corner)) for corner in zone.polygon]


def zone_colour(zone: ZoneSettings) -> QColor:
    """A zone's own; grey where nothing counts."""
    greys = {"exclude": EXCLUDED, "privacy": EDGE_OF_COVERED}
    return greys.get(zone.kind) or label_qcolor(zone.name)


def _paint_line(painter: QPainter, sight: Sight, zone: ZoneSettings, counts: Counts) -> None:
    corners, colour = corners_of(zone, sight), zone_colour(zone)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (QPen(DARK, 5), QPen(colour, 3)):
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF(corners))
    paint_arrows(painter, sight, zone, counts, colour)
    _name(painter, corners[:1], zone.name, colour)


def _paint(painter: QPainter, sight: Sight, zone: ZoneSettings) -> None:
    corners = corners_of(zone, sight)
    shape, colour = QPolygonF(corners), zone_colour(zone)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(DARK, 4))  # below, so that the line shows on light and dark
    painter.drawPolygon(shape)
    painter.setPen(QPen(colour, 2))
    if zone.kind == "exclude":
        hatched = QColor(colour)
        hatched.setAlpha(110)
        painter.setBrush(hatched)
        brush = painter.brush()
        brush.setStyle(Qt.BrushStyle.BDiagPattern)
        painter.setBrush(brush)
    elif zone.kind == "privacy":
        painter.setBrush(COVERED)
    painter.drawPolygon(shape)
    _name(painter, corners, zone.name, colour)


def _name(painter: QPainter, corners: Sequence[QPointF], name: str, colour: QColor) -> None:
    """On a plate at the uppermost corner."""
    font = QFont(painter.font())
    font.setPixelSize(LETTERS_PX)
    painter.setFont(font)
    at = min(corners, key=lambda corner: (corner.y(), corner.x()))
    plate = QFontMetricsF(font).boundingRect(name).adjusted(-5, -2, 5, 2)
    plate.moveTopLeft(at + QPointF(2, 2))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(DARK)
    painter.drawRoundedRect(plate, 3, 3)
    painter.setPen(colour)
    painter.drawText(plate, int(Qt.AlignmentFlag.AlignCenter), name)
