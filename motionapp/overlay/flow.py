"""Optical flow as colours: the wheel of the Middlebury benchmark.

The hue says the direction, the saturation the speed. One way of drawing for files and the window.
"""

from __future__ import annotations

import functools
import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.motion import Motion
from motionapp.overlay.palette import OUTLINE_COLOUR, PLATE_COLOUR, TEXT_COLOUR
from motionapp.overlay.style import Sizes

OPACITY: Final = 0.75
"""Of the fullest colour. Half of the speed has 0.7 of that, and a tenth has 0.3: in a street where
a car is the fastest, people are still seen to move."""
TAIL: Final = 99.0
"""Per cent of a single field's pixels: a few wild ones must not take all the colours."""
ROUND: Final = (1.0, 2.0, 5.0, 10.0)
"""Legends tell these, times a power of ten: a scale that follows each picture cannot be read."""
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


@functools.lru_cache(maxsize=8)
def laid_wheel(side_px: int) -> NDArray[np.uint8]:
    """The legend of colours that are laid over a picture: the slower, the more is seen of what is
    below. As `flow_wheel`."""
    wheel = flow_wheel(side_px).copy()
    axis = np.linspace(-1, 1, side_px, dtype=np.float32)
    ground = np.full((side_px, side_px, 3), PLATE_COLOUR, np.uint8)
    blend_flow(ground, np.stack(np.meshgrid(axis, axis), axis=2), 1.0)
    wheel[..., :3] = ground
    wheel.flags.writeable = False
    return wheel


def top_speed(motion: Motion) -> float:
    """The speed, in pixels per second, of the fullest colour and the longest arrow of a frame with
    flow: what hardly anything has exceeded lately, or of this frame where that is not known."""
    if motion.lately_px_s > 0 or motion.flow is None:
        return rounded(max(1.0, motion.lately_px_s))
    flow = motion.flow
    return rounded(full_speed(flow if motion.mask is None else flow[motion.mask > 0][None]))


def rounded(value: float) -> float:
    """A round number of at least four fifths of a value, which is above 0: a few may be faster than
    the fullest colour, and most colours are then fuller."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in ROUND if step * power >= 0.8 * value)


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
    """Lay the colours of `flow` over the picture, in place, the fuller the faster: by the root of
    the speed, so that what is slow is seen, too.

    The full colour of each direction from a table, weighed by the speed, at the flow's own scale,
    and mixed by OpenCV: the window does this for every picture that it shows.
    """
    height, width = bgr.shape[:2]
    dx, dy = cv2.split(np.nan_to_num(flow, nan=0.0, posinf=0.0, neginf=0.0))
    degrees = cv2.phase(dx, dy, angleInDegrees=True)
    colours = _full_colours()[np.asarray(degrees).astype(np.uint16)]
    # `cv2.magnitude` gives another last bit elsewhere in memory.
    speed = np.sqrt(np.square(dx) + np.square(dy), dtype=np.float32)
    share = np.minimum(speed / np.float32(full_px_s), np.float32(1))
    opacity = np.sqrt(share, dtype=np.float32) * np.float32(OPACITY)
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
    cell = cell_px(width, height)
    across, down = max(1, width // cell), max(1, height // cell)
    means = np.asarray(cv2.resize(flow, (across, down), interpolation=cv2.INTER_AREA), np.float32)
    speed = np.hypot(means[..., 0], means[..., 1])
    for row, column in np.argwhere(speed >= FAINT * full_px_s):
        share = min(1.0, float(speed[row, column]) / full_px_s)
        length = cell * (0.35 + 0.65 * share) / float(speed[row, column]) / 2
        dx, dy = (float(part) * length for part in means[row, column])
        x, y = (column + 0.5) * width / across, (row + 0.5) * height / down
        ends = (round(x - dx), round(y - dy)), (round(x + dx), round(y + dy))
        draw_arrow(bgr, *ends, sizes)


def cell_px(width: int, height: int) -> int:
    """How far apart arrows are, and how long the longest one is."""
    return max(12, max(width, height) // 36)


def draw_arrow(
    bgr: NDArray[np.uint8], tail: tuple[int, int], tip: tuple[int, int], sizes: Sizes
) -> None:
    """Draw one arrow, in place, with a dark edge."""
    for colour, more_px in ((OUTLINE_COLOUR, 2), (TEXT_COLOUR, 0)):
        cv2.arrowedLine(bgr, tail, tip, colour, sizes.thin_px + more_px, cv2.LINE_AA, tipLength=0.4)


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
