"""One iteration over a source, and what could not be read in it."""

from __future__ import annotations

import copy
import threading
from abc import ABC, abstractmethod
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
        self.forget()

    def forget(self) -> None:
        """Reading begins, or begins anew elsewhere: nothing has gone wrong yet."""
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

    def note_flips(self, when_s: float) -> None:
        """The form of the picture changes over and over. No decoder's doing, so no `is_damaged`."""
        self._first_error = self._first_error or (
            f"from {when_s:.3f} s on the picture changes its size or form all the time, so that "
            "nothing in it can be followed"
        )

    def note_unread(self, what: str, from_s: float, to_s: float) -> None:
        """A whole part could not be opened. No decoder's doing, so no `is_damaged`."""
        self._first_error = self._first_error or what
        if to_s > from_s:
            self.note_lost(from_s, to_s)

    def note_end(self, end_s: float, stated_s: float) -> None:
        """The source ends before its stated length. No decoder's doing, so no `is_damaged`."""
        self.note_unread(
            f"ends at {end_s:.3f} s, although it says that it is {stated_s:.3f} s long",
            end_s,
            stated_s,
        )

    def note_lost(self, from_s: float, to_s: float) -> None:
        """There are no frames between two times."""
        if len(self._lost) < MOST_LOST:
            self._lost.append((from_s, to_s))
        else:
            self._lost[-1] = (self._lost[-1][0], to_s)

    def include(self, part: Damage, name: str, begin_s: float, *, is_damaged: bool) -> None:
        """What went wrong in the part called `name`, whose second 0 is at `begin_s`."""
        self.is_damaged = self.is_damaged or is_damaged
        if part.first_error:
            self._first_error = self._first_error or f"{name}: {part.first_error}"
        for from_s, to_s in part.lost:
            self.note_lost(begin_s + from_s, begin_s + to_s)
        self.flagged_frames += part.flagged_frames
        self.dropped_stamps += part.dropped_stamps

    def including(self, part: Damage, name: str, begin_s: float) -> DamageLedger:
        """A copy with what has gone wrong so far in a part that is being read."""
        ledger = copy.copy(self)
        ledger._lost = list(self._lost)
        ledger.include(part, name, begin_s, is_damaged=False)
        return ledger

    def damage(self) -> Damage:
        """All of it as a value."""
        return Damage(
            first_error=self._first_error,
            lost=tuple(self._lost),
            flagged_frames=self.flagged_frames,
            dropped_stamps=self.dropped_stamps,
        )


class BaseSource(ABC):
    """What all sources share: one iteration at a time, and what could not be read in it."""

    def __init__(self) -> None:
        self._ledger = DamageLedger()
        self._pass: FramePass | None = None
        self._stopping = threading.Event()

    @property
    def damage(self) -> Damage:
        """What could not be read so far in the newest iteration."""
        return self._ledger.damage()

    @property
    def is_damaged(self) -> bool:
        """Whether the newest iteration has met a decode error or a flagged picture by now.

        From there on decoding with several threads is not repeatable: who needs the same result
        twice begins again with ``decode_threads=1``.
        """
        return self._ledger.is_damaged

    def frames(self, start_s: float = 0.0) -> FramePass:
        """Iterate afresh from `start_s` on, which ends the former iteration.

        `Frame.index` and the epochs are counted within this iteration, which alone it knows.
        A live source cannot begin later: its frames before `start_s` are left out as they come.
        """
        self._end_pass()
        self._ledger = DamageLedger()
        self._pass = FramePass(self._read(start_s, self._ledger))
        return self._pass

    def stop(self) -> None:
        """End reading soon, for good, also where no frame comes. From any thread; never waits."""
        self._stopping.set()

    def close(self) -> None:
        """End the iteration and let go of what it had open; safe to call twice."""
        self._end_pass()

    def _end_pass(self) -> None:
        if self._pass is not None:
            self._pass.close()

    @abstractmethod
    def _read(self, start_s: float, ledger: DamageLedger) -> Generator[Frame, None, None]:
        """The frames of a fresh iteration; notes in `ledger` what cannot be read."""
