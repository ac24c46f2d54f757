"""Optical flow as colours: the wheel of the Middlebury benchmark.

The hue says the direction, the saturation the speed. One way of drawing for files and the window.
"""

from __future__ import annotations

import functools
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.overlay.palette import OUTLINE_COLOUR, TEXT_COLOUR
from motionapp.overlay.style import Sizes
from motionapp.overlay.text import Plates

FULL_HEIGHTS_S: Final = 0.2
"""Picture heights per second that have the fullest colour in a video. One scale for all of its
pictures: so noise stays pale while nothing moves."""
OPACITY: Final = 0.75
TAIL: Final = 99.0
"""Per cent of a single field's pixels: a few wild ones must not take all the colours."""
SMALLEST_LEGEND_PX: Final = 16
FAINT: Final = 0.08
"""Of the full speed: below it there is no arrow."""

HUES = ((15, 0, 1), (6, 1, 0), (4, 1, 2), (11, 2, 1), (13, 2, 0), (6, 0, 2))
"""Steps of the wheel: how many, and which of red 0, green 1, blue 2 is full and which changes.
Of the 55, red to yellow has 15, since there the eye tells the most apart."""


def flow_picture(flow: NDArray[np.float32], *, full_px_s: float | None = None) -> NDArray[np.uint8]:
    """The flow in colours on white.

    Parameters
    ----------
    flow : ndarray of float32, shape (h, w, 2)
        Pixels per second: x to the right, y down. What is not finite is unknown.
    full_px_s : float or None
        Speed of the fullest colour; None takes the fastest 1 % of the picture.

    Returns
    -------
    ndarray of uint8, shape (h, w, 3)
        Blue first; white where nothing moves, black where the flow is unknown.

    References
    ----------
    Baker, Scharstein, Lewis, Roth, Black, Szeliski, "A database and evaluation methodology for
    optical flow", IJCV 2011.
    """
    known = np.isfinite(flow).all(axis=2)
    dx, dy = (np.where(known, flow[..., axis], 0.0) for axis in (0, 1))
    speed = np.hypot(dx, dy)
    if full_px_s is None:
        full_px_s = full_speed(flow)
    wheel = _wheel()
    place = (np.arctan2(-dy, -dx) / np.pi + 1) / 2 * (len(wheel) - 1)
    first = np.floor(place).astype(int)
    share = (place - first)[..., None]
    hue = (1 - share) * wheel[first] + share * wheel[(first + 1) % len(wheel)]
    length = np.minimum(speed / full_px_s, 1.0)[..., None]
    picture = 255 * (1 - length * (1 - hue))
    picture[~known] = 0
    colours: NDArray[np.uint8] = np.round(picture).astype(np.uint8)
    return colours


@functools.lru_cache(maxsize=8)
def flow_wheel(side_px: int) -> NDArray[np.uint8]:
    """The legend: a disc with the colour of every direction.

    Returns
    -------
    ndarray of uint8, shape (side_px, side_px, 4)
        Blue, green, red and opacity: 255 in the disc, 0 round it. Read-only.
    """
    axis = np.linspace(-1, 1, side_px, dtype=np.float32)
    away = np.stack(np.meshgrid(axis, axis), axis=2)
    disc = np.where(np.linalg.norm(away, axis=2) <= 1, 255, 0).astype(np.uint8)
    wheel = np.dstack([flow_picture(away, full_px_s=1.0), cv2.blur(disc, (2, 2))])
    wheel.flags.writeable = False
    return wheel


def full_speed(flow: NDArray[np.float32]) -> float:
    """The speed that gets the fullest colour of a single field: at least 1, in its own unit."""
    speed = np.hypot(flow[..., 0], flow[..., 1])
    known = speed[np.isfinite(speed)]
    return max(1.0, float(np.percentile(known, TAIL))) if known.size else 1.0


