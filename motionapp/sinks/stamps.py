"""How a recording's own stamps relate to the seconds of the analysis, noted frame by frame.

Whoever opens the recording again finds packets by their stamps, and events by their seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from motionapp.core.frame import Frame

PathAt = Callable[[float], Path | None]
"""Gives the recording that holds a second of the time line; None where none does."""

MOST_STRETCHES: Final = 10_000
"""Files of a joined recording, or jumps of its stamps; beyond it nothing can be told apart."""
_SAME_S: Final = 0.001
"""Seconds by which rounding may move a stamp against its time."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the time line that lies in one file, with evenly running stamps."""

    path: Path
    from_s: float
    to_s: float
    zero_s: float
    """The file's stamp, in seconds, that second 0 of the time line would have."""


class StampLedger:
    """Notes where stamps and seconds go on together, and where they do not.

    Parameters
    ----------
    path_at : callable
        Which file holds a second; asked only when a clip is cut.
    """

    def __init__(self, path_at: PathAt) -> None:
        self._path_at = path_at
        self._stretches: list[tuple[float, float]] = []  # since when, and its zero
        self._is_full = False

    def step(self, frame: Frame) -> bool:
        """Take note of a frame, and say whether another stretch begins with it."""
        zero_s = frame.pts * float(frame.epoch.time_base) - frame.pts_s
        if self._stretches and abs(zero_s - self._stretches[-1][1]) <= _SAME_S:
            return False
        self._is_full = len(self._stretches) >= MOST_STRETCHES
        if not self._is_full:
            self._stretches.append((frame.pts_s, zero_s))
        return True

    def pieces(self, from_s: float, to_s: float) -> tuple[Piece, ...]:
        """Where ``[from_s, to_s)`` lies; empty where no file holds it, or stamps are ambiguous."""
        if self.jumps_back:
            return ()
        ends = [start_s for start_s, _ in self._stretches[1:]] + [float("inf")]
        found = []
        for (start_s, zero_s), end_s in zip(self._stretches, ends, strict=True):
            path = self._path_at(start_s)
            if path is not None and start_s < to_s and end_s > from_s:
                found.append(Piece(path, max(from_s, start_s), min(to_s, end_s), zero_s))
        return tuple(found)

    @property
    def jumps_back(self) -> bool:
        """Whether a file's stamps begin again in its middle: a stamp may then stand twice in it."""
        if self._is_full:
            return True
        paths = [self._path_at(start_s) for start_s, _ in self._stretches]
        return len(set(paths)) < len(paths)
