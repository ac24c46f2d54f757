"""What the window has to say: what went wrong, and what lasts, by what it is about. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

MOST_ERRORS: Final = 20
"""The oldest are forgotten: a source that fails each second says so once."""


class Topic(StrEnum):
    """What a lasting line is about. Each has one; a new one takes the place of the last."""

    NAMING = "naming"
    """Why nothing is named, say."""
    SOURCE = "source"
    """How the source is: damaged, lost, taken up again."""
    PLAYING = "playing"
    """That it has ended, or that it warms up."""
    RECORDING = "recording"
    """That something is being recorded, or will be when an event begins."""
    WRITING = "writing"
    """What is being written, or was written last."""


@dataclass(frozen=True, slots=True)
class Notices:
    """Errors until they are dismissed, and a line for each topic as long as it holds."""

    errors: tuple[str, ...] = ()
    """The newest last."""
    lines: tuple[tuple[Topic, str], ...] = ()

    def failed(self, sentence: str) -> Notices:
        """Something cannot be done; the same again is no news."""
        others = tuple(one for one in self.errors if one != sentence)
        return replace(self, errors=(*others, sentence)[-MOST_ERRORS:])

    def dismissed(self) -> Notices:
        """The newest error has been read."""
        return replace(self, errors=self.errors[:-1])

    def mended(self) -> Notices:
        """What was wished for has come about: what went wrong before is past."""
        return replace(self, errors=())

    def noted(self, topic: Topic, line: str) -> Notices:
        """A line that lasts until another about the same; empty: it no longer holds."""
        others = tuple(one for one in self.lines if one[0] != topic)
        return replace(self, lines=(*others, (topic, line)) if line else others)

    @property
    def error(self) -> str:
        """The newest that nobody has read; empty where there is none."""
        return self.errors[-1] if self.errors else ""

    def line(self, topic: Topic) -> str:
        """What lasts of a topic; empty where nothing does."""
        return next((text for about, text in self.lines if about == topic), "")
