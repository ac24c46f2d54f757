"""What was changed, to be undone and done again: values, the newest last. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Generic, TypeVar

T = TypeVar("T")

MOST_STEPS: Final = 500
"""The oldest cannot be undone any more."""


@dataclass(frozen=True, slots=True)
class _Step(Generic[T]):
    before: T
    after: T
    words: str
    merges: str


class History(Generic[T]):
    """Remembers what a value was before each change.

    Changes that follow each other and are about the same, as while a slider is drawn, are one.
    """

    def __init__(self) -> None:
        self._done: list[_Step[T]] = []
        self._undone: list[_Step[T]] = []

    def note(self, before: T, after: T, words: str, *, merges: str = "") -> None:
        """A change was made.

        Parameters
        ----------
        before, after : T
        words : str
            What it was, for people: what would be undone.
        merges : str
            Changes with the same one become a single step; empty: never.
        """
        if before == after:
            return
        self._undone.clear()
        if merges and self._done and self._done[-1].merges == merges:
            before = self._done.pop().before
            if before == after:  # drawn to and fro
                return
        self._done.append(_Step(before, after, words, merges))
        del self._done[:-MOST_STEPS]

    def amend(self, after: T, to: T) -> None:
        """The newest change, if it led to `after`, came to something else, or to nothing."""
        if not self._done or self._done[-1].after != after:
            return
        last = self._done.pop()
        if last.before != to:
            self._done.append(_Step(last.before, to, last.words, last.merges))

    def pause(self) -> None:
        """What comes next is a step of its own, whatever it is about."""
        if self._done and self._done[-1].merges:
            last = self._done[-1]
            self._done[-1] = _Step(last.before, last.after, last.words, "")

    def undo(self) -> T | None:
        """The value before the newest change; None where there is none."""
        if not self._done:
            return None
        step = self._done.pop()
        self._undone.append(step)
        return step.before

    def redo(self) -> T | None:
        """The value after the change that was undone last; None where there is none."""
        if not self._undone:
            return None
        step = self._undone.pop()
        self._done.append(step)
        return step.after

    @property
    def to_undo(self) -> str:
        """What would be undone; empty where nothing would."""
        return self._done[-1].words if self._done else ""

    @property
    def to_redo(self) -> str:
        """What would be done again; empty where nothing would."""
        return self._undone[-1].words if self._undone else ""
