"""A small picture of each take, found apart when it is first listed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QPixmap

from motionapp.core.errors import MotionAppError
from motionapp.gui.jobs import Jobs, Ticket
from motionapp.gui.teaching.films import Preview, preview_of
from motionapp.gui.teaching.pictures import pixmap_of


class Seeing(QObject):
    """Keeps the pictures of one folder's takes.

    Parameters
    ----------
    jobs : Jobs
    parent : QObject
    """

    came = pyqtSignal()
    """There are more than before."""

    def __init__(self, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._pictures: dict[str, QPixmap] = {}
        self._asked_for: set[str] = set()
        self._folder: Path | None = None

    @property
    def pictures(self) -> Mapping[str, QPixmap]:
        """Those that are known, by file."""
        return self._pictures

    def forget(self) -> None:
        """Another folder."""
        self._pictures.clear()
        self._asked_for.clear()
        self._folder = None

    def put(self, file: str, seen: Preview) -> None:
        """A take that has been looked through already."""
        self._pictures[file] = pixmap_of(seen.middle)

    def want(self, folder: Path, files: Iterable[str]) -> None:
        """Find pictures of those that have none yet."""
        self._folder = folder
        wanted = [
            file for file in files if file not in self._pictures and file not in self._asked_for
        ]
        if not wanted:
            return
        self._asked_for |= set(wanted)

        def work(ticket: Ticket) -> tuple[Path, dict[str, Preview]]:
            return folder, previews(folder, wanted, ticket)

        self._jobs.start("takes", work).done.connect(self._found)

    def _found(self, found: tuple[Path, dict[str, Preview]]) -> None:
        folder, seen = found
        if folder == self._folder:
            for file, one in seen.items():
                self.put(file, one)
            self.came.emit()


def previews(folder: Path, files: Sequence[str], ticket: Ticket) -> dict[str, Preview]:
    """Of those that can be read."""
    found = {}
    for file in files:
        if not ticket.is_wanted:
            break
        with suppress(MotionAppError):
            found[file] = preview_of(folder / file)
    return found
