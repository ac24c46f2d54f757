"""What the camera does to a flow field: found where most of the picture agrees, and taken out.

A panning or shaking camera moves walls and trees as well as people. Only what is left when the
motion of the picture as a whole is taken away is somebody's.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

LEAST_CHANGED: Final = 0.03
"""Share of the picture that must differ before the camera is asked about: a still one costs
nothing."""
STEP_PX: Final = 8
"""From one sample of the field to the next."""
EDGE_LEVELS: Final = 12.0
"""Grey levels across a pixel's neighbours: on flat walls a field is guessed, and has no vote."""
AGREED_PX: Final = 0.6
"""A sample agrees whose flow is as near to the fit: about the error of the field itself, which is
0.60 px in the mean with `fast` where little moves (docs/adr/0010-flow.md)."""
LEAST_AGREED: Final = 0.65
"""Of the votes, and of the parts of the picture: fewer are a lorry and not the camera."""
PARTS: Final = 4
"""Along each side: the picture is asked in 16 parts."""
LEAST_PARTS: Final = 8
"""Half of them must have votes: what is said of fewer is not said of the picture as a whole."""
LEAST_VOTES: Final = 40
"""Of fewer, any few that happen to agree would be the camera."""
STILL_PX: Final = 0.2
"""Below this at every corner the camera stands still: the field itself is no more exact."""

Affine = NDArray[np.float64]
"""Shape (2, 3): flow = A (x, y, 1), in pixels of the field."""


def camera_motion(
    field: NDArray[np.float32], luma: NDArray[np.uint8], changed: NDArray[np.uint8]
) -> Affine | None:
    """The motion of the picture as a whole.

    Parameters
    ----------
    field : ndarray of float32, shape (h, w, 2)
        Displacement in pixels of this picture.
    luma : ndarray of uint8, shape (h, w)
        What the field starts from.
    changed : ndarray of uint8, shape (h, w)
        0 where both pictures are the same.

    Returns
    -------
    ndarray of float64, shape (2, 3), or None
        None where the camera stands still, or no motion has most of the picture behind it.
    """
    if cv2.countNonZero(changed) < LEAST_CHANGED * changed.size:
        return None
    places, flow = _votes(field, luma)
    if len(places) < LEAST_VOTES:
        return None
    # Seeded by OpenCV with the same number at each call: the same field gives the same fit.
    fit = cv2.estimateAffinePartial2D(
        places, places + flow, method=cv2.RANSAC, ransacReprojThreshold=AGREED_PX, maxIters=200
    )[0]
    placed = np.asarray(fit, np.float64)
    if placed.shape != (2, 3):  # None, whatever the stub says: no two votes agree
        return None
    motion = placed - np.eye(2, 3)
    height, width = luma.shape
    if not _is_everywhere(places, flow, motion, (width, height)):
        return None
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]], np.float64)
    return motion if np.abs(corners @ motion.T).max() >= STILL_PX else None


def without_camera(field: NDArray[np.float32], motion: Affine) -> NDArray[np.float32]:
    """The field as a still camera would have seen it.

    Parameters
    ----------
    field : ndarray of float32, shape (h, w, 2)
    motion : ndarray of float64, shape (2, 3)

    Returns
    -------
    ndarray of float32, shape (h, w, 2)
        A new array.
    """
    height, width = field.shape[:2]
    x, y = np.arange(width, dtype=np.float64), np.arange(height, dtype=np.float64)
    left = np.empty_like(field)
    for axis in (0, 1):
        across, down, shift = motion[axis]
        whole = (across * x + shift)[None, :] + (down * y)[:, None]
        left[..., axis] = field[..., axis] - whole.astype(np.float32)
    return left


def _votes(
    field: NDArray[np.float32], luma: NDArray[np.uint8]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Places and flow of the samples whose picture has something to hold on to."""
    rows = slice(STEP_PX // 2, None, STEP_PX)
    across = np.asarray(cv2.Sobel(luma, cv2.CV_32F, 1, 0, scale=0.25))[rows, rows]
    down = np.asarray(cv2.Sobel(luma, cv2.CV_32F, 0, 1, scale=0.25))[rows, rows]
    y, x = np.nonzero(np.abs(across) + np.abs(down) >= EDGE_LEVELS)
    places = np.column_stack([x, y]).astype(np.float64) * STEP_PX + STEP_PX // 2
    return places, field[rows, rows][y, x].astype(np.float64)


def _is_everywhere(
    places: NDArray[np.float64],
    flow: NDArray[np.float64],
    motion: Affine,
    size: tuple[int, int],
) -> bool:
    """Whether most votes agree, and most parts of the picture."""
    expected = places @ motion[:, :2].T + motion[:, 2]
    agrees = np.hypot(*(flow - expected).T) <= AGREED_PX
    if agrees.mean() < LEAST_AGREED:
        return False
    part = (places * PARTS / np.array(size)).astype(int)
    number = part[:, 1] * PARTS + part[:, 0]
    votes = np.bincount(number, minlength=PARTS**2)
    yes = np.bincount(number[agrees], minlength=PARTS**2)
    # A part with a single vote would agree or not by chance.
    asked = votes >= 2
    agreed = yes[asked] * 2 > votes[asked]
    return bool(asked.sum() >= LEAST_PARTS and agreed.mean() >= LEAST_AGREED)
