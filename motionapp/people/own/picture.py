"""A picture as a user's network takes it, and where its answers lie in that picture.

Knows borders, scales and colours; nothing of outputs.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

GREY: Final = 114
"""What such networks were shown beside pictures of another form."""

LEAST, MOST = -1.0, 2.0
"""In shares of the picture: a guess about a hidden foot may lie beyond its border, but what lies
further off is no place, and numbers without end make whole pixels fail."""


def fitted(
    bgr: NDArray[np.uint8], size: tuple[int, int]
) -> tuple[NDArray[np.uint8], tuple[float, float]]:
    """A picture in the upper left corner of one of another size, the rest grey.

    Parameters
    ----------
    bgr : ndarray of uint8, shape (h, w, 3)
    size : tuple of int
        Width and height of the result.

    Returns
    -------
    picture : ndarray of uint8, shape (height, width, 3)
    shown : tuple of float
        How many of its pixels the picture is wide and tall.
    """
    height, width = bgr.shape[:2]
    if (width, height) == size:
        return bgr, (float(width), float(height))
    scale = min(size[0] / width, size[1] / height)
    wide, tall = max(1, round(width * scale)), max(1, round(height * scale))
    picture = np.full((size[1], size[0], 3), GREY, np.uint8)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    picture[:tall, :wide] = cv2.resize(bgr, (wide, tall), interpolation=way)
    return picture, (float(wide), float(tall))


def planes(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """One batch entry, a plane for each colour: shape (1, 3, h, w)."""
    return np.ascontiguousarray(picture.transpose(2, 0, 1)[np.newaxis])


def rows_of(
    points: NDArray[np.float32],
    boxes: NDArray[np.float32],
    scores: NDArray[np.float32],
    shown: tuple[float, float],
) -> NDArray[np.float32]:
    """People as `PersonNetwork` gives them.

    Parameters
    ----------
    points : ndarray of float32, shape (n, 17, 3)
        x and y in pixels of the fitted picture, and a score.
    boxes : ndarray of float32, shape (n, 4)
        x0, y0, x1, y1 in the same pixels.
    scores : ndarray of float32, shape (n,)
    shown : tuple of float
        As `fitted` gives it.

    Returns
    -------
    ndarray of float32, shape (n, 56)
        Without those of whom some number is none: a network of 16-bit floats may overflow.
    """
    wide, tall = shown
    rows = np.zeros((len(scores), 56), np.float32)
    rows[:, 0:51:3] = np.clip(points[:, :, 1] / tall, LEAST, MOST)
    rows[:, 1:51:3] = np.clip(points[:, :, 0] / wide, LEAST, MOST)
    rows[:, 2:51:3] = np.clip(points[:, :, 2], 0, 1)
    rows[:, 51:55] = np.clip(boxes[:, [1, 0, 3, 2]] / (tall, wide, tall, wide), LEAST, MOST)
    rows[:, 55] = np.clip(scores, 0, 1)
    return rows[np.isfinite(rows).all(axis=1)]


def surest(
    boxes: NDArray[np.float32], scores: NDArray[np.float32], *, most: int = 32
) -> NDArray[np.int64]:
    """Which rows are somebody, each once, surest first: scores below 0.05 and doubles are left out.

    Parameters
    ----------
    boxes : ndarray of float32, shape (n, 4)
        x0, y0, x1, y1.
    scores : ndarray of float32, shape (n,)
    most : int
    """
    usable = np.isfinite(boxes).all(axis=1) & np.isfinite(scores) & (scores >= 0.05)
    left = np.flatnonzero(usable)
    left = left[np.argsort(-scores[left], kind="stable")][:1000]
    kept: list[int] = []
    while left.size and len(kept) < most:
        best, left = int(left[0]), left[1:]
        kept.append(best)
        left = left[_overlaps(boxes[best], boxes[left]) <= 0.65]
    return np.array(kept, np.int64)


def _overlaps(box: NDArray[np.float32], boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Intersection over union of one box with each of `boxes`."""
    corner = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    shared = np.prod(np.clip(corner, 0, None), axis=1)
    areas = np.prod(np.clip(boxes[:, 2:] - boxes[:, :2], 0, None), axis=1)
    own = np.prod(np.clip(box[2:] - box[:2], 0, None))
    ratio: NDArray[np.float32] = shared / np.maximum(areas + own - shared, 1e-9)
    return ratio
