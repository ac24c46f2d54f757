"""What is held out to measure by: takes, or the people in them. No Qt.

Held out by take, a group is one take of every movement, so that a split never takes all that there
is of a movement, and a learning curve counts takes. Held out by person, a group is a person.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from motionapp.gui.teaching.takes import Take, TakeSet

HeldOut = Literal["take", "person"]
NOBODY: Final = "–"
"""Of a take that nobody was named for."""
FOLDS: Final = 3
"""Each trains a network, and all of them are to be ready in minutes."""


def groups_of(takes: TakeSet, held_out: HeldOut) -> dict[str, str]:
    """The fold group of each take, by its file; those of nobody in particular are held together:
    whose they are is not known."""
    if held_out == "person":
        return {one.file: one.person or NOBODY for one in takes.takes}
    counts = [len(takes.of(label)) for label in takes.labels if takes.of(label)]
    rounds = max(1, min(counts, default=1))
    seen: dict[str, int] = {}
    groups = {}
    for one in takes.takes:
        number = seen.get(one.label, 0)
        seen[one.label] = number + 1
        groups[one.file] = f"take {number % rounds + 1}"
    return groups


def protocol_of(takes: TakeSet, held_out: HeldOut) -> str:
    """How `motionapp train` splits: never so that all of a movement is held out."""
    groups = groups_of(takes, held_out)
    count = len(set(groups.values()))
    fewest = min(
        (len({groups[one.file] for one in takes.of(label)}) for label in taken(takes)), default=0
    )
    folds = min(FOLDS, count)
    if fewest <= math.ceil(count / folds):  # a fold might hold all of them
        folds = count
    return f"kfold:{folds}"


def can_hold_out_people(takes: TakeSet) -> bool:
    """Whether two people at least were named for every movement."""
    listed = taken(takes)
    return len(listed) >= 2 and all(len(persons_in(takes.of(label))) >= 2 for label in listed)


def taken(takes: TakeSet) -> list[str]:
    """The movements that there are takes of."""
    return [label for label in takes.labels if takes.of(label)]


def persons_in(takes: Sequence[Take]) -> set[str]:
    """Who is in them."""
    return {one.person for one in takes if one.person}
