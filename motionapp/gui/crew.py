"""Those who do what panels and actions ask for."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtWidgets import QDockWidget, QWidget

from motionapp.gui.action_set import ActionSet
from motionapp.gui.asking import Asking
from motionapp.gui.cameras import Cameras
from motionapp.gui.changes import Changes
from motionapp.gui.comparing import Comparing
from motionapp.gui.desk import Desk
from motionapp.gui.exporting import Exporting
from motionapp.gui.jobs import Jobs
from motionapp.gui.looking import Looking
from motionapp.gui.panels import Panels
from motionapp.gui.picture_menu import PictureMenu
from motionapp.gui.player import Player
from motionapp.gui.recording import Recording
from motionapp.gui.remembered import Remembered
from motionapp.gui.reviewing import Reviewing
from motionapp.gui.stage import Stage
from motionapp.gui.storing import Storing
from motionapp.gui.teaching.taking import Taking
from motionapp.gui.teaching.teaching import Teaching
from motionapp.gui.transport import Transport
from motionapp.gui.tuning.files import SettingsFiles
from motionapp.gui.tuning.tuning import Tuning
from motionapp.gui.visiting import Visiting
from motionapp.gui.zoning.zoning import Zoning


class Crew:
    """One for each kind of work; what several of them share lies on the desk.

    Parameters
    ----------
    actions : ActionSet
    stage : Stage
    panels : Panels
    docks : mapping of str to QDockWidget
        What the panels lie in, by name.
    player : Player
    desk : Desk
    remembered : Remembered
    parent : QWidget
        They live as long as it does.
    """

    def __init__(
        self,
        actions: ActionSet,
        stage: Stage,
        panels: Panels,
        docks: Mapping[str, QDockWidget],
        *,
        player: Player,
        desk: Desk,
        remembered: Remembered,
        parent: QWidget,
    ) -> None:
        self.jobs, self.changes = Jobs(parent), Changes(actions)
        self.cameras = Cameras(panels.controls.camera_menu, player, parent)
        self.looking = Looking(actions, stage.view, player.driver, parent)
        self.transport = Transport(actions, desk, parent)
        self.visiting = Visiting(panels.events.list, actions, self.transport, parent)
        self.tuning = Tuning(self.changes, panels.controls, panels.settings, desk, parent)
        self.settings_files = SettingsFiles(actions, self.tuning, desk, parent)
        self.zoning = Zoning(panels.zones, stage.view, stage.beside, self.tuning, desk, parent)
        self.zoning.follow(docks["zones"])
        player.opened.connect(self.zoning.opened)
        player.happened.connect(self.zoning.note)
        self.asking = Asking(
            actions, panels.why, docks["why"], stage.view,
            jobs=self.jobs, tuning=self.tuning, desk=desk, parent=parent,
        )  # fmt: skip
        self.menu = PictureMenu(actions, stage.view, self.asking.ask_here, parent)
        self.recording = Recording(actions, desk, remembered, parent)
        self.exporting = Exporting(actions, self.jobs, desk, parent)
        self.storing = Storing(
            panels.events, actions=actions, jobs=self.jobs, desk=desk, remembered=remembered,
            size=lambda: self.transport.size, parent=parent,
        )  # fmt: skip
        self.exporting.exported.connect(self.storing.written)
        self.comparing = Comparing(
            panels.compare, stage, player.driver, panels.events.log, self.tuning, desk, parent
        )
        player.opened.connect(self.comparing.opened)
        self.reviewing = Reviewing(
            panels.events, panels.settings, actions=actions, changes=self.changes,
            jobs=self.jobs, desk=desk, labels=lambda: player.driver.labels,
            path=remembered.review, parent=parent,
        )  # fmt: skip
        self.taking = Taking(
            panels.teach, panels.events, jobs=self.jobs, changes=self.changes,
            driver=player.driver, desk=desk, remembered=remembered, parent=parent,
        )  # fmt: skip
        self.teaching = Teaching(panels.teach, self.taking, self.jobs, self.tuning, desk, parent)

    def recorded(self, written: str, trouble: str) -> None:
        """A film is finished: a take, or what a person has recorded."""
        if not self.taking.recorded(written, trouble):
            self.recording.told(written, trouble)

    def show_teaching(self) -> None:
        """What can be taught now."""
        self.taking.show()
        self.teaching.show()
