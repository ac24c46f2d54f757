"""Events are confirmed, rejected, renamed and taken out. What was said is kept as a set, to which
settings are held while one tunes them."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from PyQt6.QtCore import QObject, Qt, QTimer
from PyQt6.QtWidgets import QFileDialog, QInputDialog

from motionapp.assembly import is_address
from motionapp.core.errors import MotionAppError
from motionapp.core.event import Event
from motionapp.explain.review import Outcome, check_review, read_review, write_review
from motionapp.gui.action_set import ActionSet
from motionapp.gui.changes import Changes
from motionapp.gui.desk import Desk
from motionapp.gui.event_model import FOUND_ROLE
from motionapp.gui.events_panel import EventsPanel
from motionapp.gui.found.log import Found
from motionapp.gui.found.marks import Marks
from motionapp.gui.found.sieve import labels_of
from motionapp.gui.jobs import Job, Jobs, Ticket
from motionapp.gui.tuning.panel import SettingsPanel
from motionapp.gui.words import tr

log = logging.getLogger(__name__)

CHECK_AFTER_MS = 800
"""So long after the last change of a setting events are looked for again."""
KIND = "JSON (*.json)"


class Reviewing(QObject):
    """Keeps what a person says of events.

    Parameters
    ----------
    panel : EventsPanel
    settings_panel : SettingsPanel
        Shows what settings make of the set.
    actions : ActionSet
    changes : Changes
    jobs : Jobs
    desk : Desk
    labels : callable
        What the network in force can name.
    path : Path
        Where the set is kept.
    parent : QObject
    """

    def __init__(
        self,
        panel: EventsPanel,
        settings_panel: SettingsPanel,
        *,
        actions: ActionSet,
        changes: Changes,
        jobs: Jobs,
        desk: Desk,
        labels: Callable[[], Sequence[str]],
        path: Path,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._panel, self._settings_panel, self._actions = panel, settings_panel, actions
        self._changes, self._jobs = changes, jobs
        self.path = path
        """Where the set is kept."""
        self._desk, self._failed, self._labels = desk, desk.failed, labels
        self._marks = self._read()
        self._job: Job | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(CHECK_AFTER_MS)
        self._timer.timeout.connect(self.check)
        panel.model.mark_of = self._mark_of
        changes.of("marks", self._put)
        for key, do in (
            ("confirm", lambda: self._say(self._marks.confirmed, tr("right"))),
            ("reject", lambda: self._say(self._marks.rejected, tr("wrong"))),
            ("take out", lambda: self._say(self._marks.hidden, tr("taken out"))),
            ("rename", self.ask_for_name),
            ("save review", self._ask_to_write),
        ):
            actions.on(key, do)
        panel.list.current_changed.connect(self._enable)
        self._enable()
        self._show()

    @property
    def marks(self) -> Marks:
        """What was said so far."""
        return self._marks

    def settings_changed(self) -> None:
        """Hold other settings to the set, once they stay as they are."""
        if self._marks.reviewed():
            self._timer.start()

    def ask_for_name(self) -> None:
        """Let a person say what the chosen event is."""
        event = self._chosen()
        if event is None:
            return
        dialog = QInputDialog(self._panel.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(tr("What is it?"))
        dialog.setLabelText(tr("What it is, in place of {label}").format(label=event.label))
        dialog.setComboBoxItems(names_for(event, self._labels(), labels_of(self._panel.log)))
        dialog.setComboBoxEditable(True)  # a name of one's own is typed
        dialog.setTextValue(event.label)
        dialog.textValueSelected.connect(lambda text: self.rename(text.strip()))
        dialog.open()

    def rename(self, label: str) -> None:
        """The chosen event is that; empty, or what it was called: nothing is said."""
        event = self._chosen()
        if event is not None:
            said = None if label == event.label else label
            self._note(self._marks.renamed(self._source(), event, said), label)

    def check(self) -> None:
        """Look for the events of the set again, by the settings in force."""
        entries, settings = self._marks.reviewed(), self._desk.wish().settings
        if self._job is not None:
            self._job.cancel()
        if not entries:
            return

        def work(ticket: Ticket) -> Outcome:
            return check_review(
                entries, settings, advance=ticket.advance, is_wanted=lambda: ticket.is_wanted
            )

        self._settings_panel.show_check(tr("Looking for reviewed events …"))
        self._job = self._jobs.start("review", work)
        self._job.done.connect(self._checked)
        self._job.failed.connect(self._settings_panel.show_check)

    def write(self, path: Path) -> None:
        """Write the set for `motionapp settings check`."""
        try:
            write_review(path, self._marks.reviewed())
        except MotionAppError as error:
            self._failed(str(error))

    def _checked(self, outcome: Outcome) -> None:
        gone = f"; {len(outcome.unreadable)} ?" if outcome.unreadable else ""
        self._settings_panel.show_check(outcome.sentence() + gone, agrees=outcome.agrees)

    def _say(self, how: Callable[[str, Event], Marks], words: str) -> None:
        event = self._chosen()
        if event is not None:
            self._note(how(self._source(), event), words)

    def _note(self, marks: Marks, words: str) -> None:
        self._changes.note("marks", self._marks, marks, words)
        self._put(marks)

    def _put(self, marks: Marks) -> None:
        before, self._marks = self._marks, marks
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_review(self.path, self._read().with_changes(before, marks).reviewed())
        except (MotionAppError, OSError) as error:
            self._failed(str(error))
        self._show()
        self.settings_changed()

    def _source(self) -> str:
        return where(self._desk.source())

    def _show(self) -> None:
        self._panel.marks_changed()
        self._actions["save review"].setEnabled(bool(self._marks.reviewed()))

    def _enable(self) -> None:
        is_chosen = self._chosen() is not None
        for key in ("confirm", "reject", "rename", "take out"):
            self._actions[key].setEnabled(is_chosen)

    def _chosen(self) -> Event | None:
        found = self._panel.list.currentIndex().data(FOUND_ROLE)
        is_finding = isinstance(found, Found) and not found.is_open
        return found.event if is_finding else None

    def _mark_of(self, found: Found) -> object:
        return self._marks.of(self._source(), found.event.event_id)

    def _read(self) -> Marks:
        """What is kept by now: another window may have added to it."""
        if not os.path.exists(self.path):
            return Marks()
        try:
            return Marks.of_reviewed(read_review(self.path))
        except MotionAppError as error:
            aside = self.path.with_suffix(".damaged.json")
            log.warning("%s; it is kept as %s", error, aside)
            with suppress(OSError):  # where nothing can be written, it is not written over, either
                self.path.replace(aside)
            return Marks()

    def _ask_to_write(self) -> None:
        title = tr("Save the reviewed events")
        path, _ = QFileDialog.getSaveFileName(self._panel.window(), title, "review.json", KIND)
        if path:
            self.write(Path(path))


def names_for(event: Event, *known: Sequence[str]) -> list[str]:
    """What may be chosen in place of what an event was called, each name once, in their order."""
    names = {event.label, *(name for some in known for name in some)}
    return sorted(names, key=str.casefold)


def where(spec: str) -> str:
    """A source by a name that holds from any folder; an address is one as it is."""
    return spec if is_address(spec) else os.path.abspath(spec)
