"""Stored results of batch: shown as long as they are those of the recording by the settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QFileDialog, QWidget

from motionapp.gui.action_set import ActionSet
from motionapp.gui.desk import Desk
from motionapp.gui.events_panel import EventsPanel
from motionapp.gui.found.results import Results, find_results, pictures_of
from motionapp.gui.jobs import Job, Jobs, Ticket
from motionapp.gui.play.glimpses import EventPictures
from motionapp.gui.remembered import Remembered
from motionapp.gui.words import tr

NOT_OF_IT: Final = "There are no results of this recording in {folder}"
OTHERWISE: Final = "The results in {folder} are by other settings, or of a part: they are not shown"


class Storing(QObject):
    """Looks for stored results each time that recording or settings change.

    Parameters
    ----------
    panel : EventsPanel
        Lists them.
    actions : ActionSet
    jobs : Jobs
        Files are read on threads of its own.
    desk : Desk
    remembered : Remembered
        Knows the folders that a person has named.
    size : callable
        Of the recording's pictures, where it is known.
    parent : QWidget
    """

    def __init__(
        self,
        panel: EventsPanel,
        *,
        actions: ActionSet,
        jobs: Jobs,
        desk: Desk,
        remembered: Remembered,
        size: Callable[[], tuple[int, int] | None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._panel, self._jobs, self._desk = panel, jobs, desk
        self._remembered, self._size, self._window = remembered, size, parent
        self._looked_for = ("", "")
        """For which recording and by which settings."""
        self._asked: Path | None = None
        """What a person wants to see the results in, until it is known what came of it."""
        self._told: set[str] = set()
        self._job: Job | None = None
        self._pictures: Job | None = None
        actions.on("open results", self._ask)

    def follow(self, digest: str) -> None:
        """The settings in force, as results name them; asked for now and then.

        Parameters
        ----------
        digest : str
            Empty while nothing plays.
        """
        if self._desk.wish().other is not None:
            # Of what is compared, A and B both tell what they have found of it by now.
            self.forget()
            self._panel.hide_stored()
            return
        wanted = self._desk.source(), digest
        if digest and wanted[0] and wanted != self._looked_for:
            self._looked_for = wanted
            self._panel.hide_stored()
            self._look()

    def forget_pictures(self) -> None:
        """Those that are being read show what shall not be seen any more."""
        if self._pictures is not None:
            self._pictures.cancel()

    def forget(self) -> None:
        """Another source; what is listed of the one before goes with all else."""
        self._give_up()
        self._looked_for = ("", "")

    def open(self, folder: Path) -> None:
        """Show the results in a folder, now and when it is looked for results again."""
        self._remembered.keep_results(folder)
        self._asked = folder
        self._look()

    def written(self, folder: Path) -> None:
        """There are new results in a folder."""
        self._remembered.keep_results(folder)
        self._look()

    def _look(self) -> None:
        self._give_up()
        spec, digest = self._looked_for
        if not digest:
            return
        folders = [*self._remembered.results, Path(spec).parent]
        if self._asked is not None:
            folders.insert(0, self._asked)

        def work(ticket: Ticket) -> Results:
            return find_results(spec, digest, folders, is_wanted=lambda: ticket.is_wanted)

        self._job = self._jobs.start("stored results", work)
        self._job.done.connect(self._found)

    def _give_up(self) -> None:
        for job in (self._job, self._pictures):
            if job is not None:
                job.cancel()
        self._job = self._pictures = None

    def _found(self, results: Results) -> None:
        asked, self._asked = self._asked, None
        for sentence in results.troubles:
            if asked is not None or sentence not in self._told:
                self._told.add(sentence)
                self._desk.failed(sentence)
        if results.stored is not None and results.path is not None:
            self._panel.show_stored(results.stored.events)
            self._picture(results)
        elif asked is not None and not results.troubles:
            words = tr(OTHERWISE) if results.others else tr(NOT_OF_IT)
            self._desk.failed(words.format(folder=asked))

    def _picture(self, results: Results) -> None:
        path, stored, size = results.path, results.stored, self._size()
        if path is None or stored is None or not any(stored.thumbnails):
            return

        def work(ticket: Ticket) -> tuple[EventPictures, ...]:
            return pictures_of(path, stored, size, is_wanted=lambda: ticket.is_wanted)

        self._pictures = self._jobs.start("stored pictures", work)
        self._pictures.done.connect(self._panel.show_pictures)

    def _ask(self) -> None:
        path = QFileDialog.getExistingDirectory(self._window, tr("Open results of a batch"))
        if path:
            self.open(Path(path))
