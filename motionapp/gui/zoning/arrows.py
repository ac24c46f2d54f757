"""To which side of a line how many have gone: two arrows at its middle."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Final

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from motionapp.gui.found.crossings import Counts
from motionapp.gui.sight import Sight
from motionapp.gui.words import tr
from motionapp.settings.zones import ZoneSettings

DARK: Final = QColor(16, 16, 16, 190)
LENGTH_PX: Final = 30.0
HEAD_PX: Final = 9.0
LETTERS_PX: Final = 13

Point = tuple[float, float]


def middle_of(points: tuple[Point, ...]) -> tuple[Point, Point]:
    """The point half-way along a line, and in which direction it leads there, of length 1."""
    left = sum(math.dist(*edge) for edge in pairwise(points)) / 2
    for first, second in pairwise(points):
        length = math.dist(first, second)
        if length and left <= length:
            dx, dy = (second[0] - first[0]) / length, (second[1] - first[1]) / length
            return (first[0] + dx * left, first[1] + dy * left), (dx, dy)
        left -= length
    return points[-1], (1.0, 0.0)  # not reached: a line leads somewhere


def paint_arrows(
    painter: QPainter, sight: Sight, zone: ZoneSettings, counts: Counts, colour: QColor
) -> None:
    """An arrow to either side, with how many went there.

    Parameters
    ----------
    painter : QPainter
    sight : Sight
        A mirrored picture has the left side on the other side.
    zone : ZoneSettings
        A line.
    counts : Counts
    colour : QColor
    """
    across, down = sight.frame if zone.unit == "share" else (1, 1)
    middle, (dx, dy) = middle_of(tuple((x * across, y * down) for x, y in zone.polygon))
    start = QPointF(*sight.to_view(middle))
    for words, count, (x, y) in (
        (tr("left {count}"), counts.left, (dy, -dx)),
        (tr("right {count}"), counts.right, (-dy, dx)),
    ):
        towards = QPointF(*sight.to_view((middle[0] + x, middle[1] + y))) - start
        way = towards / (math.hypot(towards.x(), towards.y()) or 1.0)
        _arrow(painter, start + way * 4, way, colour)
        _plate(painter, start, way, words.format(count=count), colour)


def _arrow(painter: QPainter, start: QPointF, way: QPointF, colour: QColor) -> None:
    tip, across = start + way * LENGTH_PX, QPointF(-way.y(), way.x())
    foot = tip - way * HEAD_PX
    head = QPolygonF([tip, foot + across * (HEAD_PX / 2), foot - across * (HEAD_PX / 2)])
    for pen, brush in ((QPen(DARK, 4), DARK), (QPen(colour, 2), colour)):
        painter.setPen(pen)
        painter.setBrush(brush)
        painter.drawLine(start, foot)
        painter.drawPolygon(head)


def _plate(painter: QPainter, start: QPointF, way: QPointF, text: str, colour: QColor) -> None:
    """Beyond the arrow's tip, so that it covers neither arrow nor line."""
    font = QFont(painter.font())
    font.setPixelSize(LETTERS_PX)
    painter.setFont(font)
    plate: QRectF = QFontMetricsF(font).boundingRect(text).adjusted(-5, -2, 5, 2)
    half = abs(way.x()) * plate.width() / 2 + abs(way.y()) * plate.height() / 2
    plate.moveCenter(start + way * (LENGTH_PX + 8 + half))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(DARK)
    painter.drawRoundedRect(plate, 3, 3)
    painter.setPen(colour)
    painter.drawText(plate, int(Qt.AlignmentFlag.AlignCenter), text)
