"""Where bodies have been: a line that fades with its age."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.core.track import Group, Trail
from motionapp.overlay.palette import OUTLINE_COLOUR, label_colour
from motionapp.overlay.style import Sizes

FADES_S: Final = 3.0
"""A point that is so old is no longer seen; `tracking.trails` keeps them for as long."""
OUTLINE_OPACITY: Final = 0.6
"""Of the dark line below: the colours show on snow and on asphalt."""
_SHIFT = 3
"""Bits of a pixel's fraction in the coordinates OpenCV draws with."""


def draw_trails(
    bgr: NDArray[np.uint8], groups: tuple[Group, ...], now_s: float, sizes: Sizes
) -> None:
    """Draw the ways of all confirmed bodies, in place, each in the colour of its label.

    Parameters
    ----------
    bgr : ndarray of uint8, shape (h, w, 3)
    groups : tuple of Group
        In the pixels of `bgr`.
    now_s : float
        Time of the picture: the older a point, the fainter.
    sizes : Sizes
    """
    for group in groups:
        if group.is_confirmed:
            trail = group.trail
            if group.is_seen and trail:
                trail = (*trail, (now_s, *group.reach.centre))
            _draw(bgr, trail, now_s, label_colour(group.label), sizes.line_px)


def _draw(
    bgr: NDArray[np.uint8],
    trail: Trail,
    now_s: float,
    colour: tuple[int, int, int],
    width_px: int,
) -> None:
    height, width = bgr.shape[:2]
    seen = [point for point in trail if now_s - point[0] < FADES_S]
    part = _round(seen, 2 * width_px + 2).clipped((width, height))
    if len(seen) < 2 or not part.area:
        return
    line, edge = (np.zeros((part.height, part.width), np.uint8) for _ in range(2))
    # Oldest first: where a way crosses itself, the newer is on top.
    for (then_s, *start), (_, *end) in pairwise(seen):
        share = 255 * min(1.0, max(0.0, 1 - (now_s - then_s) / FADES_S))
        a, b = _fixed(start, part), _fixed(end, part)
        cv2.line(edge, a, b, share * OUTLINE_OPACITY, width_px + 2, cv2.LINE_AA, _SHIFT)
        cv2.line(line, a, b, share, width_px, cv2.LINE_AA, _SHIFT)
    # A way is long and thin: what lies round it is not touched.
    places = np.nonzero(edge | line)
    under = bgr[part.y0 : part.y1, part.x0 : part.x1]
    mixed = under[places].astype(np.float32)
    for opacity, one in ((edge, OUTLINE_COLOUR), (line, colour)):
        share_of = opacity[places][:, None] / np.float32(255)
        mixed += (np.array(one, np.float32) - mixed) * share_of
    under[places] = np.round(mixed)


def _round(trail: list[tuple[float, float, float]], margin: int) -> Box:
    if not trail:
        return Box(0, 0, 0, 0)
    xs, ys = [x for _, x, _ in trail], [y for _, _, y in trail]
    return Box(
        math.floor(min(xs)) - margin, math.floor(min(ys)) - margin,
        math.ceil(max(xs)) + margin, math.ceil(max(ys)) + margin,
    )  # fmt: skip


def _fixed(point: list[float], part: Box) -> tuple[int, int]:
    # Far outside, cv2's 16-bit coordinates would wrap.
    limit = 4 * max(part.width, part.height) + 64
    x, y = (
        round(min(limit, max(-limit, value - corner)) * (1 << _SHIFT))
        for value, corner in zip(point, (part.x0, part.y0), strict=True)
    )
    return x, y
