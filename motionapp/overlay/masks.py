"""What moves, tinted; and where nothing can be told."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.overlay.palette import BORDER_COLOUR, Colour

MASK_COLOUR: Colour = (60, 40, 235)
OUTSIDE_LIGHT: Final = 0.4
"""Of its own, is left to what is no part of the scene."""


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
    large = np.asarray(cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)
    part = Box(*_round(large))
    if not part.area:
        return
    under = bgr[part.y0 : part.y1, part.x0 : part.x1]
    tinted = cv2.addWeighted(under, 1 - opacity, np.full_like(under, colour), opacity, 0)
    cv2.copyTo(tinted, large[part.y0 : part.y1, part.x0 : part.x1], under)


def draw_valid(bgr: NDArray[np.uint8], valid: NDArray[np.uint8], width_px: int) -> None:
    """Dim what is no part of the scene, and draw a line along it, in place.

    Parameters
    ----------
    bgr : ndarray of uint8, shape (h, w, 3)
        Written to.
    valid : ndarray of uint8, shape (h', w')
        255 in the scene and 0 outside, at any scale; stretched to the picture.
    width_px : int
        Of the line, which lies in the scene; there is none along the picture's own edges.
    """
    height, width = bgr.shape[:2]
    # Smoothly, since the edge may be slanted.
    inside = cv2.threshold(cv2.resize(valid, (width, height)), 127, 255, cv2.THRESH_BINARY)[1]
    outside = np.asarray(cv2.bitwise_not(inside), np.uint8)
    if not cv2.countNonZero(outside):
        return
    cv2.copyTo(cv2.convertScaleAbs(bgr, alpha=OUTSIDE_LIGHT), outside, bgr)
    side = 2 * width_px + 1
    near = np.asarray(cv2.dilate(outside, np.ones((side, side), np.uint8)), np.uint8)
    bgr[(near > 0) & (outside == 0)] = BORDER_COLOUR


def _round(mask: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    x, y, width, height = cv2.boundingRect(mask)
    return x, y, x + width, y + height
