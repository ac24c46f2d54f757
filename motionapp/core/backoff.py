"""How long to wait before the next try."""

from __future__ import annotations

import random

FIRST_S, LONGEST_S = 1.0, 60.0
JITTER = 0.2
"""A wait is longer or shorter by up to this share: after a power cut, all that lost the same server
would otherwise come back to it in step."""


class Backoff:
    """Waits that double, each a little longer or shorter than that.

    Parameters
    ----------
    first_s, longest_s : float
        Seconds; greater than 0.
    rng : random.Random, optional
        Where the little comes from.
    """

    def __init__(
        self,
        first_s: float = FIRST_S,
        longest_s: float = LONGEST_S,
        *,
        rng: random.Random | None = None,
    ) -> None:
        self._first_s, self._longest_s = first_s, longest_s
        self._rng = rng or random.Random()
        self._usual_s = 0.0

    def next_s(self) -> float:
        """Seconds to wait now."""
        self._usual_s = min(self._longest_s, 2 * self._usual_s or self._first_s)
        return self._usual_s * self._rng.uniform(1 - JITTER, 1 + JITTER)

    def note_success(self, lasted_s: float) -> None:
        """It went well for so long: what lasts no longer than the wait before it begins nothing
        anew."""
        if lasted_s > self._usual_s:
            self._usual_s = 0.0
