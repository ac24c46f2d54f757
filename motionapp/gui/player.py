"""The bridge between the driver's threads and Qt's: everything arrives by queued signal."""

from __future__ import annotations

import threading
from dataclasses import replace

from PyQt6.QtCore import QObject, pyqtSignal, pyqtSlot

from motionapp.core.seams import SourceInfo
from motionapp.gui.play.canvas import Shown
from motionapp.gui.play.driver import Driver
from motionapp.gui.play.listener import Happening
from motionapp.gui.play.looked import Looked, looked
from motionapp.gui.play.wish import Wish
from motionapp.runtime import Snapshot
from motionapp.sources import CameraInfo

MOST_LOOKS = 10_000
"""A window that does not ask for them forgets the oldest."""


class Player(QObject):
    """Owns the driver, and tells the window what happens, on the window's thread."""

    opened = pyqtSignal(object, object)  # Wish, SourceInfo
    pictured = pyqtSignal(object)  # Shown
    pictured_beside = pyqtSignal(object)  # Shown, with what the settings beside have found
    happened = pyqtSignal(
        object
    )  # Happening in which an event opened, changed or closed, or somebody crossed a line
    refused = pyqtSignal(object)  # Wish that stays in force
    noted = pyqtSignal(str)
    failed = pyqtSignal(str)
    recorded = pyqtSignal(str, str)  # file, what went wrong
    stood = pyqtSignal()
    ended = pyqtSignal()
    cameras_found = pyqtSignal(object)  # tuple of CameraInfo

    _picture_waits = pyqtSignal()

    def __init__(self, *, threads: int | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._relay = _Relay(self)
        self.driver = Driver(self._relay, threads=threads)
        # Emitted on another thread, so queued: the slot runs on this one.
        self._picture_waits.connect(self._take_picture)

    def start(self) -> None:
        """Begin to fulfil wishes; `close` must follow."""
        self.driver.start()

    def take_looks(self) -> list[Looked]:
        """Figures of the frames since it was asked before."""
        return self._relay.take_looks()

    def snapshot(self) -> Snapshot:
        """What the driver's meters say, and how many pictures were ready but never painted."""
        snapshot = self.driver.snapshot()
        return replace(snapshot, drops={**snapshot.drops, "paint": self._relay.unpainted})

    def close(self) -> None:
        """End all threads; nothing is told any more. Safe to call twice."""
        self.driver.close()

    @pyqtSlot()
    def _take_picture(self) -> None:
        pictures = self._relay.take()
        for road, signal in ((0, self.pictured), (1, self.pictured_beside)):
            if road in pictures:
                signal.emit(pictures[road])


class _Relay:
    """Turns calls into signals. One picture of each road waits for Qt at most, however slowly it
    paints."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._lock = threading.Lock()
        self._waiting: dict[int, Shown] = {}
        self._looks: list[Looked] = []
        self.unpainted = 0
        """Pictures of the first road that another one took the place of, since it was opened."""

    def take(self) -> dict[int, Shown]:
        """The pictures that wait, by their roads; on Qt's thread."""
        with self._lock:
            pictures, self._waiting = self._waiting, {}
            return pictures

    def take_looks(self) -> list[Looked]:
        """Figures of the frames since it was asked before, on Qt's thread."""
        with self._lock:
            looks, self._looks = self._looks, []
            return looks

    def pictured(self, picture: Shown, *, road: int = 0) -> None:
        """Replace the one that waits; if none did, ask Qt to fetch it."""
        with self._lock:
            is_asked = bool(self._waiting)
            before = self._waiting.get(road)
            # The same one drawn anew is no other picture.
            self.unpainted += not road and before is not None and before.index != picture.index
            self._waiting[road] = picture
        if not is_asked:
            self._player._picture_waits.emit()

    def happened(self, happening: Happening) -> None:
        """Moments without news are not worth a signal."""
        moment = happening.moment
        seen = None if happening.road else looked(moment)
        if seen is not None:
            with self._lock:
                self._looks.append(seen)
                del self._looks[:-MOST_LOOKS]
        if moment.opened or moment.changed or moment.closed or moment.crossings:
            self._player.happened.emit(happening)

    def opened(self, wish: Wish, info: SourceInfo) -> None:
        self.take()
        self.take_looks()
        self.unpainted = 0
        self._player.opened.emit(wish, info)

    def refused(self, wish: Wish) -> None:
        self._player.refused.emit(wish)

    def noted(self, line: str) -> None:
        self._player.noted.emit(line)

    def failed(self, sentence: str) -> None:
        self._player.failed.emit(sentence)

    def recorded(self, written: str, trouble: str) -> None:
        self._player.recorded.emit(written, trouble)

    def stood(self) -> None:
        self._player.stood.emit()

    def ended(self) -> None:
        self._player.ended.emit()

    def cameras_found(self, cameras: tuple[CameraInfo, ...]) -> None:
        self._player.cameras_found.emit(cameras)
