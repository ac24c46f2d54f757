"""How far apart pictures come: what silence means follows from it."""

from __future__ import annotations

from collections import deque
from typing import Final

RECENT: Final = 5
"""As many as a gap may take within an epoch (design, "epoch")."""
MARGIN: Final = 4
"""A camera that misses two pictures is still well; and over RTSP FFmpeg hands a picture out when
the next one comes (`need_parsing` in libavformat/rtpdec_h264.c): four distances with the first."""
LONGEST_S: Final = 30.0
"""No deadline is stretched beyond: three pictures at one each ten seconds. Whoever waits longer for
a camera that is gone is told of it too late."""


class Spacing:
    """Learns from the newest pictures."""

    def __init__(self) -> None:
        self._apart_s: deque[float] = deque(maxlen=RECENT)

    def note(self, apart_s: float) -> None:
        """A picture has come so many seconds after the one before."""
        self._apart_s.append(apart_s)

    @property
    def usual_s(self) -> float:
        """The second-largest of the newest distances: one that is longer is an outage. 0.0 before
        there are two."""
        return sorted(self._apart_s)[-2] if len(self._apart_s) > 1 else 0.0


def stretched(deadline_s: float, usual_s: float) -> float:
    """A deadline for the next picture, for a camera whose pictures come so far apart."""
    return max(deadline_s, min(LONGEST_S, MARGIN * usual_s))
