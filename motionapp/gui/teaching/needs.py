"""What is still missing before takes can be trained on, and what would help most. No Qt.

Values, not words: the window has words of its own for them, in every language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from motionapp.core.event import UNKNOWN
from motionapp.gui.teaching.splitting import HeldOut, persons_in, taken

if TYPE_CHECKING:
    from motionapp.gui.teaching.takes import TakeSet

NOTHING: Final = UNKNOWN
"""What is no movement of the set: moving about, standing, reaching for the mouse."""
ENOUGH: Final = 8
"""Takes of a movement from which figures begin to mean something."""

Kind = Literal["movements", "take", "person", "more", "nothing", ""]


@dataclass(frozen=True, slots=True)
class Need:
    """What is missing."""

    kind: Kind = ""
    """``movements``: there are not two with takes; ``take``: a movement has one take only;
    ``person``: one person only does it; ``more``: a movement has fewer takes than `ENOUGH`;
    ``nothing``: there is none of what is no movement. Empty: all is there."""
    label: str = ""
    """The movement that it is about."""
    count: int = 0
    """How many takes of it there are."""

    @property
    def is_in_the_way(self) -> bool:
        """Whether nothing can be trained before."""
        return self.kind in ("movements", "take", "person")


def need_of(takes: TakeSet, held_out: HeldOut = "take") -> Need:
    """What is missing most: first what is in the way of training, then what would help."""
    listed = taken(takes)
    if len(listed) < 2:
        return Need("movements")
    for label in listed:
        if len(takes.of(label)) < 2:
            return Need("take", label, 1)
    if held_out == "person":
        for label in listed:
            if len(persons_in(takes.of(label))) < 2:
                return Need("person", label, len(takes.of(label)))
    least = min(takes.labels, key=lambda label: len(takes.of(label)))
    if len(takes.of(least)) < ENOUGH:
        return Need("more", least, len(takes.of(least)))
    return Need() if takes.of(NOTHING) else Need("nothing")
