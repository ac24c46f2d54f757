"""What cuts clips: the seam between the sink that knows the events and those that write files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from motionapp.sinks.stamps import StampLedger


class CannotCut(Exception):
    """Why a clip cannot be cut, in words that follow "the clip of all@1200 is missing: "."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a clip is to hold, in seconds of the recording."""

    from_s: float
    to_s: float
    """With the padding before and after: as far as the recording allows it."""
    start_s: float
    end_s: float
    """The event itself, without which it is no clip of it."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A clip as it was cut."""

    name: str
    start_s: float
    """The second of the recording that its first picture shows."""
    note: str = ""
    """What had to be done otherwise than asked, in words that follow "the clip of all@1200: "."""


class Cutter(Protocol):
    """Cuts one clip after the other."""

    def cut(self, wanted: Wanted, stamps: StampLedger, place: Callable[[str], Path]) -> Cut:
        """Cut a clip into the file that `place` gives for an extension.

        Raises
        ------
        CannotCut
            The recording does not allow it; nothing is left of the file.
        OSError
            The clip cannot be written.
        """
        ...

    def close(self) -> None:
        """Let go of the recording; safe to call twice."""
        ...
