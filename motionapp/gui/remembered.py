"""What the window remembers from one time to the next: its place, its docks, what was opened."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PyQt6.QtCore import QByteArray, QRect, QSettings
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QMainWindow

from motionapp.core.addresses import shown

MOST_RECENT: Final = 12
MOST_RESULTS: Final = 8
"""Folders in which stored results are looked for at each opening."""
TITLE_PX: Final = 37
"""As high as title bars are on today's desktops, 22 to 37: where it were forgotten, the lowest tabs
would lie below the edge of a small screen."""
LAYOUT: Final = 2
"""Counts: docks that were placed by an older window are laid out anew."""


class Remembered:
    """Reads and writes the settings of the desktop."""

    def __init__(self) -> None:
        self._settings = QSettings("motionapp", "motionapp")

    def place(self, window: QMainWindow) -> None:
        """Put a window where it was, as far as the screen reaches now."""
        geometry = self._settings.value("geometry")
        if isinstance(geometry, QByteArray):
            window.restoreGeometry(geometry)
        state = self._settings.value("docks")
        if isinstance(state, QByteArray):
            window.restoreState(state, LAYOUT)
        if not window.isMaximized() and not window.isFullScreen():
            fit(window)

    def keep(self, window: QMainWindow) -> None:
        """Remember where a window and its docks are."""
        self._settings.setValue("geometry", window.saveGeometry())
        self._settings.setValue("docks", window.saveState(LAYOUT))
        self._settings.sync()

    @property
    def recent(self) -> tuple[str, ...]:
        """What was opened last, the newest first."""
        kept = self._settings.value("recent", [])
        listed: Sequence[object] = kept if isinstance(kept, list) else [kept]
        return tuple(one for one in listed if isinstance(one, str) and one)[:MOST_RECENT]

    def opened(self, spec: str) -> None:
        """Remember a source. An address that holds a password is not: it would lie in a file."""
        if "://" in spec and shown(spec) != spec:
            return
        others = [one for one in self.recent if one != spec]
        self._settings.setValue("recent", [spec, *others][:MOST_RECENT])

    @property
    def review(self) -> Path:
        """Where what a person has said of events is kept: beside these settings."""
        return Path(self._settings.fileName()).with_name("review.json")

    @property
    def folder(self) -> Path | None:
        """Where recordings go; None where a person has chosen no place."""
        kept = self._settings.value("recordings")
        return Path(kept) if isinstance(kept, str) and kept else None

    def keep_folder(self, folder: Path) -> None:
        """Remember where recordings go."""
        self._settings.setValue("recordings", str(folder))

    @property
    def results(self) -> tuple[Path, ...]:
        """Folders of results that a person has named, the last one first."""
        kept = self._settings.value("results", [])
        listed: Sequence[object] = kept if isinstance(kept, list) else [kept]
        named = [Path(one) for one in listed if isinstance(one, str) and one]
        return tuple(named[:MOST_RESULTS])

    def keep_results(self, folder: Path) -> None:
        """Remember a folder of results."""
        others = [one for one in self.results if one != folder]
        named = [str(one) for one in (folder, *others)]
        self._settings.setValue("results", named[:MOST_RESULTS])

    @property
    def takes(self) -> Path | None:
        """Where takes to teach by are kept; None where a person has chosen no place."""
        kept = self._settings.value("takes")
        return Path(kept) if isinstance(kept, str) and kept else None

    def keep_takes(self, folder: Path) -> None:
        """Remember where takes are kept."""
        self._settings.setValue("takes", str(folder))

    def forget_recent(self) -> None:
        """Forget what was opened."""
        self._settings.remove("recent")


def fit(window: QMainWindow) -> None:
    """Make a window no larger than what its screen has room for, and move it there."""
    screen = window.screen() or QGuiApplication.primaryScreen()
    if screen is None:
        return
    room = screen.availableGeometry()
    frame = window.frameGeometry()
    beside = frame.width() - window.width(), frame.height() - window.height()
    if beside[1] == 0 and not window.isFullScreen():  # it has no frame before it has been shown
        beside = beside[0], TITLE_PX
    size = (
        min(window.width(), room.width() - beside[0]),
        min(window.height(), room.height() - beside[1]),
    )
    window.resize(*size)
    whole = QRect(frame.topLeft(), window.size()).adjusted(0, 0, *beside)
    left = max(room.left(), min(whole.left(), room.right() - whole.width()))
    top = max(room.top(), min(whole.top(), room.bottom() - whole.height()))
    window.move(left, top)
