"""The view: the newest picture, fitted or a part of it near; what was found has been drawn on it
(`play.canvas`). Who draws zones or picks a place does so by a tool."""

from __future__ import annotations

import time
from typing import Protocol

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QContextMenuEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PyQt6.QtWidgets import QSizePolicy, QWidget

from motionapp.core.geometry import Box
from motionapp.gui.play.canvas import Shown
from motionapp.gui.sight import Point, Sight
from motionapp.gui.theme import GROUND, ON_GROUND
from motionapp.runtime import Meter

NOTCH_ZOOM = 1.25
"""Of one notch of a wheel."""
NOTCH = 120
"""As Qt counts it: eighths of a degree, fifteen degrees."""


class Tool(Protocol):
    """What the pointer does on the picture, in place of moving it."""

    def press(self, at: Point, sight: Sight, event: QMouseEvent) -> bool:
        """A button went down at a point of the view. False: the view does what it does."""
        ...

    def move(self, at: Point, sight: Sight, *, is_held: bool) -> None:
        """The pointer is there, with the button that was pressed or without one."""
        ...

    def release(self, at: Point, sight: Sight) -> None:
        """The button went up."""
        ...

    def paint(self, painter: QPainter, sight: Sight) -> None:
        """Draw over the picture, in pixels of the view."""
        ...


class Overlay(Protocol):
    """Something that lies over the picture."""

    def paint(self, painter: QPainter, sight: Sight) -> None:
        """Draw, in pixels of the view."""
        ...


