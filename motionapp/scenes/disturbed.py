"""Disturbed scenes: nobody or one walker, and over it what must not be taken for somebody.

The walker is a third of the picture's height and comes through the middle third of the time; the
disturbance acts before, during and after. Named ``rain`` and ``rain+person``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from motionapp.scenes.disturbances.foliage import Foliage
from motionapp.scenes.disturbances.lighting import (
    CloudShadow,
    ExposureSteps,
    Flicker,
    Lamp,
)
from motionapp.scenes.disturbances.rain import Rain
from motionapp.scenes.disturbances.stamp import Clock, FrameCounter
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

DISTURBED_SEED: Final = 9_200_000
"""Above all that training draws from, and apart from the demo and the named scenes."""

DURATION_S: Final = 15.0
WITH_PERSON: Final = "+person"

GROUND: Final = 0.70
STATURE: Final = 1 / 3  # of the picture's height
FOOT: Final = 0.84


@dataclass(frozen=True, slots=True)
class _Kind:
    """Where a disturbance is met, and how to make it for a seed and a length in seconds."""

    backdrop: BackdropKind
    make: Callable[[int, float], Disturbance]


_KINDS: Final[Mapping[str, _Kind]] = {
    "rain": _Kind("street", lambda seed, _s: Rain(seed, wind=0.04 + 0.03 * (seed % 4))),
    "leaves": _Kind(
        "park", lambda seed, long_s: Foliage(seed, falls_at_s=(0.21 * long_s, 0.63 * long_s))
    ),
    "flicker": _Kind("room", lambda _seed, _s: Flicker()),
    "flicker-100": _Kind("room", lambda _seed, _s: Flicker(ripple_hz=100.3)),
    "exposure-step": _Kind(
        "street",
        lambda _seed, long_s: ExposureSteps((0.17 * long_s, 0.5 * long_s), 0.81 * long_s),
    ),
    "lamp": _Kind(
        "room", lambda seed, long_s: Lamp(
            (0.17 * long_s, 0.5 * long_s, 0.8 * long_s), (0.3 + 0.2 * (seed % 3), 0.3)
        ),
    ),
    "cloud-shadow": _Kind("park", lambda seed, long_s: CloudShadow(seed, 0.13 * long_s)),
    "clock": _Kind("street", lambda _seed, _s: Clock()),
    "frame-counter": _Kind("stone", lambda _seed, _s: FrameCounter()),
}  # fmt: skip

DISTURBANCES: Final = tuple(_KINDS)
"""Their names."""


def disturbed_scene(
    name: str,
    *,
    person: bool = False,
    seed: int = DISTURBED_SEED,
    size: tuple[int, int] = (640, 360),
    duration_s: float = DURATION_S,
) -> Scene:
    """A scene in which a disturbance acts, with somebody walking through it or without.

    Parameters
    ----------
    name : str
        One of `DISTURBANCES`.
    person : bool
        Whether somebody walks through.
    seed : int
        Background, walker, noise and disturbance follow from it.
    size : tuple of int
        Width and height in pixels.
    duration_s : float
        The disturbance and the walk are spread over it.

    Returns
    -------
    Scene

    Raises
    ------
    KeyError
        There is no disturbance of that name.
    """
    kind = _KINDS[name]
    return Scene(
        name=name + WITH_PERSON * person,
        size=size,
        duration_s=duration_s,
        seed=seed,
        backdrop=Backdrop(kind.backdrop, seed, GROUND),
        figures=(_walker(size, duration_s, seed),) if person else (),
        light=Light(side=-0.5, shadow=0.28),
        sensor=Sensor(noise=2.0),
        disturbances=(kind.make(seed, duration_s),),
    )


def _walker(size: tuple[int, int], duration_s: float, seed: int) -> Figure:
    """Somebody who crosses the picture briskly, in its middle third of the time."""
    rng = np.random.default_rng([seed, 79])
    body = Body.random(rng)
    ppm = STATURE * size[1] / body.stature_m
    way = 1 if seed % 2 == 0 else -1
    act = Performance.random("walk", rng, direction=way)
    act = replace(act, style=replace(act.style, tempo=1.25, amplitude=1.1))
    margin = 0.5 * STATURE * size[1]
    speed = abs(act.velocity[0]) * body.stature_m * ppm
    lasts = (size[0] + 2 * margin) / speed
    start_s = round(max(0.0, 0.5 * duration_s - 0.5 * lasts), 3)
    start_x = -margin if way > 0 else size[0] + margin
    cue = Cue(act, start_s, round(start_s + lasts, 3))
    return Figure(body, (start_x, FOOT * size[1]), ppm, (cue,), stays=False)
