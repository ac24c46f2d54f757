"""Seeded clips for training: one action each, as many kinds of people and pictures as possible.

Seeds lie in 0 to 999 999; the demo's are refused. What is none of the actions: `rendered_clutter`.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import numpy as np

from motionapp.scenes.disturbances.lighting import Flicker
from motionapp.scenes.people.actions import ACTIONS
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

TRAINING_SEEDS: Final = 1_000_000
_KINDS: Final[tuple[BackdropKind, ...]] = (
    "stone", "plaster", "bricks", "fence", "park", "street", "room", "plain",
)  # fmt: skip


def training_clip(
    action: str,
    person_seed: int,
    seed: int,
    *,
    size: tuple[int, int] = (180, 144),
    duration_s: float | None = None,
    framing: str = "mixed",
) -> Scene:
    """One person doing one thing from the first frame to the last.

    Parameters
    ----------
    action : str
        One of `ACTIONS` or `GESTURES`.
    person_seed : int
        Looks, and the person's own way of moving.
    seed : int
        Background, place, camera, light, and how it is done this time.
    size : tuple of int
        Width and height in pixels.
    duration_s : float, optional
        Drawn from 2 to 3.5 s when left out; a bend takes its whole period.
    framing : str
        `fixed`: the whole person, about half as tall as the picture, before a wall; `mixed`:
        half of the clips so, the others nearer, farther or partly cut off.

    Returns
    -------
    Scene
        With one figure.

    Raises
    ------
    ValueError
        A seed outside 0 to 999 999, which are the demo's and the tests'.
    """
    check_seeds(person_seed, seed)
    person = np.random.default_rng([person_seed, 5])
    rng = np.random.default_rng([seed, person_seed, 6])
    body = Body.random(person)
    act = _as_today(Performance.random(action, person), rng)
    lasts = duration_s if duration_s is not None else float(rng.uniform(2.0, 3.5))
    if action == "bend" and duration_s is None:
        lasts = act.period_s
    fixed = framing == "fixed" or rng.random() < 0.5
    share = float(rng.uniform(0.44, 0.56)) if fixed else float(rng.uniform(0.34, 0.86))
    ppm = share * size[1] / body.stature_m
    low = (
        float(rng.uniform(0.70, 0.84))
        if fixed
        else min(1.06, 0.5 + share / 2 + rng.uniform(0, 0.08))
    )
    figure = _placed(body, act, size, ppm, low, lasts, rng)
    return Scene(
        name=f"{action}-{person_seed}-{seed}", size=size, duration_s=round(lasts, 3), seed=seed,
        backdrop=Backdrop(_KINDS[_choice(rng, 8)], seed, min(0.94, low - rng.uniform(0.01, 0.1))),
        figures=(figure,), light=_light(rng), disturbances=_flicker(rng), sensor=_sensor(rng),
        tilt_deg=float(rng.uniform(0.0, 9.0)),
    )  # fmt: skip


def check_seeds(*seeds: int) -> None:
    """Refuse seeds that are not training's, with a `ValueError`."""
    for seed in seeds:
        if not 0 <= seed < TRAINING_SEEDS:
            raise ValueError(f"seed {seed} is not one of training's: use 0 to {TRAINING_SEEDS - 1}")


def _choice(rng: np.random.Generator, count: int) -> int:
    return int(rng.integers(count))


def _as_today(act: Performance, rng: np.random.Generator) -> Performance:
    """A person's way of doing it, this time: phase, side and a little of everything anew."""
    style = act.style
    heading = act.heading_deg
    flip = rng.random() < 0.5
    if ACTIONS.get(act.action) is None or not ACTIONS[act.action].sideways:
        heading = -heading if flip else heading
    return replace(
        act,
        heading_deg=heading,
        style=replace(
            style,
            tempo=float(np.clip(style.tempo * rng.normal(1.0, 0.05), 0.72, 1.4)),
            amplitude=float(np.clip(style.amplitude * rng.normal(1.0, 0.04), 0.76, 1.25)),
            phase=float(rng.random()),
            mirrored=style.mirrored != flip,
        ),
    )


def _placed(
    body: Body, act: Performance, size: tuple[int, int], ppm: float, low: float, lasts: float,
    rng: np.random.Generator,
) -> Figure:  # fmt: skip
    """In the middle, or so that the middle of the way lies there; the way is cut to be seen."""
    w, h = size
    vx, _ = act.velocity
    middle = w * float(rng.uniform(0.36, 0.64))
    if vx:
        # Fast people cross a small picture in less than a clip: then the clip begins outside.
        half_way = 0.5 * min(lasts * abs(vx) * body.stature_m * ppm, w + 0.9 * body.stature_m * ppm)
        start = middle - math.copysign(half_way, vx)
    else:
        start = middle
    cue = Cue(act, 0.0, math.inf)
    return Figure(body, (start, low * h), ppm, (cue,), act.heading_deg, act.style, stays=False)


def _light(rng: np.random.Generator) -> Light:
    return Light(
        side=float(rng.uniform(-1, 1)),
        shadow=float(rng.choice([0.0, 0.12, 0.25, 0.42], p=[0.4, 0.25, 0.2, 0.15])),
        slant=float(rng.uniform(0.1, 0.7)),
        length=float(rng.uniform(0.06, 0.25) * rng.choice([-1.0, 1.0], p=[0.3, 0.7])),
        gain=float(rng.uniform(0.75, 1.15)),
    )


def _flicker(rng: np.random.Generator) -> tuple[Disturbance, ...]:
    """Now and then a light that ripples, all of the picture at once."""
    return (Flicker(0.02, 9.0, readout_s=0.0),) if rng.random() < 0.08 else ()


def _sensor(rng: np.random.Generator) -> Sensor:
    return Sensor(
        noise=float(rng.uniform(0.8, 4.0)),
        shutter_s=float(rng.choice([0.0, 0.012, 0.025], p=[0.6, 0.25, 0.15])),
        soft_px=float(rng.uniform(0.35, 0.8)),
        blocks=0.7 if rng.random() < 0.1 else 0.0,
    )
