"""Maps of poses: limbs, drawn softly, for networks that name movements.

Knows the order of the points; which of them are joined is in `motionapp.core.skeleton`, since the
overlay draws them too. Nothing of the networks that find people.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Epoch, Frame
from motionapp.core.motion import Map, Motion, Pose
from motionapp.core.representation import Representation
from motionapp.core.skeleton import BOTH, LEFT, LIMBS, RIGHT, side_of

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
    """The pose's limbs as a soft picture, those on the left apart from those on the right.

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
    ndarray of uint8, shape (h, w, 2)
        The person's own left and right; what leads from one side to the other is in both. 255 in
        the middle of a limb whose two ends are certainly visible, less where an end is less so,
        falling softly to 0 beside it; all 0 where nothing can be seen.

    Notes
    -----
    A limb's width follows the size of the person, so a map looks the same from near and far.
    """
    limbs = np.zeros((size[1], size[0], 2), np.uint8)
    draw_into(limbs, pose, scale=scale, min_visibility=min_visibility)
    return limbs


def draw_into(
    picture: NDArray[np.uint8], pose: Pose, *, scale: float, min_visibility: float = 0.1
) -> None:
    """Draw a pose's limbs over what is in a picture; where two cross, the brighter stays.

    Only where the person is: a picture is large, and most people in it are small.
    """
    # cv2 wraps 16-bit coordinates of its own; far outside, a limb is cut off by the clip.
    height, width = picture.shape[:2]
    far = 4 * max(width, height)
    points = pose.keypoints[:, :2] * scale
    visible = pose.keypoints[:, 2]
    shown = [limb for limb in LIMBS if min(visible[list(limb)]) >= min_visibility]
    # Towards an end that is guessed, it would draw a limb that nobody has.
    if not shown or not np.isfinite(points).all():
        return
    points = np.clip(points, -far, far)
    thickness = max(1, round(THICKNESS * torso_px(pose) * scale))
    softness = max(0.5, thickness / 4)
    margin = thickness + math.ceil(4 * softness) + 2
    ends = points[sorted({point for limb in shown for point in limb})]
    x0, y0 = np.floor(ends.min(axis=0)).astype(int) - margin
    x1, y1 = np.ceil(ends.max(axis=0)).astype(int) + margin
    x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, width), min(y1, height)
    if x0 >= x1 or y0 >= y1:
        return
    part = picture[y0:y1, x0:x1]
    fixed = np.round((points - [x0, y0]) * (1 << _SHIFT)).astype(int)
    for side in (LEFT, RIGHT):
        plane = np.zeros(part.shape[:2], np.uint8)
        # OpenCV's lines overwrite: the surest comes last and stays whole where limbs cross.
        for limb in sorted(shown, key=lambda limb: min(visible[list(limb)])):
            if side_of(limb) in (side, BOTH):
                level = round(255 * float(min(visible[list(limb)])))
                start, end = fixed[list(limb)].tolist()
                cv2.line(plane, start, end, level, thickness, cv2.LINE_AA, _SHIFT)
        soft = cv2.GaussianBlur(plane, (0, 0), softness)
        np.maximum(part[..., side], soft, out=part[..., side])


def draw_poses(
    poses: Sequence[Pose], size: tuple[int, int], *, scale: float = 1.0
) -> NDArray[np.uint8]:
    """The limbs of everybody in one picture; where two cross, the brighter. See `draw_limbs`."""
    limbs = np.zeros((size[1], size[0], 2), np.uint8)
    for pose in poses:
        draw_into(limbs, pose, scale=scale)
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
        """The limbs of the poses that were seen, shape (h, w, 2)."""
        if not is_wanted:
            return None
        drawn = draw_poses(motion.poses, self._size, scale=1 / (1 << self._level))
        drawn.flags.writeable = False
        return drawn
