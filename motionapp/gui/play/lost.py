"""A camera that was lost while it played: when it is looked for again. No Qt."""

from __future__ import annotations

import threading
from collections.abc import Callable

FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 15.0
"""It is looked for after so long, and each time after twice as long."""
Later = Callable[[float, Callable[[], None]], None]


def in_a_while(seconds: float, do: Callable[[], None]) -> None:
    """Call something in so many seconds, unless the program has ended by then."""
    timer = threading.Timer(seconds, do)
    timer.daemon = True
    timer.start()


class Lost:
    """Rings when it is time to look.

    Parameters
    ----------
    sentence : str
        How it was lost.
    later : callable
        Calls something in so many seconds.
    ring : callable
        Called, on any thread, when it is due.
    """

    def __init__(self, sentence: str, *, later: Later, ring: Callable[[], None]) -> None:
        self.sentence = sentence
        self._later, self._ring = later, ring
        self._wait_s = FIRST_WAIT_S
        self._waits = 0
        """Counts: a wait that another one has taken the place of rings no more."""
        self._is_due = False
        self._wait()

    def take_due(self) -> bool:
        """Whether it is time to look, which is said once."""
        is_due, self._is_due = self._is_due, False
        return is_due

    def missed(self, sentence: str) -> None:
        """It was looked for in vain."""
        self.sentence = sentence
        self._wait_s = min(LONGEST_WAIT_S, 2 * self._wait_s)
        self._wait()

    def hurry(self) -> None:
        """A camera has come: look now. Its file may be there before one may open it, so that the
        next look is soon, too."""
        self._wait_s = FIRST_WAIT_S
        self._is_due = True
        self._ring()

    def _wait(self) -> None:
        self._waits += 1
        number = self._waits

        def look() -> None:
            if number == self._waits:
                self._is_due = True
                self._ring()

        self._later(self._wait_s, look)
