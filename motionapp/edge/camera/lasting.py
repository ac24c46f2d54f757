"""A state counts when it has lasted, and is over when it has been gone for a while."""

from __future__ import annotations

from typing import Literal

Turn = Literal["begins", "ends"]


class Lasting:
    """Whether something has held for long enough, from looks now and then.

    Parameters
    ----------
    gone_s : float
        So long must it not have held for it to be over.
    """

    def __init__(self, gone_s: float) -> None:
        self._gone_s = gone_s
        self.is_open = False
        self.since_s: float | None = None
        """When it last began to hold, if it does; while it is open, when it began."""
        self._gone_since_s: float | None = None

    def step(self, pts_s: float, *, holds: bool, needed_s: float) -> tuple[Turn, float] | None:
        """Take note of a look.

        Returns
        -------
        tuple of str and float, or None
            That it begins or ends, and since when in seconds: when it first held, or did not.
        """
        if holds:
            self._gone_since_s = None
            if self.since_s is None:
                self.since_s = pts_s
            if not self.is_open and pts_s - self.since_s >= needed_s:
                self.is_open = True
                return "begins", self.since_s
            return None
        if not self.is_open:
            self.since_s = None
            return None
        if self._gone_since_s is None:
            self._gone_since_s = pts_s
        if pts_s - self._gone_since_s < self._gone_s:
            return None
        end_s, self._gone_since_s = self._gone_since_s, None
        self.is_open, self.since_s = False, None
        return "ends", end_s
