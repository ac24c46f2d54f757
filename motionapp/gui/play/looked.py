"""What was seen at a frame, in a few numbers. No Qt."""

from __future__ import annotations

from typing import NamedTuple

from motionapp.core.moment import Moment


class Looked(NamedTuple):
    """Figures of a frame that was looked at."""

    pts_s: float
    strength: float
    """How much moved; see `Motion.strength`."""
    strongest: float
    """The largest difference, in the unit of the threshold ..."""
    threshold: float
    """... which a pixel had to exceed."""
    probabilities: tuple[float, ...] = ()
    """The highest of each label over all bodies; empty where no network looked at this frame."""


def looked(moment: Moment) -> Looked | None:
    """The figures of a moment; None of one that was not looked at."""
    if moment.frame is None or not moment.looked:
        return None
    reasons = moment.motion.reasons
    rows = [one.probabilities for one in moment.predictions if one.probabilities]
    longest = max(map(len, rows), default=0)
    best = tuple(max(row[n] for row in rows if n < len(row)) for n in range(longest))
    return Looked(
        moment.frame.pts_s, moment.motion.strength, reasons.strongest, reasons.threshold, best
    )
