"""Skeletons: left and right limbs in different colours."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.motion import Pose
from motionapp.core.skeleton import LIMBS
from motionapp.overlay.palette import (
    LEFT_COLOUR,
    MIDDLE_COLOUR,
    OUTLINE_COLOUR,
    RIGHT_COLOUR,
    Colour,
)
from motionapp.overlay.style import Sizes

MIN_VISIBILITY = 0.3
"""A point below it is guessed rather than seen, and is not drawn."""
_SHIFT = 3
"""Bits of a pixel's fraction in the coordinates OpenCV draws with."""


def draw_pose(bgr: NDArray[np.uint8], pose: Pose, sizes: Sizes) -> None:
    """Draw the limbs whose two ends can be seen, and the points that they join."""
    draw_skeleton(bgr, pose.keypoints, LIMBS, sizes)


def draw_skeleton(
    bgr: NDArray[np.uint8],
    keypoints: NDArray[np.float32],
    joined: Sequence[tuple[int, int]],
    sizes: Sizes,
) -> None:
    """Draw the limbs whose two ends can be seen, and the points that they join.

    Parameters
    ----------
    bgr : ndarray of uint8, shape (h, w, 3)
        Drawn on.
    keypoints : ndarray of float32, shape (n, 3)
        x, y and visibility, 0 to 1.
    joined : sequence of (int, int)
        The limbs, as pairs of points.
    sizes : Sizes
    """
    height, width = bgr.shape[:2]
    points = keypoints[:, :2]
    if not np.isfinite(points).all():
        return
    # Far outside, cv2's 16-bit coordinates would wrap.
    limit = 4 * max(width, height)
    fixed = np.round(np.clip(points, -limit, limit) * (1 << _SHIFT)).astype(int)
    seen = keypoints[:, 2] >= MIN_VISIBILITY
    limbs = [(a, b) for a, b in joined if seen[a] and seen[b]]
    width_px = max(2, sizes.line_px)
    for dark in (True, False):
        for a, b in limbs:
            colour = OUTLINE_COLOUR if dark else limb_colour(a, b)
            thickness = width_px + 2 if dark else width_px
            ends = fixed[a].tolist(), fixed[b].tolist()
            cv2.line(bgr, *ends, colour, thickness, cv2.LINE_AA, _SHIFT)
    radius = max(1, width_px) << _SHIFT
    for point in sorted({point for limb in limbs for point in limb}):
        centre = fixed[point].tolist()
        cv2.circle(bgr, centre, radius, point_colour(point), cv2.FILLED, cv2.LINE_AA, _SHIFT)


def limb_colour(a: int, b: int) -> Colour:
    """Left or right where both ends lie there, else that of the middle."""
    colours = {point_colour(a), point_colour(b)}
    return colours.pop() if len(colours) == 1 else MIDDLE_COLOUR


def point_colour(point: int) -> Colour:
    """The colour of a point's side; the nose is in the middle."""
    if point == 0:
        return MIDDLE_COLOUR
    return LEFT_COLOUR if point % 2 else RIGHT_COLOUR
