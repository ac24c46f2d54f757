"""What of a picture a moving camera's answer and mask may not be taken from: what is covered.

A cover stays where it is in the picture while the scene moves beneath it: its edges would be points
that say that the camera stands, and differences that nobody made.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Epoch
from motionapp.core.motion import Motion
from motionapp.privacy import covered_mask
from motionapp.steady.camera import WIDTH_PX, WINDOW_PX
from motionapp.steady.way import STAYED, Way

DECLINED: Final = "camera"
"""Why nothing counts while a movement of the camera is only being found out."""
KEPT_S: Final = 2.0
"""Ways are known for so long: pictures are compared over a lag, three times that at most."""
EDGE_PX: Final = 2
"""At analysis scale: so far from a cover pictures that were moved back are mixed with it."""
OPEN: Final = 0.25
"""A quarter of the picture of which so much is seen may say whether the camera moves."""


class Hidden:
    """The cover of one epoch, and where the scene has lain beneath it.

    Parameters
    ----------
    epoch : Epoch or None
        None where there is none yet.
    """

    def __init__(self, epoch: Epoch | None) -> None:
        self._ways: deque[tuple[float, Way]] = deque()
        self._level = 0
        self._mask: NDArray[np.uint8] | None = None
        self._near: NDArray[np.uint8] | None = None
        self.quarters = 4
        """So many quarters of the picture are seen."""
        if epoch is None or epoch.cover.is_empty:
            return
        mask = covered_mask(epoch.cover, epoch.size, epoch.level)
        # A point is a window round it, at the scale that the camera is found at.
        reach = max(EDGE_PX, WINDOW_PX * max(1, mask.shape[1] // WIDTH_PX) // 2)
        self._level, self._mask, self._near = (
            epoch.level,
            _grown(mask, EDGE_PX),
            _grown(mask, reach),
        )
        h, w = (side // 2 for side in mask.shape)
        parts = (mask[:h, :w], mask[:h, w:], mask[h:, :w], mask[h:, w:])
        self.quarters = sum(np.mean(part == 0) >= OPEN for part in parts)

    def note(self, now_s: float, way: Way) -> None:
        """Where the scene lies at a frame."""
        if self._mask is None:
            return
        self._ways.append((now_s, way))
        while self._ways[0][0] < now_s - KEPT_S:
            self._ways.popleft()

    def seen(self, way: Way, inside: NDArray[np.uint8] | None) -> NDArray[np.uint8] | None:
        """Where points of the scene may be chosen: above 0; None where everywhere."""
        if self._near is None:
            return inside
        seen = np.asarray(cv2.bitwise_not(_in_scene(self._near, way, self._level)), np.uint8)
        return seen if inside is None else np.asarray(cv2.bitwise_and(seen, inside), np.uint8)

    def cut(self, motion: Motion, now_s: float) -> Motion:
        """The motion without what was covered in either of the pictures that were compared."""
        if self._mask is None or motion.mask is None or not self._ways:
            return motion
        then_s = now_s - motion.lag_s
        then = min(self._ways, key=lambda one: abs(one[0] - then_s))[1]
        now = self._ways[-1][1]
        if now.is_none and then.is_none:
            return motion
        hidden = cv2.bitwise_or(*(_in_scene(self._mask, way, self._level) for way in (then, now)))
        mask = np.asarray(cv2.bitwise_and(motion.mask, cv2.bitwise_not(hidden)), np.uint8)
        mask.flags.writeable = False
        return replace(motion, mask=mask)


def emptied(motion: Motion) -> Motion:
    """Nothing that moves can be told from the camera's movement."""
    assert motion.mask is not None
    mask = np.zeros_like(motion.mask)
    mask.flags.writeable = False
    return replace(motion, mask=mask, reasons=replace(motion.reasons, declined=DECLINED))


def _grown(mask: NDArray[np.uint8], reach: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.dilate(mask, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)), np.uint8)


def _in_scene(mask: NDArray[np.uint8], way: Way, level: int) -> NDArray[np.uint8]:
    """What lies in the picture, where the scene was first seen."""
    if way == STAYED:
        return mask
    how = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    return np.asarray(
        cv2.warpAffine(mask, way.matrix(level), mask.shape[::-1], flags=how), np.uint8
    )
