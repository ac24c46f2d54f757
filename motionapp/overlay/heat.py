"""Where how much has moved: colours over a dim picture, with a legend in seconds."""

from __future__ import annotations

import functools
import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.overlay.palette import PLATE_COLOUR, TEXT_COLOUR
from motionapp.overlay.style import Sizes
from motionapp.overlay.text import Plates

DIM: Final = 0.42
"""Brightness of the scene beneath: it says where, the colours say how much."""
OPACITY: Final = 0.85
BLUR: Final = 1 / 160
"""Of the picture's width: the steps of the analysis scale vanish, places stay apart."""
TAIL: Final = 99.7
"""Per cent of the moving pixels; a flag that waves all day must not take all the colours."""
GAMMA: Final = 0.5
"""Most places see little: the square root gives them colours of their own."""
TICKS: Final = 5
_FAINT: Final = 0.04
"""Share of the scale below which nothing is drawn."""


def heat_picture(heat_s: NDArray[np.float32], still: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The heat map of a scene.

    Parameters
    ----------
    heat_s : ndarray of float32, shape (h', w')
        Seconds of motion, at any scale.
    still : ndarray of uint8, shape (h, w, 3)
        The scene, blue first.

    Returns
    -------
    ndarray of uint8, shape (h + legend, w, 3)
    """
    height, width = still.shape[:2]
    full_s = _full_scale(heat_s)
    large = cv2.resize(heat_s, (width, height), interpolation=cv2.INTER_LINEAR)
    large = cv2.GaussianBlur(large, (0, 0), max(0.5, width * BLUR))
    share = np.clip(np.maximum(large, 0) / full_s, 0, 1) ** GAMMA
    shown = heat_over(still, np.asarray(share, np.float32))
    return np.vstack([shown, _legend(width, full_s)])


def heat_over(
    still: NDArray[np.uint8], share: NDArray[np.float32], *, opacity: float = OPACITY
) -> NDArray[np.uint8]:
    """Colours over a scene, which is dimmed.

    Parameters
    ----------
    still : ndarray of uint8, shape (h, w, 3)
        The scene, blue first.
    share : ndarray of float32, shape (h, w)
        How bright the colour of each place is, 0 to 1; hardly any has none.
    opacity : float
        Of the colours, 0 to 1.

    Returns
    -------
    ndarray of uint8, shape (h, w, 3)
    """
    covers = np.clip((share - _FAINT) / (4 * _FAINT), 0, 1) * opacity
    colours = _scale()[np.round(share * 255).astype(np.uint8)].astype(np.float32)
    grey = cv2.cvtColor(cv2.cvtColor(still, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    picture = np.asarray(grey, np.float32) * DIM
    picture += (colours - picture) * covers[..., None].astype(np.float32)
    return np.asarray(np.round(picture), np.uint8)


def _full_scale(heat_s: NDArray[np.float32]) -> float:
    """Seconds of the brightest colour."""
    moving = heat_s[heat_s > 0]
    return max(0.1, float(np.percentile(moving, TAIL))) if moving.size else 1.0


def _legend(width: int, full_s: float) -> NDArray[np.uint8]:
    """A strip with the colours from nothing to the most, and seconds below them."""
    sizes = Sizes.of(width, width * 9 // 16)
    gap, text_px = max(4, sizes.text_px // 2), sizes.text_px
    bar_px = max(4, text_px * 2 // 3)
    strip = np.full((bar_px + text_px + 2 * gap, width, 3), PLATE_COLOUR, np.uint8)
    title = "seconds of motion"
    left = gap + _width_of(title, sizes) + 2 * gap
    plates = Plates(strip, sizes)
    baseline = gap + bar_px
    if left > width // 2:  # a narrow picture has room for the colours only
        left = gap
    else:
        plates.bare(gap, baseline, title, TEXT_COLOUR)
    right = width - gap
    colours = _scale()[np.linspace(0, 255, max(1, right - left)).astype(np.uint8)]
    strip[gap : gap + bar_px, left:right] = colours[None]
    for tick_s in ticks(full_s):
        x = left + round((right - left - 1) * (tick_s / full_s) ** GAMMA)
        text = f"{tick_s:g}"
        half = _width_of(text, sizes) // 2
        strip[gap + bar_px : gap + bar_px + gap // 2, x : x + 1] = TEXT_COLOUR
        at = min(max(x - half, left), right - 2 * half)
        plates.bare(at, strip.shape[0] - gap // 2, text, TEXT_COLOUR)
    return strip


def ticks(full_s: float) -> tuple[float, ...]:
    """Round numbers of seconds from 0 to `full_s`, nearer to each other where colours are, too."""
    found = [0.0]
    for number in range(1, TICKS + 1):
        wanted = full_s * (number / TICKS) ** (1 / GAMMA)
        step = 10.0 ** math.floor(math.log10(wanted))
        rounded = max(factor * step for factor in (1, 2, 5) if factor * step <= wanted * 1.0001)
        if rounded > found[-1]:
            found.append(round(rounded, 6))
    return tuple(found)


def _width_of(text: str, sizes: Sizes) -> int:
    """Of a bare text, which is smaller than one on a plate."""
    text_px = max(9, round(sizes.text_px * 0.72))
    extent = cv2.getTextSize((0, 0), text, (0, 0), cv2.FontFace("sans"), text_px, 500)
    return int(extent[0]) + int(extent[2])


@functools.cache
def _scale() -> NDArray[np.uint8]:
    """256 colours from dark to bright, told apart by brightness alone: shape (256, 3)."""
    grey = np.arange(256, dtype=np.uint8)[:, None]
    colours = np.asarray(cv2.applyColorMap(grey, cv2.COLORMAP_INFERNO), np.uint8)[:, 0]
    # Inferno begins with black, which would look like nothing on a dim scene.
    return np.ascontiguousarray(colours[np.linspace(56, 255, 256).astype(np.uint8)])
