"""When a file of lines is put aside for a new one, and what becomes of those that were."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

STAMP = "%Y%m%dT%H%M%S"
"""By the clock of the machine: names in the order of time, until somebody sets it back."""
STAMPED = re.compile(r"\d{8}T\d{6}(-\d+)?")
"""What of a name is ours. Other programs put files aside too, as FILE.1 or FILE.DATETIME.gz."""


def local_now() -> datetime:
    """The time on the wall, in the machine's zone: a day ends at its midnight."""
    return datetime.now().astimezone()


@dataclass(frozen=True, slots=True)
class Rotation:
    """What was asked for."""

    most_bytes: int | None = None
    """A file that a line would make larger is put aside; None: however large."""
    is_daily: bool = False
    """... and one that was begun on another day."""
    keep: int | None = None
    """So many that were put aside stay, the newest; None: all."""
    now: Callable[[], datetime] = local_now

    def is_due(self, size: int, begun: datetime, more: int) -> bool:
        """Whether a file is to be put aside before `more` bytes are written into it.

        Parameters
        ----------
        size : int
            Bytes that it has; an empty one stays.
        begun : datetime
            When it was begun, with its zone.
        more : int
        """
        if not size:
            return False
        is_full = self.most_bytes is not None and size + more > self.most_bytes
        return is_full or (self.is_daily and self.now().date() != begun.date())

    def put_aside(self, path: Path) -> None:
        """Rename a file, and remove the oldest that were put aside before it.

        No name is taken twice, whatever the clock says. Raises `OSError` where it cannot be.
        """
        stamp = self.now().strftime(STAMP)
        aside = path.with_name(f"{path.name}.{stamp}")
        number = 1
        while aside.exists():
            number += 1
            aside = path.with_name(f"{path.name}.{stamp}-{number}")
        os.rename(path, aside)
        if self.keep is not None:
            # Whatever the clock said when it was written, none is newer than this one.
            others = [old for old in put_aside_before(path) if old != aside]
            for old in [*others, aside][: -self.keep or None]:
                with contextlib.suppress(OSError):
                    old.unlink()


def put_aside_before(path: Path) -> list[Path]:
    """What was put aside of a file, the oldest first: by when it was written last."""
    found = [
        other
        for other in path.parent.glob(f"{glob_safe(path.name)}.*")
        if STAMPED.fullmatch(other.name[len(path.name) + 1 :])
    ]
    return sorted(found, key=lambda other: (other.stat().st_mtime_ns, other.name))


def glob_safe(name: str) -> str:
    """A name in which no letter stands for others."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
