"""Part of a recording that has a label of its own: from when to when, as a data set says it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.core.errors import DataSetError
from motionapp.core.geometry import Box

START: Final = "start_s"
END: Final = "end_s"

MOST_OF_IT: Final = 0.75
"""So much of a clip lies within the stretch whose label it carries. Half of it would let a clip
show as much of what is beside."""

_ROUNDING_S: Final = 1e-6


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """From when to when, in seconds of the recording."""

    start_s: float = 0.0
    end_s: float = math.inf

    @property
    def is_whole(self) -> bool:
        """Whether it is all of a recording, however long that is."""
        return self == WHOLE

    def holds(self, times_s: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which clips carry its label: their middle and most of them lies within.

        Of a stretch that is shorter than a clip, most of the stretch has to be in the clip.

        Parameters
        ----------
        times_s : array of float64
            When each clip begins and ends, shape (clips, 2).
        """
        if self.is_whole:
            return np.ones(len(times_s), np.bool_)
        begin, end = times_s[:, 0], times_s[:, 1]
        middle = (begin + end) / 2
        inside = np.minimum(end, self.end_s) - np.maximum(begin, self.start_s)
        wanted = MOST_OF_IT * np.minimum(end - begin, self.end_s - self.start_s)
        is_middle = (self.start_s <= middle) & (middle <= self.end_s)
        held: NDArray[np.bool_] = is_middle & (inside >= wanted - _ROUNDING_S)
        return held

    def __str__(self) -> str:
        if math.isinf(self.end_s):
            return "all of it" if self.is_whole else f"from {self.start_s:g} s"
        return f"{self.start_s:g} to {self.end_s:g} s"


WHOLE: Final = Stretch()


def read_stretch(row: Mapping[str, str | None]) -> Stretch:
    """The stretch of a data set's line; a column that is empty or not there leaves it open.

    Raises
    ------
    DataSetError
        It is no stretch; says why, without the place.
    """
    start_s = _seconds(row, START, usual=WHOLE.start_s)
    end_s = _seconds(row, END, usual=WHOLE.end_s)
    if end_s == start_s:
        raise DataSetError(f"the stretch ends where it begins, at {start_s:g} s")
    if end_s < start_s:
        raise DataSetError(f"the stretch ends at {end_s:g} s, before it begins at {start_s:g} s")
    return Stretch(start_s, end_s)


def _seconds(row: Mapping[str, str | None], column: str, *, usual: float) -> float:
    text = (row.get(column) or "").strip()
    if not text:
        return usual
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise DataSetError(f"the column {column} holds {text!r}, which is no number of seconds")
    if value < 0:
        raise DataSetError(f"the column {column} is {text}, and a recording begins at 0")
    return value


@dataclass(frozen=True, slots=True)
class Claim:
    """What a line of a data set says of a stretch of some recording."""

    stretch: Stretch
    label: str
    line: int
    box: Box | None = None
    """Of the body that it is about; None for the largest."""

    def may_be_about(self, other: Claim) -> bool:
        """Whether both may be about one body: the largest may be in any box."""
        if self.box is None or other.box is None:
            return True
        return self.box.intersection(other.box) > 0


def overlapping(claims: Iterable[Claim]) -> tuple[Claim, Claim] | None:
    """Two claims that give one moment of a body different labels, by line; None if none do."""
    longest: dict[tuple[str, Box | None], Claim] = {}
    for claim in sorted(claims, key=lambda claim: claim.stretch):
        # Who has ended meets none of those that are left, which begin later.
        longest = {
            about: before
            for about, before in longest.items()
            if before.stretch.end_s > claim.stretch.start_s
        }
        for before in longest.values():
            if before.label != claim.label and before.may_be_about(claim):
                one, other = sorted((before, claim), key=lambda claim: claim.line)
                return one, other
        about = claim.label, claim.box
        so_far = longest.get(about, claim)
        longest[about] = max(so_far, claim, key=lambda claim: claim.stretch.end_s)
    return None
