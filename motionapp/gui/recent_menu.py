"""The menu of what was opened last."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QMenu, QWidget

from motionapp.gui.presenter import source_title
from motionapp.gui.remembered import Remembered
from motionapp.gui.words import tr


class RecentMenu(QMenu):
    """Lists what is remembered when it is opened."""

    source_asked = pyqtSignal(str)

    def __init__(self, remembered: Remembered, parent: QWidget) -> None:
        super().__init__(tr("Open recent"), parent)
        self._remembered = remembered
        self.aboutToShow.connect(self._list)

    def _list(self) -> None:
        self.clear()
        for spec in self._remembered.recent:
            title = source_title(spec).replace("&", "&&")
            self.addAction(title, lambda spec=spec: self.source_asked.emit(spec))
        self.addSeparator()
        self.addAction(tr("Forget them"), self._remembered.forget_recent)
