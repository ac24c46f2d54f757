"""Draws how somebody is seen in a crop: the camera, the place, the light, what is in the way.

Ranges are those of street and room cameras: 3 to 40 m away, from the height of a man to 60° from
above, 20 to 150 analysed pixels tall.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from motionapp.core.event import UNKNOWN
from motionapp.scenes.crop import Actor, Backcloth, BoxError, Crop, Screen, ScreenKind
from motionapp.scenes.outline import drawn_colour
from motionapp.scenes.people.actions import ACTIONS
from motionapp.scenes.people.gestures import GESTURES
from motionapp.scenes.people.performance import REGISTRY
from motionapp.scenes.pinhole import Pinhole
from motionapp.scenes.scene import Backdrop, BackdropKind, Light, Sensor
from motionapp.training.crop_people import ANY_SIDE, companion, drawn_actor
from motionapp.training.rendered_scenes import check_seeds

Generator = np.random.Generator

TILT_DEG: Final = (0.0, 60.0)
USUAL_TILT_DEG: Final = 9.0
"""Of a camera that somebody holds: `training_clip` has no more."""
DISTANCE_M: Final = (3.0, 40.0)
TALL_PX: Final = (20.0, 150.0)
"""How tall the person is seen, in pixels of the analysed picture."""
RATES_HZ: Final = (25.0, 25.0, 30.0, 15.0, 12.5, 10.0, 7.5)

_SIZES: Final = ((384, 288), (480, 270), (320, 180), (320, 240), (352, 288), (426, 240))
"""Pictures as they are analysed; in the road's they are halved until they are at most 480 wide."""
_PLACES: Final[tuple[BackdropKind, ...]] = (
    "street", "park", "stone", "bricks", "fence", "plaster", "room", "plain",
)  # fmt: skip
_BANK: Final = 12
"""Backdrops of a kind: crops show stretches of these, since painting one takes 30 ms."""
_SCREENS: Final[tuple[ScreenKind, ...]] = ("wall", "hedge", "bars", "car")


@dataclass(frozen=True, slots=True)
class CropOrder:
    """A crop to be drawn: the movement, who does it and everything else, all by numbers."""

    label: str
    """One of the ten actions, or `unknown`."""
    person: int
    seed: int

    @property
    def action(self) -> str:
        """What is done: of those who do something else, one of the gestures."""
        return self._action(self._rng())

    def crop(self) -> Crop:
        """What is drawn; the same order gives the same crop."""
        check_seeds(self.person, self.seed)
        rng = self._rng()
        action = self._action(rng)
        if action not in REGISTRY:
            raise ValueError(
                f"nobody can be rendered who does {action!r}: use {', '.join(ACTIONS)}"
            )
        return drawn_crop(action, np.random.default_rng([self.person, 71]), rng)

    def _rng(self) -> Generator:
        return np.random.default_rng([self.seed, self.person, 67])

    def _action(self, rng: Generator) -> str:
        gestures = list(GESTURES)
        return gestures[int(rng.integers(len(gestures)))] if self.label == UNKNOWN else self.label


def drawn_crop(action: str, person: Generator, rng: Generator) -> Crop:
    """Somebody who does `action`, seen by a camera that hangs anywhere."""
    first = drawn_actor(action, person, rng)
    actors: tuple[Actor, ...] = (first,)
    if rng.random() < 0.3:
        actors = (first, companion(first, np.random.default_rng(int(rng.integers(1 << 31))), rng))
    size = _SIZES[int(rng.integers(len(_SIZES)))]
    camera, tall_px = _camera(first, size, rng)
    seed = int(rng.integers(1 << 31))
    screen = _screen(camera, first, tall_px, rng) if rng.random() < 0.22 else None
    return Crop(
        actors=actors, camera=camera, size=size,
        backcloth=_backcloth(camera.tilt_deg, rng), light=_light(camera.tilt_deg, rng),
        sensor=_sensor(rng), screen=screen, box_error=_box_error(rng),
        rate_hz=RATES_HZ[int(rng.integers(len(RATES_HZ)))], phase=float(rng.random()),
        quality=int(rng.integers(35, 96)) if rng.random() < 0.5 else 100, seed=seed,
    )  # fmt: skip


