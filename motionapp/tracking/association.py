"""Which region belongs to which track: a cost for every pair, and the cheapest pairs first.

Boxes come as arrays here: with twenty of them a matrix costs 0.03 ms, a loop over pairs 0.6 ms.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box

SIZE_WEIGHT = 0.5
"""A doubled size costs as much as a quarter of a box length of distance."""

SHARED_OVERLAP = 0.5
"""So much of an expected box inside a region that has another track: the two have merged."""


def boxes_array(boxes: Sequence[Box]) -> NDArray[np.float64]:
    """Boxes as an array of shape (n, 4): x0, y0, x1, y1 in pixels."""
    return np.array(boxes, np.float64).reshape(-1, 4)


def costs(expected: NDArray[np.float64], seen: NDArray[np.float64]) -> NDArray[np.float64]:
    """How badly each region fits where each track is expected.

    Parameters
    ----------
    expected : ndarray of float64, shape (t, 4)
    seen : ndarray of float64, shape (r, 4)
        Half-open boxes, not empty.

    Returns
    -------
    ndarray of float64, shape (t, r)
        ``[i, j]``: distance of the centres in lengths of the longer box, plus a term from 0 to
        `SIZE_WEIGHT` for the change of size; 0 for equal boxes.
    """
    # Columns, not a last axis of two or four: reducing over those costs ten times as much.
    ax0, ay0, ax1, ay1 = expected.T[:, :, None]
    bx0, by0, bx1, by1 = seen.T[:, None, :]
    aw, ah, bw, bh = ax1 - ax0, ay1 - ay0, bx1 - bx0, by1 - by0
    length = np.maximum(np.maximum(aw, ah), np.maximum(bw, bh))
    apart = np.hypot(ax0 + ax1 - bx0 - bx1, ay0 + ay1 - by0 - by1) / 2
    a_area, b_area = aw * ah, bw * bh
    growth = 1 - np.minimum(a_area, b_area) / np.maximum(a_area, b_area)
    return np.asarray(apart / length + SIZE_WEIGHT * growth)


def cheapest_pairs(cost: NDArray[np.float64], *, reach: float) -> dict[int, int]:
    """Pairs ``track: region``, each index at most once, the cheapest first.

    Parameters
    ----------
    cost : ndarray of float64, shape (t, r)
    reach : float
        Pairs that cost more are not made.

    Returns
    -------
    dict of int to int
        Ties go to the earlier track, then to the earlier region.
    """
    tracks, regions = np.nonzero(cost <= reach)
    order = np.lexsort((regions, tracks, cost[tracks, regions]))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for t, r in zip(tracks[order].tolist(), regions[order].tolist(), strict=True):
        if t not in pairs and r not in taken:
            pairs[t] = r
            taken.add(r)
    return pairs


def covered_shares(inner: NDArray[np.float64], outer: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of each inner box that lies inside each outer one.

    Parameters
    ----------
    inner : ndarray of float64, shape (i, 4)
        Half-open boxes, not empty.
    outer : ndarray of float64, shape (o, 4)

    Returns
    -------
    ndarray of float64, shape (i, o)
        From 0 to 1.
    """
    ax0, ay0, ax1, ay1 = inner.T[:, :, None]
    bx0, by0, bx1, by1 = outer.T[:, None, :]
    across = np.maximum(np.minimum(ax1, bx1) - np.maximum(ax0, bx0), 0)
    down = np.maximum(np.minimum(ay1, by1) - np.maximum(ay0, by0), 0)
    return np.asarray(across * down / ((ax1 - ax0) * (ay1 - ay0)))


def gaps(
    boxes: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Empty pixels between each two boxes.

    Parameters
    ----------
    boxes : ndarray of float64, shape (n, 4)

    Returns
    -------
    across, down : ndarray of float64, shape (n, n)
        0 where the two overlap on that axis.
    """
    x0, y0, x1, y1 = boxes.T[:, :, None]
    across = np.maximum(x0, x0.T) - np.minimum(x1, x1.T)
    down = np.maximum(y0, y0.T) - np.minimum(y1, y1.T)
    return np.maximum(across, 0), np.maximum(down, 0)
