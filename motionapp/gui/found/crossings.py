"""Who has gone over which line, as far as it has been seen. No Qt.

A recording may be seen several times over. What is found again at about the same time takes the
place of what was found before, so that each of them counts once; of a camera nothing comes again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from dataclasses import dataclass
from typing import Final

from motionapp.core.crossing import Crossing

AGAIN_S: Final = 0.5
"""What a run from elsewhere finds may differ by 0.2 s, and a body by its next picture."""
MOST_KEPT: Final = 20_000
"""Of more the oldest are counted, and not known one by one any more."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many have gone over a line."""

    left: int = 0
    right: int = 0


@dataclass(frozen=True, slots=True)
class _Kept:
    crossing: Crossing
    playing: int


class CrossingLog:
    """Counts over lines."""

    def __init__(self) -> None:
        self._kept: list[_Kept] = []
        self._sums: Counter[tuple[str, str]] = Counter()
        self._playing = 0
        self._may_repeat = True

    def begin(self, *, may_repeat: bool) -> None:
        """It is played from somewhere else, or anew.

        Parameters
        ----------
        may_repeat : bool
            What was seen may be seen again: of a recording.
        """
        self._playing += 1
        self._may_repeat = may_repeat

    def note(self, crossing: Crossing) -> None:
        """Somebody has gone over a line."""
        kept = _Kept(crossing, self._playing)
        for place, old in enumerate(self._kept if self._may_repeat else ()):
            if old.playing != self._playing and _are_one(old.crossing, crossing):
                self._kept[place] = kept
                return
        self._kept.append(kept)
        if len(self._kept) > MOST_KEPT:
            oldest = self._kept.pop(0).crossing
            self._sums[oldest.zone, oldest.direction] += 1

    def counts(self, line: str) -> Counts:
        """Of a line, by its name."""
        own = Counter(one.crossing.direction for one in self._kept if one.crossing.zone == line)
        sums = self._sums
        return Counts(own["left"] + sums[line, "left"], own["right"] + sums[line, "right"])

    def forget(self, lines: Container[str]) -> None:
        """Lines that are drawn elsewhere by now, or are gone."""
        self._kept = [one for one in self._kept if one.crossing.zone not in lines]
        for line, direction in list(self._sums):
            if line in lines:
                del self._sums[line, direction]

    def clear(self) -> None:
        """Forget all, as for another source."""
        self._kept.clear()
        self._sums.clear()


def _are_one(old: Crossing, new: Crossing) -> bool:
    is_like = (old.zone, old.direction) == (new.zone, new.direction)
    return is_like and abs(old.t_s - new.t_s) <= AGAIN_S
