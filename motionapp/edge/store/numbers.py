"""The highest number that events may have had, beside the database: none is ever given twice.

Others know events by their numbers. Were the database lost with all that is in it, a new one would
begin at 1 again, and `door-17` would be two.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

from motionapp.core.errors import OutputError
from motionapp.files.atomic import write_whole

FILE: Final = "motionapp.numbers"
AHEAD: Final = 1000
"""Of the newest event: a file is written once for so many, a kilobyte of wear each busy day."""
_MOST_DIGITS: Final = 15


class Mark:
    """Up to which number events may have been told of, in a file of the store's folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self.number = _read(self._path)

    def cover(self, number: int) -> None:
        """See that a number is covered before anybody hears of it."""
        if number <= self.number:
            return
        # On a full disk the event is worth more: its number is in the database, too.
        with contextlib.suppress(OutputError):
            write_whole(self._path, f"{number + AHEAD}\n")
            self.number = number + AHEAD


def _read(path: Path) -> int:
    """0 where there is none, or none that can be."""
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_DIGITS + 2).strip()
    except OSError:
        return 0
    return int(text) if text.isdigit() and len(text) <= _MOST_DIGITS else 0
