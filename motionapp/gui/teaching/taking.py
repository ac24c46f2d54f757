"""Takes in the window: recorded from what plays while a button is held, or copied from an event."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QFileDialog

from motionapp.core.errors import MotionAppError
from motionapp.gui.changes import Changes
from motionapp.gui.desk import Desk
from motionapp.gui.event_model import FOUND_ROLE
from motionapp.gui.events_panel import EventsPanel
from motionapp.gui.found.log import Found
from motionapp.gui.jobs import Jobs, Ticket
from motionapp.gui.play.driver import Driver
from motionapp.gui.play.recorder import Plan
from motionapp.gui.recording import usual_folder
from motionapp.gui.remembered import Remembered
from motionapp.gui.teaching.films import (
    LEAST_S,
    MOST_S,
    Preview,
    cut_take,
    preview_of,
    seconds_of,
)
from motionapp.gui.teaching.panel import TeachPanel
from motionapp.gui.teaching.seeing import Seeing
from motionapp.gui.teaching.takes import Take, TakeSet, read_takes
from motionapp.gui.teaching.wording import need_text
from motionapp.gui.words import tr

log = logging.getLogger(__name__)

FOLDER = "takes"
"""Below where recordings go, until another is chosen."""


@dataclass(frozen=True, slots=True)
class _Performed:
    """Whose take of what is being recorded, and where recordings went before."""

    label: str
    person: str
    plan: Plan | None
    there: frozenset[Path]
    """The films of the folder that are none of it."""


class Taking(QObject):
    """Keeps the takes of a folder.

    Parameters
    ----------
    panel : TeachPanel
    events : EventsPanel
        The event that is chosen there may be made a take.
    jobs : Jobs
    changes : Changes
    driver : Driver
        Knows whether something plays.
    desk : Desk
    remembered : Remembered
        Knows where takes were kept before.
    parent : QObject
    """

    changed = pyqtSignal()
    """The takes, or their folder."""

    def __init__(
        self,
        panel: TeachPanel,
        events: EventsPanel,
        *,
        jobs: Jobs,
        changes: Changes,
        driver: Driver,
        desk: Desk,
        remembered: Remembered,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._panel, self._box, self._events = panel, panel.takes, events
        self._jobs, self._changes, self._driver = jobs, changes, driver
        self._desk, self._remembered = desk, remembered
        self._takes: TakeSet | None = None
        self.trouble = ""
        """Why the list of the folder cannot be used; it is left as it is, then."""
        self._performed: _Performed | None = None
        self._is_taking = False
        self._seeing = Seeing(jobs, self)
        self._seeing.came.connect(self._show_takes)
        self._wrong: dict[str, str] = {}
        self._unseen: dict[Path, tuple[str, str]] = {}
        """Films that are there and not listed yet: what is done in them, and by whom."""
        self._copied: dict[tuple[Path, str, str], Path] = {}
        """By folder, recording and id, the films of events; the folder, until there is one."""
        changes.of("takes", self._put)
        box = self._box
        box.named.connect(self.name)
        box.chosen.connect(lambda label: self._show_takes())
        box.taking.connect(self.take)
        box.event_asked.connect(self.take_event)
        box.preview_asked.connect(self.preview)
        box.discarded.connect(self.discard)
        box.removed.connect(self.remove)
        box.folder_asked.connect(self._ask)
        kept = remembered.takes
        self._read(usual_folder() / FOLDER if kept is None else kept)

    @property
    def takes(self) -> TakeSet | None:
        """Those that there are; None where the list of the folder cannot be used."""
        return self._takes

    def go_to(self, folder: Path) -> None:
        """Work on the takes of another folder from now on."""
        self._remembered.keep_takes(folder)
        self._read(folder)
        self.changed.emit()

    def name(self, label: str) -> None:
        """Another movement to be taught."""
        takes = self._takes
        if takes is not None and self._try(lambda: takes.named(label), label):
            self._box.choose(" ".join(label.split()))

    def take(self, is_on: bool) -> None:
        """Record a take from now on, or end it."""
        wish = self._desk.wish()
        if is_on and self._takes is not None and not self._why_not():
            label, person = self._box.label, self._box.person.text().strip()
            self._performed = _Performed(label, person, wish.plan, _films(self._takes.folder))
            self._is_taking = True
            self._desk.want(wish.planned(Plan(self._takes.folder)).recorded(True))
        elif not is_on and self._is_taking and self._performed is not None:
            self._is_taking = False
            self._desk.want(wish.recorded(False).planned(self._performed.plan))
        self.show()

    def recorded(self, written: str, trouble: str) -> bool:
        """A film is finished. False: it is no take."""
        performed, takes = self._performed, self._takes
        is_own = bool(written) and takes is not None and Path(written).parent == takes.folder
        if performed is None or not (is_own or (self._is_taking and trouble)):
            return False
        if trouble:
            self._desk.failed(trouble)
            self.take(False)
        if is_own and takes is not None:
            still = replace(performed, there=_films(takes.folder))
            self._performed = still if self._is_taking else None
            self._look_through(Path(written), performed.label, performed.person)
        return True

    def end(self) -> None:
        """Nothing records any more, and no job will end: what has been recorded by now is made
        takes without having been looked through."""
        performed, takes = self._performed, self._takes
        if performed is not None and takes is not None:
            for path in _films(takes.folder) - performed.there - self._unseen.keys():
                self._unseen[path] = performed.label, performed.person
        self._performed = None
        for path, (label, person) in list(self._unseen.items()):
            try:
                self._add(path, seconds_of(path), label, person)
            except MotionAppError as error:
                log.warning("no take: %s", error)

    def take_event(self) -> None:
        """Copy the chosen event out of its recording."""
        event, takes = self._chosen(), self._takes
        if event is None or takes is None or not self._box.label:
            return
        spec, label, person = self._desk.source(), self._box.label, self._box.person.text().strip()
        start_s, end_s = event.event.start_s, event.event.end_s
        cover, key = self._desk.wish().cover, (takes.folder, spec, event.event.event_id)
        if self._is_copied(key):  # twice the same: what is held out would have been learnt from
            return
        self._copied[key] = takes.folder
        short_s = max(0.0, LEAST_S - (end_s - start_s)) / 2

        def work(ticket: Ticket) -> Path | None:
            path = cut_take(
                spec, start_s - short_s, end_s + short_s, takes.folder, ticket, cover=cover
            )
            if path is not None:  # noted here, too: whoever closes may never be told
                self._unseen[path] = label, person
                self._copied[key] = path
            return path

        job = self._jobs.start("take", work)
        job.failed.connect(lambda sentence: self._copied.pop(key, None))
        job.failed.connect(self._desk.failed)
        job.done.connect(lambda path: self._look_through(path, label, person))

    def _is_copied(self, key: tuple[Path, str, str]) -> bool:
        """Whether an event is a take, or about to be one."""
        film = self._copied.get(key)
        if film is None or film == key[0] or film in self._unseen:
            return film is not None
        return self._takes is not None and any(film.name == one.file for one in self._takes.takes)

    def discard(self, file: str) -> None:
        """Take one out of the list; its file stays."""
        if self._takes is not None:
            takes = self._takes
            self._try(lambda: takes.without(file), tr("a take"))

    def remove(self, label: str) -> None:
        """Take a movement out, with its takes; their files stay."""
        takes = self._takes
        if takes is not None and not self._is_taking:
            self._try(lambda: takes.without_label(label), label)

    def preview(self, file: str) -> None:
        """Play a take, small."""
        if self._takes is None:
            return
        path = self._takes.folder / file
        job = self._jobs.start("preview", lambda ticket: preview_of(path))
        job.done.connect(self._box.player.play)
        job.failed.connect(self._desk.failed)

    def mark(self, wrong: dict[str, str]) -> None:
        """Show what takes were called wrongly while they were held out."""
        self._wrong = wrong
        self._show_takes()

    def show(self) -> None:
        """What can be done now; asked for now and then."""
        why = self._why_not()
        can_name = self._takes is not None
        self._box.allow(why, self._why_no_event(), can_name=can_name)

    def _why_not(self) -> str:
        """Why no take can be recorded, in words; empty where one can."""
        if self._takes is None:
            return self.trouble
        if not self._box.label:
            return tr("Name a movement first, and choose it in the list")
        if self._is_taking:
            return ""
        if self._driver.newest_moment is None:
            return tr("Nothing plays: open a camera or a recording first")
        if self._desk.wish().play.is_paused:
            return tr("The picture is held: let it play first")
        if self._driver.is_recording or self._desk.wish().play.is_recorded:
            return tr("Something is being recorded: end that first")
        return ""

    def _why_no_event(self) -> str:
        found = self._chosen()
        if self._takes is None:
            return self.trouble
        if not self._box.label:
            return tr("Name a movement first, and choose it in the list")
        if found is None:
            return tr("Choose an event in the list of events first")
        if self._driver.is_live:
            return tr("An event of a camera is gone: hold the button while it happens")
        if self._is_copied((self._takes.folder, self._desk.source(), found.event.event_id)):
            return tr("This event is a take already")
        if found.event.duration_s > MOST_S:
            return tr("The event lasts too long for one take: record the part that you mean")
        return ""

    def _chosen(self) -> Found | None:
        found = self._events.list.currentIndex().data(FOUND_ROLE)
        return found if isinstance(found, Found) and not found.is_open else None

    def _look_through(self, path: Path | None, label: str, person: str) -> None:
        """See how long a film is, then make it a take."""
        if path is None:
            return
        self._unseen[path] = label, person
        job = self._jobs.start("look through", lambda ticket: preview_of(path))
        job.done.connect(lambda seen: self._add(path, seen.seconds, label, person, seen))
        job.failed.connect(lambda sentence: self._not_seen_through(path, sentence))

    def _not_seen_through(self, path: Path, sentence: str) -> None:
        self._unseen.pop(path, None)
        self._desk.failed(sentence)

    def _add(
        self, path: Path, seconds: float, label: str, person: str, seen: Preview | None = None
    ) -> None:
        """Make a film a take."""
        takes = self._takes
        self._unseen.pop(path, None)
        if takes is None or path.parent != takes.folder:
            return
        if seconds < LEAST_S:
            with suppress(OSError):
                path.unlink()
            said = tr("A take of {s} s is too short to learn from: hold on for {least} s at least")
            self._desk.say(said.format(s=f"{seconds:.1f}", least=f"{LEAST_S:.1f}"))
            return
        file = takes.free_file(label)
        try:
            path.rename(takes.folder / file)
        except OSError as error:
            self._desk.failed(f"{path}: {error.strerror}")
            return
        for key in [key for key, film in self._copied.items() if film == path]:
            self._copied[key] = takes.folder / file
        if seen is not None:
            self._seeing.put(file, seen)
        take = Take(file, label, person, round(seconds, 2))
        self._try(lambda: takes.with_take(take), tr("a take"))
        self._desk.say("")

    def _try(self, how: Callable[[], TakeSet], words: str) -> bool:
        """Change the takes in a way that can be undone, or say why that cannot be."""
        before = self._takes
        try:
            after = how()
        except MotionAppError as error:
            self._desk.failed(str(error))
            return False
        if before is not None and after != before:
            self._changes.note("takes", before, after, words)
            self._put(after)
        return True

    def _put(self, takes: TakeSet) -> None:
        if self._takes is None or takes.folder != self._takes.folder:
            return  # undone, but of a folder that was left
        try:
            takes.write()
        except MotionAppError as error:
            self._desk.failed(str(error))
        self._takes = takes
        self._show_takes()
        self.changed.emit()

    def _read(self, folder: Path) -> None:
        self._seeing.forget()
        self._box.player.clear_take()
        try:
            self._takes, self.trouble = read_takes(folder), ""
        except MotionAppError as error:
            self._takes, self.trouble = None, str(error)
        self._panel.say_trouble(self.trouble)
        self._show_takes()

    def _show_takes(self) -> None:
        takes = TakeSet(Path()) if self._takes is None else self._takes
        self._box.show_takes(takes, self._seeing.pictures, self._wrong)
        self._box.say_hint("" if self._takes is None else need_text(takes))
        self._seeing.want(takes.folder, [one.file for one in takes.of(self._box.label)])
        self.show()

    def _ask(self) -> None:
        usual = usual_folder() / FOLDER if self._takes is None else self._takes.folder
        path = QFileDialog.getExistingDirectory(
            self._box.window(), tr("Where takes are kept"), str(usual)
        )
        if path:
            self.go_to(Path(path))


def _films(folder: Path) -> frozenset[Path]:
    return frozenset(folder.glob("*.mp4"))
