"""Things that move and are nobody: leaves, vehicles, balls, flags, swings, blobs, dogs.

They are outlines like a person's, so their masks and flow are as exact; pure functions of the
clutter's seed and the time. Rain and light, which have no outline, are in `painted`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.scenes.outline import Part, capsules, ellipse, shaded
from motionapp.scenes.people.body import Colour
from motionapp.scenes.scene import Clutter, ClutterKind

_Size = tuple[int, int]
_Maker = Callable[[Clutter, _Size, float, np.random.Generator], list[Part]]
_CIRCLE: Final = np.linspace(0.0, 2.0 * math.pi, 24, endpoint=False)
_SQUARE: Final = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])


def clutter_parts(clutter: Clutter, size: tuple[int, int], t_s: float) -> list[Part]:
    """The outlines of a thing at `t_s`; empty for weather, light and outside its time."""
    maker = _MAKERS.get(clutter.kind)
    if maker is None or not clutter.start_s <= t_s < clutter.end_s:
        return []
    return maker(clutter, size, t_s, np.random.default_rng([clutter.seed, 41]))


def _colour(rng: np.random.Generator, low: int = 30, high: int = 220) -> Colour:
    b, g, r = (int(v) for v in rng.integers(low, high, 3))
    return b, g, r


def _rectangle(x0: float, y0: float, x1: float, y1: float) -> NDArray[np.float64]:
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])


def _age(clutter: Clutter, t_s: float) -> float:
    return t_s - (clutter.start_s if math.isfinite(clutter.start_s) else 0.0)


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


def _leaves(clutter: Clutter, size: _Size, t_s: float, rng: np.random.Generator) -> list[Part]:
    w, h = size
    tall = clutter.scale * h
    count = int(70 + 60 * rng.random())
    at = rng.normal(0.0, 0.27, (count, 2)).clip(-0.6, 0.6) * [1.5 * tall, 0.9 * tall]
    at += [clutter.place[0] * w, clutter.place[1] * h - 0.45 * tall]
    leaf = tall * rng.uniform(0.04, 0.085, count)
    tilt = rng.uniform(0, math.pi, count)
    rate, phase = rng.uniform(0.5, 1.7, count), rng.uniform(0, 2 * math.pi, count)
    base = np.array([[60, 120, 80], [50, 96, 72], [70, 140, 120], [44, 80, 56]])
    colours = base[rng.integers(0, 4, count)] * rng.uniform(0.6, 1.25, (count, 1))
    # Gusts move the whole bush, flutter every leaf by itself.
    gust = math.sin(2 * math.pi * 0.31 * t_s + phase[0]) + 0.5 * math.sin(2 * math.pi * 0.83 * t_s)
    stir = np.sin(2 * math.pi * rate * t_s + phase)
    reach = 0.028 * tall * clutter.strength
    lever = (clutter.place[1] * h - at[:, 1]) / tall
    xs = at[:, 0] + reach * (gust * lever * 1.6 + stir)
    ys = at[:, 1] + 0.5 * reach * np.roll(stir, 1)
    turn = tilt + 0.35 * clutter.strength * stir
    order = np.argsort(at[:, 1] + 0.3 * tall * rng.random(count))
    x, y = clutter.place[0] * w, clutter.place[1] * h
    body = ellipse(x, y - 0.36 * tall, 0.42 * tall, 0.36 * tall)
    parts = [Part("bush", body, (40, 66, 46), 0.0)]
    for i in order:
        outline = ellipse(xs[i], ys[i], leaf[i], 0.55 * leaf[i], turn[i])[::2]
        b, g, r = (int(min(255, v)) for v in colours[i])
        parts.append(Part(f"leaf.{i}", outline, (b, g, r), 0.0))
    return parts


def _vehicle(clutter: Clutter, size: _Size, t_s: float, rng: np.random.Generator) -> list[Part]:
    tall = clutter.scale * size[1]
    kind = int(rng.integers(0, 3))  # car, van, lorry
    long = tall * (2.7, 2.3, 3.2)[kind]
    way = 1.0 if rng.random() < 0.5 else -1.0
    speed = size[0] * float(rng.uniform(0.25, 0.55)) * clutter.strength
    x = _crossing(clutter, size, t_s, 0.55 * long, speed, way)
    y = clutter.place[1] * size[1] + 0.004 * tall * math.sin(2 * math.pi * 2.3 * t_s)
    paint, wheel = _colour(rng), 0.17 * tall

    def shape(points: list[tuple[float, float]]) -> NDArray[np.float64]:
        array = np.array(points, np.float64) * [way * long, -tall]
        outline: NDArray[np.float64] = array + np.array([x, y])
        return outline

    roofs = (
        [(-0.42, 0.50), (-0.30, 0.95), (0.10, 0.95), (0.27, 0.55), (0.42, 0.5)],
        [(-0.48, 0.45), (-0.48, 1.0), (0.28, 1.0), (0.44, 0.55), (0.46, 0.45)],
        [(-0.50, 0.35), (-0.50, 1.0), (0.22, 1.0), (0.22, 0.40)],
    )
    glass = (
        [(-0.34, 0.56), (-0.27, 0.88), (0.07, 0.88), (0.20, 0.58)],
        [(0.05, 0.58), (0.05, 0.90), (0.26, 0.90), (0.38, 0.58)],
        [(0.32, 0.50), (0.32, 0.76), (0.42, 0.76), (0.46, 0.50)],
    )
    low = [(-0.5, 0.12), (-0.5, 0.46), (-0.46, 0.54), (0.42, 0.54), (0.5, 0.42), (0.5, 0.12)]
    if kind == 2:
        low = [
            (-0.5, 0.12),
            (-0.5, 0.36),
            (0.24, 0.36),
            (0.26, 0.82),
            (0.43, 0.82),
            (0.5, 0.4),
            (0.5, 0.12),
        ]
    parts = [
        Part("roof", shape(roofs[kind]), shaded(paint, 0.92 if kind < 2 else 1.1), 0.0),
        Part("lower", shape(low), paint, 0.0),
        Part("glass", shape(glass[kind]), (96, 84, 70), 0.0),
        Part(
            "sill",
            shape([(-0.5, 0.12), (-0.5, 0.22), (0.5, 0.22), (0.5, 0.12)]),
            shaded(paint, 0.6),
            0.0,
        ),
        Part(
            "lamp",
            shape([(0.46, 0.34), (0.46, 0.44), (0.5, 0.42), (0.5, 0.34)]),
            (200, 236, 244),
            0.0,
        ),
    ]
    turned = way * (x / wheel)
    for name, at in (("rear", -0.30), ("front", 0.31)):
        cx, cy = x + way * at * long, y - wheel
        parts.append(Part(f"{name}.tyre", ellipse(cx, cy, wheel, wheel), (30, 30, 32), 0.0))
        parts.append(
            Part(f"{name}.hub", ellipse(cx, cy, 0.55 * wheel, 0.55 * wheel), (150, 150, 152), 0.0)
        )
        spoke = _SQUARE * [0.5 * wheel, 0.09 * wheel]
        c, s = math.cos(turned), math.sin(turned)
        parts.append(
            Part(f"{name}.spoke", spoke @ np.array([[c, s], [-s, c]]) + [cx, cy], (60, 60, 62), 0.0)
        )
    return parts


def _ball(clutter: Clutter, size: _Size, t_s: float, rng: np.random.Generator) -> list[Part]:
    radius = 0.5 * clutter.scale * size[1]
    way = 1.0 if rng.random() < 0.5 else -1.0
    speed = size[0] * float(rng.uniform(0.2, 0.5)) * clutter.strength
    x = _crossing(clutter, size, t_s, 1.2 * radius, speed, way)
    period, height = float(rng.uniform(0.5, 0.9)), float(rng.uniform(0.0, 5.0))
    u = (_age(clutter, t_s) / period) % 1.0
    y = clutter.place[1] * size[1] - radius - (4.0 * u * (1.0 - u) * height * radius)
    turned, paint, other = way * x / radius, _colour(rng, 60, 250), _colour(rng, 40, 250)
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
        colour = _colour(rng, 20, 250)
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
        parts.append(Part("bob", ellipse(end[0], end[1], size_px, size_px), _colour(rng), 0.0))
    else:
        c, s = math.cos(swing), math.sin(swing)
        seat = (_SQUARE * [0.28 * long, 0.04 * long]) @ np.array([[c, -s], [s, c]]) + end
        parts.append(Part("seat", seat, _colour(rng), 0.0))
    return parts


def _blob(clutter: Clutter, size: _Size, t_s: float, rng: np.random.Generator) -> list[Part]:
    w, h = size
    radius = 0.5 * clutter.scale * h
    rates, phases = rng.uniform(0.1, 0.5, 4), rng.uniform(0, 2 * math.pi, 4)
    drift = np.sin(2 * math.pi * rates * t_s + phases) * clutter.strength
    x = clutter.place[0] * w + (drift[0] + 0.5 * drift[1]) * 1.3 * radius
    y = clutter.place[1] * h - radius + (drift[2] + 0.5 * drift[3]) * 0.7 * radius
    parts = []
    for ring, colour in ((1.0, _colour(rng)), (0.55, _colour(rng))):
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


def _dog(clutter: Clutter, size: _Size, t_s: float, rng: np.random.Generator) -> list[Part]:
    tall = clutter.scale * size[1]
    way = 1.0 if rng.random() < 0.5 else -1.0
    rate = float(rng.uniform(1.5, 2.3)) * clutter.strength
    x = _crossing(clutter, size, t_s, 1.1 * tall, rate * 0.85 * tall, way)
    y = clutter.place[1] * size[1]
    coat = _colour(rng, 30, 190)
    cycle = rate * t_s
    bob = 0.02 * math.sin(4 * math.pi * cycle)

    def at(forward: float, up: float) -> tuple[float, float]:
        return x + way * forward * tall, y - up * tall

    bones: list[tuple[str, tuple[float, float], tuple[float, float], float, float, Colour]] = []
    for k, (hip, offset) in enumerate(((-0.42, 0.25), (0.38, 0.75), (-0.42, 0.75), (0.38, 0.25))):
        swing = 0.24 * math.sin(2 * math.pi * (cycle + offset))
        lift = 0.10 * max(0.0, math.cos(2 * math.pi * (cycle + offset)))
        knee = at(hip + 0.5 * swing + (-0.05 if hip < 0 else 0.03), 0.27 + 0.5 * lift)
        foot = at(hip + swing, 0.02 + lift)
        tone = shaded(coat, 0.7 if k < 2 else 0.95)
        bones.append((f"leg.{k}", at(hip, 0.55 + bob), knee, 0.085 * tall, 0.05 * tall, tone))
        bones.append((f"paw.{k}", knee, foot, 0.048 * tall, 0.038 * tall, tone))
    wag = 0.12 * math.sin(2 * math.pi * 2.2 * cycle)
    bones[4:4] = [
        (
            "tail",
            at(-0.50, 0.68 + bob),
            at(-0.74, 0.86 + wag),
            0.04 * tall,
            0.02 * tall,
            shaded(coat, 0.9),
        ),
        (
            "trunk",
            at(-0.40, 0.62 + bob),
            at(0.36, 0.64 + bob),
            0.15 * tall,
            0.19 * tall,
            shaded(coat, 0.85),
        ),
        (
            "back",
            at(-0.40, 0.67 + bob),
            at(0.36, 0.70 + bob),
            0.09 * tall,
            0.11 * tall,
            shaded(coat, 1.05),
        ),
    ]
    bones += [
        ("neck", at(0.42, 0.72 + bob), at(0.60, 0.92 + bob), 0.12 * tall, 0.09 * tall, coat),
        (
            "head",
            at(0.60, 0.95 + bob),
            at(0.80, 0.90 + bob),
            0.10 * tall,
            0.06 * tall,
            shaded(coat, 1.05),
        ),
        (
            "ear",
            at(0.55, 0.98 + bob),
            at(0.52, 0.86 + bob),
            0.045 * tall,
            0.03 * tall,
            shaded(coat, 0.6),
        ),
    ]
    outlines = capsules(
        np.array([b[1] for b in bones]), np.array([b[2] for b in bones]),
        np.array([b[3] for b in bones]), np.array([b[4] for b in bones]),
    )  # fmt: skip
    return [Part(b[0], o, b[5], 0.0) for b, o in zip(bones, outlines, strict=True)]


_MAKERS: Final[dict[ClutterKind, _Maker]] = {
    "leaves": _leaves,
    "vehicle": _vehicle,
    "ball": _ball,
    "flag": _flag,
    "pendulum": _pendulum,
    "blob": _blob,
    "dog": _dog,
}
