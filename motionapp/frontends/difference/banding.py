"""Flicker under a rolling shutter: bands of light and dark that run over the picture.

Lamps on the mains, or dimmed ones, brighten and darken while the rows are read one after the
other, so that every row has a gain of its own. Bodies change a part of a row, lamps all of it.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

COLUMNS = 6
"""A row is looked at in so many pieces; all but one must change alike: before one may be a body."""

LEAST_LEVELS = 1.5
"""Grey levels by which a piece of a row must change to count."""

SUSPECT_LEVELS = 2
"""If each third of a row differs by more grey levels on average, it is looked at closely."""

LEAST_ROWS = 0.12
"""Share of the rows that must change as wholes before there are bands."""


def are_suspected(differences: NDArray[np.uint8]) -> bool:
    """Whether enough rows differ from end to end for it to pay to fit bands.

    Parameters
    ----------
    differences : ndarray of uint8, shape (h, w)
        Every few pixels are enough.
    """
    third = differences.shape[1] // 3
    # A picture two pixels wide has no rows to speak of.
    if not third:
        return False
    left, middle, right = (
        cv2.reduce(differences[:, k * third : (k + 1) * third], 1, cv2.REDUCE_AVG) for k in range(3)
    )
    _, whole = cv2.threshold(
        cv2.min(cv2.min(left, middle), right), SUSPECT_LEVELS, 1, cv2.THRESH_BINARY
    )
    # A single row of a low picture may be somebody's edge.
    return cv2.countNonZero(whole) >= max(2, round(LEAST_ROWS * len(differences)))


def fit_bands(then: NDArray[np.uint8], now: NDArray[np.uint8]) -> NDArray[np.float32] | None:
    """By how much every row became brighter.

    Parameters
    ----------
    then, now : ndarray of uint8, shape (h, w)
        Every few pixels of the two pictures are enough.

    Returns
    -------
    ndarray of float32, shape (h, 1), or None
        Factors round 1; None where too few rows change as wholes, or the bands would not explain
        most of what differs.
    """
    # In so small a picture, a piece is a pixel and a body is a row.
    if min(then.shape) < COLUMNS:
        return None
    before, after = (_pieces(picture) for picture in (then, now))
    change = np.sort(after - before, axis=1)
    is_whole = (change[:, 1] > LEAST_LEVELS) | (change[:, -2] < -LEAST_LEVELS)
    # Lamps light the whole height; a few rows may be somebody who fills them.
    if np.count_nonzero(is_whole) < LEAST_ROWS * len(change):
        return None
    # In the dark, a level of noise would be a large gain.
    gains = np.median(after / np.maximum(before, 8.0), axis=1).astype(np.float32)
    smooth = np.asarray(cv2.blur(gains.reshape(-1, 1), (1, 3)), np.float32)
    rest = now - then * smooth
    # A body that fills whole rows is no band: taking one off would not help.
    if np.median(np.abs(rest)) > 0.6 * np.median(cv2.absdiff(now, then)):
        return None
    return smooth


def with_bands(then: NDArray[np.uint8], gains: NDArray[np.float32]) -> NDArray[np.uint8]:
    """An earlier picture in the light of now.

    Parameters
    ----------
    then : ndarray of uint8, shape (h, w)
    gains : ndarray of float32, shape (rows, 1)
        Of evenly spaced rows; those between are interpolated.
    """
    size = (then.shape[1], then.shape[0])
    every = cv2.resize(gains, (1, size[1]), interpolation=cv2.INTER_LINEAR)
    field = cv2.resize(every, size, interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.multiply(then, field, dtype=cv2.CV_8U), np.uint8)


def _pieces(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    size = (COLUMNS, picture.shape[0])
    return np.asarray(
        cv2.resize(picture.astype(np.float32), size, interpolation=cv2.INTER_AREA), np.float32
    )
