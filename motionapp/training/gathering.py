"""Comes by the windows of many things of one kind: those that are kept, and the others cut now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from motionapp.core.representation import Representation
from motionapp.training.kept import KeptWindows, Shown
from motionapp.training.progress import Progress
from motionapp.training.windows import Cut, Windows, stack
from motionapp.training.workers import each_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Gathering(Generic[T]):
    """How the windows of things of one kind are come by."""

    kind: str
    """What they are called where they are counted."""
    cut: Callable[[T], Cut]
    """Cuts those of a thing; can be pickled, since it is done in several processes."""
    shown: Callable[[T], Shown | None]
    """What decides the windows of a thing; None where that cannot be told."""
    representation: Representation
    kept: KeptWindows | None = None

    def of(self, things: Sequence[T], progress: Progress, *, stage: str) -> Windows:
        """The windows of `things`."""
        return stack(self.cuts(things, progress, stage=stage), self.representation)

    def cuts(self, things: Sequence[T], progress: Progress, *, stage: str) -> Iterator[Cut]:
        """The windows of each of `things`, one after the other."""
        return _counted(self._cuts(things), len(things), progress, stage)

    def _cuts(self, things: Sequence[T]) -> Iterator[Cut]:
        if self.kept is None:
            yield from each_of(self.cut, things)
            return
        before = [self.shown(thing) for thing in things]
        found = [self.kept.find(shown, kind=self.kind) for shown in before]
        missing = [thing for thing, one in zip(things, found, strict=True) if one is None]
        fresh = each_of(self.cut, missing)
        for thing, shown, one in zip(things, before, found, strict=True):
            if one is None:
                one = next(fresh)
                # Else it changed meanwhile, and nobody knows which of the two was cut.
                if shown is not None and not one.failed and self.shown(thing) == shown:
                    self.kept.keep(shown, one)
            yield one


def _counted(parts: Iterable[Cut], total: int, progress: Progress, stage: str) -> Iterator[Cut]:
    for done, part in enumerate(parts, 1):
        progress.advance(stage, done, total)
        yield part