def what_counts(flow: NDArray[np.float32], mask: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The flow where something moves, fading out around it.

    Parameters
    ----------
    flow : ndarray of float32, shape (h, w, 2)
    mask : ndarray of uint8, shape (h, w)
        0 or 255.
    """
    grown = cv2.dilate(mask, np.ones((7, 7), np.uint8))
    share = np.asarray(cv2.blur(grown, (7, 7)), np.float32) / np.float32(255)
    return np.asarray(flow * share[..., None], np.float32)


def blend_flow(bgr: NDArray[np.uint8], flow: NDArray[np.float32], full_px_s: float) -> None:
    """Lay the colours of `flow` over the picture, in place, the fuller the faster.

    The full colour of each direction from a table, weighed by the speed, at the flow's own scale,
    and mixed by OpenCV: the window does this for every picture that it shows.
    """
    height, width = bgr.shape[:2]
    dx, dy = cv2.split(np.nan_to_num(flow, nan=0.0, posinf=0.0, neginf=0.0))
    degrees = cv2.phase(dx, dy, angleInDegrees=True)
    colours = _full_colours()[np.asarray(degrees).astype(np.uint16)]
    # `cv2.magnitude` gives another last bit elsewhere in memory.
    speed = np.sqrt(np.square(dx) + np.square(dy), dtype=np.float32)
    opacity = np.minimum(speed * np.float32(OPACITY / full_px_s), np.float32(OPACITY))
    opacity = np.asarray(cv2.resize(opacity, (width, height)), np.float32)
    cv2.blendLinear(cv2.resize(colours, (width, height)), bgr, opacity, 1 - opacity, dst=bgr)


def draw_arrows(bgr: NDArray[np.uint8], flow: NDArray[np.float32], full_px_s: float) -> None:
    """Draw where things go, in place: an arrow a cell, as long as the cell at full speed.

    Parameters
    ----------
    bgr : ndarray of uint8, shape (h, w, 3)
    flow : ndarray of float32, shape (h', w', 2)
        At any scale; stretched to the picture.
    full_px_s : float
        Speed of the longest arrow.
    """
    height, width = bgr.shape[:2]
    sizes = Sizes.of(width, height)
    cell_px = _cell_px(width, height)
    across, down = max(1, width // cell_px), max(1, height // cell_px)
    means = np.asarray(cv2.resize(flow, (across, down), interpolation=cv2.INTER_AREA), np.float32)
    speed = np.hypot(means[..., 0], means[..., 1])
    for row, column in np.argwhere(speed >= FAINT * full_px_s):
        share = min(1.0, float(speed[row, column]) / full_px_s)
        length = cell_px * (0.35 + 0.65 * share) / float(speed[row, column]) / 2
        dx, dy = (float(part) * length for part in means[row, column])
        x, y = (column + 0.5) * width / across, (row + 0.5) * height / down
        ends = (round(x - dx), round(y - dy)), (round(x + dx), round(y + dy))
        _draw_arrow(bgr, *ends, sizes)


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
    plates, length = Plates(bgr, sizes), _cell_px(width, height)
    wide, tall = plates.extent(text := f"{full:.3g} {unit}")
    all_wide = wide + length + sizes.gap_px
    left, y = width - all_wide - 2 * sizes.gap_px, height - tall - 2 * sizes.gap_px
    plates.at(left, y, text, more_px=all_wide - wide)
    tip, middle = left + wide + length, y + tall // 2
    _draw_arrow(bgr, (tip - length, middle), (tip, middle), sizes)


def _cell_px(width: int, height: int) -> int:
    """How far apart arrows are, and how long the longest one is."""
    return max(12, max(width, height) // 36)


def _draw_arrow(
    bgr: NDArray[np.uint8], tail: tuple[int, int], tip: tuple[int, int], sizes: Sizes
) -> None:
    for colour, more_px in ((OUTLINE_COLOUR, 2), (TEXT_COLOUR, 0)):
        cv2.arrowedLine(bgr, tail, tip, colour, sizes.thin_px + more_px, cv2.LINE_AA, tipLength=0.4)


def draw_legend(bgr: NDArray[np.uint8], full: float, unit: str) -> None:
    """Put the wheel into the lower right corner, with the speed of its rim; none in tiny pictures.

    Parameters
    ----------
    bgr : ndarray of uint8, shape (h, w, 3)
        Written to.
    full : float
        Speed at the rim.
    unit : str
        Of `full`, ``px/s`` say.
    """
    height, width = bgr.shape[:2]
    sizes = Sizes.of(width, height)
    side = min(width, height) // 7
    if side < SMALLEST_LEGEND_PX:
        return
    wheel = flow_wheel(side)
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


@functools.cache
def _wheel() -> NDArray[np.float32]:
    """Colours of the wheel's 55 steps: shape (55, 3), blue first, 0 to 1."""
    colours = []
    for number, full, changing in HUES:
        rises = (full, changing) in ((0, 1), (1, 2), (2, 0))
        for step in range(number):
            rgb = [0.0, 0.0, 0.0]
            rgb[full] = 1.0
            rgb[changing] = step / number if rises else 1 - step / number
            colours.append(rgb[::-1])
    return np.array(colours, np.float32)


@functools.cache
def _full_colours() -> NDArray[np.uint8]:
    """The fullest colour of each whole degree from right over down, and of 360: shape (361, 3)."""
    angle = np.radians(np.arange(361))
    ways = np.stack([np.cos(angle), np.sin(angle)], axis=1)[None].astype(np.float32)
    return np.ascontiguousarray(flow_picture(ways, full_px_s=1.0)[0])
