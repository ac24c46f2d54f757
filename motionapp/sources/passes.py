"""One iteration over a source, and what could not be read in it."""

from __future__ import annotations

import threading
from collections.abc import Generator

from motionapp.core.frame import Frame
from motionapp.core.seams import Damage

MOST_LOST = 1000
"""Stretches kept apart; later ones are joined to the last, so that memory stays bounded."""


class FramePass:
    """An iterator over frames that any thread may end at any time.

    Ending it waits for the frame that is being read, because a decoder must not be closed
    under the thread that uses it.
    """

    def __init__(self, frames: Generator[Frame, None, None]) -> None:
        self._frames = frames
        self._lock = threading.Lock()

    def __iter__(self) -> FramePass:
        """The pass itself."""
        return self

    def __next__(self) -> Frame:
        """The next frame."""
        with self._lock:
            return next(self._frames)

    def close(self) -> None:
        """End the iteration and let go of what it had open; safe to call twice."""
        with self._lock:
            self._frames.close()


class DamageLedger:
    """Notes what goes wrong during an iteration."""

    def __init__(self) -> None:
        self._first_error = ""
        self._lost: list[tuple[float, float]] = []
        self.flagged_frames = 0
        self.dropped_stamps = 0
        self.is_damaged = False
        """A packet could not be read or decoded, or a picture is flagged."""

    def note_error(self, what: str) -> None:
        """Something could not be read or decoded; the first reason is kept."""
        self.is_damaged = True
        self._first_error = self._first_error or what

    def note_flag(self, when_s: float) -> None:
        """The decoder gives a picture that it calls damaged."""
        self.flagged_frames += 1
        self.note_error(f"damaged picture at {when_s:.3f} s")

    def note_end(self, end_s: float, stated_s: float) -> None:
        """The source ends before its stated length. No decoder's doing, so no `is_damaged`."""
        self._first_error = self._first_error or (
            f"ends at {end_s:.3f} s, although it says that it is {stated_s:.3f} s long"
        )
        self.note_lost(end_s, stated_s)

    def note_lost(self, from_s: float, to_s: float) -> None:
        """There are no frames between two times."""
        if len(self._lost) < MOST_LOST:
            self._lost.append((from_s, to_s))
        else:
            self._lost[-1] = (self._lost[-1][0], to_s)

    def damage(self) -> Damage:
        """All of it as a value."""
        return Damage(
            first_error=self._first_error,
            lost=tuple(self._lost),
            flagged_frames=self.flagged_frames,
            dropped_stamps=self.dropped_stamps,
        )
