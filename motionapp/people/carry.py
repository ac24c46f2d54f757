"""Points that are found again in the next picture: what a person does between two looks.

Knows pixels; whose the points are, and when to look again, is for others.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

WINDOW_PX: Final = 13
"""Side of the window that is found again, at analysis scale."""

LEVELS: Final = 2
"""How often that picture is halved for long ways: 2 reaches about 40 pixels."""

BACK_PX: Final = 1.0
"""A point that is not found where it came from, so near at analysis scale, is lost."""


def carried(
    points: NDArray[np.float32],
    before: NDArray[np.uint8],
    now: NDArray[np.uint8],
    level: int,
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Where points of one picture are in the next.

    Parameters
    ----------
    points : ndarray of float32, shape (n, 2)
        x and y in full-frame display pixels; at least one.
    before, now : ndarray of uint8, shape (h, w)
        The two pictures, halved `level` times.
    level : int

    Returns
    -------
    ways : ndarray of float32, shape (n, 2)
        How far each has gone, in full-frame display pixels; 0 where it is lost.
    are_found : ndarray of bool, shape (n,)

    References
    ----------
    Lucas, Kanade, "An iterative image registration technique", IJCAI 1981, on a pyramid as in
    Bouguet, 2001; the check as in Kalal, Mikolajczyk, Matas, "Forward-backward error", ICPR 2010.
    """
    if before.shape != now.shape:
        return np.zeros_like(points), np.zeros(len(points), np.bool_)
    scale = 2**level
    start = (points / scale).reshape(-1, 1, 2).astype(np.float32)
    there, is_there = _found_again(before, now, start)
    back, is_back = _found_again(now, before, there)
    off = np.linalg.norm((back - start).reshape(-1, 2), axis=1)
    are_found = is_there & is_back & (off <= BACK_PX)
    ways = (there - start).reshape(-1, 2) * scale
    ways[~are_found] = 0.0
    return ways.astype(np.float32, copy=False), are_found


def _found_again(
    before: NDArray[np.uint8], now: NDArray[np.uint8], points: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    window = (WINDOW_PX, WINDOW_PX)
    there, is_found, _ = cv2.calcOpticalFlowPyrLK(
        before, now, points, points.copy(), winSize=window, maxLevel=LEVELS
    )
    return np.asarray(there, np.float32), np.asarray(is_found).ravel() > 0
