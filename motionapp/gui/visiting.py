"""What a person does with an event of the list: go there, play it once, or again and again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QAction

from motionapp.gui.action_set import ActionSet
from motionapp.gui.event_list import EventList, stretch_of
from motionapp.gui.play.wish import LEAD_IN_S
from motionapp.gui.transport import Transport

VISITS: Final = ("go to event", "play event", "loop event")
SAID: Final = ("confirm", "reject", "rename", "take out")


class Visiting(QObject):
    """Lets playback follow what is chosen in the list.

    Parameters
    ----------
    listed : EventList
        Its context menu is filled.
    actions : ActionSet
    transport : Transport
    parent : QObject
    """

    def __init__(
        self, listed: EventList, actions: ActionSet, transport: Transport, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._list, self._actions = listed, actions
        listed.go_asked.connect(lambda from_s, _: transport.seek(from_s - LEAD_IN_S))
        listed.play_asked.connect(transport.play_stretch)
        for key, do in (
            ("go to event", lambda from_s, _: transport.seek(from_s - LEAD_IN_S)),
            ("play event", transport.play_stretch),
            ("loop event", transport.loop_stretch),
        ):
            actions.on(key, self._with_chosen(do))
        line = QAction(listed)
        line.setSeparator(True)
        listed.addActions(
            [*(actions[key] for key in VISITS), line, *(actions[key] for key in SAID)]
        )
        self._transport = transport
        listed.current_changed.connect(self._enable)
        self._enable()

    def _with_chosen(self, do: Callable[[float, float], object]) -> Callable[[], None]:
        def doing() -> None:
            index = self._list.currentIndex()
            if index.isValid():
                do(*stretch_of(index))

        return doing

    def _enable(self) -> None:
        """Of a camera nothing can be gone back to."""
        can_go = self._transport.has_places and self._list.currentIndex().isValid()
        for key in VISITS:
            self._actions[key].setEnabled(can_go)
