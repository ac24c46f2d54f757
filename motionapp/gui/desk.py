"""What those who work in a window share: what is wished for, what is seen, and whom to tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from motionapp.gui.play.wish import Wish


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """The window, as far as its workers know it."""

    wish: Callable[[], Wish]
    """What has been asked for so far."""
    want: Callable[[Wish], None]
    """Ask for something else."""
    shown_s: Callable[[], float]
    """The time of the picture that is seen; 0 before the first."""
    source: Callable[[], str]
    """What is seen, which may not yet be what has been asked for; empty before the first."""
    failed: Callable[[str], None]
    """Say why something cannot be."""
    say: Callable[[str], None]
    """A line that lasts until another; empty: it is over."""
