"""Whatever a person changes can be undone: one history for all that a window holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from motionapp.gui.action_set import ActionSet
from motionapp.gui.history import History
from motionapp.gui.words import tr


class Changes:
    """Remembers changes of several things, and takes them back in the order they were made.

    Parameters
    ----------
    actions : ActionSet
        Its undo and redo do it, and say what.
    """

    def __init__(self, actions: ActionSet) -> None:
        self._actions = actions
        self._history: History[tuple[str, Any]] = History()
        self._put: dict[str, Callable[[Any], None]] = {}
        actions.on("undo", lambda: self._go(self._history.undo()))
        actions.on("redo", lambda: self._go(self._history.redo()))
        self._show()

    def of(self, what: str, put: Callable[[Any], None]) -> None:
        """Something that is changed: `put` makes it what it was."""
        self._put[what] = put

    def note(self, what: str, before: Any, after: Any, words: str, *, merges: str = "") -> None:
        """Something was changed by a person; see `History.note`."""
        self._history.note((what, before), (what, after), words, merges=merges)
        self._show()

    def amend(self, what: str, after: Any, to: Any) -> None:
        """What was changed last could not be; it is this instead."""
        self._history.amend((what, after), (what, to))
        self._show()

    def _go(self, to: tuple[str, Any] | None) -> None:
        if to is not None:
            what, value = to
            self._put[what](value)
        self._show()

    def _show(self) -> None:
        for key, name, words in (
            ("undo", tr("Undo"), self._history.to_undo),
            ("redo", tr("Redo"), self._history.to_redo),
        ):
            self._actions[key].setEnabled(bool(words))
            self._actions[key].setText(f"{name}: {words}" if words else name)
