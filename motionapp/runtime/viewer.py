"""Who looks on while a source plays: each new picture, with what was found last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from motionapp.core.frame import Frame
from motionapp.core.moment import Moment
from motionapp.runtime.mailbox import Mailbox


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A picture and what had been found by the time it was taken."""

    frame: Frame
    moment: Moment | None
    """The newest of the first road: usually of an earlier frame; None before the first."""


class Onlooker(Protocol):
    """Is shown every picture as it comes, and must not wait."""

    @property
    def stage(self) -> str:
        """What it is called where drops are told."""
        ...

    @property
    def dropped(self) -> int:
        """Pictures that it could not take so far; from any thread."""
        ...

    def show(self, frame: Frame) -> None:
        """Called by the capture thread."""
        ...

    def note(self, moment: Moment) -> None:
        """Called by the first road's thread, before its sinks."""
        ...

    def close(self) -> None:
        """No more will come; safe to call twice."""
        ...


class Viewer:
    """Looks on: gets the newest picture each time it asks, and never holds anybody up."""

    stage = "view"

    def __init__(self) -> None:
        self._frames: Mailbox[Frame] = Mailbox()
        self._latest: Moment | None = None

    def __iter__(self) -> Iterator[View]:
        """Wait for pictures until the pipeline ends."""
        for frame in self._frames:
            yield View(frame, self._latest)

    @property
    def latest(self) -> Moment | None:
        """The newest moment of the first road that belongs to a picture."""
        return self._latest

    @property
    def dropped(self) -> int:
        """Pictures that were replaced before the viewer looked."""
        return self._frames.dropped

    def show(self, frame: Frame) -> None:
        """Called by the capture thread."""
        self._frames.put(frame)

    def note(self, moment: Moment) -> None:
        """Called by the first road's thread."""
        # The last one closes what is open: what its last picture shows is still there to be seen.
        if moment.frame is not None:
            self._latest = moment

    def close(self) -> None:
        """No more pictures will come."""
        self._frames.close()
