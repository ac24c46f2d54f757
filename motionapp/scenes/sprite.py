"""Small pictures with transparency: parts filled at a finer grid, laid over a frame, and shadows.

Knows pixels, not people: the parts may be a person's, a vehicle's or a ball's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.scenes.outline import Part, bounds

_SHIFT: Final = 4  # OpenCV takes vertices in sixteenths of a pixel


@dataclass(frozen=True, slots=True, eq=False)
class Sprite:
    """A picture to lay over a frame at `(x, y)`.

    `bgr` is uint8 (h, w, 3), already multiplied by the coverage; `alpha` is uint8 (h, w), the
    coverage of each pixel, 255 for all of it.
    """

    x: int
    y: int
    bgr: NDArray[np.uint8]
    alpha: NDArray[np.uint8]


def sprite_of(
    parts: Sequence[Part], size: tuple[int, int], *, fineness: int = 2, soft_px: float = 0.0,
    origin: tuple[int, int] = (0, 0),
) -> Sprite | None:  # fmt: skip
    """Fill parts in their order.

    Parts are filled without blending on a grid `fineness` times as fine and averaged down, which
    is faster than anti-aliased filling and leaves no seams between neighbouring parts.

    Parameters
    ----------
    parts : sequence of Part
    size : tuple of int
        Width and height of the frame; what lies outside is not drawn.
    fineness : int
        Samples per pixel and axis.
    soft_px : float
        Blur of the result in pixels, as from a lens; 0 for none.
    origin : tuple of int
        Where the frame begins in the pixels of the parts.

    Returns
    -------
    Sprite or None
        None when nothing lies in the frame.
    """
    left, top, right, bottom = bounds(parts)
    ox, oy = origin
    box = clipped_box((left - ox, top - oy, right - ox, bottom - oy), size, margin=2)
    if box is None:
        return None
    x0, y0, x1, y1 = box
    grid = ((y1 - y0) * fineness, (x1 - x0) * fineness, 4)
    fine: NDArray[Any] = np.zeros(grid, np.uint8)  # Any: OpenCV's stubs forget the dtype
    scale = fineness * (1 << _SHIFT)
    # Of all parts at once: a tree in leaf has thousands, each smaller than a call costs.
    outlines = np.concatenate([part.outline for part in parts])
    # Vertices are in pixel edges, OpenCV's in pixel centres: hence the half pixel.
    vertices = np.rint((outlines - [x0 + ox, y0 + oy]) * scale - 0.5 * (1 << _SHIFT)).astype(
        np.int32
    )
    at = 0
    for part in parts:
        end = at + len(part.outline)
        cv2.fillPoly(fine, [vertices[at:end]], (*part.colour, 255), cv2.LINE_8, _SHIFT)
        at = end
    if fineness > 1:
        fine = cv2.resize(fine, (x1 - x0, y1 - y0), interpolation=cv2.INTER_AREA)
    if soft_px > 0.0:
        fine = cv2.GaussianBlur(fine, (0, 0), soft_px)
    bgr = np.ascontiguousarray(fine[:, :, :3])
    return Sprite(x0, y0, bgr, np.ascontiguousarray(fine[:, :, 3]))


def clipped_box(
    rectangle: tuple[float, float, float, float], size: tuple[int, int], *, margin: int = 0
) -> tuple[int, int, int, int] | None:
    """The half-open box of whole pixels round a rectangle within the frame; None when outside."""
    x0 = max(0, math.floor(rectangle[0]) - margin)
    y0 = max(0, math.floor(rectangle[1]) - margin)
    x1 = min(size[0], math.ceil(rectangle[2]) + margin)
    y1 = min(size[1], math.ceil(rectangle[3]) + margin)
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


def lay(canvas: NDArray[np.uint8], sprite: Sprite) -> None:
    """Lay a sprite over the canvas, in place."""
    h, w = sprite.alpha.shape
    under = canvas[sprite.y : sprite.y + h, sprite.x : sprite.x + w]
    through = cv2.cvtColor(255 - sprite.alpha, cv2.COLOR_GRAY2BGR)
    cv2.add(cv2.multiply(under, through, scale=1 / 255), sprite.bgr, dst=under)


def mean_sprite(sprites: Sequence[Sprite]) -> Sprite:
    """The average of several sprites: a moving thing while the shutter is open."""
    x0, y0 = min(s.x for s in sprites), min(s.y for s in sprites)
    x1 = max(s.x + s.alpha.shape[1] for s in sprites)
    y1 = max(s.y + s.alpha.shape[0] for s in sprites)
    total = np.zeros((y1 - y0, x1 - x0, 4), np.uint16)
    for s in sprites:
        h, w = s.alpha.shape
        view = total[s.y - y0 : s.y - y0 + h, s.x - x0 : s.x - x0 + w]
        view[:, :, :3] += s.bgr
        view[:, :, 3] += s.alpha
    mean = (total // len(sprites)).astype(np.uint8)
    return Sprite(x0, y0, np.ascontiguousarray(mean[:, :, :3]), np.ascontiguousarray(mean[:, :, 3]))


def darken(
    canvas: NDArray[np.uint8], sprite: Sprite, *, ground_y: float, slant: float, length: float,
    strength: float,
) -> None:  # fmt: skip
    """Cast the sprite's soft shadow on the ground, in place.

    Parameters
    ----------
    canvas : ndarray of uint8, shape (h, w, 3)
    sprite : Sprite
    ground_y : float
        Row of the ground under the thing.
    slant : float
        How far the shadow goes to the right per pixel of height.
    length : float
        How far it goes up the picture per pixel of height; negative towards the camera.
    strength : float
        Share of the light taken in the core of the shadow, 0 to 1.
    """
    canvas_h, canvas_w = canvas.shape[:2]
    h, w = sprite.alpha.shape
    corners = [
        (x + (ground_y - y) * slant, ground_y - (ground_y - y) * length)
        for x in (sprite.x, sprite.x + w)
        for y in (sprite.y, sprite.y + h)
    ]
    xs, ys = [c[0] for c in corners], [c[1] for c in corners]
    box = clipped_box((min(xs), min(ys), max(xs), max(ys)), (canvas_w, canvas_h), margin=3)
    if box is None or strength <= 0.0:
        return
    x0, y0, x1, y1 = box
    # Half the resolution is enough for what will be blurred.
    offset = sprite.x + (ground_y - sprite.y) * slant - x0
    top = ground_y - (ground_y - sprite.y) * length - y0
    matrix = np.array([[0.5, -0.5 * slant, 0.5 * offset], [0.0, 0.5 * length, 0.5 * top]])
    small = ((x1 - x0 + 1) // 2, (y1 - y0 + 1) // 2)
    shade = cv2.warpAffine(sprite.alpha, matrix, small, flags=cv2.INTER_LINEAR)
    shade = cv2.GaussianBlur(shade, (0, 0), 1.0 + 0.006 * h)
    shade = cv2.resize(shade, (x1 - x0, y1 - y0), interpolation=cv2.INTER_LINEAR)
    light = cv2.convertScaleAbs(shade, alpha=-strength, beta=255.0)
    under = canvas[y0:y1, x0:x1]
    cv2.multiply(under, cv2.cvtColor(light, cv2.COLOR_GRAY2BGR), dst=under, scale=1 / 255)
