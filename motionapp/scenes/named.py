"""Named scenes and the demo: `synthetic:NAME`, what tests use, what a newcomer sees first.

Seeds are shared out so that nothing is trained on what it is shown or tested with: the demo and
the named scenes use `RESERVED_SEED` (9 000 000) and above, training 0 to 999 999.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np

from motionapp.scenes.disturbances.lighting import CloudShadow
from motionapp.scenes.disturbed import DISTURBANCES, WITH_PERSON, disturbed_scene
from motionapp.scenes.people.actions import ACTIONS
from motionapp.scenes.people.body import Body
from motionapp.scenes.people.performance import REGISTRY, Performance
from motionapp.scenes.people.style import Style
from motionapp.scenes.scene import (
    Backdrop,
    BackdropKind,
    Clutter,
    Cue,
    Disturbance,
    Figure,
    Light,
    Scene,
    Sensor,
)

RESERVED_SEED: Final = 9_000_000
DEMO_GAP_S: Final = 2.51
"""Stillness between two events of the demo: above the 1.5 s that keep an event open."""

CAMERA_HEIGHT_M: Final = 2.2
IN_PLACE: Final = ("bend", "jack", "pjump", "wave1", "wave2")


def demo_scene(size: tuple[int, int] = (640, 360), seed: int = RESERVED_SEED) -> Scene:
    """About a minute with exactly ten events, one of each action, in a shuffled order.

    Three people stand in the scene and perform the five actions that stay in place, while nobody
    else moves; five others cross it. Between two events nothing moves for `DEMO_GAP_S`.

    Parameters
    ----------
    size : tuple of int
        Width and height in pixels; figures grow with the height.
    seed : int
        At least `RESERVED_SEED`, so that no network has seen these people.

    Raises
    ------
    ValueError
        The seed belongs to training.
    """
    _check_reserved(seed)
    rng = np.random.default_rng([seed, 1])
    _w, _h = size
    standing = _standers(size, rng)
    roles = {"bend": 0, "jack": 1, "wave1": 1, "pjump": 2, "wave2": 2}
    order = [str(name) for name in rng.permutation(list(ACTIONS))]
    crossers: list[Figure] = []
    t = 2.0
    for name in order:
        if name in IN_PLACE:
            person = standing[roles[name]]
            cue = _in_place_cue(name, person, t, rng)
            standing[roles[name]] = replace(person, cues=(*person.cues, cue))
        else:
            figure = _crosser(name, size, t, rng)
            crossers.append(figure)
            cue = figure.cues[0]
        # Cues begin and end just outside the picture, so the gap is a little longer still.
        t = cue.end_s + DEMO_GAP_S
    kinds: list[BackdropKind] = ["stone", "bricks", "plaster", "park", "street", "fence"]
    return Scene(
        name="demo", size=size, duration_s=round(t, 2), seed=seed,
        backdrop=Backdrop(kinds[seed % len(kinds)], seed, 0.72),
        figures=(*standing, *crossers),
        light=Light(side=-0.6, shadow=0.32), sensor=Sensor(noise=1.8),
    )  # fmt: skip


def _check_reserved(seed: int) -> None:
    if seed < RESERVED_SEED:
        raise ValueError(f"seed {seed} belongs to training: use {RESERVED_SEED} or above")


def foot_row(size: tuple[int, int], px_per_m: float, *, horizon: float = 0.40) -> float:
    """The row on which somebody of this scale stands, for a camera a little above the heads."""
    return horizon * size[1] + CAMERA_HEIGHT_M * px_per_m


def _standers(size: tuple[int, int], rng: np.random.Generator) -> list[Figure]:
    w, h = size
    figures = []
    places = ((0.17, 0.205), (0.47, 0.182), (0.82, 0.225))
    for index, (x, scale) in enumerate(places):
        ppm = scale * h
        heading = (80.0 if index == 0 else 0.0) + float(rng.normal(0, 4))
        figures.append(
            Figure(
                body=Body.random(rng),
                foot_px=(x * w, foot_row(size, ppm)),
                px_per_m=ppm,
                heading_deg=heading,
                style=_moderate(Style.random(rng)),
            )
        )
    return figures


def _moderate(style: Style) -> Style:
    """Closer to the typical person: the demo shows actions as one expects them."""
    return replace(
        style,
        tempo=1.0 + 0.5 * (style.tempo - 1.0),
        amplitude=1.03 + 0.3 * (style.amplitude - 1.0),
        wobble=0.5 * style.wobble,
    )


def _in_place_cue(name: str, person: Figure, start_s: float, rng: np.random.Generator) -> Cue:
    style = replace(person.style, phase=0.0)
    if name in ("wave1", "wave2"):
        style = replace(style, phase=0.5)  # from the side up, rather than from overhead
    if name == "bend":  # one bend, unhurried
        style = replace(style, tempo=REGISTRY["bend"].period_s / float(rng.uniform(3.4, 3.8)))
    act = Performance(name, style, person.heading_deg)
    whole = max(1, round(float(rng.uniform(3.5, 4.2)) / act.period_s))
    return Cue(act, start_s, round(start_s + whole * act.period_s, 3))


def _crosser(name: str, size: tuple[int, int], start_s: float, rng: np.random.Generator) -> Figure:
    _w, h = size
    body = Body.random(rng)
    ppm = float(rng.uniform(0.245, 0.268)) * h
    act = Performance.random(name, rng)
    style = _moderate(act.style)
    act = replace(act, style=replace(style, tempo=max(1.06, style.tempo)))
    return _crossing_figure(body, act, size, ppm, start_s)


def _crossing_figure(
    body: Body, act: Performance, size: tuple[int, int], ppm: float, start_s: float
) -> Figure:
    """Somebody who comes in at one side and leaves at the other."""
    vx, _ = act.velocity
    way = math.copysign(1.0, vx)
    margin = 0.50 * body.stature_m * ppm
    start_x = -margin if way > 0 else size[0] + margin
    lasts = (size[0] + 2 * margin) / abs(vx * body.stature_m * ppm)
    cue = Cue(act, start_s, round(start_s + lasts, 3))
    return Figure(body, (start_x, foot_row(size, ppm)), ppm, (cue,), stays=False)


def _one(name: str, action: str, seed: int, *, size: tuple[int, int] = (640, 360)) -> Scene:
    """A short scene with one action, from a second of stillness to another."""
    rng = np.random.default_rng([seed, 2])
    if REGISTRY[action].stride > 0.0:
        figure = _crosser(action, size, 1.0, rng)
    else:
        person = _standers(size, rng)[1]
        if REGISTRY[action].view == "side":
            person = replace(person, heading_deg=80.0)
        figure = replace(person, cues=(_in_place_cue(action, person, 1.5, rng),))
    end = figure.cues[0].end_s + (1.0 if not figure.stays else 2.0)
    return Scene(name, size, round(end, 2), seed, Backdrop("stone", seed, 0.72), (figure,))


def crossing_scene(seed: int) -> Scene:
    """Two people who walk past each other, one nearer than the other."""
    size, rng = (640, 360), np.random.default_rng([seed, 3])
    near = _crossing_figure(
        Body.random(rng), Performance.random("walk", rng, direction=1), size, 0.262 * size[1], 1.0
    )
    far = _crossing_figure(
        Body.random(rng), Performance.random("walk", rng, direction=-1), size, 0.215 * size[1], 1.0
    )
    end = max(near.cues[0].end_s, far.cues[0].end_s) + 1.0
    backdrop = Backdrop("plaster", seed, 0.70)
    return Scene("crossing", size, round(end, 2), seed, backdrop, (far, near))


def _still(
    name: str, seed: int, *, kind: BackdropKind = "street", duration_s: float = 8.0,
    clutter: tuple[Clutter, ...] = (), light: Light | None = None, sensor: Sensor | None = None,
    disturbances: tuple[Disturbance, ...] = (),
) -> Scene:  # fmt: skip
    """People who stand still, and whatever is made to happen round them."""
    size = (640, 360)
    figures = tuple(_standers(size, np.random.default_rng([seed, 4])))
    return Scene(
        name, size, duration_s, seed, Backdrop(kind, seed, 0.72), figures, clutter,
        light or Light(), sensor or Sensor(), disturbances=disturbances,
    )  # fmt: skip


def _clouds(seed: int) -> Scene:
    """Two clouds, the second before the first has gone, and a light that grows."""
    shadows = CloudShadow(seed, 0.3, 5.0), CloudShadow(seed + 1, 3.2, 4.4)
    light = Light(drift=0.004)
    return _still("clouds", seed, light=light, kind="park", disturbances=shadows)


def _vehicles(seed: int) -> Scene:
    things = tuple(
        Clutter(
            "vehicle", seed + k, (0.5, 0.86 + 0.05 * k), 0.24 + 0.05 * k, 1.0, start, start + 9.0
        )
        for k, start in enumerate((1.0, 6.5))
    )
    return replace(_still("vehicles", seed, clutter=things, duration_s=12.0), figures=())


_S: Final = RESERVED_SEED
SCENES: Final[dict[str, Callable[[], Scene]]] = {
    "demo": demo_scene,
    **{
        name: (lambda name=name, k=k: _one(name, name, _S + 10 + k))  # type: ignore[misc]
        for k, name in enumerate(ACTIONS)
    },
    "crossing": lambda: crossing_scene(_S + 30),
    "still": lambda: _still("still", _S + 31),
    "light-step": lambda: _still(
        "light-step", _S + 32, light=Light(step_s=4.0, step_gain=1.22), kind="room"
    ),
    "clouds": lambda: _clouds(_S + 34),
    "noise": lambda: _still("noise", _S + 35, sensor=Sensor(noise=7.0, blocks=1.2)),
    "flag": lambda: _still("flag", _S + 38, clutter=(Clutter("flag", _S, (0.3, 0.8), 0.6),)),
    "vehicles": lambda: _vehicles(_S + 39),
    "ball": lambda: _still(
        "ball", _S + 40, clutter=(Clutter("ball", _S, (0.5, 0.93), 0.09, 1.0, 1.0, 7.0),)
    ),
    "dog": lambda: _still(
        "dog", _S + 41, clutter=(Clutter("dog", _S, (0.5, 0.95), 0.22, 1.0, 1.0, 9.0),),
        duration_s=10.0,
    ),
    **{
        name + WITH_PERSON * person: partial(disturbed_scene, name, person=person)
        for name in DISTURBANCES
        for person in (False, True)
    },
}  # fmt: skip
"""Scenes by name, each made afresh."""
