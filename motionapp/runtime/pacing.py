"""Plays a recording at the speed at which it was taken, by its own time stamps.

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
    """Hands frames on when they are due; can be paused, and closed from another thread.

    A frame that is late is handed on at once: who cannot follow drops it and counts it.

    Parameters
    ----------
    clock_ns : callable
        Monotonic nanoseconds, the clock of `Frame.captured_ns`.
    wait : callable
        Waits on a condition for at most so many seconds (None: without limit), as
        `threading.Condition.wait` does.
    """

    def __init__(
        self,
        clock_ns: Callable[[], int] = time.monotonic_ns,
        wait: Callable[[threading.Condition, float | None], object] = threading.Condition.wait,
    ) -> None:
        self._clock_ns = clock_ns
        self._wait = wait
        self._changed = threading.Condition()
        self._closed = False
        self._paused_ns: int | None = None
        self._origin_ns = 0
        """When the second 0 of the recording was due."""

    def play(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        """Yield each frame when it is due, `captured_ns` telling when that was."""
        earlier: Frame | None = None
        for frame in frames:
            self._set_origin(frame, earlier)
            if not self._wait_until_due(frame.pts_s):
                return
            earlier = frame
            yield replace(frame, captured_ns=self._due_ns(frame.pts_s))

    def pause(self) -> None:
        """Stand still at the next frame, until `resume`."""
        with self._changed:
            if self._paused_ns is None:
                self._paused_ns = self._clock_ns()

    def resume(self) -> None:
        """Go on as if no time had passed."""
        with self._changed:
            if self._paused_ns is not None:
                self._origin_ns += self._clock_ns() - self._paused_ns
                self._paused_ns = None
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
            return self._paused_ns is not None

    def _set_origin(self, frame: Frame, earlier: Frame | None) -> None:
        """The first frame is due now; a long hole before a new epoch is shortened."""
        with self._changed:
            if earlier is None:
                now_ns = self._clock_ns() if self._paused_ns is None else self._paused_ns
                self._origin_ns = now_ns - _ns(frame.pts_s)
            elif frame.epoch.number != earlier.epoch.number:
                too_long_s = frame.pts_s - earlier.pts_s - LONGEST_GAP_S
                self._origin_ns -= _ns(max(0.0, too_long_s))

    def _due_ns(self, pts_s: float) -> int:
        return self._origin_ns + _ns(pts_s)

    def _wait_until_due(self, pts_s: float) -> bool:
        """False: closed while waiting."""
        with self._changed:
            while not self._closed:
                if self._paused_ns is not None:
                    self._wait(self._changed, None)
                    continue
                left_ns = self._due_ns(pts_s) - self._clock_ns()
                if left_ns <= 0:
                    return True
                self._wait(self._changed, left_ns / 1e9)
            return False


def _ns(seconds: float) -> int:
    return round(seconds * 1e9)
