"""Stretches that a network named and should not have: lines of a data set for its next training.

In recordings that show none of its movements whatever it names is wrong. Learnt as `unknown`, that
is what teaches it most (hard negatives). Leaves the looking to the road.

References
----------
Felzenszwalb, Girshick, McAllester, Ramanan, "Object detection with discriminatively trained
part-based models", PAMI 32(9), 2010: training again on what was found where nothing is.

Everingham, Van Gool, Williams, Winn, Zisserman, "The PASCAL Visual Object Classes (VOC)
challenge", IJCV 88(2), 2010: boxes of which more than half is common are of one thing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from motionapp.core.event import UNKNOWN
from motionapp.core.geometry import Box, union_of
from motionapp.recognition.dataset import COLUMNS
from motionapp.recognition.stretch import END, START
from motionapp.recognition.subject import EDGES

MINED_COLUMNS: Final = (*COLUMNS, START, END, *EDGES, "named", "score")
"""Those of a data set, and two for who looks through it, which a training passes over."""

SAME_PLACE: Final = 0.5
"""Intersection over union, as PASCAL VOC has it. A body's box is round all the way that it went: in
a busy street nearly all boxes touch (`vtest`: one stretch of 80 s and the whole picture)."""


@dataclass(frozen=True, slots=True)
class FalseName:
    """What a network named a body for a while, where it should have named nothing."""

    start_s: float
    end_s: float
    """Seconds of the recording, after `start_s`."""
    named: str
    score: float
    """Mean probability of the name, 0 to 1."""
    box: Box
    """Where the body was, in full-frame display pixels."""

    def meets(self, other: FalseName) -> bool:
        """Whether both may be of one body: at one time, and in boxes that are mostly the same."""
        is_meanwhile = self.start_s < other.end_s and other.start_s < self.end_s
        return is_meanwhile and self.box.iou(other.box) > SAME_PLACE

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
        In any order. Those that overlap in time, and of which the boxes do for the most part, may
        be of one body, which would be learnt from twice: they become one, with a box round all of
        theirs and the name that weighs most of them.
    most : int
        So many are left, at most.
    shortest_s : float
        Shorter ones are left out: in less than the seconds between two looks, the middle of no
        clip need lie, and nothing would be learnt from them.
    """
    merged = _merged(found)
    long_enough = [one for one in merged if one.end_s - one.start_s >= shortest_s]
    return tuple(heaviest_first(long_enough)[:most])


def heaviest_first(found: Iterable[FalseName]) -> list[FalseName]:
    """By weight; of equals, the earlier."""
    return sorted(found, key=lambda one: (-one.weight, one.start_s))


def _merged(found: Iterable[FalseName]) -> list[FalseName]:
    """Those that meet, directly or by others between, as one."""
    over: list[FalseName] = []
    together: list[list[FalseName]] = []
    for one in sorted(found, key=lambda one: (one.start_s, one.end_s)):
        met, apart = [one], []
        for beside in together:
            # Whoever has ended meets none of those that are left: all of them, compared with each
            # of a day's recording, took ten seconds for 4000 names.
            if all(each.end_s <= one.start_s for each in beside):
                over.append(_as_one(beside))
            elif any(one.meets(each) for each in beside):
                met += beside
            else:
                apart.append(beside)
        together = [*apart, met]
    return over + [_as_one(beside) for beside in together]


def _as_one(beside: Sequence[FalseName]) -> FalseName:
    heaviest = heaviest_first(beside)[0]
    return FalseName(
        min(one.start_s for one in beside),
        max(one.end_s for one in beside),
        heaviest.named,
        heaviest.score,
        union_of(one.box for one in beside),
    )


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
        writer.writerow((line.path, UNKNOWN, line.fold_group, *times, *one.box, one.named, score))
    return text.getvalue()
