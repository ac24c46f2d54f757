"""A button that does something for as long as it is held, by the pointer or by the space bar."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QPushButton, QWidget


class HoldButton(QPushButton):
    """Tells when it is taken hold of, and when it is let go of, however that comes about."""

    held = pyqtSignal(bool)

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._is_held = False
        self.pressed.connect(lambda: self._hold(True))
        self.released.connect(lambda: self._hold(False))

    @property
    def is_held(self) -> bool:
        """Whether somebody holds it."""
        return self._is_held

    def hear_space_of(self, widget: QWidget) -> None:
        """Be held by the space bar, too, while another widget has the focus."""
        widget.installEventFilter(self)

    def changeEvent(self, event: QEvent | None) -> None:
        """One that cannot be used any more is let go of."""
        super().changeEvent(event)
        if not self.isEnabled():
            self._let_go()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """The space bar of another widget; True: it has been dealt with."""
        if event is None:
            return False
        if event.type() == QEvent.Type.FocusOut:
            self._let_go()
        if not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_Space:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # else it would pause
            return True
        if event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat() and self.isEnabled():
            self.setDown(True)
            self._hold(True)
        elif event.type() == QEvent.Type.KeyRelease and not event.isAutoRepeat():
            self._let_go()
        return event.type() in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)

    def _let_go(self) -> None:
        if self._is_held:
            self.setDown(False)
            self._hold(False)

    def _hold(self, is_held: bool) -> None:
        if is_held != self._is_held:
            self._is_held = is_held
            self.held.emit(is_held)
