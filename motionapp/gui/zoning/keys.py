"""Zones by the keyboard: arrows steer a cross that sets corners, and move what is chosen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QListWidget

from motionapp.gui.picture import PictureView
from motionapp.gui.zoning.sketch import Sketch
from motionapp.gui.zoning.tool import ZoneTool

STEP: Final = 0.01
"""Of the picture, for each press of an arrow; a key that stays down crosses it in three seconds."""
ARROWS: Final = {
    Qt.Key.Key_Left: (-STEP, 0.0),
    Qt.Key.Key_Right: (STEP, 0.0),
    Qt.Key.Key_Up: (0.0, -STEP),
    Qt.Key.Key_Down: (0.0, STEP),
}
ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
KEYPAD, ALT = Qt.KeyboardModifier.KeypadModifier, Qt.KeyboardModifier.AltModifier
ALT_SHIFT: Final = ALT | Qt.KeyboardModifier.ShiftModifier


class ZoneKeys(QObject):
    """Hears keys before picture and list do.

    While something is drawn, on the picture: arrows, Space, Backspace and Enter. Else, on both: Alt
    and an arrow move the chosen zone, with Shift they make it larger or smaller.

    Parameters
    ----------
    tool : ZoneTool
    sketch : Sketch
        What the tool draws.
    view : PictureView
    listed : QListWidget
        Of zones.
    nudged : callable
        Called when the chosen zone was moved.
    parent : QObject
    """

    def __init__(
        self,
        tool: ZoneTool,
        sketch: Sketch,
        view: PictureView,
        listed: QListWidget,
        *,
        nudged: Callable[[], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._tool, self._sketch, self._nudged = tool, sketch, nudged
        self._view, self._listed = view, listed
        for watched in (view, listed):
            watched.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """True: it has been dealt with. A double click ends what is being drawn, too."""
        if event is None:
            return False
        if event.type() == QEvent.Type.MouseButtonDblClick:
            return watched is self._view and self._tool.finish()
        is_asked = event.type() == QEvent.Type.ShortcutOverride  # whose a key is
        if not isinstance(event, QKeyEvent) or not (
            is_asked or event.type() == QEvent.Type.KeyPress
        ):
            return False
        do = self._drawn(event) if watched is self._view else None
        do = do or self._moved(event)
        if do is None:
            return False
        if not is_asked:
            do()
        event.accept()
        return True

    def _drawn(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What a key does to what is being drawn."""
        key, modifiers = event.key(), event.modifiers() & ~KEYPAD
        sight = self._view.sight
        if not self._sketch.is_drawing or sight is None or modifiers:
            return None
        if key in ARROWS:
            dx, dy = ARROWS[Qt.Key(key)]
            return partial(self._tool.steer, -dx if sight.is_mirrored else dx, dy)
        if key == Qt.Key.Key_Space:
            return partial(self._tool.set_corner, sight)
        if key == Qt.Key.Key_Backspace:
            return self._tool.take_back
        return self._tool.finish if key in ENTER else None

    def _moved(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What a key does to the chosen zone."""
        key, modifiers, sketch = event.key(), event.modifiers() & ~KEYPAD, self._sketch
        is_edited = not sketch.is_drawing and sketch.chosen is not None and self._listed.isVisible()
        if not is_edited or key not in ARROWS or modifiers not in (ALT, ALT_SHIFT):
            return None
        dx, dy = ARROWS[Qt.Key(key)]
        if modifiers == ALT_SHIFT:
            return lambda: sketch.grow(dx, dy) and self._nudged()
        sight = self._view.sight
        by = -dx if sight is not None and sight.is_mirrored else dx
        return lambda: sketch.shift(by, dy) and self._nudged()
