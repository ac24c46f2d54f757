"""Recording in the window: switched by hand or by event, and told of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PyQt6.QtCore import QObject, QStandardPaths
from PyQt6.QtWidgets import QFileDialog, QWidget

from motionapp.gui.action_set import ActionSet
from motionapp.gui.desk import Desk
from motionapp.gui.play.recorder import Plan
from motionapp.gui.remembered import Remembered
from motionapp.gui.words import tr


class Recording(QObject):
    """Turns its actions into wishes.

    Parameters
    ----------
    actions : ActionSet
    desk : Desk
    remembered : Remembered
        Knows where recordings went before.
    parent : QWidget
    """

    def __init__(
        self, actions: ActionSet, desk: Desk, remembered: Remembered, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._actions, self._desk, self._remembered = actions, desk, remembered
        self._window = parent
        actions.on_switch("record", lambda is_on: desk.want(desk.wish().recorded(is_on)))
        actions.on_switch("record events", self._by_event)
        actions.on("record where", self._ask)

    @property
    def plan(self) -> Plan:
        """Where recordings go, to begin with."""
        kept = self._remembered.folder
        return Plan(usual_folder() if kept is None else kept)

    def show(self) -> None:
        """What is asked for."""
        wish = self._desk.wish()
        self._actions["record"].setChecked(wish.play.is_recorded)
        self._actions["record events"].setChecked(wish.plan is not None and wish.plan.by_event)

    def line(self, *, is_written: bool) -> str:
        """That a file is being written now, or one is when an event begins; empty: neither."""
        plan = self._desk.wish().plan
        if is_written:
            return f"● {tr('Recording')}"
        return tr("Events are recorded") if plan is not None and plan.by_event else ""

    def go_to(self, folder: Path) -> None:
        """Record there from now on."""
        self._remembered.keep_folder(folder)
        self._plan(folder=folder)

    def told(self, written: str, trouble: str) -> None:
        """A recording is finished; what went wrong is said, and ends it by hand."""
        if trouble:
            self._desk.failed(trouble)
            self._desk.want(self._desk.wish().recorded(False))
        self._desk.say(tr("Recorded: {file}").format(file=written) if written else "")

    def _by_event(self, is_on: bool) -> None:
        self._plan(by_event=is_on)

    def _plan(self, **changes: object) -> None:
        wish = self._desk.wish()
        plan = wish.plan or self.plan
        self._desk.want(wish.planned(replace(plan, **changes)))  # type: ignore[arg-type]  # by name

    def _ask(self) -> None:
        title = tr("Where recordings go")
        path = QFileDialog.getExistingDirectory(self._window, title, str(self.plan.folder))
        if path:
            self.go_to(Path(path))


def usual_folder() -> Path:
    """Among a person's films; in their home where the desktop has no place for films."""
    movies = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MoviesLocation)
    return (Path(movies) if movies else Path.home()) / "motionapp"
