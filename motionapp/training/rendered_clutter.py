"""Seeded clips of what is none of the ten actions: what a network learns as `unknown`.

The things are `scenes.clutter`, rain, leaves and light `scenes.disturbances`, both with
parameters drawn from the clip's seed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, get_args

import numpy as np

from motionapp.scenes.disturbances.foliage import Branch, Foliage
from motionapp.scenes.disturbances.lighting import CloudShadow, Flicker, Lamp
from motionapp.scenes.disturbances.rain import Rain
from motionapp.scenes.people.gestures import GESTURES
from motionapp.scenes.scene import Clutter, ClutterKind, Disturbance, Scene, Sensor
from motionapp.training.rendered_scenes import check_seeds, training_clip

_KINDS: Final = (
    "leaves", "rain", "vehicle", "ball", "flag", "curtain", "light", "pendulum", "blob", "dog",
)  # fmt: skip
_SCALES: Final = {
    "vehicle": (0.2, 0.6), "ball": (0.06, 0.25), "dog": (0.15, 0.45), "light": (0.15, 0.4),
}  # fmt: skip


def clutter_clip(
    seed: int, *, size: tuple[int, int] = (180, 144), duration_s: float = 2.6
) -> Scene:
    """Something that is none of the ten actions: a thing, weather, a gesture, or nothing but noise.

    About half of the clips show people doing other things, a third show things and weather, the
    rest pictures in which nothing but light and noise changes.

    Raises
    ------
    ValueError
        A seed outside 0 to 999 999, which are the demo's and the tests'.
    """
    check_seeds(seed)
    rng = np.random.default_rng([seed, 7])
    draw = rng.random()
    if draw < 0.5:
        gestures = list(GESTURES)
        scene = training_clip(
            gestures[int(rng.integers(len(gestures)))], seed, seed, size=size, duration_s=duration_s
        )
        return replace(scene, name=f"clutter-{seed}")
    still = training_clip("bend", seed, seed, size=size, duration_s=duration_s)
    stander = replace(still.figures[0], cues=(), stays=True)
    figures = (stander,) if rng.random() < 0.4 else ()
    scene = replace(still, name=f"clutter-{seed}", figures=figures)
    if draw < 0.85:
        return _littered(scene, rng)
    return _unsteady(scene, rng)


def _littered(scene: Scene, rng: np.random.Generator) -> Scene:
    """The scene with one thing that is nobody, or two."""
    things = [_Thing.drawn(rng) for _ in range(1 if rng.random() < 0.75 else 2)]
    return replace(
        scene,
        clutter=tuple(thing.clutter() for thing in things if thing.kind not in _DISTURBANCES),
        disturbances=scene.disturbances + tuple(
            thing.disturbance(scene) for thing in things if thing.kind in _DISTURBANCES
        ),
    )  # fmt: skip


def _unsteady(scene: Scene, rng: np.random.Generator) -> Scene:
    """The scene in noise and in a light that changes."""
    noise, blocks = float(rng.uniform(2.0, 9.0)), float(rng.choice([0.0, 0.8, 1.8]))
    depth, hz = float(rng.choice([0.0, 0.03, 0.08])), float(rng.uniform(3, 12))
    cloud = float(rng.choice([0.0, 0.3]))
    light = replace(
        scene.light,
        drift=float(rng.choice([0.0, 0.02])),
        step_s=float(rng.uniform(0.5, 2.0)), step_gain=float(rng.choice([1.0, 0.8, 1.25])),
    )  # fmt: skip
    changes: list[Disturbance] = [Flicker(depth, hz, readout_s=0.0)] if depth else []
    if cloud:
        changes.append(CloudShadow(scene.seed, 0.0, scene.duration_s, cloud))
    return replace(
        scene, light=light, sensor=Sensor(noise=noise, blocks=blocks), disturbances=tuple(changes)
    )


@dataclass(frozen=True, slots=True)
class _Thing:
    """What was drawn for a thing: `place` in shares of the picture, `scale` in its heights."""

    kind: str
    seed: int
    place: tuple[float, float]
    scale: float
    strength: float

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> _Thing:
        kind = _KINDS[int(rng.integers(len(_KINDS)))]
        low, high = _SCALES.get(kind, (0.25, 0.75))
        return cls(
            kind, int(rng.integers(1 << 31)),
            place=(float(rng.uniform(0.15, 0.85)), float(rng.uniform(0.72, 0.97))),
            scale=float(rng.uniform(low, high)), strength=float(rng.uniform(0.6, 1.5)),
        )  # fmt: skip

    def clutter(self) -> Clutter:
        kind = _CLUTTER[self.kind]
        return Clutter(kind, self.seed, self.place, self.scale, self.strength)

    def disturbance(self, scene: Scene) -> Disturbance:
        return _DISTURBANCES[self.kind](self, scene, np.random.default_rng([self.seed, 47]))


def _bush(thing: _Thing, scene: Scene, rng: np.random.Generator) -> Disturbance:
    """A bush that stands at its place, as tall as it is drawn."""
    up = -90.0 + np.linspace(-62.0, 62.0, 5) + rng.normal(0, 6.0, 5)
    lengths = thing.scale * rng.uniform(0.75, 1.0, 5)
    branches = tuple(
        Branch(thing.place, float(angle), float(long))
        for angle, long in zip(up, lengths, strict=True)
    )
    return Foliage(
        thing.seed, leaves=int(rng.integers(100, 180)), sway_deg=4.0 * thing.strength,
        falls_at_s=(), clumps=(branches,), leaf_size=3.5 * thing.scale,
    )  # fmt: skip


def _rain(thing: _Thing, scene: Scene, rng: np.random.Generator) -> Disturbance:
    """Twice what is steady rain, and more: lighter rain never comes as far as the network."""
    return Rain(
        thing.seed, streaks=round(800 * thing.strength), splashes=round(60 * thing.strength),
        wind=float(rng.uniform(-0.2, 0.2)), ground=scene.backdrop.ground,
        shutter_s=float(rng.choice([1 / 60, 1 / 40, 1 / 30])),
    )  # fmt: skip


def _light(thing: _Thing, scene: Scene, rng: np.random.Generator) -> Disturbance:
    """A lamp that is switched, or the shadow of a cloud."""
    if rng.random() < 0.5:
        on_s = float(rng.uniform(0.2, 0.5)) * scene.duration_s
        off_s = on_s + float(rng.uniform(0.2, 0.5)) * scene.duration_s
        return Lamp((on_s, off_s), thing.place, 0.5 * thing.strength, reach=thing.scale)
    start_s = -0.5 * float(rng.random()) * scene.duration_s
    return CloudShadow(
        thing.seed, start_s, 1.5 * scene.duration_s, min(0.5, 0.3 * thing.strength),
        soft=0.5 * thing.scale, way=1 if rng.random() < 0.5 else -1,
    )  # fmt: skip


_CLUTTER: Final[dict[str, ClutterKind]] = {kind: kind for kind in get_args(ClutterKind)}
_DISTURBANCES: Final[dict[str, Callable[[_Thing, Scene, np.random.Generator], Disturbance]]] = {
    "leaves": _bush,
    "rain": _rain,
    "light": _light,
}
