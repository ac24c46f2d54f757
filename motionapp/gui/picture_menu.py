"""The menu of the picture: what can be done with it, and with the place under the pointer."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QObject, QPoint
from PyQt6.QtWidgets import QMenu

from motionapp.gui.action_set import ActionSet
from motionapp.gui.actions import ACTIONS, LAYERS
from motionapp.gui.picture import PictureView
from motionapp.gui.sight import Point
from motionapp.gui.words import tr

AT_PLACE = "why here"
"""The action that is about the place."""
OTHERS = (("pause", "snapshot"), ("nearer", "whole", "mirror", "full screen"))
"""What else stands there, by sections."""


class PictureMenu(QObject):
    """Opens where the picture is clicked with the right button.

    Parameters
    ----------
    actions : ActionSet
    view : PictureView
    why_asked : callable
        Called with a place, in shares of the frame, and the time of the picture that was seen when
        the menu opened: it may play on behind it.
    parent : QObject
    """

    def __init__(
        self,
        actions: ActionSet,
        view: PictureView,
        why_asked: Callable[[Point, float], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._view, self._why_asked = view, why_asked
        self._asked: tuple[Point, float] | None = None
        self.menu = QMenu(view)
        self.menu.addAction(actions[AT_PLACE])
        for section in OTHERS:
            self.menu.addSeparator()
            for key in section:
                self.menu.addAction(actions[key])
        self.menu.addSeparator()
        layers = self.menu.addMenu(tr(LAYERS))
        assert layers is not None  # Qt makes one
        for one in ACTIONS:
            if one.menu == LAYERS:
                layers.addAction(actions[one.key])
        actions.on(AT_PLACE, self._ask)
        view.menu_asked.connect(self._open)

    def _open(self, at: Point, where: QPoint) -> None:
        sight, picture = self._view.sight, self._view.picture
        if sight is None or picture is None:
            return
        self._asked = sight.shares_of(at), picture.pts_s
        self.menu.popup(where)

    def _ask(self) -> None:
        asked, self._asked = self._asked, None
        if asked is not None:
            self._why_asked(*asked)
