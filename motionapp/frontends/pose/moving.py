"""What of a person moves: a limb that is fast enough for their size, where the picture changes.

Knows body points at two instants; nothing of networks, pictures and who is who.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box

LIMBS: Final = {
    "head": (0, 1, 2, 3, 4),
    "trunk": (5, 6, 11, 12),
    "left arm": (7, 9),
    "right arm": (8, 10),
    "left leg": (13, 15),
    "right leg": (14, 16),
}
"""What moves by itself, as points of COCO's order."""

ALONE: Final = ("left arm", "right arm", "left leg", "right leg")
"""Where the fastest point counts: a hand waves while the elbow rests. A head or a trunk goes as a
whole, so there half of the points have to."""

VISIBLE: Final = 0.3
"""Points less visible are guesses: they do not move."""

MARGIN: Final = 0.06
"""Hands and feet reach beyond the last point by about this share of the body's length."""


class Limb(NamedTuple):
    """What one limb does."""

    name: str
    speed: float
    """Lengths of the body per second."""
    box: Box
    """Where it was and is, in full-frame display pixels."""


def limbs_of(
    then: NDArray[np.float32], now: NDArray[np.float32], length_px: float, lag_s: float
) -> list[Limb]:
    """How fast each limb is that can be seen.

    Parameters
    ----------
    then, now : ndarray of float32, shape (17, 3)
        Points of the same person at two instants.
    length_px : float
        Of the body; greater than 0.
    lag_s : float
        Seconds between the two.
    """
    are_seen = (then[:, 2] >= VISIBLE) & (now[:, 2] >= VISIBLE)
    speeds = np.linalg.norm(now[:, :2] - then[:, :2], axis=1) / (length_px * lag_s)
    limbs = []
    for name, points in LIMBS.items():
        seen = [k for k in points if are_seen[k]]
        if not seen:
            continue
        if name in ALONE:
            speed = float(speeds[seen].max())
        # A single point of a head or a trunk may tremble: no half of them has gone.
        elif len(seen) > 1:
            speed = float(np.median(speeds[seen]))
        else:
            continue
        both = np.concatenate((then[seen, :2], now[seen, :2]))
        limbs.append(Limb(name, speed, _grown(both, MARGIN * length_px)))
    return limbs


def _grown(points: NDArray[np.float32], margin: float) -> Box:
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    return Box(int(x0 - margin), int(y0 - margin), int(x1 + margin) + 1, int(y1 + margin) + 1)
