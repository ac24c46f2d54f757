"""Recordings of different groups that show the same: what is learnt from one is measured on the
other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.training.inspection.likeness import likeness
from motionapp.training.inspection.moving import Movement
from motionapp.training.progress import Progress

SAME: Final = 0.645
"""From here on, two recordings are the same: in the middle between the two that
`benchmarks/near_equal.py` measures. All 2100 pairs of different people of `weizmann_full`, who do
the same before the same wall, and their mirror images, come to 0.580 at most. Ten of its recordings
and copies of half or 1.7 times the size, at a constant rate factor of 35, at 15 pictures a second,
as MPEG-4 at 100 kbit/s, mirrored, paler, or without their first quarter come to 0.712 at least; a
copy that is small, coarse and of few pictures at once may be missed."""
WORTH_A_LOOK: Final = 0.5
"""Likeness of the coarse movements below which the fine ones are not compared. Of the copies above
none was below 0.63."""
MOST_COMPARED: Final = 3000
"""Recordings, evenly taken: their 9 million comparisons take half an hour of a core (clips of
2.5 s: 0.12 ms for the coarse movements, 0.9 ms for the fine ones of one pair in twenty)."""


@dataclass(frozen=True, slots=True)
class Leak:
    """Two recordings that show the same."""

    one: int
    other: int
    """Their places."""
    likeness: float
    is_mirrored: bool


def leaks_among(
    movements: Sequence[Movement | None], groups: Sequence[str], progress: Progress
) -> list[Leak]:
    """The pairs of different groups that show the same, the most alike first.

    Parameters
    ----------
    movements : sequence of Movement or None
        None where there is nothing to compare.
    groups : sequence of str
        Of the same length.
    progress : Progress
    """
    places = compared(movements)
    pairs = [pair for pair in combinations(places, 2) if groups[pair[0]] != groups[pair[1]]]
    coarse = {place: _coarse(movements[place]) for place in places}
    found = []
    for done, (one, other) in enumerate(pairs, 1):
        for is_mirrored in (False, True):
            shown = coarse[other][:, :, ::-1] if is_mirrored else coarse[other]
            if likeness(coarse[one], shown) < WORTH_A_LOOK:
                continue
            value = _closely(movements[one], movements[other], is_mirrored=is_mirrored)
            if value >= SAME:
                found.append(Leak(one, other, value, is_mirrored))
        progress.advance("comparing movements", done, len(pairs))
    return sorted(_best_of_pairs(found), key=lambda leak: -leak.likeness)


def compared(movements: Sequence[Movement | None]) -> list[int]:
    """The places of the recordings that are compared."""
    places = [place for place, one in enumerate(movements) if one is not None and one.is_telling]
    return places[:: -(-len(places) // MOST_COMPARED) or 1]


def _coarse(movement: Movement | None) -> NDArray[np.float32]:
    assert movement is not None
    return movement.coarse.astype(np.float32)


def _closely(one: Movement | None, other: Movement | None, *, is_mirrored: bool) -> float:
    assert one is not None
    assert other is not None
    shown = other.fine()
    return likeness(one.fine(), shown[:, :, ::-1] if is_mirrored else shown)


def _best_of_pairs(leaks: Sequence[Leak]) -> Iterator[Leak]:
    """One of each pair: what is symmetric is its own mirror image."""
    best: dict[tuple[int, int], Leak] = {}
    for leak in leaks:
        before = best.get((leak.one, leak.other), leak)
        best[leak.one, leak.other] = max(before, leak, key=lambda one: one.likeness)
    return iter(best.values())
