"""How widgets behave everywhere in the window.

Keys belong to what has the focus, though the window has an action by the same key: a button is
pressed by Space, a slider moved by arrows. The wheel changes nothing that has no focus: who scrolls
past a choice does not choose.
"""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtGui import QKeyEvent, QWheelEvent
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QScrollBar,
    QWidget,
)

_K = Qt.Key
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
_ENTER = frozenset({_K.Key_Return, _K.Key_Enter})
_PRESS = _ENTER | {_K.Key_Space}
_MOVE = frozenset({
    _K.Key_Left, _K.Key_Right, _K.Key_Up, _K.Key_Down, _K.Key_Home, _K.Key_End,
    _K.Key_PageUp, _K.Key_PageDown,
})  # fmt: skip

OWN: tuple[tuple[type[QWidget], frozenset[Qt.Key]], ...] = (
    (QAbstractButton, _PRESS),
    (QAbstractSlider, _MOVE),
    (QAbstractSpinBox, _MOVE),
    (QComboBox, _MOVE | _PRESS),
    (QAbstractItemView, _MOVE | _ENTER),
)
"""What keeps which keys. Space is no list's: whoever has clicked an event pauses by it, too."""


class Manners(QObject):
    """Installed on the application: sees every event before the widget that it is for."""

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """True: the event has been dealt with."""
        if not isinstance(watched, QWidget) or event is None:
            return False
        if isinstance(event, QWheelEvent):
            return _is_passed_over(watched, event)
        if not isinstance(event, QKeyEvent) or event.modifiers() not in _PLAIN:
            return False
        if event.type() == QEvent.Type.ShortcutOverride and _is_own(watched, event):
            event.accept()  # Qt asks whose a key is before it is an action's
            return True
        is_return = event.key() in _ENTER
        is_pressed = event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat()
        if is_return and is_pressed and isinstance(watched, QAbstractButton):
            watched.click()  # Qt's own buttons know Space alone
            return True
        return False


def install(app: QApplication) -> None:
    """Let all widgets of an application have these manners."""
    app.installEventFilter(Manners(app))


def _is_own(widget: QWidget, event: QKeyEvent) -> bool:
    own = (keys for kind, keys in OWN if isinstance(widget, kind))
    return any(event.key() in keys for keys in own)


def _is_passed_over(widget: QWidget, event: QWheelEvent) -> bool:
    """Whether the wheel turns over an input that nobody has chosen; what lies below scrolls."""
    is_input = isinstance(widget, (QComboBox, QAbstractSlider, QAbstractSpinBox))
    if not is_input or isinstance(widget, QScrollBar) or widget.hasFocus():
        return False
    event.ignore()
    return True
