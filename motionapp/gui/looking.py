"""How the picture is looked at: layers, part, mirror, and which picture is shown."""

from __future__ import annotations

from dataclasses import fields

from PyQt6.QtCore import QObject

from motionapp.core.geometry import Box
from motionapp.gui.action_set import ActionSet
from motionapp.gui.picture import PictureView
from motionapp.gui.play.driver import Driver
from motionapp.gui.play.wish import Shows

NEARER = 1.25
"""Of one press; further away is as much."""


class Looking(QObject):
    """Turns view and actions into a look.

    Parameters
    ----------
    actions : ActionSet
        Those of layers show what is drawn.
    view : PictureView
    driver : Driver
    parent : QObject
    """

    def __init__(
        self, actions: ActionSet, view: PictureView, driver: Driver, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._actions, self._driver = actions, driver
        view.looked.connect(self._fit)
        for field in fields(Shows):
            actions.on(field.name, self._choose_layers)
        for key, do in (
            ("nearer", lambda: view.zoom(NEARER)),
            ("further", lambda: view.zoom(1 / NEARER)),
            ("whole", view.show_whole),
        ):
            actions.on(key, do)
        look = driver.look_otherwise
        actions.on_switch("mirror", lambda is_on: look(is_mirrored=is_on))
        actions.on_switch("synced", lambda is_on: look(follows="synced" if is_on else "smooth"))

    def _choose_layers(self) -> None:
        names = [field.name for field in fields(Shows)]
        shows = Shows(**{name: self._actions[name].isChecked() for name in names})
        self._driver.look_otherwise(shows=shows)

    def _fit(self, size: tuple[int, int], part: Box | None) -> None:
        self._driver.look_otherwise(fit=size, part=part)
