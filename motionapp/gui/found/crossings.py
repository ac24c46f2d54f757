"""Who has gone over which line, as far as it has been seen. No Qt.

A recording may be seen several times over. What is found again at about the same time takes the
place of what was found before, so that each of them counts once; of a camera nothing comes again.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass
from typing import Final

from motionapp.core.crossing import Crossing

AGAIN_S: Final = 0.5
"""What a run from elsewhere finds may differ by 0.2 s, and a body by its next picture."""
MOST_KEPT: Final = 20_000
"""Over a line, one way. Of more the earliest are counted, and not known one by one any more."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many have gone over a line."""

    left: int = 0
    right: int = 0


@dataclass(frozen=True, slots=True)
class _Kept:
    t_s: float
    playing: int


class CrossingLog:
    """Counts over lines."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], list[_Kept]] = {}
        """By line and direction, in the order of their times."""
        self._sums: Counter[tuple[str, str]] = Counter()
        """Those that are not kept."""
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
        way = crossing.zone, crossing.direction
        if not self._may_repeat:
            self._sums[way] += 1
            return
        kept = self._kept.setdefault(way, [])
        first = bisect_left(kept, crossing.t_s - AGAIN_S, key=_time_of)
        last = bisect_right(kept, crossing.t_s + AGAIN_S, key=_time_of)
        again = next((n for n in range(first, last) if kept[n].playing != self._playing), None)
        if again is not None:
            del kept[again]
        insort(kept, _Kept(crossing.t_s, self._playing), key=_time_of)
        if len(kept) > MOST_KEPT:
            del kept[0]
            self._sums[way] += 1

    def counts(self, line: str) -> Counts:
        """Of a line, by its name."""
        left, right = (
            len(self._kept.get((line, way), ())) + self._sums[line, way]
            for way in ("left", "right")
        )
        return Counts(left, right)

    def forget(self, lines: Container[str]) -> None:
        """Lines that are drawn elsewhere by now, or are gone."""
        for known in (self._kept, self._sums):
            for way in [way for way in known if way[0] in lines]:
                del known[way]

    def clear(self) -> None:
        """Forget all, as for another source."""
        self._kept.clear()
        self._sums.clear()


def _time_of(kept: _Kept) -> float:
    return kept.t_s
