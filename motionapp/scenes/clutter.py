"""Things that move and are nobody: flags, swings and blobs here, what passes by in `passing`.

They are outlines like a person's, so their masks and flow are as exact; pure functions of the
clutter's seed and the time. Weather, foliage and light, which cover the picture, are
`disturbances`; a curtain, which is cloth without an outline, is in `curtain`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.scenes.outline import Part, capsules, drawn_colour, ellipse
from motionapp.scenes.passing import ball, dog, vehicle
from motionapp.scenes.scene import Clutter, ClutterKind

_Size = tuple[int, int]
_Maker = Callable[[Clutter, _Size, float, np.random.Generator], list[Part]]
_CIRCLE: Final = np.linspace(0.0, 2.0 * math.pi, 24, endpoint=False)
_SQUARE: Final = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])


def clutter_parts(clutter: Clutter, size: tuple[int, int], t_s: float) -> list[Part]:
    """The outlines of a thing at `t_s`; empty for a curtain and outside its time."""
    maker = _MAKERS.get(clutter.kind)
    if maker is None or not clutter.start_s <= t_s < clutter.end_s:
        return []
    return maker(clutter, size, t_s, np.random.default_rng([clutter.seed, 41]))


def _rectangle(x0: float, y0: float, x1: float, y1: float) -> NDArray[np.float64]:
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])


def _flag(clutter: Clutter, size: _Size, t_s: float, rng: np.random.Generator) -> list[Part]:
    w, h = size
    tall = clutter.scale * h
    x, y = clutter.place[0] * w, clutter.place[1] * h
    long, wide = float(rng.uniform(0.45, 0.75)) * tall, float(rng.uniform(0.25, 0.4)) * tall
    rate, waves = float(rng.uniform(0.8, 1.8)), float(rng.uniform(0.8, 1.5))
    u = np.linspace(0.0, 1.0, 12)
    reach = 0.16 * wide * clutter.strength
    dy = reach * u**0.7 * 2.0 * np.sin(2 * math.pi * (waves * u - rate * t_s))
    xs = x + long * u * (1.0 - 0.03 * np.sin(2 * math.pi * rate * t_s))
    parts = [
        Part(
            "pole",
            _rectangle(x - 0.012 * tall, y - tall, x + 0.012 * tall, y),
            (120, 124, 128),
            0.0,
        )
    ]
    for stripe in range(3):
        top = y - 0.98 * tall + wide * stripe / 3.0 + dy + 0.06 * tall * u
        upper = np.stack([xs, top], axis=1)
        lower = np.stack([xs, top + wide / 3.0 + 0.5], axis=1)[::-1]
        colour = drawn_colour(rng, 20, 250)
        parts.append(Part(f"stripe.{stripe}", np.concatenate([upper, lower]), colour, 0.0))
    return parts


def _pendulum(clutter: Clutter, size: _Size, t_s: float, rng: np.random.Generator) -> list[Part]:
    w, h = size
    long = clutter.scale * h
    x, y = clutter.place[0] * w, clutter.place[1] * h - long
    period = float(rng.uniform(0.9, 2.2))
    swing = 0.5 * clutter.strength * math.sin(2 * math.pi * (t_s / period + rng.random()))
    end = np.array([x + long * math.sin(swing), y + long * math.cos(swing)])
    rope = capsules(
        np.array([[x, y]]), end[None], np.array([0.012 * long]), np.array([0.012 * long])
    )
    parts = [Part("rope", rope[0], (70, 80, 90), 0.0)]
    if rng.random() < 0.5:
        size_px = 0.13 * long
        parts.append(Part("bob", ellipse(end[0], end[1], size_px, size_px), drawn_colour(rng), 0.0))
    else:
        c, s = math.cos(swing), math.sin(swing)
        seat = (_SQUARE * [0.28 * long, 0.04 * long]) @ np.array([[c, -s], [s, c]]) + end
        parts.append(Part("seat", seat, drawn_colour(rng), 0.0))
    return parts


def _blob(clutter: Clutter, size: _Size, t_s: float, rng: np.random.Generator) -> list[Part]:
    w, h = size
    radius = 0.5 * clutter.scale * h
    rates, phases = rng.uniform(0.1, 0.5, 4), rng.uniform(0, 2 * math.pi, 4)
    drift = np.sin(2 * math.pi * rates * t_s + phases) * clutter.strength
    x = clutter.place[0] * w + (drift[0] + 0.5 * drift[1]) * 1.3 * radius
    y = clutter.place[1] * h - radius + (drift[2] + 0.5 * drift[3]) * 0.7 * radius
    parts = []
    for ring, colour in ((1.0, drawn_colour(rng)), (0.55, drawn_colour(rng))):
        shape = np.ones(len(_CIRCLE))
        for order in range(2, 5):
            a, p, f = rng.uniform(0.03, 0.16), rng.uniform(0, 6.28), rng.uniform(0.2, 1.2)
            shape += a * np.cos(order * _CIRCLE + p + 2 * math.pi * f * t_s * clutter.strength)
        outline = np.stack(
            [
                x + radius * ring * shape * np.cos(_CIRCLE),
                y + radius * ring * shape * np.sin(_CIRCLE),
            ],
            axis=1,
        )
        parts.append(Part(f"blob.{ring}", outline, colour, 0.0))
    return parts


_MAKERS: Final[dict[ClutterKind, _Maker]] = {
    "vehicle": vehicle,
    "ball": ball,
    "flag": _flag,
    "pendulum": _pendulum,
    "blob": _blob,
    "dog": dog,
}
