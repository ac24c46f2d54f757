"""Scenes: what is to be seen, as frozen values, and where each figure's joints are at a time.

A scene says everything there is to know: rendering it (`render`) and its truth (`truth`) follow
from the scene and a time alone. Nothing here knows pixels' colours.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from motionapp.scenes.people.body import Body
from motionapp.scenes.people.performance import Performance
from motionapp.scenes.people.skeleton import blend, joints_of
from motionapp.scenes.people.style import Style, ease, rest

BLEND_S: Final = 0.30
"""Seconds in which a standing figure goes over into an action, and back."""

BackdropKind = Literal["plaster", "bricks", "stone", "fence", "park", "street", "room", "plain"]
ClutterKind = Literal["vehicle", "ball", "flag", "curtain", "pendulum", "blob", "dog"]


@dataclass(frozen=True, slots=True)
class Cue:
    """A performance from `start_s` until `end_s` (half-open)."""

    performance: Performance
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Figure:
    """A person in the scene.

    `foot_px` is the ground point under the body at rest, or at the start of a cue that travels;
    it may lie outside the picture. `stays` says that the figure stands still between its cues;
    otherwise it is there only during them. Cues do not overlap.
    """

    body: Body
    foot_px: tuple[float, float]
    px_per_m: float
    cues: tuple[Cue, ...] = ()
    heading_deg: float = 0.0
    style: Style = Style()
    stays: bool = True

    @property
    def stature_px(self) -> float:
        """Height of the standing body in the picture."""
        return self.body.stature_m * self.px_per_m

    def cue_at(self, t_s: float) -> Cue | None:
        """The cue that is on at `t_s`."""
        return next((cue for cue in self.cues if cue.start_s <= t_s < cue.end_s), None)

    def is_present(self, t_s: float) -> bool:
        """Whether the figure exists at `t_s`, be it outside the picture."""
        return self.stays or self.cue_at(t_s) is not None


@dataclass(frozen=True, slots=True)
class Clutter:
    """Something that moves and is nobody: drawn from `seed`, at `place` (fractions of the picture).

    `scale` is its height in parts of the picture's height, `strength` how much it moves.
    """

    kind: ClutterKind
    seed: int
    place: tuple[float, float] = (0.5, 0.8)
    scale: float = 0.25
    strength: float = 1.0
    start_s: float = -math.inf
    end_s: float = math.inf

    @property
    def makes_events(self) -> bool:
        """Whether it is a thing with a path of its own rather than a nuisance."""
        return self.kind in ("vehicle", "ball", "dog")


@dataclass(frozen=True, slots=True)
class Light:
    """The light: from which side (-1 left, 1 right), shadows, and how all of it changes.

    `step_gain` multiplies the picture from `step_s` on; `drift` is the change per second (a share,
    up and down in half a minute). Flicker, lamps and the shadows of clouds are disturbances.
    """

    side: float = -0.5
    shadow: float = 0.30
    slant: float = 0.45
    length: float = 0.16
    gain: float = 1.0
    step_s: float = math.inf
    step_gain: float = 1.0
    drift: float = 0.0


@dataclass(frozen=True, slots=True)
class Sensor:
    """The camera: noise in grey levels at middle grey, open shutter, softness, blocks.

    `shutter_s` above 0 blurs what moves; `blocks` is the standard deviation of the 8 by 8 blocks
    that a strong compression redraws twice a second.
    """

    noise: float = 2.0
    shutter_s: float = 0.0
    soft_px: float = 0.45
    blocks: float = 0.0


@dataclass(frozen=True, slots=True)
class Backdrop:
    """What stands still: a kind, a seed, and the row (share of the height) where ground begins."""

    kind: BackdropKind = "stone"
    seed: int = 0
    ground: float = 0.76


class Disturbance(Protocol):
    """What changes the picture and is nobody: weather, light, text; a frozen, hashable value."""

    is_burned_in: ClassVar[bool]
    """Whether it comes after the sensor, and so without its noise."""

    def over(self, picture: NDArray[np.uint8], t_s: float) -> NDArray[np.uint8]:
        """The picture, uint8 of shape (h, w, 3), with it; the one that is given stays as it is."""
        ...


@dataclass(frozen=True, slots=True)
class Scene:
    """A whole scene. `size` is (width, height); `tilt_deg` how far the camera looks down.

    `disturbances` are laid over each other in their order.
    """

    name: str
    size: tuple[int, int]
    duration_s: float
    seed: int
    backdrop: Backdrop = Backdrop()
    figures: tuple[Figure, ...] = ()
    clutter: tuple[Clutter, ...] = ()
    light: Light = Light()
    sensor: Sensor = Sensor()
    tilt_deg: float = 4.0
    disturbances: tuple[Disturbance, ...] = ()


def joints_px(
    scene: Scene, figure: Figure, t_s: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Where a figure's joints are in the picture.

    Returns
    -------
    points : ndarray of float64, shape (n_joints, 2)
        Pixels, x to the right and y down; the picture is half-open from 0.
    depths : ndarray of float64, shape (n_joints,)
        Metres towards the camera from the figure's ground point.
    None
        Instead of both, when the figure is not there at `t_s`.
    """
    if not figure.is_present(t_s):
        return None
    joints = _joints_m(figure, t_s)
    tilt = math.radians(scene.tilt_deg)
    points = np.empty((len(joints), 2))
    points[:, 0] = figure.foot_px[0] + figure.px_per_m * joints[:, 0]
    up = joints[:, 1] * math.cos(tilt) - joints[:, 2] * math.sin(tilt)
    points[:, 1] = figure.foot_px[1] - figure.px_per_m * up
    return points, joints[:, 2].copy()


def ground_y(scene: Scene, figure: Figure, t_s: float) -> float:
    """The row of the ground under the figure's body at `t_s`."""
    cue = figure.cue_at(t_s)
    if cue is None:
        return figure.foot_px[1]
    away = cue.performance.velocity[1] * (t_s - cue.start_s) * figure.body.stature_m
    return figure.foot_px[1] + figure.px_per_m * away * math.sin(math.radians(scene.tilt_deg))


def _joints_m(figure: Figure, t_s: float) -> NDArray[np.float64]:
    body, cue = figure.body, figure.cue_at(t_s)
    still = rest(figure.style)
    if figure.style.mirrored:
        still = still.mirrored()
    if cue is None:
        return joints_of(
            still, stature_m=body.stature_m, heading_deg=figure.heading_deg, legs=body.legs
        )
    act, since = cue.performance, t_s - cue.start_s
    weight = 1.0
    if figure.stays:
        weight = min(ease(since / BLEND_S), ease((cue.end_s - t_s) / BLEND_S))
    heading = figure.heading_deg + (act.heading_deg - figure.heading_deg) * weight
    if not figure.stays:
        heading = act.heading_deg
    pose = blend(still, act.pose(since), weight)
    joints = joints_of(pose, stature_m=body.stature_m, heading_deg=heading, legs=body.legs)
    vx, vz = act.velocity
    joints[:, 0] += vx * since * body.stature_m
    joints[:, 2] += vz * since * body.stature_m
    return joints
