"""Shadow: ground that is darker than it was, alike in all colours and all over.

Only soft shadow is told: under a low sun it is as dark as a dark coat.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

DARKEST, BRIGHTEST = 0.45, 0.97
"""Brightness in shadow, as shares of that without."""

FAINTEST, LIGHTEST = 1.03, 1.25
"""Brightness where shadow has gone, or light is thrown back. Between the two it is as it was, and
what differs there has another colour: a body."""

TINTED = 0.06
"""Colours must darken alike, to this share."""

UNEVEN = 0.004
"""Variance of the darkening over a few pixels: shadow lets the ground show, bodies do not."""

SIDE_PX: Final = 5
CLOSES = 1 / 16
"""Shares of the picture's height: what body surrounds as closely as this is body, too."""


def without_shadow(
    mask: NDArray[np.uint8], now: NDArray[np.uint8], empty: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """A mask without the shadow in it.

    Parameters
    ----------
    mask : ndarray of uint8, shape (h, w)
        0 or 255.
    now, empty : ndarray of uint8, shape (3 * h, w)
        The picture and the empty one, colour below colour.

    References
    ----------
    Cucchiara, Grana, Piccardi, Prati, "Detecting moving objects, ghosts, and shadows in video
    streams", IEEE TPAMI 25(10), 2003.
    """
    x, y, w, h = cv2.boundingRect(mask)
    if not w:
        return mask
    height = len(mask)
    rows, columns = slice(y, y + h), slice(x, x + w)
    shares = [
        (now[k * height : (k + 1) * height][rows, columns] + np.float32(1))
        / (empty[k * height : (k + 1) * height][rows, columns] + np.float32(1))
        for k in range(3)
    ]
    blue, green, red = shares
    mean = (blue + green + red) / 3
    spread = cv2.max(cv2.max(blue, green), red) - cv2.min(cv2.min(blue, green), red)
    smooth = cv2.blur(mean, (3, 3))
    uneven = cv2.blur(mean * mean, (3, 3)) - smooth * smooth
    is_soft = (mean > DARKEST) & (mean < LIGHTEST) & ((mean < BRIGHTEST) | (mean > FAINTEST))
    is_shadow = is_soft & (spread < TINTED) & (uneven < UNEVEN)
    shadow = majority(is_shadow.astype(np.uint8) * np.uint8(255))
    part = mask[rows, columns]
    body = majority(np.asarray(cv2.subtract(part, shadow), np.uint8))
    side = 2 * max(1, round(CLOSES * height / 2)) + 1
    whole = np.zeros_like(mask)
    whole[rows, columns] = cv2.bitwise_and(part, closed(body, side))
    return whole


def majority(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What most of the 25 pixels round each are: the median of a mask, in a tenth of its time."""
    mean = cv2.blur(mask, (SIDE_PX, SIDE_PX), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.threshold(mean, 127, 255, cv2.THRESH_BINARY)[1], np.uint8)


def closed(mask: NDArray[np.uint8], side_px: int) -> NDArray[np.uint8]:
    """A mask with its gaps and holes closed, by a square of a side; the border closes nothing."""
    square = np.ones((side_px, side_px), np.uint8)
    wide = cv2.copyMakeBorder(
        mask, side_px, side_px, side_px, side_px, cv2.BORDER_CONSTANT, value=0
    )
    done = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, square)
    return np.asarray(done[side_px:-side_px, side_px:-side_px], np.uint8)
