"""How a body goes through the picture during a clip: what its maps, cut out round it, cannot show.

Travel is evidence: who stands and waves, and who gallops or strolls past, may look alike within
their squares.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from motionapp.core.clip import Going
from motionapp.core.geometry import Box

NUMBERS = 4
"""What a network is told: travel to the right and down, its amount, and the aspect's logarithm."""
LEAST_S = 0.25
"""Within less, a box that trembles by a tenth would seem to run."""
FASTEST = 3.0
"""Body heights per second: a sprinter runs six, but hardly anybody is filmed so; a vehicle, too."""


def going_of(boxes: Sequence[Box | None], times_s: Sequence[float]) -> Going:
    """How a body went that was in `boxes` at `times_s`.

    Parameters
    ----------
    boxes : sequence of Box or None
        At each map of a clip; None where it was not seen to move.
    times_s : sequence of float
        Of the pictures behind the maps, increasing; the same picture may stand twice.

    Returns
    -------
    Going
        The slope of a straight line through the boxes' middles (least squares, so that one wrong
        box changes little), over the median height.
    """
    at = {t: box for t, box in zip(times_s, boxes, strict=True) if box is not None}
    if not at:
        return Going()
    found = np.array(list(at.values()), np.float64)
    width, height = np.median(found[:, 2:] - found[:, :2], axis=0)
    aspect = float(width / max(height, 1.0))
    times = np.array(list(at)) - np.mean(list(at))
    if len(at) < 3 or times[-1] - times[0] < LEAST_S:
        return Going(aspect=aspect)
    middles = (found[:, :2] + found[:, 2:]) / 2
    right, down = times @ middles / (times @ times) / max(height, 1.0)
    return Going(float(right), float(down), aspect)


def numbers_of(goings: Sequence[Going] | NDArray[np.float32]) -> NDArray[np.float32]:
    """What a network is told of how bodies go, shape (bodies, 4).

    Parameters
    ----------
    goings : sequence of Going, or ndarray of shape (bodies, 3)
    """
    rows = np.asarray(goings, np.float32).reshape(-1, 3)
    right, down = np.clip(rows[:, :2], -FASTEST, FASTEST).T
    aspect = np.log(np.clip(rows[:, 2], 0.1, 10.0))
    return np.column_stack([right, down, np.hypot(right, down), aspect]).astype(np.float32)
