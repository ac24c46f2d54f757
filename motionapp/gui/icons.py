"""Small pictures for buttons, drawn in the colour of their text at any size, light or dark."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRect, QSize, Qt
from PyQt6.QtGui import (
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPalette,
    QPixmap,
    QPolygonF,
)

# In a square from 0 to 1: triangles and bars.
_TRIANGLE = ((0.22, 0.12), (0.22, 0.88), (0.88, 0.5))
_SHAPES: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "play": (_TRIANGLE,),
    "pause": (
        ((0.2, 0.12), (0.42, 0.12), (0.42, 0.88), (0.2, 0.88)),
        ((0.58, 0.12), (0.8, 0.12), (0.8, 0.88), (0.58, 0.88)),
    ),
    "step on": (
        ((0.12, 0.16), (0.12, 0.84), (0.62, 0.5)),
        ((0.68, 0.16), (0.84, 0.16), (0.84, 0.84), (0.68, 0.84)),
    ),
    "step back": (
        ((0.88, 0.16), (0.88, 0.84), (0.38, 0.5)),
        ((0.16, 0.16), (0.32, 0.16), (0.32, 0.84), (0.16, 0.84)),
    ),
}


class _Engine(QIconEngine):
    """Draws shapes in the colour that words on buttons have now, dimly where one is disabled."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def paint(
        self, painter: QPainter | None, rect: QRect, mode: QIcon.Mode, state: QIcon.State
    ) -> None:
        """In a square as large as fits."""
        if painter is None:
            return
        side = min(rect.width(), rect.height())
        left, top = rect.center().x() - side / 2, rect.center().y() - side / 2
        is_faint = mode == QIcon.Mode.Disabled
        group = QPalette.ColorGroup.Disabled if is_faint else QPalette.ColorGroup.Active
        colour = QGuiApplication.palette().color(group, QPalette.ColorRole.ButtonText)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for shape in _SHAPES[self._name]:
            points = [QPointF(left + x * side, top + y * side) for x, y in shape]
            painter.drawPolygon(QPolygonF(points))
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """For who wants one."""
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        """Another one of the same."""
        return _Engine(self._name)


def icon(name: str) -> QIcon:
    """An icon by its name: ``play``, ``pause``, ``step on``, ``step back``."""
    return QIcon(_Engine(name))
