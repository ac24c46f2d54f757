"""Draws what is found over the shown picture, in the view's own pixels so that text stays crisp.

The shapes of `motionapp.overlay`, which draws on the recording's pixels for files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt
from PyQt6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen

from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.core.motion import Pose
from motionapp.core.skeleton import LIMBS
from motionapp.gui.state import Shows
from motionapp.gui.theme import label_qcolor
from motionapp.overlay.boxes import group_text
from motionapp.overlay.palette import TRACK_COLOUR
from motionapp.overlay.poses import MIN_VISIBILITY, limb_colour

PLATE = QColor(20, 23, 26, 200)
OUTLINE = QColor(16, 16, 16, 170)
TEXT_PX = 13
PAD_PX = 5.0
ROUNDING_PX = 4.0
EDGE_PX = 6.0


@dataclass
class Sketch:
    """The overlay of one painting; remembers its plates, so that they keep off each other."""

    painter: QPainter
    area: QRectF
    """Where the picture lies in the view."""
    scale: float
    """View pixels per frame pixel."""
    _taken: list[QRectF] = field(default_factory=list)

    def draw(self, moment: Moment, shows: Shows) -> None:
        """Draw what `shows` asks for."""
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.painter.setClipRect(self.area)
        if shows.skeletons:
            for pose in moment.motion.poses:
                self._draw_pose(pose)
        if shows.tracks:
            self._draw_tracks(moment)
        if shows.boxes:
            self._draw_groups(moment)
        self.painter.setClipping(False)

    def _draw_groups(self, moment: Moment) -> None:
        confirmed = [
            (group, rect)
            for group in moment.groups
            # One that has left coasts on outside the picture, where nobody sees its box.
            if group.is_confirmed and not (rect := self._inside(group.box)).isEmpty()
        ]
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        for group, rect in confirmed:
            colour = label_qcolor(group.label)
            width = 2.0 if group.is_seen else 1.0
            self.painter.setPen(QPen(OUTLINE, width + 2))
            self.painter.drawRoundedRect(rect, ROUNDING_PX, ROUNDING_PX)
            self.painter.setPen(QPen(colour, width))
            self.painter.drawRoundedRect(rect, ROUNDING_PX, ROUNDING_PX)
        for group, rect in confirmed:
            self._plate(rect, group_text(group), label_qcolor(group.label))

    def _draw_tracks(self, moment: Moment) -> None:
        blue, green, red = TRACK_COLOUR
        colour = QColor(red, green, blue)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        for track in moment.tracks:
            if not track.is_confirmed:
                continue
            rect = self._rect(track.box)
            style = Qt.PenStyle.SolidLine if track.is_seen else Qt.PenStyle.DotLine
            self.painter.setPen(QPen(colour, 1.0, style))
            self.painter.drawRect(rect)
            self._write(rect.bottomLeft() + QPointF(3, -4), f"track {track.track_id}", colour)

    def _draw_pose(self, pose: Pose) -> None:
        points = [self._point(float(x), float(y)) for x, y, _ in pose.keypoints]
        seen = pose.keypoints[:, 2] >= MIN_VISIBILITY
        limbs = [(a, b) for a, b in LIMBS if seen[a] and seen[b]]
        for a, b in limbs:
            blue, green, red = limb_colour(a, b)
            line = QLineF(points[a], points[b])
            for colour, width in ((OUTLINE, 5.0), (QColor(red, green, blue), 3.0)):
                pen = QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
                self.painter.setPen(pen)
                self.painter.drawLine(line)
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QBrush(QColor("white")))
        for point in {end for limb in limbs for end in limb}:
            self.painter.drawEllipse(points[point], 2.5, 2.5)

    def _plate(self, rect: QRectF, text: str, colour: QColor) -> None:
        """Name a box: above it, or inside or below where that is taken or outside."""
        font = self.painter.font()
        font.setPixelSize(TEXT_PX)
        font.setWeight(QFont.Weight.DemiBold)
        self.painter.setFont(font)
        metrics = QFontMetricsF(font)
        width = metrics.horizontalAdvance(text) + 2 * PAD_PX + 4
        height = metrics.height() + PAD_PX
        x = min(max(rect.left() - 1, self.area.left()), self.area.right() - width)
        heights = (rect.top() - height - 3, rect.top() + 3, rect.bottom() + 3)
        plate = self._free([QRectF(x, y, width, height) for y in heights])
        self._taken.append(plate)
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QBrush(PLATE))
        self.painter.drawRoundedRect(plate, ROUNDING_PX, ROUNDING_PX)
        self.painter.setBrush(QBrush(colour))
        edge = QRectF(plate.left() + 2, plate.top() + 3, 3, plate.height() - 6)
        self.painter.drawRoundedRect(edge, 1.5, 1.5)
        self.painter.setPen(QColor("white"))
        inner = plate.adjusted(PAD_PX + 4, 0, 0, 0)
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        self.painter.drawText(inner, int(left), text)

    def _free(self, places: Sequence[QRectF]) -> QRectF:
        """The first place inside the picture and off the others; else the first inside, if any."""
        inside = [place for place in places if self.area.contains(place)] or [places[1]]
        for place in inside:
            if not any(place.intersects(taken) for taken in self._taken):
                return place
        return inside[0]

    def _write(self, at: QPointF, text: str, colour: QColor) -> None:
        font = self.painter.font()
        font.setPixelSize(TEXT_PX - 2)
        font.setWeight(QFont.Weight.Normal)
        self.painter.setFont(font)
        self.painter.setPen(OUTLINE)
        self.painter.drawText(at + QPointF(1, 1), text)
        self.painter.setPen(colour)
        self.painter.drawText(at, text)

    def _inside(self, box: Box) -> QRectF:
        """The part of a box that lies in the picture; empty where that is a mere edge."""
        rect = self._rect(box).intersected(self.area)
        return rect if min(rect.width(), rect.height()) > EDGE_PX else QRectF()

    def _rect(self, box: Box) -> QRectF:
        return QRectF(self._point(box.x0, box.y0), self._point(box.x1, box.y1))

    def _point(self, x: float, y: float) -> QPointF:
        return self.area.topLeft() + QPointF(x, y) * self.scale