class PictureView(QWidget):
    """Paints pictures; the wheel brings them nearer, and what is near is dragged."""

    looked = pyqtSignal(object, object)  # (width, height) in device pixels; Box or None, of a frame
    double_clicked = pyqtSignal()
    menu_asked = pyqtSignal(object, object)  # a point of the view, and of the screen as a QPoint

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 180)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.painted = Meter()
        """Distinct pictures."""
        self.ages_s = Meter()
        """Of each distinct picture, when it had been painted: since it arrived or was due."""
        self._picture: Shown | None = None
        self._image: QImage | None = None
        self._painted: Shown | None = None
        self._sight: Sight | None = None
        self._overlays: list[Overlay] = []
        self._tool: Tool | None = None
        self._held_by: Tool | None = None
        self._dragged_from: Point | None = None
        self._message = ""

    @property
    def sight(self) -> Sight | None:
        """What is seen, and where; None before the first picture."""
        return self._sight

    @property
    def picture(self) -> Shown | None:
        """What is painted."""
        return self._picture

    def sizeHint(self) -> QSize:
        """As much as there is: the layout gives it what others leave."""
        return QSize(960, 540)

    def show_picture(self, picture: Shown) -> None:
        """Paint this from now on."""
        height, width = picture.bgra.shape[:2]
        # The image borrows the array's memory: `_picture` keeps it alive.
        self._image = QImage(  # type: ignore[call-overload]  # any buffer will do, not bytes alone
            picture.bgra.data, width, height, 4 * width, QImage.Format.Format_RGB32
        )
        self._picture = picture
        self._message = ""
        sight = self._sight
        if sight is None or (sight.frame, sight.is_mirrored) != (picture.size, picture.is_mirrored):
            self._sight = Sight(picture.size, self._size(), is_mirrored=picture.is_mirrored)
            self._tell_look()
        self.update()

    def show_message(self, message: str) -> None:
        """Paint a line in the middle, where there is no picture yet."""
        self._message = message
        self.update()

    def clear(self) -> None:
        """Forget the picture: it belongs to another source."""
        self._picture = self._image = self._sight = None
        self.update()

    def lay_over(self, overlay: Overlay) -> None:
        """Draw this over each picture, too; `update` where it has changed."""
        self._overlays.append(overlay)
        self.update()

    def use(self, tool: Tool | None) -> None:
        """Let the pointer do what a tool does; None: move the picture."""
        self._tool = tool
        self._held_by = None
        self.update()

    def follow(self, sight: Sight | None) -> None:
        """Look where another view looks."""
        if sight is not None and self._sight is not None:
            self._sight = Sight(
                sight.frame, self._size(), sight.zoom, sight.middle, sight.is_mirrored
            )
            self.update()

    def zoom(self, factor: float, at: Point | None = None) -> None:
        """Bring the picture nearer or further away; without a point, its middle stays."""
        if self._sight is not None:
            middle = self.width() / 2, self.height() / 2
            self._look_at(self._sight.zoomed(factor, middle if at is None else at))

    def show_whole(self) -> None:
        """Fit the picture into the view again."""
        if self._sight is not None:
            self._look_at(self._sight.whole())

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Picture, tool, message."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(GROUND))
        if self._image is not None and self._picture is not None and self._sight is not None:
            self._paint_picture(painter, self._image, self._picture, self._sight)
            for overlay in (*self._overlays, *([self._tool] if self._tool is not None else [])):
                overlay.paint(painter, self._sight)
        if self._message:
            painter.setPen(QColor(ON_GROUND))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self._message)
        painter.end()
        self._note_painted()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Pictures to come shall fit."""
        if self._sight is not None:
            frame, zoom, middle = self._sight.frame, self._sight.zoom, self._sight.middle
            self._sight = Sight(frame, self._size(), zoom, middle, self._sight.is_mirrored)
            self._sight = self._sight.moved((0.0, 0.0))
        self._tell_look()

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Nearer or further away, where the pointer is."""
        if event is not None:
            notches = event.angleDelta().y() / NOTCH
            self.zoom(NOTCH_ZOOM**notches, _at(event.position()))
            event.accept()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Use the tool, or take hold of the picture."""
        if event is None or self._sight is None:
            return
        at = _at(event.position())
        if self._tool is not None and self._tool.press(at, self._sight, event):
            self._held_by = self._tool
            self.update()
        elif event.button() == Qt.MouseButton.LeftButton:
            self._dragged_from = at

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Use the tool, or drag the picture."""
        if event is None or self._sight is None:
            return
        at = _at(event.position())
        if self._dragged_from is not None:
            before, self._dragged_from = self._dragged_from, at
            self._look_at(self._sight.moved((at[0] - before[0], at[1] - before[1])))
        elif self._tool is not None:
            self._tool.move(at, self._sight, is_held=self._held_by is self._tool)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        """Let go."""
        self._dragged_from = None
        tool, self._held_by = self._held_by, None
        if tool is not None and event is not None and self._sight is not None:
            tool.release(_at(event.position()), self._sight)
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """As players do it: full screen, or back."""
        if event is not None and self._tool is None:
            self.double_clicked.emit()

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        """Ask for a menu there; from the keyboard, in the middle. A tool uses the button itself."""
        if event is None or self._sight is None or self._tool is not None:
            return
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        at = self.rect().center() if by_key else event.pos()
        self.menu_asked.emit(_at(QPointF(at)), self.mapToGlobal(at))
        event.accept()

    def _look_at(self, sight: Sight) -> None:
        if sight != self._sight:
            self._sight = sight
            self._tell_look()
            self.update()

    def _tell_look(self) -> None:
        ratio = self.devicePixelRatioF()
        fit = round(self.width() * ratio), round(self.height() * ratio)
        sight = self._sight
        part: Box | None = None if sight is None or sight.zoom <= 1 else sight.part
        self.looked.emit(fit, part)

    def _paint_picture(
        self, painter: QPainter, image: QImage, picture: Shown, sight: Sight
    ) -> None:
        area = _area(picture, sight)
        if round(area.width() * self.devicePixelRatioF()) != image.width():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(area, image)

    def _size(self) -> tuple[int, int]:
        return max(1, self.width()), max(1, self.height())

    def _note_painted(self) -> None:
        if self._picture is None or self._picture is self._painted:
            return
        self._painted = self._picture
        self.painted.observe()
        if self._picture.captured_ns is not None:
            self.ages_s.observe((time.monotonic_ns() - self._picture.captured_ns) / 1e9)


def _area(picture: Shown, sight: Sight) -> QRectF:
    """Where a picture lies, which may have been made for what was seen before; on whole pixels."""
    x0, y0, x1, y1 = picture.part
    corners = sight.to_view((x0, y0)), sight.to_view((x1, y1))
    left, right = sorted(round(x) for x, _ in corners)
    top, bottom = (round(y) for _, y in corners)
    return QRectF(QPointF(left, top), QPointF(right, bottom))


def _at(point: QPointF) -> Point:
    return point.x(), point.y()
