"""Settings in files: what was tuned in the window is kept for `--settings`, and read again."""

from __future__ import annotations

import os
from pathlib import Path

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QFileDialog, QWidget

from motionapp.core.errors import MotionAppError
from motionapp.files.atomic import write_whole
from motionapp.gui.action_set import ActionSet
from motionapp.gui.desk import Desk
from motionapp.gui.tuning.tuning import Tuning
from motionapp.gui.words import tr
from motionapp.settings import Settings, load_settings, settings_text

KIND = "TOML (*.toml)"


class SettingsFiles(QObject):
    """Writes what is in force, and takes over what a file says.

    Parameters
    ----------
    actions : ActionSet
    tuning : Tuning
        Makes them so, in a way that can be undone.
    desk : Desk
    parent : QWidget
    """

    def __init__(self, actions: ActionSet, tuning: Tuning, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._window, self._tuning, self._desk = parent, tuning, desk
        actions.on("open settings", self._ask_to_read)
        actions.on("save settings", self._ask_to_write)

    def read(self, path: Path) -> None:
        """Take over the settings of a file, as ``--settings`` would; what is wrong is said."""
        try:
            settings = load_settings(path, environment=os.environ).analysis
        except MotionAppError as error:
            self._desk.failed(str(error))
            return
        self._tuning.change(settings, path.name)

    def write(self, path: Path) -> None:
        """Write them as ``--settings`` takes them."""
        target = path if path.suffix else path.with_suffix(".toml")
        try:
            write_whole(target, settings_text(Settings(analysis=self._desk.wish().settings)))
        except MotionAppError as error:
            self._desk.failed(str(error))
            return
        self._desk.say(tr("Settings are in {file}").format(file=target))

    def _ask_to_read(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self._window, tr("Settings from a file"), "", KIND)
        if path:
            self.read(Path(path))

    def _ask_to_write(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self._window, tr("Settings to a file"), "motionapp.toml", KIND
        )
        if path:
            self.write(Path(path))
