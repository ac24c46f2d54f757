"""Small pictures of takes as Qt shows them: one that stands for a take, and one that plays it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtGui import QImage, QPixmap
from PyQt6.QtWidgets import QLabel, QScrollArea, QWidget

from motionapp.gui.teaching.films import PREVIEW_HZ, Preview
from motionapp.gui.words import tr


def pixmap_of(bgr: NDArray[np.uint8]) -> QPixmap:
    """A picture, shape (h, w, 3), blue first."""
    height, width = bgr.shape[:2]
    whole = np.ascontiguousarray(bgr)
    image = QImage(  # type: ignore[call-overload]  # any buffer will do, not bytes alone
        whole.data, width, height, 3 * width, QImage.Format.Format_BGR888
    )
    return QPixmap.fromImage(image.copy())  # which owns its pixels


class TakePlayer(QLabel):
    """Plays a take over and over, small, while it is seen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName(tr("The chosen take"))
        self._pixmaps: list[QPixmap] = []
        self._shown = 0
        self._timer = QTimer(self)
        self._timer.setInterval(round(1000 / PREVIEW_HZ))
        self._timer.timeout.connect(self._next)
        self.clear_take()

    @property
    def is_playing(self) -> bool:
        """Whether there is a take to play."""
        return self._timer.isActive()

    def play(self, preview: Preview) -> None:
        """Play this one from now on."""
        self._pixmaps, self._shown = [pixmap_of(one) for one in preview.pictures], 0
        self.show()
        self._timer.start()
        self._next()
        QTimer.singleShot(0, self._come_into_sight)  # once it has its place

    def clear_take(self) -> None:
        """There is none."""
        self._timer.stop()
        self._pixmaps = []
        self.clear()
        self.hide()

    def _come_into_sight(self) -> None:
        """Let what holds it scroll: on a small screen it would play below the edge."""
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None and self.isVisible():
            above.ensureWidgetVisible(self)

    def _next(self) -> None:
        if self.isVisible() or not self._shown:
            self.setPixmap(self._pixmaps[self._shown % len(self._pixmaps)])
            self._shown += 1
