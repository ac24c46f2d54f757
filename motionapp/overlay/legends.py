"""What colours and arrows of flow mean: in the lower right corner of the picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.overlay.flow import cell_px, draw_arrow, flow_wheel
from motionapp.overlay.palette import OUTLINE_COLOUR
from motionapp.overlay.style import Sizes
from motionapp.overlay.text import Plates

SMALLEST_LEGEND_PX: Final = 16


def draw_legend(
    bgr: NDArray[np.uint8],
    full: float,
    unit: str,
    *,
    wheel_of: Callable[[int], NDArray[np.uint8]] = flow_wheel,
) -> None:
    """Put the wheel into the lower right corner, with the speed of its rim; none in tiny pictures.

    Parameters
    ----------
    bgr : ndarray of uint8, shape (h, w, 3)
        Written to.
    full : float
        Speed at the rim.
    unit : str
        Of `full`, ``px/s`` say.
    wheel_of : callable
        Gives the wheel, so many pixels wide.
    """
    height, width = bgr.shape[:2]
    sizes = Sizes.of(width, height)
    side = min(width, height) // 7
    if side < SMALLEST_LEGEND_PX:
        return
    wheel = wheel_of(side)
    x, y = width - side - 2 * sizes.gap_px, height - side - 2 * sizes.gap_px
    corner = bgr[y : y + side, x : x + side]
    share = wheel[..., 3:] / np.float32(255)
    corner[:] = np.round(corner * (1 - share) + wheel[..., :3] * share)
    middle, radius = (x + side // 2, y + side // 2), side // 2
    cv2.circle(bgr, middle, radius, OUTLINE_COLOUR, sizes.thin_px, cv2.LINE_AA)
    text = f"{full:.3g} {unit}"
    plates = Plates(bgr, sizes)
    wide, tall = plates.extent(text)
    plates.at(x - wide - sizes.gap_px, height - tall - 2 * sizes.gap_px, text)


def draw_arrow_legend(bgr: NDArray[np.uint8], full: float, unit: str) -> None:
    """Put the longest arrow into the lower right corner, with its speed; none in tiny pictures.

    Parameters
    ----------
    bgr : ndarray of uint8, shape (h, w, 3)
        Written to.
    full : float
        Speed of the longest arrow.
    unit : str
        Of `full`, ``px/s`` say.
    """
    height, width = bgr.shape[:2]
    sizes = Sizes.of(width, height)
    if min(width, height) // 7 < SMALLEST_LEGEND_PX:
        return
    plates, length = Plates(bgr, sizes), cell_px(width, height)
    wide, tall = plates.extent(text := f"{full:.3g} {unit}")
    all_wide = wide + length + sizes.gap_px
    left, y = width - all_wide - 2 * sizes.gap_px, height - tall - 2 * sizes.gap_px
    plates.at(left, y, text, more_px=all_wide - wide)
    tip, middle = left + wide + length, y + tall // 2
    draw_arrow(bgr, (tip - length, middle), (tip, middle), sizes)
