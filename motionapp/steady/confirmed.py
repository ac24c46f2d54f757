"""What a front-end behind the gate saw in pictures that were moved back, as far as it is sure.

Only the gate knows which edges are a little off.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.core.motion import Motion, Region

NEAR_PX: Final = 11
"""What a front-end behind the gate sees is real within half of this of what the gate sees."""


def confirmed(motion: Motion, gate: Motion) -> Motion:
    """A motion without what the gate has not seen near.

    Parameters
    ----------
    motion : Motion
    gate : Motion
        At the same frame.
    """
    if gate.mask is None:
        return motion
    near = np.asarray(cv2.dilate(gate.mask, np.ones((NEAR_PX, NEAR_PX), np.uint8)), np.uint8)
    mask = None
    if motion.mask is not None:
        if motion.mask.shape != near.shape:  # a front-end may work at a width of its own
            size = (motion.mask.shape[1], motion.mask.shape[0])
            near = np.asarray(cv2.resize(near, size, interpolation=cv2.INTER_NEAREST), np.uint8)
        mask = np.asarray(cv2.bitwise_and(motion.mask, near), np.uint8)
        mask.flags.writeable = False
    level = gate.level if mask is None else motion.level
    cut = (cut_to(region, near if mask is None else mask, level, is_whole=mask is None)
           for region in motion.regions)  # fmt: skip
    reasons = replace(motion.reasons, camera_px=gate.reasons.camera_px)
    regions = tuple(region for region in cut if region is not None)
    return replace(motion, regions=regions, mask=mask, reasons=reasons)


def cut_to(region: Region, mask: NDArray[np.uint8], level: int, *, is_whole: bool) -> Region | None:
    """A region cut to where a mask says that something moves; None where nothing does.

    Parameters
    ----------
    region : Region
    mask : ndarray of uint8, shape (h, w)
    level : int
        Its scale.
    is_whole : bool
        A person stays whole.
    """
    x0, y0, x1, y1 = (edge >> level for edge in region.box)
    part = mask[max(0, y0) : y1, max(0, x0) : x1]
    px = cv2.countNonZero(part) if part.size else 0
    if not px or is_whole:
        return region if px else None
    left, top, wide, tall = cv2.boundingRect(part)
    scale = 1 << level
    left, top = (max(0, x0) + left) * scale, (max(0, y0) + top) * scale
    box = Box(left, top, left + wide * scale, top + tall * scale)
    return region._replace(box=box, area_px=min(region.area_px, float(px * scale * scale)))
