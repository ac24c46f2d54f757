"""Optical flow as colours: the wheel of the Middlebury benchmark.

The hue says the direction, the saturation the speed.
"""

from __future__ import annotations

import functools

import cv2
import numpy as np
from numpy.typing import NDArray

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
        full_px_s = max(1.0, float(np.percentile(speed, 99)))
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


def blend_flow(bgr: NDArray[np.uint8], flow: NDArray[np.float32]) -> None:
    """Lay the colours of `flow` over the picture where it moves, with the wheel as legend."""
    height, width = bgr.shape[:2]
    colours = cv2.resize(flow_picture(flow), (width, height), interpolation=cv2.INTER_LINEAR)
    # The darker the channel that is darkest, the fuller the colour: white is "nothing moves".
    opacity = (255 - colours.min(axis=2)).astype(np.float32)[..., None] * (0.75 / 255)
    bgr[:] = np.round(bgr * (1 - opacity) + colours * opacity)
    side = min(width, height) // 6
    if side >= 16:
        corner = bgr[height - side - side // 8 : height - side // 8, width - side - side // 8 :]
        corner = corner[:, :side]
        wheel = flow_wheel(side)
        share = wheel[..., 3:] / np.float32(255)
        corner[:] = np.round(corner * (1 - share) + wheel[..., :3] * share)


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
