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
class Cut:
    """A clip as it was cut."""

    name: str
    start_s: float
    """The second of the recording that its first picture shows."""


class Cutter(Protocol):
    """Cuts one clip after the other."""

    def cut(
        self, from_s: float, to_s: float, stamps: StampLedger, place: Callable[[str], Path]
    ) -> Cut:
        """Cut ``[from_s, to_s)`` into the file that `place` gives for an extension.

        Raises
        ------
        CannotCut
            The recording does not allow it.
        OSError
            The clip cannot be written.
        """
        ...

    def close(self) -> None:
        """Let go of the recording; safe to call twice."""
        ...
