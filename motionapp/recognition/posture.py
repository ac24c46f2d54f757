"""How a body is held in one picture: heights, trunk and outline, from its body points.

Knows the order of the points (COCO's); nothing of time, and nothing of what a fall is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

VISIBLE: Final = 0.2
"""Points less visible are guesses: they are part of no outline, and no leg is measured by them."""

TRUNK: Final = 0.29
"""Shoulders to hips, of a standing length."""

TRUNK_AND_LEG: Final = 0.78
"""Shoulders to ankle along hip and knee, of a standing length: as long in whoever sits."""

TRUNK_AND_HEAD: Final = 0.41
"""Hips to the middle of the head, of a standing length."""

_HEAD: Final = [0, 1, 2, 3, 4]
_SHOULDERS: Final = [5, 6]
_HIPS: Final = [11, 12]
_LEGS: Final = ((11, 13, 15), (12, 14, 16))
_FEWEST: Final = 4
"""So many points make an outline; of fewer the surest six do, visible or not."""


class Posture(NamedTuple):
    """One look at a body, in full-frame display pixels; y grows downwards."""

    top_y: float
    """Between head and shoulders."""
    trunk_px: float
    """From the shoulders down to the hips; negative where the head is lower."""
    breadth: float
    """-1 for a line that stands, 0 for a square, 1 for a line that lies."""
    length_px: float
    """How tall they would stand, by what can be seen; foreshortened, it is less."""
    x: float
    """The middle of the trunk, with `y`: where they are."""
    y: float


def posture_of(keypoints: NDArray[np.float32]) -> Posture | None:
    """How a body is held.

    Parameters
    ----------
    keypoints : ndarray of float32, shape (17, 3)
        x, y and visibility, in COCO's order. A point of which any of these is no finite number was
        not seen, and nobody guesses where it is.

    Returns
    -------
    Posture or None
        None where no point of head, shoulders or hips is left.
    """
    is_there: NDArray[np.bool_] = np.all(np.isfinite(keypoints), axis=1)
    parts = [[point for point in part if is_there[point]] for part in (_HEAD, _SHOULDERS, _HIPS)]
    if not all(parts):
        return None
    head, shoulders, hips = (_middle(keypoints, part) for part in parts)
    legs = [list(leg) for leg in _LEGS if is_there[list(leg)].all()]
    width, height = _outline(keypoints[is_there])
    centre = (shoulders + hips) / 2
    return Posture(
        top_y=float(head[1] + shoulders[1]) / 2,
        trunk_px=float(hips[1] - shoulders[1]),
        breadth=(width - height) / (width + height + 1e-6),
        length_px=_standing_px([keypoints[leg] for leg in legs], head, shoulders, hips),
        x=float(centre[0]),
        y=float(centre[1]),
    )


def _middle(keypoints: NDArray[np.float32], points: list[int]) -> NDArray[np.float64]:
    """The mean of some points; what is seen counts for more than what is guessed."""
    part = keypoints[points].astype(np.float64)
    weights = np.maximum(part[:, 2], 1e-3)
    middle: NDArray[np.float64] = (part[:, :2] * weights[:, np.newaxis]).sum(axis=0) / weights.sum()
    return middle


def _outline(keypoints: NDArray[np.float32]) -> tuple[float, float]:
    """Width and height of what is seen of a body."""
    visible = keypoints[:, 2] >= VISIBLE
    seen = keypoints[visible] if visible.sum() >= _FEWEST else _surest(keypoints)
    width, height = (seen[:, :2].max(axis=0) - seen[:, :2].min(axis=0)).tolist()
    return width, height


def _surest(keypoints: NDArray[np.float32]) -> NDArray[np.float32]:
    return keypoints[np.argsort(-keypoints[:, 2], kind="stable")[:6]]


def _standing_px(
    legs: Sequence[NDArray[np.float32]],
    head: NDArray[np.float64],
    shoulders: NDArray[np.float64],
    hips: NDArray[np.float64],
) -> float:
    """The middle one of what trunk, legs and head say; without a leg the mean of the two others.

    A leg is hip, knee and ankle, shape (3, 3).
    """
    trunk = float(np.linalg.norm(hips - shoulders))
    said = [trunk / TRUNK, (trunk + float(np.linalg.norm(head - shoulders))) / TRUNK_AND_HEAD]
    long_px = [_leg_px(leg[:, :2]) for leg in legs if leg[1:, 2].min() >= VISIBLE]
    if long_px:
        said.append((trunk + max(long_px)) / TRUNK_AND_LEG)
    return float(np.median(said))


def _leg_px(points: NDArray[np.float32]) -> float:
    return float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())
