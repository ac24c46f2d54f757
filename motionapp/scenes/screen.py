"""What stands before people's legs: low walls, hedges, railings, parked cars."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from motionapp.scenes.crop import Screen
from motionapp.scenes.outline import Part, ellipse, shaded


def screen_parts(screen: Screen, bottom_px: float) -> list[Part]:
    """The outlines of a screen, from back to front, down to the row `bottom_px`."""
    rng = np.random.default_rng([screen.seed, 59])
    left, right, top = screen.left_px, screen.right_px, screen.top_px
    makers = {"wall": _wall, "hedge": _hedge, "bars": _bars, "car": _car}
    return makers[screen.kind](screen, (left, right, top, bottom_px), rng)


_Sides = tuple[float, float, float, float]


def _rectangle(x0: float, y0: float, x1: float, y1: float) -> NDArray[np.float64]:
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float64)


def _wall(screen: Screen, sides: _Sides, rng: np.random.Generator) -> list[Part]:
    left, right, top, bottom = sides
    cap = max(1.5, 0.02 * (right - left))
    parts = [Part("wall", _rectangle(left, top, right, bottom), screen.colour, 0.0)]
    parts.append(
        Part("cap", _rectangle(left, top, right, top + cap), shaded(screen.colour, 1.2), 0.1)
    )
    for _ in range(int(rng.integers(2, 6))):
        x, y = rng.uniform(left, right), rng.uniform(top + cap, top + 0.6 * (right - left))
        wide, tall = rng.uniform(0.05, 0.3) * (right - left), rng.uniform(1.0, 5.0)
        stain = shaded(screen.colour, float(rng.uniform(0.8, 0.95)))
        parts.append(Part("stain", _rectangle(x, y, min(x + wide, right), y + tall), stain, 0.2))
    return parts


def _hedge(screen: Screen, sides: _Sides, rng: np.random.Generator) -> list[Part]:
    left, right, top, bottom = sides
    size = 0.09 * (right - left)
    parts = [Part("hedge", _rectangle(left, top + size, right, bottom), screen.colour, 0.0)]
    for _ in range(40):
        x, y = rng.uniform(left, right), top + size * rng.uniform(0.3, 6.0)
        outline = ellipse(x, y, size * rng.uniform(0.4, 1.0), size * rng.uniform(0.4, 0.9))
        leaf = shaded(screen.colour, float(rng.uniform(0.7, 1.25)))
        parts.append(Part("leaves", outline, leaf, 0.1))
    return parts


def _bars(screen: Screen, sides: _Sides, rng: np.random.Generator) -> list[Part]:
    left, right, top, bottom = sides
    step = (right - left) / float(rng.integers(6, 14))
    wide = step * float(rng.uniform(0.15, 0.4))
    rail = max(1.0, 0.6 * wide)
    parts = [
        Part("bar", _rectangle(x, top, x + wide, bottom), shaded(screen.colour, 0.85), 0.0)
        for x in np.arange(left, right, step)
    ]
    parts.append(Part("rail", _rectangle(left, top, right, top + rail), screen.colour, 0.1))
    return parts


def _car(screen: Screen, sides: _Sides, rng: np.random.Generator) -> list[Part]:
    left, right, top, bottom = sides
    tall = min(bottom - top, 0.5 * (right - left))
    roof = 0.4 * tall
    shape = np.array([
        [left, top + roof], [left + 0.18 * (right - left), top + roof],
        [left + 0.3 * (right - left), top], [left + 0.72 * (right - left), top],
        [right - 0.1 * (right - left), top + roof], [right, top + roof],
        [right, bottom], [left, bottom],
    ])  # fmt: skip
    middle = np.array([0.5 * (left + right), top + 0.55 * roof])
    glass = middle + (shape[1:5] - shape[1:5].mean(axis=0)) * [0.8, 0.62]
    stripe = _rectangle(left, top + roof, right, top + roof + 0.08 * tall)
    return [
        Part("car", shape, screen.colour, 0.0),
        Part("glass", glass, (70, 62, 54), 0.1),
        Part("edge", stripe, shaded(screen.colour, float(rng.uniform(0.7, 1.2))), 0.1),
    ]
