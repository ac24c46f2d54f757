"""Flow that does not come home: found by searching back, filled from what does.

What one picture shows and the other hides has no flow that a comparison could find. There the way
back leads elsewhere. Such pixels take the mean of the trusted ones around them, of like brightness:
they belong to the same thing more often than not.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

RELATIVE: Final = 0.01
ABSOLUTE_PX2: Final = 0.5
"""Squared distance from home that is allowed: a share of both ways squared, and so much besides."""
REACH_PX: Final = 8.0
"""From how far around a pixel is filled: the deviation of a Gaussian."""
SHADES: Final = 8
LIKENESS_LEVELS: Final = 20.0
"""Brightness is compared in so many shades, each a bell of this deviation."""
MEDIAN_PX: Final = 5


def mended(
    there: NDArray[np.float32], back: NDArray[np.float32], luma: NDArray[np.uint8]
) -> NDArray[np.float32]:
    """The flow with what does not come home filled, and single outliers gone.

    Parameters
    ----------
    there : ndarray of float32, shape (h, w, 2)
        From the first picture to the second, in pixels.
    back : ndarray of float32, shape (h, w, 2)
        From the second to the first.
    luma : ndarray of uint8, shape (h, w)
        The first picture.

    Returns
    -------
    ndarray of float32, shape (h, w, 2)
        A new array.

    References
    ----------
    Sundaram, Brox, Keutzer, "Dense point trajectories by GPU-accelerated large displacement
    optical flow", ECCV 2010 (the check); Sun, Roth, Black, "Secrets of optical flow estimation",
    CVPR 2010 (the median).
    """
    trusted = comes_home(there, back)
    field = there if trusted.all() else _filled(there, trusted, luma)
    planes = [cv2.medianBlur(plane, MEDIAN_PX) for plane in cv2.split(field)]
    return np.asarray(cv2.merge(planes), np.float32)


def comes_home(there: NDArray[np.float32], back: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Where the way there and the way back meet again.

    Parameters
    ----------
    there, back : ndarray of float32, shape (h, w, 2)

    Returns
    -------
    ndarray of bool, shape (h, w)
        Of the picture that `there` starts from.
    """
    height, width = there.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    x += there[..., 0]
    y += there[..., 1]
    home = cv2.remap(back, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    apart = _squared(there + home)
    allowed = RELATIVE * (_squared(there) + _squared(np.asarray(home, np.float32))) + ABSOLUTE_PX2
    met: NDArray[np.bool_] = apart <= allowed
    return met


def _squared(field: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(field[..., 0] ** 2 + field[..., 1] ** 2, np.float32)


def _filled(
    field: NDArray[np.float32], trusted: NDArray[np.bool_], luma: NDArray[np.uint8]
) -> NDArray[np.float32]:
    """A bilateral mean of what is trusted, shade by shade, so that its cost knows no reach."""
    trust = trusted.astype(np.float32)
    total = np.zeros_like(field)
    weight = np.zeros_like(trust)
    levels = np.arange(256, dtype=np.float32)
    for shade in range(SHADES):
        middle = (shade + 0.5) * 256 / SHADES
        bell = np.exp(-(((levels - middle) / LIKENESS_LEVELS) ** 2)).astype(np.float32)
        alike = bell[luma]
        share = alike * trust
        total += cv2.GaussianBlur(field * share[..., None], (0, 0), REACH_PX) * alike[..., None]
        weight += np.asarray(cv2.GaussianBlur(share, (0, 0), REACH_PX)) * alike
    known = weight > 1e-4  # far from anything trusted, what was found is the best there is
    wanted = ~trusted & known
    filled = field.copy()
    filled[wanted] = total[wanted] / weight[wanted][:, None]
    return filled
