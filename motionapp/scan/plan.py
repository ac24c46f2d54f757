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


def usual_places(unrest: Unrest, block: int) -> list[float]:
    """Two moments of a block as they are usual in it, one in each half of it.

    Who looks there sees whether what is usual is that nothing moves.
    """
    bounds = unrest.block_of(block)
    # Over the longest window: a place amid seconds that are like most others.
    row = np.abs(unrest.values[-1, bounds])
    if not len(row):
        return []
    middle = max(1, len(row) // 2)
    halves = [(0, row[:middle]), (middle, row[middle:])]
    return [(bounds.start + at + int(half.argmin())) * BIN_S for at, half in halves if len(half)]


def block_stretch(unrest: Unrest, block: int) -> Stretch:
    """The seconds of a block; the last one never ends."""
    bounds = unrest.block_of(block)
    is_last = block + 1 == unrest.blocks
    return Stretch(bounds.start * BIN_S, math.inf if is_last else bounds.stop * BIN_S)


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