def _camera(actor: Actor, size: tuple[int, int], rng: Generator) -> tuple[Pinhole, float]:
    """A camera that looks at somebody, and how tall they are in its picture."""
    is_any = rng.random() < ANY_SIDE
    tilt = float(rng.uniform(*TILT_DEG) if is_any else rng.uniform(0.0, USUAL_TILT_DEG))
    low, high = TALL_PX[0], min(TALL_PX[1], 0.85 * size[1])
    tall_px = float(np.exp(rng.uniform(math.log(low), math.log(high))))
    stature_m = actor.body.stature_m
    # Seen from above a body is shorter, and its depth is seen.
    seen_m = stature_m * (math.cos(math.radians(tilt)) + 0.22 * math.sin(math.radians(tilt)))
    near, far = DISTANCE_M
    distance_m = float(np.exp(rng.uniform(math.log(near), math.log(far))))
    # Inside the picture, at its border now and then.
    margin = 0.35 * tall_px if rng.random() < 0.85 else -0.1 * tall_px
    at = tuple(
        float(rng.uniform(min(margin, side / 2), max(side - margin, side / 2))) for side in size
    )
    camera = Pinhole(
        px_per_m=tall_px / seen_m, distance_m=distance_m, at_px=(at[0], at[1]),
        looks_at_m=(0.0, 0.5 * stature_m, 0.0), tilt_deg=tilt,
        roll_deg=float(np.clip(rng.normal(0.0, 4.0), -12.0, 12.0)) if is_any else 0.0,
    )  # fmt: skip
    return camera, tall_px


def _screen(camera: Pinhole, actor: Actor, tall_px: float, rng: Generator) -> Screen:
    """Something that hides the legs: from the ankles up to the hips."""
    x, y = camera.at_px
    top = y + tall_px * float(rng.uniform(-0.02, 0.38))
    wide = tall_px * float(rng.uniform(0.9, 3.0))
    middle = x + wide * float(rng.uniform(-0.35, 0.35))
    return Screen(
        _SCREENS[int(rng.integers(len(_SCREENS)))], top, middle - wide / 2, middle + wide / 2,
        drawn_colour(rng), int(rng.integers(1 << 31)),
    )  # fmt: skip


def _backcloth(tilt_deg: float, rng: Generator) -> Backcloth:
    """A stretch of something; from above mostly of the ground."""
    kind = _PLACES[int(rng.integers(len(_PLACES)))]
    seed = int(rng.integers(_BANK))
    ground = 0.25 if seed % 2 or tilt_deg > 25.0 else 0.62
    low = 0.2 + 0.5 * min(1.0, tilt_deg / 40.0)
    return Backcloth(
        Backdrop(kind, seed, ground),
        at=(float(rng.random()), float(rng.uniform(low, 0.95))),
        zoom=float(np.exp(rng.uniform(math.log(0.5), math.log(1.8)))),
        mirrored=bool(rng.random() < 0.5),
        gain=float(rng.uniform(0.5, 1.2)),  # of its texture ...
        offset=float(rng.normal(35.0, 35.0)),  # ... and how bright it is
        given=float(rng.random()) if rng.random() < 0.5 else None,
    )


def _light(tilt_deg: float, rng: Generator) -> Light:
    # Seen from above, a shadow lies beside the body rather than under it.
    most = 0.2 + 0.6 * math.sin(math.radians(tilt_deg))
    return Light(
        side=float(rng.uniform(-1, 1)),
        shadow=float(rng.choice([0.0, 0.12, 0.28, 0.45], p=[0.4, 0.25, 0.2, 0.15])),
        slant=float(rng.uniform(0.1, 0.9)),
        length=float(rng.uniform(0.05, most) * rng.choice([-1.0, 1.0])),
        gain=float(rng.uniform(0.75, 1.15)),
    )


def _sensor(rng: Generator) -> Sensor:
    """Noise is that of the analysed picture, of which halving has taken most away."""
    return Sensor(
        noise=float(np.exp(rng.uniform(math.log(0.4), math.log(4.0)))),
        shutter_s=float(rng.choice([0.0, 0.012, 0.03], p=[0.88, 0.06, 0.06])),
        soft_px=float(rng.uniform(0.35, 1.1)),
    )


def _box_error(rng: Generator) -> BoxError:
    """Boxes are wrong by a tenth or so, and tremble a little."""
    shift = np.clip(rng.normal(0.0, 0.05, 2), -0.1, 0.1)
    grow = rng.uniform(-0.1, 0.1, 2)
    return BoxError(
        (float(shift[0]), float(shift[1])), (float(grow[0]), float(grow[1])),
        shake=float(rng.uniform(0.0, 0.03)), is_cut=bool(rng.random() < 0.5),
    )  # fmt: skip
