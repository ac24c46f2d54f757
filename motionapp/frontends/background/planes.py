"""Pictures as the model keeps them: small, a little smoothed, one colour below the other."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Frame


def planes_of(frame: Frame, level: int) -> NDArray[np.uint8]:
    """Blue, green and red of a frame's picture, halved `level` times: shape (3 * h, w)."""
    bgr = frame.bgr()
    if level:
        size = max(1, bgr.shape[1] >> level), max(1, bgr.shape[0] >> level)
        bgr = np.asarray(cv2.resize(bgr, size, interpolation=cv2.INTER_AREA), np.uint8)
    # Single pixels' noise, which is smaller in halved pictures already, would widen all thresholds.
    smooth = cv2.GaussianBlur(bgr, (3, 3), 0)
    return np.concatenate(cv2.split(smooth))


def grey_of(planes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Luma of such planes, shape (h, w)."""
    blue, green, red = np.split(planes, 3)
    half = cv2.addWeighted(blue, 0.114, green, 0.587, 0)
    return np.asarray(cv2.addWeighted(half, 1.0, red, 0.299, 0), np.uint8)
