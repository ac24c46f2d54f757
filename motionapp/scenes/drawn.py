"""Disturbed scenes whose parameters are drawn: what no rule was made on.

Where `disturbed` shows each disturbance at one strength, here the strength, the camera, the wall
and the walker all follow from a seed. The ranges are what a fixed camera outdoors or in a room
meets while a person in the picture is still plain to see. Used by `benchmarks/weather.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from motionapp.scenes.disturbances.foliage import Branch, Foliage
from motionapp.scenes.disturbances.lighting import CloudShadow, Flicker, Lamp
from motionapp.scenes.disturbances.rain import Rain
from motionapp.scenes.people.body import Body
from motionapp.scenes.people.performance import Performance
from motionapp.scenes.scene import (
    Backdrop,
    BackdropKind,
    Cue,
    Disturbance,
    Figure,
    Light,
    Scene,
    Sensor,
)

DRAWN_SEED: Final = 9_400_000
"""Above all that training draws from, and apart from the other scenes."""

SIZES: Final = (
    (320, 180), (320, 240), (480, 270), (640, 360), (640, 480), (848, 480), (960, 540), (1280, 720),
)  # fmt: skip
RATES_HZ: Final = (10, 12, 15, 20, 25, 30)
OUTDOORS: Final[tuple[BackdropKind, ...]] = (
    "park", "street", "fence", "stone", "bricks", "plaster",
)  # fmt: skip
INDOORS: Final[tuple[BackdropKind, ...]] = ("room", "plain", "plaster", "bricks")

_Draw = Callable[[np.random.Generator, int, float, float], tuple[Disturbance, ...]]


@dataclass(frozen=True, slots=True)
class DrawnScene:
    """A scene and the rate at which it is to be seen."""

    scene: Scene
    rate_hz: int


def drawn_scene(
    kind: str,
    number: int,
    *,
    seed: int,
    person: bool,
    size: tuple[int, int] | None = None,
    duration_s: float | None = None,
) -> DrawnScene:
    """A scene of a kind, the same for the same seed and number, with or without its walker.

    Parameters
    ----------
    kind : str
        One of `DRAWN_KINDS`.
    number : int
        Which of the kind's scenes.
    seed : int
        Of the whole set.
    person : bool
        Whether somebody walks through; all else is the same.
    size : tuple of int, optional
        Width and height in pixels, in place of those that are drawn.
    duration_s : float, optional
        Length, in place of the drawn one.

    Raises
    ------
    KeyError
        There is no such kind.
    """
    places, draw = _KINDS[kind]
    rng = np.random.default_rng([seed, DRAWN_KINDS.index(kind), number])
    own_seed = DRAWN_SEED + int(rng.integers(0, 500_000))
    drawn_size = SIZES[int(rng.integers(len(SIZES)))]
    rate_hz = RATES_HZ[int(rng.integers(len(RATES_HZ)))]
    drawn_s = float(rng.uniform(12.0, 18.0))
    ground = float(rng.uniform(0.45, 0.75))
    scene = Scene(
        name=f"{kind}:{number}" + "+person" * person,
        size=size or drawn_size,
        duration_s=round(duration_s or drawn_s, 2),
        seed=own_seed,
        backdrop=Backdrop(places[int(rng.integers(len(places)))], own_seed, ground),
        light=Light(side=float(rng.uniform(-1, 1)), shadow=float(rng.uniform(0.1, 0.4))),
        sensor=Sensor(
            noise=float(rng.uniform(1.0, 4.0)),
            shutter_s=float(rng.choice([0.0, 0.01, 0.02])),
            soft_px=float(rng.uniform(0.3, 0.9)),
            blocks=float(rng.choice([0.0, 0.0, 0.5, 1.0])),
        ),
        tilt_deg=float(rng.uniform(0.0, 18.0)),
    )
    disturbances = draw(rng, own_seed, scene.duration_s, ground)
    walker = _walker(scene, np.random.default_rng([own_seed, 83]))
    return DrawnScene(
        replace(scene, disturbances=disturbances, figures=(walker,) if person else ()), rate_hz
    )


def _walker(scene: Scene, rng: np.random.Generator) -> Figure:
    """Somebody who comes in at one side, and is still there at the end if slow or late."""
    (w, h), ground = scene.size, scene.backdrop.ground
    body = Body.random(rng)
    share = math.exp(rng.uniform(math.log(0.16), math.log(0.5)))
    ppm = share * h / body.stature_m
    # Who is nearer is larger and stands lower in the picture.
    near = float(np.clip((share - 0.16) / 0.34 + rng.normal(0, 0.12), 0.0, 1.0))
    foot = max(ground + 0.03 + (0.94 - ground) * near, share + 0.04)
    way = 1 if rng.random() < 0.5 else -1
    act = Performance.random("walk", rng, direction=way)
    act = replace(
        act,
        style=replace(
            act.style,
            tempo=float(rng.uniform(0.8, 1.4)),
            amplitude=float(rng.uniform(0.9, 1.15)),
        ),
        heading_deg=90.0 * way + float(rng.uniform(-30.0, 30.0)),
    )
    margin = 0.5 * share * h
    speed = abs(act.velocity[0]) * body.stature_m * ppm
    start_s = round(float(rng.uniform(0.07, 0.45)) * scene.duration_s, 3)
    end_s = round(start_s + (w + 2 * margin) / speed, 3)
    start_x = -margin if way > 0 else w + margin
    return Figure(body, (start_x, foot * h), ppm, (Cue(act, start_s, end_s),), stays=False)


def _rain(
    rng: np.random.Generator, seed: int, long_s: float, ground: float
) -> tuple[Disturbance, ...]:
    amount = math.exp(rng.uniform(math.log(0.35), math.log(2.5)))
    return (
        Rain(
            seed,
            streaks=round(420 * amount),
            splashes=round(45 * amount * rng.uniform(0.5, 1.5)),
            wind=float(rng.uniform(-0.25, 0.25)),
            ground=ground,
            shutter_s=float(rng.choice([1 / 120, 1 / 60, 1 / 40, 1 / 30])),
        ),
    )


def _leaves(
    rng: np.random.Generator, seed: int, long_s: float, ground: float
) -> tuple[Disturbance, ...]:
    sites = rng.permutation(len(_SITES))[: int(rng.integers(1, 4))]
    clumps = tuple(_clump(_SITES[int(site)], rng) for site in sites)
    x = float(np.clip(clumps[0][0].root[0], 0.1, 0.9))
    falls = sorted(float(t) for t in rng.uniform(0.5, long_s, int(rng.integers(0, 4))))
    return (
        Foliage(
            seed,
            leaves=int(rng.integers(120, 420)),
            sway_deg=float(rng.uniform(1.0, 5.0)),
            falls_at_s=tuple(falls),
            clumps=clumps,
            falls_from=(x - 0.08, x + 0.08),
            pace=float(rng.uniform(0.6, 1.4)),
            leaf_size=float(rng.uniform(0.7, 1.5)),
        ),
    )


_SITES: Final = (
    ((-0.02, 0.02), (0.00, 0.35), 20.0),
    ((0.98, 1.02), (0.00, 0.35), 160.0),
    ((0.15, 0.85), (-0.04, -0.02), 90.0),
    ((-0.03, 0.02), (0.75, 1.02), 325.0),
    ((0.98, 1.03), (0.75, 1.02), 215.0),
    ((0.15, 0.85), (1.02, 1.06), 270.0),
)
"""Where branches come from, two ranges in shares of width and height, and where they point:
trees at both sides, branches from above, bushes in both corners and below."""


def _clump(
    site: tuple[tuple[float, float], tuple[float, float], float], rng: np.random.Generator
) -> tuple[Branch, ...]:
    across, down, angle = site
    x, y = float(rng.uniform(*across)), float(rng.uniform(*down))
    long = float(rng.uniform(0.2, 0.48))
    return tuple(
        Branch(
            (x + float(rng.normal(0, 0.03)), y + float(rng.normal(0, 0.04))),
            angle + float(rng.uniform(-28, 28)),
            long * float(rng.uniform(0.7, 1.1)),
        )
        for _ in range(int(rng.integers(3, 6)))
    )


def _clouds(
    rng: np.random.Generator, seed: int, long_s: float, ground: float
) -> tuple[Disturbance, ...]:
    way = 1 if rng.random() < 0.5 else -1
    starts = np.sort(rng.uniform(0.02, 0.6, int(rng.integers(1, 3)))) * long_s
    return tuple(
        CloudShadow(
            seed + k,
            start_s=float(start) + 3.0 * k,
            pass_s=float(rng.uniform(3.0, 9.0)),
            depth=float(rng.uniform(0.15, 0.5)),
            soft=float(rng.uniform(0.15, 0.45)),
            wide=float(rng.uniform(0.2, 0.8)),
            way=way,
        )
        for k, start in enumerate(starts)
    )


def _flicker(
    rng: np.random.Generator, seed: int, long_s: float, ground: float
) -> tuple[Disturbance, ...]:
    mains = float(rng.choice([100.0, 120.0]))
    return (
        Flicker(
            depth=float(rng.uniform(0.02, 0.10)),
            ripple_hz=mains + float(rng.normal(0, 0.3)),
            readout_s=float(rng.uniform(0.006, 0.030)),
        ),
    )


def _lamp(
    rng: np.random.Generator, seed: int, long_s: float, ground: float
) -> tuple[Disturbance, ...]:
    times = np.sort(rng.uniform(0.05, 0.95, int(rng.integers(1, 5)))) * long_s
    return (
        Lamp(
            switched_s=tuple(float(t) for t in times),
            place=(float(rng.uniform(0.1, 0.9)), float(rng.uniform(0.05, 0.5))),
            strength=float(rng.uniform(0.2, 1.0)),
            reach=float(rng.uniform(0.25, 0.8)),
            glow_s=float(rng.uniform(0.03, 0.4)),
        ),
    )


_KINDS: Final[Mapping[str, tuple[tuple[BackdropKind, ...], _Draw]]] = {
    "rain": (OUTDOORS, _rain),
    "leaves": (OUTDOORS, _leaves),
    "cloud-shadow": (OUTDOORS, _clouds),
    "flicker": (INDOORS, _flicker),
    "lamp": (INDOORS, _lamp),
}

DRAWN_KINDS: Final = tuple(_KINDS)
"""Their names."""
