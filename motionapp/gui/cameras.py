"""Sees to it that cameras are known: at the beginning, when asked, and when one comes or goes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Final

from PyQt6.QtCore import QObject, QTimer

from motionapp.gui.camera_menu import CameraMenu
from motionapp.gui.player import Player
from motionapp.sources import camera_nodes

LOOK_EACH_MS: Final = 1000
"""So soon a camera that was plugged in stands in the menu. A look costs 0.02 ms."""


class Cameras(QObject):
    """Has cameras listed on the driver's thread. Elsewhere than on Linux nothing tells cheaply that
    one has come: there the menu lists them anew when it is opened.

    Parameters
    ----------
    menu : CameraMenu
    player : Player
    parent : QObject
    nodes : callable
        What the system calls its cameras.
    """

    def __init__(
        self,
        menu: CameraMenu,
        player: Player,
        parent: QObject,
        *,
        nodes: Callable[[], frozenset[str]] = camera_nodes,
    ) -> None:
        super().__init__(parent)
        self._driver, self._nodes = player.driver, nodes
        self._seen = nodes()
        menu.cameras_asked.connect(self._driver.find_cameras)
        player.cameras_found.connect(menu.set_cameras)
        self.timer = QTimer(self)
        self.timer.timeout.connect(self.look)
        if sys.platform == "linux":
            self.timer.start(LOOK_EACH_MS)
        self._driver.find_cameras()

    def look(self) -> None:
        """Has one come or gone?"""
        nodes = self._nodes()
        if nodes != self._seen:
            self._seen = nodes
            self._driver.camera_came()
