"""What the gate compares with its threshold: how much each place differs, and whether that counts.

What stays below the threshold may be noise and is cold; what is above is warm. So it is seen how
nearly something counted, where nothing is found.
"""

from __future__ import annotations

import functools
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.motion import Motion
from motionapp.overlay.palette import Colour
from motionapp.overlay.suppressed import in_picture

COLD: Final[Colour] = (255, 140, 40)
WARM: Final[tuple[Colour, Colour]] = ((0, 120, 255), (40, 240, 255))
"""Orange just above the threshold, yellow where it is far above: so colour-blind eyes, too, tell
them from what is cold."""
FULL: Final = 4.0
"""Thresholds: beyond so many, nothing is told apart any more."""
MOST_OPACITY: Final = 0.85
COLD_OPACITY: Final = 0.45
"""Of what just fails to count; noise alone, a third of that as a rule, leaves the picture as it
is."""


def draw_difference(bgr: NDArray[np.uint8], motion: Motion, *, scale: float = 1.0) -> None:
    """Lay the differences of a frame over its picture, in place.

    Parameters
    ----------
    bgr : ndarray of uint8, shape (h, w, 3)
    motion : Motion
        Nothing is drawn where it has none: it was compared with nothing.
    scale : float
        Pixels of `bgr` to one of the frame.
    """
    if motion.differs is None:
        return
    height, width = bgr.shape[:2]
    strength, unit = motion.differs
    if motion.scene is not None:
        strength = in_picture(strength, motion.scene, (width / scale, height / scale))
    share = np.asarray(cv2.convertScaleAbs(strength, alpha=255 / (FULL * unit)), np.uint8)
    colours, opacities = _colours()
    opacity = np.asarray(cv2.resize(opacities[share], (width, height)), np.float32)
    large = cv2.resize(colours[share], (width, height))
    cv2.blendLinear(large, bgr, opacity, 1 - opacity, dst=bgr)


def difference_rows(motion: Motion) -> list[tuple[str, Colour]]:
    """What its colours mean, for a legend; empty where there is nothing to tell."""
    if motion.differs is None:
        return []
    limit = f"{motion.differs.unit:.1f}"
    return [(f"differs by {limit} or more", WARM[0]), ("less: may be noise", COLD)]


@functools.cache
def _colours() -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """The colour of each share, 0 to 255 of `FULL` thresholds, shape (256, 3), and its opacity."""
    levels = np.arange(256, dtype=np.float32) * np.float32(FULL / 255)
    beyond = np.clip((levels - 1) / (FULL - 1), 0, 1)[:, None]
    warm = (1 - beyond) * np.array(WARM[0]) + beyond * np.array(WARM[1])
    is_warm = levels > 1
    colours = np.where(is_warm[:, None], warm, np.array(COLD)).astype(np.uint8)
    opacity = np.where(is_warm, 0.6 + (MOST_OPACITY - 0.6) * beyond[:, 0], COLD_OPACITY * levels**2)
    return colours, opacity.astype(np.float32)
