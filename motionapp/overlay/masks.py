"""What moves, tinted; and where nothing can be told."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.overlay.palette import Colour

MASK_COLOUR: Colour = (60, 40, 235)
NOT_VALID_COLOUR: Colour = (90, 90, 90)
"""Where a camera that moves shows what is no part of the scene."""


def tint_mask(
    bgr: NDArray[np.uint8],
    mask: NDArray[np.uint8],
    *,
    colour: Colour = MASK_COLOUR,
    opacity: float = 0.45,
) -> None:
    """Tint the moving part of a picture, in place.

    Parameters
    ----------
    bgr : ndarray of uint8, shape (h, w, 3)
        Written to.
    mask : ndarray of uint8, shape (h', w')
        0 or 255, at any scale; stretched to the picture.
    colour : tuple of int
        Blue, green, red.
    opacity : float
        0 leaves the picture, 1 covers it.
    """
    height, width = bgr.shape[:2]
    large = cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST)
    tinted = cv2.addWeighted(bgr, 1 - opacity, np.full_like(bgr, colour), opacity, 0)
    cv2.copyTo(tinted, large, bgr)
