"""The view: the newest picture, fitted; what was found has been drawn on it (`canvas`)."""

from __future__ import annotations

import time

from PyQt6.QtCore import QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from motionapp.gui.play.canvas import Shown
from motionapp.gui.theme import GROUND, QUIET
from motionapp.runtime import Meter


class PictureView(QWidget):
    """Paints pictures."""

    resized = pyqtSignal(int, int)  # width and height in device pixels

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 180)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.painted = Meter()
        """Distinct pictures."""
        self.ages_s = Meter()
        """Of each distinct picture, when it had been painted: since it arrived or was due."""
        self._picture: Shown | None = None
        self._image: QImage | None = None
        self._painted: Shown | None = None
        self._message = ""

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
        self.update()

    def show_message(self, message: str) -> None:
        """Paint a line in the middle, where there is no picture yet."""
        self._message = message
        self.update()

    def clear(self) -> None:
        """Forget the picture: it belongs to another source."""
        self._picture = self._image = None
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Picture, message."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(GROUND))
        if self._image is not None and self._picture is not None:
            self._paint_picture(painter, self._image, self._picture)
        if self._message:
            painter.setPen(QColor(QUIET))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self._message)
        painter.end()
        self._note_painted()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Pictures to come shall fit."""
        ratio = self.devicePixelRatioF()
        self.resized.emit(round(self.width() * ratio), round(self.height() * ratio))

    def _paint_picture(self, painter: QPainter, image: QImage, picture: Shown) -> None:
        area = self._area(picture.size)
        ratio = self.devicePixelRatioF()
        if round(area.width() * ratio) != image.width():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(area, image)

    def _area(self, size: tuple[int, int]) -> QRectF:
        """Where the picture lies: as large as fits, in the middle, on whole pixels."""
        scale = min(self.width() / size[0], self.height() / size[1])
        width, height = round(size[0] * scale), round(size[1] * scale)
        return QRectF((self.width() - width) // 2, (self.height() - height) // 2, width, height)

    def _note_painted(self) -> None:
        if self._picture is None or self._picture is self._painted:
            return
        self._painted = self._picture
        self.painted.observe()
        if self._picture.captured_ns is not None:
            self.ages_s.observe((time.monotonic_ns() - self._picture.captured_ns) / 1e9)
