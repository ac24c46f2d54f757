"""Which stretches of a recording are looked at, read or skipped: pure rules over seconds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from motionapp.runtime.part import Part
from motionapp.scan.quiet import BIN_S, WINDOWS_S, Unrest

JOINED_S: Final = 1.0
"""Stretches so near to each other are one: a look at one costs more than what lies between."""


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """From a second of a recording up to another."""

    from_s: float
    to_s: float

    def is_within(self, other: Stretch) -> bool:
        """Whether all of it belongs to another one."""
        return other.from_s <= self.from_s and self.to_s <= other.to_s


def united(stretches: Iterable[Stretch], *, gap_s: float = 0.0) -> list[Stretch]:
    """The same seconds in as few stretches as there can be, in the order of time.

    Parameters
    ----------
    stretches : iterable of Stretch
    gap_s : float
        What is no farther apart becomes one, with what lies between.
    """
    found: list[Stretch] = []
    for each in sorted(stretches):
        if found and each.from_s <= found[-1].to_s + gap_s:
            found[-1] = Stretch(found[-1].from_s, max(found[-1].to_s, each.to_s))
        else:
            found.append(each)
    return found


def doubts(unrest: Unrest, threshold: float) -> list[Stretch]:
    """The stretches in which something stands out.

    Parameters
    ----------
    unrest : Unrest
    threshold : float
        From so many standard deviations on.

    Returns
    -------
    list of Stretch
        In the order of time, apart from each other.
    """
    found = []
    for row, window_s in zip(unrest.values, WINDOWS_S, strict=True):
        for number in np.flatnonzero(row >= threshold):
            middle_s = float(number) * BIN_S
            from_s = max(0.0, middle_s - window_s / 2)
            found.append(Stretch(from_s, min(middle_s + window_s / 2, unrest.duration_s)))
    return united(found, gap_s=JOINED_S)


def halves_of(unrest: Unrest, block: int) -> list[Stretch]:
    """The two halves of a block; the last one of a recording never ends."""
    bounds = unrest.block_of(block)
    middle = (bounds.start + bounds.stop) // 2
    is_last = block + 1 == unrest.blocks
    ends_s = math.inf if is_last else bounds.stop * BIN_S
    halves = [Stretch(bounds.start * BIN_S, middle * BIN_S), Stretch(middle * BIN_S, ends_s)]
    return [each for each in halves if each.to_s > each.from_s]


def quarters_of(unrest: Unrest, half: Stretch) -> list[Stretch]:
    """The two halves of half a block."""
    middle_s = (half.from_s + min(half.to_s, unrest.duration_s)) / 2
    return [Stretch(half.from_s, middle_s), Stretch(middle_s, half.to_s)]


def usual_place(unrest: Unrest, within: Stretch) -> float:
    """The moment in a stretch that is most like the middle of its block.

    Who looks there sees whether what is usual is that nothing moves.
    """
    # Over the longest window: a place amid seconds that are like most others.
    bins = _bins(unrest, within)
    return float(bins.start + int(np.abs(unrest.values[-1, bins]).argmin())) * BIN_S


def restless_place(unrest: Unrest, within: Stretch, known: Iterable[Stretch]) -> float | None:
    """The moment in a stretch that stands out most, away from what is known; None: there is none.

    Parameters
    ----------
    unrest : Unrest
    within : Stretch
    known : iterable of Stretch
    """
    bins = _bins(unrest, within)
    row = unrest.values[:, bins].max(axis=0).astype(np.float64)
    times_s = (bins.start + np.arange(len(row))) * BIN_S
    for each in known:
        is_near = (times_s >= each.from_s - WINDOWS_S[-1]) & (times_s <= each.to_s + WINDOWS_S[-1])
        row[is_near] = -np.inf
    place = int(row.argmax())
    return None if row[place] == -np.inf else float(times_s[place])


def _bins(unrest: Unrest, within: Stretch) -> slice:
    count = unrest.values.shape[1]
    first = min(round(within.from_s / BIN_S), count - 1)
    last = count if within.to_s == math.inf else round(within.to_s / BIN_S)
    return slice(first, max(first + 1, last))


def parts_of(stretches: Iterable[Stretch], *, lead_s: float) -> list[Part]:
    """What is read so that all that happens in some stretches is found.

    Parameters
    ----------
    stretches : iterable of Stretch
    lead_s : float
        So much is read before each; those that are no farther apart are read in one go.

    Returns
    -------
    list of Part
        In the order of time.
    """
    return [Part(each.from_s, each.to_s) for each in united(stretches, gap_s=lead_s)]


def skipped(read: Sequence[Stretch], duration_s: float) -> list[Stretch]:
    """What lies between stretches that were read, within a recording of so many seconds."""
    found, at_s = [], 0.0
    for each in united(read):
        if each.from_s > at_s:
            found.append(Stretch(at_s, min(each.from_s, duration_s)))
        at_s = max(at_s, each.to_s)
    if at_s < duration_s:
        found.append(Stretch(at_s, duration_s))
    return [each for each in found if each.to_s > each.from_s]
