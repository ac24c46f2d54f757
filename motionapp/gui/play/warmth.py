"""Whether what is found is what a run from the start would have found. No Qt."""

from __future__ import annotations

from motionapp.core.moment import Moment
from motionapp.runtime.span import LEAD_IN_S


class Warmth:
    """Warms up after a seek, until the gate has seen as much as it remembers and all else has
    rested since: from there on nothing depends on where playing began.

    Parameters
    ----------
    began_s : float
        Where in the recording playing began; at 0 it is warm.
    """

    def __init__(self, began_s: float) -> None:
        self._began_s = began_s
        self.is_warm = began_s <= 0

    def note(self, moment: Moment) -> None:
        """Another moment; none is left out."""
        if self.is_warm or moment.frame is None or not moment.is_resting:
            return
        self.is_warm = moment.frame.pts_s - self._began_s >= LEAD_IN_S
