"""Maps of poses: limbs, drawn softly, for networks that name movements.

Knows the order of the points; which of them are joined is in `motionapp.core.skeleton`, since the
overlay draws them too. Nothing of the networks that find people.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Epoch, Frame
from motionapp.core.motion import Map, Motion, Pose
from motionapp.core.representation import Representation
from motionapp.core.skeleton import LIMBS

THICKNESS = 0.12
"""Width of a drawn limb over the length of the torso: about that of an arm."""

_SHIFT = 4
"""Bits of a pixel's fraction in the coordinates OpenCV draws with."""


def torso_px(pose: Pose) -> float:
    """Length of the torso in pixels: the longer of its two diagonals, also when seen from above."""
    points = pose.keypoints[:, :2]
    diagonals = points[[5, 6]] - points[[12, 11]]
    return float(np.linalg.norm(diagonals, axis=1).max())


def draw_limbs(
    pose: Pose, size: tuple[int, int], *, scale: float = 1.0, min_visibility: float = 0.1
) -> NDArray[np.uint8]:
    """The pose's limbs as a soft picture.

    Parameters
    ----------
    pose : Pose
    size : tuple of int
        Width and height of the result.
    scale : float
        Pixels of the result per full-frame display pixel.
    min_visibility : float
        Limbs with an end below it are left out, 0 to 1.

    Returns
    -------
    ndarray of uint8, shape (h, w)
        255 in the middle of a limb whose two ends are certainly visible, less where an end is
        less so, falling softly to 0 beside it; all 0 where nothing can be seen.

    Notes
    -----
    A limb's width follows the size of the person, so a map looks the same from near and far.
    """
    width, height = size
    limbs = np.zeros((height, width), np.uint8)
    points = pose.keypoints[:, :2] * scale
    if not np.isfinite(points).all():
        return limbs
    thickness = max(1, round(THICKNESS * torso_px(pose) * scale))
    # OpenCV's lines overwrite: the surest comes last and stays whole where limbs cross.
    sureness = [float(min(pose.keypoints[a, 2], pose.keypoints[b, 2])) for a, b in LIMBS]
    for index in np.argsort(sureness, kind="stable"):
        # Towards an end that is guessed, it would draw a limb that nobody has.
        if sureness[index] < min_visibility:
            continue
        # cv2 wraps 16-bit coordinates of its own; far outside, a limb is cut off by the clip.
        ends = np.clip(points[list(LIMBS[index])], -4 * max(size), 5 * max(size))
        start, end = (np.round(ends * (1 << _SHIFT))).astype(int).tolist()
        level = round(255 * sureness[index])
        cv2.line(limbs, start, end, level, thickness, cv2.LINE_AA, _SHIFT)
    softness = max(0.5, thickness / 4)
    return cv2.GaussianBlur(limbs, (0, 0), softness).astype(np.uint8, copy=False)


def draw_poses(
    poses: Sequence[Pose], size: tuple[int, int], *, scale: float = 1.0
) -> NDArray[np.uint8]:
    """The limbs of everybody in one picture; where two cross, the brighter. See `draw_limbs`."""
    width, height = size
    limbs = np.zeros((height, width), np.uint8)
    for pose in poses:
        np.maximum(limbs, draw_limbs(pose, size, scale=scale), out=limbs)
    return limbs


class PoseMaps:
    """Draws the limbs of everybody at the scale of a representation.

    Parameters
    ----------
    epoch : Epoch
    representation : Representation
    """

    def __init__(self, epoch: Epoch, representation: Representation) -> None:
        self._level = representation.level(epoch.size)
        self._size = epoch.size[0] >> self._level, epoch.size[1] >> self._level

    def step(self, frame: Frame, motion: Motion, *, is_wanted: bool = True) -> Map | None:
        """The limbs of the poses that were seen, shape (h, w)."""
        if not is_wanted:
            return None
        drawn = draw_poses(motion.poses, self._size, scale=1 / (1 << self._level))
        drawn.flags.writeable = False
        return drawn
