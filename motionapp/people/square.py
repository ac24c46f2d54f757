"""The square round a body that the person network looks at.

Knows geometry and borders only: where the square lies, how it is cut out, how to come back.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box

SQUARE_FACTOR: Final = 2.2
"""Side of the square over the longer side of the body's box; `benchmarks/person_search.py`."""

LEAST_PX: Final = 32
"""Below this side nobody can be made out, and what is cut out is mostly interpolation."""


class Square(NamedTuple):
    """A square of whole pixels; it may reach over the picture's border."""

    x0: int
    y0: int
    side_px: int


def square_round(box: Box, *, factor: float = SQUARE_FACTOR) -> Square:
    """The square with the box in its middle.

    Parameters
    ----------
    box : Box
        A body in full-frame display pixels.
    factor : float
        Side of the square over the longer side of the box.
    """
    side = max(LEAST_PX, round(factor * max(box.width, box.height)))
    x, y = box.centre
    return Square(math.floor(x - side / 2), math.floor(y - side / 2), side)


def cut(bgr: NDArray[np.uint8], square: Square, side_px: int) -> NDArray[np.uint8]:
    """The square as a picture.

    Parameters
    ----------
    bgr : ndarray of uint8, shape (h, w, 3)
    square : Square
        At least one pixel of it lies in the picture.
    side_px : int
        Side of the result.

    Returns
    -------
    ndarray of uint8, shape (side_px, side_px, 3)
        Outside the picture its border is repeated.
    """
    height, width = bgr.shape[:2]
    x0, y0, side = square
    left, top = max(x0, 0), max(y0, 0)
    right, bottom = min(x0 + side, width), min(y0 + side, height)
    inside = bgr[top:bottom, left:right]
    # Shrinking by area: nothing flickers between two frames for want of pixels.
    way = cv2.INTER_AREA if side > side_px else cv2.INTER_LINEAR
    if inside.shape[:2] != (side, side):
        margins = (top - y0, y0 + side - bottom, left - x0, x0 + side - right)
        inside = cv2.copyMakeBorder(inside, *margins, cv2.BORDER_REPLICATE).astype(
            np.uint8, copy=False
        )
    return cv2.resize(inside, (side_px, side_px), interpolation=way).astype(np.uint8, copy=False)
