"""Things that pass through the picture and are nobody: vehicles, balls, dogs.

They come from outside at their start, if they have one; else they go round and round.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.scenes.outline import Part, capsules, drawn_colour, ellipse, shaded
from motionapp.scenes.people.body import Colour
from motionapp.scenes.scene import Clutter

_Size = tuple[int, int]
_Point = tuple[float, float]
_Points = list[_Point]
_SQUARE: Final = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])

_LORRY: Final = 2  # the last of car, van, lorry
_LENGTHS: Final = (2.7, 2.3, 3.2)  # in heights
# Outlines in lengths forward of the middle and heights above the ground.
_ROOFS: Final[tuple[_Points, ...]] = (
    [(-0.42, 0.50), (-0.30, 0.95), (0.10, 0.95), (0.27, 0.55), (0.42, 0.5)],
    [(-0.48, 0.45), (-0.48, 1.0), (0.28, 1.0), (0.44, 0.55), (0.46, 0.45)],
    [(-0.50, 0.35), (-0.50, 1.0), (0.22, 1.0), (0.22, 0.40)],
)
_GLASS: Final[tuple[_Points, ...]] = (
    [(-0.34, 0.56), (-0.27, 0.88), (0.07, 0.88), (0.20, 0.58)],
    [(0.05, 0.58), (0.05, 0.90), (0.26, 0.90), (0.38, 0.58)],
    [(0.32, 0.50), (0.32, 0.76), (0.42, 0.76), (0.46, 0.50)],
)
_LOW: Final[_Points] = [
    (-0.5, 0.12), (-0.5, 0.46), (-0.46, 0.54), (0.42, 0.54), (0.5, 0.42), (0.5, 0.12),
]  # fmt: skip
_LOW_LORRY: Final[_Points] = [
    (-0.5, 0.12), (-0.5, 0.36), (0.24, 0.36), (0.26, 0.82), (0.43, 0.82), (0.5, 0.4), (0.5, 0.12),
]  # fmt: skip
_SILL: Final[_Points] = [(-0.5, 0.12), (-0.5, 0.22), (0.5, 0.22), (0.5, 0.12)]
_LAMP: Final[_Points] = [(0.46, 0.34), (0.46, 0.44), (0.5, 0.42), (0.5, 0.34)]


def vehicle(
    clutter: Clutter, size: tuple[int, int], t_s: float, rng: np.random.Generator
) -> list[Part]:
    """A car, a van or a lorry, seen from the side, on turning wheels."""
    tall = clutter.scale * size[1]
    kind = int(rng.integers(0, 3))
    long = tall * _LENGTHS[kind]
    way = 1.0 if rng.random() < 0.5 else -1.0
    speed = size[0] * float(rng.uniform(0.25, 0.55)) * clutter.strength
    x = _crossing(clutter, size, t_s, 0.55 * long, speed, way)
    y = clutter.place[1] * size[1] + 0.004 * tall * math.sin(2 * math.pi * 2.3 * t_s)
    paint, wheel = drawn_colour(rng), 0.17 * tall

    def shape(points: _Points) -> NDArray[np.float64]:
        array = np.array(points, np.float64) * [way * long, -tall]
        outline: NDArray[np.float64] = array + np.array([x, y])
        return outline

    parts = [
        Part("roof", shape(_ROOFS[kind]), shaded(paint, 1.1 if kind == _LORRY else 0.92), 0.0),
        Part("lower", shape(_LOW_LORRY if kind == _LORRY else _LOW), paint, 0.0),
        Part("glass", shape(_GLASS[kind]), (96, 84, 70), 0.0),
        Part("sill", shape(_SILL), shaded(paint, 0.6), 0.0),
        Part("lamp", shape(_LAMP), (200, 236, 244), 0.0),
    ]
    turned = way * (x / wheel)
    for name, at in (("rear", -0.30), ("front", 0.31)):
        parts += _wheel(name, (x + way * at * long, y - wheel), wheel, turned)
    return parts


def _wheel(name: str, centre: _Point, radius: float, turned: float) -> list[Part]:
    """A tyre, and a hub with a spoke by which one sees it turn."""
    cx, cy = centre
    spoke = _SQUARE * [0.5 * radius, 0.09 * radius]
    c, s = math.cos(turned), math.sin(turned)
    laid = spoke @ np.array([[c, s], [-s, c]]) + [cx, cy]
    return [
        Part(f"{name}.tyre", ellipse(cx, cy, radius, radius), (30, 30, 32), 0.0),
        Part(f"{name}.hub", ellipse(cx, cy, 0.55 * radius, 0.55 * radius), (150, 150, 152), 0.0),
        Part(f"{name}.spoke", laid, (60, 60, 62), 0.0),
    ]


def ball(
    clutter: Clutter, size: tuple[int, int], t_s: float, rng: np.random.Generator
) -> list[Part]:
    """A ball that rolls, or bounces, with spots that turn with it."""
    radius = 0.5 * clutter.scale * size[1]
    way = 1.0 if rng.random() < 0.5 else -1.0
    speed = size[0] * float(rng.uniform(0.2, 0.5)) * clutter.strength
    x = _crossing(clutter, size, t_s, 1.2 * radius, speed, way)
    period, height = float(rng.uniform(0.5, 0.9)), float(rng.uniform(0.0, 5.0))
    u = (_age(clutter, t_s) / period) % 1.0
    y = clutter.place[1] * size[1] - radius - (4.0 * u * (1.0 - u) * height * radius)
    turned, paint, other = way * x / radius, drawn_colour(rng, 60, 250), drawn_colour(rng, 40, 250)
    parts = [Part("ball", ellipse(x, y, radius, radius), shaded(paint, 0.8), 0.0)]
    parts.append(
        Part(
            "shine",
            ellipse(x - 0.1 * radius, y - 0.12 * radius, 0.8 * radius, 0.8 * radius),
            paint,
            0.0,
        )
    )
    for k in range(3):
        a = turned + k * 2.0 * math.pi / 3.0
        spot = ellipse(
            x + 0.55 * radius * math.cos(a),
            y + 0.55 * radius * math.sin(a),
            0.26 * radius,
            0.26 * radius,
        )
        parts.append(Part(f"spot.{k}", spot, other, 0.0))
    return parts


@dataclass(frozen=True, slots=True)
class _Bone:
    """A tapered limb from one point to another, with a half width at each, in pixels."""

    name: str
    start: _Point
    end: _Point
    halves: _Point
    colour: Colour


@dataclass(frozen=True, slots=True)
class _Stance:
    """Where a dog is, which way it faces, and how tall and of what colour it is."""

    x: float
    y: float
    way: float
    tall: float
    coat: Colour

    def bone(
        self, name: str, start: _Point, end: _Point, halves: _Point, shade: float = 1.0
    ) -> _Bone:
        """A limb between points in heights: forward of the middle and above the ground."""
        return _Bone(
            name, self._at(start), self._at(end),
            (halves[0] * self.tall, halves[1] * self.tall), shaded(self.coat, shade),
        )  # fmt: skip

    def _at(self, point: _Point) -> _Point:
        return self.x + self.way * point[0] * self.tall, self.y - point[1] * self.tall


def dog(
    clutter: Clutter, size: tuple[int, int], t_s: float, rng: np.random.Generator
) -> list[Part]:
    """A dog that trots past, wagging its tail."""
    tall = clutter.scale * size[1]
    way = 1.0 if rng.random() < 0.5 else -1.0
    rate = float(rng.uniform(1.5, 2.3)) * clutter.strength
    x = _crossing(clutter, size, t_s, 1.1 * tall, rate * 0.85 * tall, way)
    it = _Stance(x, clutter.place[1] * size[1], way, tall, drawn_colour(rng, 30, 190))
    cycle = rate * t_s
    bob = 0.02 * math.sin(4 * math.pi * cycle)
    wag = 0.12 * math.sin(2 * math.pi * 2.2 * cycle)
    trunk = [
        it.bone("tail", (-0.50, 0.68 + bob), (-0.74, 0.86 + wag), (0.04, 0.02), 0.9),
        it.bone("trunk", (-0.40, 0.62 + bob), (0.36, 0.64 + bob), (0.15, 0.19), 0.85),
        it.bone("back", (-0.40, 0.67 + bob), (0.36, 0.70 + bob), (0.09, 0.11), 1.05),
    ]
    head = [
        it.bone("neck", (0.42, 0.72 + bob), (0.60, 0.92 + bob), (0.12, 0.09)),
        it.bone("head", (0.60, 0.95 + bob), (0.80, 0.90 + bob), (0.10, 0.06), 1.05),
        it.bone("ear", (0.55, 0.98 + bob), (0.52, 0.86 + bob), (0.045, 0.03), 0.6),
    ]
    far, near = _legs(it, 0, cycle, bob), _legs(it, 1, cycle, bob)
    return _outlined([*far, *trunk, *near, *head])


_PAIRS: Final = (((-0.42, 0.25), (0.38, 0.75)), ((-0.42, 0.75), (0.38, 0.25)))
"""The legs of the far side and of the near one: where the hip is, and its part of the cycle."""


def _legs(it: _Stance, pair: int, cycle: float, bob: float) -> list[_Bone]:
    bones, shade = [], (0.7, 0.95)[pair]
    for k, (hip, offset) in enumerate(_PAIRS[pair], start=2 * pair):
        swing = 0.24 * math.sin(2 * math.pi * (cycle + offset))
        lift = 0.10 * max(0.0, math.cos(2 * math.pi * (cycle + offset)))
        knee = (hip + 0.5 * swing + (-0.05 if hip < 0 else 0.03), 0.27 + 0.5 * lift)
        foot = (hip + swing, 0.02 + lift)
        bones.append(it.bone(f"leg.{k}", (hip, 0.55 + bob), knee, (0.085, 0.05), shade))
        bones.append(it.bone(f"paw.{k}", knee, foot, (0.048, 0.038), shade))
    return bones


def _outlined(bones: list[_Bone]) -> list[Part]:
    outlines = capsules(
        np.array([b.start for b in bones]), np.array([b.end for b in bones]),
        np.array([b.halves[0] for b in bones]), np.array([b.halves[1] for b in bones]),
    )  # fmt: skip
    return [Part(b.name, o, b.colour, 0.0) for b, o in zip(bones, outlines, strict=True)]


def _crossing(
    clutter: Clutter, size: _Size, t_s: float, half_px: float, speed: float, way: float
) -> float:
    """The x of a thing that crosses the picture; from outside at its start, if it has one."""
    w = size[0]
    if math.isfinite(clutter.start_s):
        start = -half_px if way > 0 else w + half_px
        return start + way * speed * _age(clutter, t_s)
    lap = w + 2.0 * half_px
    return (clutter.place[0] * w + half_px + way * speed * t_s) % lap - half_px


def _age(clutter: Clutter, t_s: float) -> float:
    return t_s - (clutter.start_s if math.isfinite(clutter.start_s) else 0.0)
