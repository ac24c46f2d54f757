"""Plays a recording at the speed at which it was taken, or at another, by its own time stamps.

The clock and the waiting are passed in, so that tests play an hour in no time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from motionapp.core.frame import Frame

LONGEST_GAP_S = 2.0
"""A hole between two epochs is played as no more: nobody watches a still picture for an hour."""


class Pacer:
    """Hands frames on when they are due; can be paused, stepped, and closed from another thread.

    The first frame is due at once, paused or not: who opens a recording sees where it stands.
    A frame that is late is handed on at once: who cannot follow drops it and counts it.

    Parameters
    ----------
    clock_ns : callable
        Monotonic nanoseconds, the clock of `Frame.captured_ns`.
    wait : callable
        Waits on a condition for at most so many seconds (None: without limit), as
        `threading.Condition.wait` does.
    rate : float
        Seconds of the recording a second, above 0.
    is_paused : bool
        Whether it stands still after the first frame.
    """

    def __init__(
        self,
        clock_ns: Callable[[], int] = time.monotonic_ns,
        wait: Callable[[threading.Condition, float | None], object] = threading.Condition.wait,
        *,
        rate: float = 1.0,
        is_paused: bool = False,
    ) -> None:
        self._clock_ns = clock_ns
        self._wait = wait
        self._changed = threading.Condition()
        self._closed = False
        self._rate = rate
        self._steps = 0
        """Frames that are due at once, though it is paused."""
        self._is_paused = is_paused
        # At `_at_ns` the recording stood at `_at_s`: so all other due times follow.
        self._at_ns, self._at_s = 0, 0.0

    def play(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        """Yield each frame when it is due, `captured_ns` telling when that was."""
        earlier: Frame | None = None
        for frame in frames:
            if earlier is None:
                self._stand_at(frame.pts_s)
                due_ns: int | None = self._at_ns
            else:
                self._shorten_gap(earlier, frame)
                due_ns = self._wait_until_due(frame.pts_s)
            if due_ns is None:
                return
            earlier = frame
            yield replace(frame, captured_ns=due_ns)

    def pause(self) -> None:
        """Stand still at the next frame, until `resume`."""
        with self._changed:
            if not self._is_paused:
                self._at_s, self._at_ns = self._now_s(), self._clock_ns()
                self._is_paused = True

    def resume(self) -> None:
        """Go on as if no time had passed."""
        with self._changed:
            if self._is_paused:
                self._at_ns = self._clock_ns()
                self._is_paused, self._steps = False, 0
                self._changed.notify_all()

    def step(self, frames: int = 1) -> None:
        """Hand so many frames more on at once; without effect while it is not paused."""
        with self._changed:
            if self._is_paused:
                self._steps += frames
                self._changed.notify_all()

    def set_rate(self, rate: float) -> None:
        """Go on at another speed from here.

        Parameters
        ----------
        rate : float
            Seconds of the recording a second, above 0.
        """
        with self._changed:
            if not self._is_paused:
                self._at_s, self._at_ns = self._now_s(), self._clock_ns()
            self._rate = rate
            self._changed.notify_all()

    def close(self) -> None:
        """End the playing, also while it waits; safe to call twice."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def is_paused(self) -> bool:
        """Whether it stands still."""
        with self._changed:
            return self._is_paused

    def _now_s(self) -> float:
        """Where the recording stands while it plays."""
        return self._at_s + (self._clock_ns() - self._at_ns) / 1e9 * self._rate

    def _stand_at(self, pts_s: float) -> None:
        with self._changed:
            self._at_s, self._at_ns = pts_s, self._clock_ns()

    def _shorten_gap(self, earlier: Frame, frame: Frame) -> None:
        """A long hole before a new epoch is played as a short one."""
        if frame.epoch.number == earlier.epoch.number:
            return
        with self._changed:
            self._at_s += max(0.0, frame.pts_s - earlier.pts_s - LONGEST_GAP_S)

    def _wait_until_due(self, pts_s: float) -> int | None:
        """When it was due, in nanoseconds of the clock; None: closed while waiting."""
        with self._changed:
            while not self._closed:
                if self._is_paused and self._steps:
                    self._steps -= 1
                    self._at_s, self._at_ns = pts_s, self._clock_ns()
                    return self._at_ns
                if self._is_paused:
                    self._wait(self._changed, None)
                    continue
                due_ns = self._at_ns + round((pts_s - self._at_s) / self._rate * 1e9)
                left_ns = due_ns - self._clock_ns()
                if left_ns <= 0:
                    return due_ns
                self._wait(self._changed, left_ns / 1e9)
            return None
