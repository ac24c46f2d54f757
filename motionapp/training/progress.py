"""What a training says while it runs; who shows it, and how, is not its business."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Listens to a long job. Called from several threads."""

    def say(self, line: str) -> None:
        """A sentence worth keeping: a warning, a figure."""
        ...

    def advance(self, stage: str, done: int, total: int, said: str = "") -> None:
        """`done` of `total` steps of a stage are behind us; `said` is how it goes."""
        ...


class Silent:
    """Listens to nothing."""

    def say(self, line: str) -> None:
        """Ignore the line."""

    def advance(self, stage: str, done: int, total: int, said: str = "") -> None:
        """Ignore the step."""
