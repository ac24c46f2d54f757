"""Stretches that a network named and should not have: lines of a data set for its next training.

In recordings that show none of its movements whatever it names is wrong. Learnt as `unknown`, that
is what teaches it most (hard negatives). Leaves the looking to the road.

References
----------
Felzenszwalb, Girshick, McAllester, Ramanan, "Object detection with discriminatively trained
part-based models", PAMI 32(9), 2010: training again on what was found where nothing is.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from motionapp.core.event import UNKNOWN
from motionapp.recognition.dataset import COLUMNS
from motionapp.recognition.stretch import END, START

MINED_COLUMNS: Final = (*COLUMNS, START, END, "named", "score")
"""Those of a data set, and two for who looks through it, which a training passes over."""


@dataclass(frozen=True, slots=True)
class FalseName:
    """What a network named in a stretch of a recording in which it should have named nothing."""

    start_s: float
    end_s: float
    """Seconds of the recording, after `start_s`."""
    named: str
    score: float
    """Mean probability of the name, 0 to 1."""

    @property
    def weight(self) -> float:
        """How much there is to unlearn: its seconds, each as much as the network was sure."""
        return (self.end_s - self.start_s) * self.score


@dataclass(frozen=True, slots=True)
class Mined:
    """A false name, and the recording that it stands in."""

    path: str
    """As a data set writes it."""
    fold_group: str
    false_name: FalseName


def worst_of(
    found: Iterable[FalseName], *, most: int, shortest_s: float = 0.0
) -> tuple[FalseName, ...]:
    """The false names of one recording that weigh most, heaviest first.

    Parameters
    ----------
    found : iterable of FalseName
        In any order. A line of a data set is a time and no body: those that overlap, of bodies
        beside one another, become one, with the name that weighs most of them.
    most : int
        So many are left, at most.
    shortest_s : float
        Shorter ones are left out: in less than the seconds between two looks, the middle of no
        clip need lie, and nothing would be learnt from them.
    """
    together: list[list[FalseName]] = []
    until_s = float("-inf")
    for one in sorted(found, key=lambda one: (one.start_s, one.end_s)):
        if one.start_s < until_s:
            together[-1].append(one)
        else:
            together.append([one])
        until_s = max(until_s, one.end_s)
    merged = map(_as_one, together)
    long_enough = [one for one in merged if one.end_s - one.start_s >= shortest_s]
    return tuple(heaviest_first(long_enough)[:most])


def heaviest_first(found: Iterable[FalseName]) -> list[FalseName]:
    """By weight; of equals, the earlier."""
    return sorted(found, key=lambda one: (-one.weight, one.start_s))


def _as_one(beside: Sequence[FalseName]) -> FalseName:
    heaviest = heaviest_first(beside)[0]
    end_s = max(one.end_s for one in beside)
    return FalseName(beside[0].start_s, end_s, heaviest.named, heaviest.score)


def mined_text(lines: Iterable[Mined]) -> str:
    """A data set's file of stretches that are `unknown`, heaviest first, as CSV with a first line
    that names the columns."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(MINED_COLUMNS)
    for line in sorted(lines, key=lambda line: (-line.false_name.weight, line.path)):
        one = line.false_name
        times = f"{one.start_s:.3f}", f"{one.end_s:.3f}"
        score = f"{one.score:.2f}"
        writer.writerow((line.path, UNKNOWN, line.fold_group, *times, one.named, score))
    return text.getvalue()
