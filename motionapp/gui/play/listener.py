"""Who is told what happens while something plays. No Qt: the window's bridge is in `player`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from motionapp.core.cover import NO_COVER, Cover
from motionapp.core.moment import Moment
from motionapp.core.seams import SourceInfo
from motionapp.gui.play.canvas import Shown
from motionapp.gui.play.glimpses import EventPictures, Glimpses
from motionapp.gui.play.warmth import Warmth
from motionapp.gui.play.wish import Wish
from motionapp.sources import CameraInfo


@dataclass(frozen=True, slots=True, eq=False)
class Happening:
    """A moment, and of what it is one."""

    moment: Moment
    road: int = 0
    """Whose: of several settings on the same pictures, 0 is what the window shows."""
    began_s: float = 0.0
    """Where in the recording playing began."""
    pictures: tuple[EventPictures, ...] = ()
    """Of the moment's events; the window's own road alone takes some."""
    cover: Cover = NO_COVER
    """What is covered in these pictures."""


class Listener(Protocol):
    """Is called on other threads than Qt's, and must not wait."""

    def opened(self, wish: Wish, info: SourceInfo) -> None:
        """A source is about to play."""
        ...

    def pictured(self, picture: Shown, *, road: int = 0) -> None:
        """A picture is ready, with what a road has found on it; an earlier one of that road that
        was not painted yet may be forgotten."""
        ...

    def happened(self, happening: Happening) -> None:
        """A moment; none is left out."""
        ...

    def refused(self, wish: Wish) -> None:
        """The opening of this number cannot be as it was wished for; `failed` says why. This stays
        in force."""
        ...

    def noted(self, line: str) -> None:
        """A line worth knowing; empty: the last one no longer holds."""
        ...

    def failed(self, sentence: str) -> None:
        """Something that was wished for cannot be, or what played has failed."""
        ...

    def recorded(self, written: str, trouble: str) -> None:
        """A recording is finished; of the file and what went wrong, one is empty as a rule."""
        ...

    def stood(self) -> None:
        """A recording was paused where it was to be."""
        ...

    def ended(self) -> None:
        """The recording has ended and does not loop."""
        ...

    def cameras_found(self, cameras: tuple[CameraInfo, ...]) -> None:
        """What cameras there are."""
        ...


class TellingSink:
    """Hands the moments of a road to a listener; has nothing to publish."""

    def __init__(self, listener: Listener, *, road: int = 0, began_s: float = 0.0) -> None:
        self._listener, self._road, self._began_s = listener, road, began_s
        self._glimpses = None if road else Glimpses()
        self.warmth = Warmth(began_s)
        self.latest: Moment | None = None
        """The newest that belongs to a picture."""

    def accept(self, moment: Moment) -> None:
        """Tell."""
        self.warmth.note(moment)
        if moment.frame is not None:
            self.latest = moment
        pictures = () if self._glimpses is None else self._glimpses.note(moment)
        last = None if self.latest is None else self.latest.frame
        cover = NO_COVER if last is None else last.epoch.cover
        self._listener.happened(Happening(moment, self._road, self._began_s, pictures, cover))

    def close(self) -> None:
        """Everything has been told."""

    def abandon(self) -> None:
        """What was told stays told."""
