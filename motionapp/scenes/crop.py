"""Crops: one body as a street camera sees it, as frozen values. Rendering them: `crop_render`.

A crop says everything there is to know about a short stretch of pictures round one person, seen
with perspective from any side. Its time 0 is when the person stands where the camera looks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.scenes.outline import Part
from motionapp.scenes.people.body import Body, Colour
from motionapp.scenes.people.carriage import Carriage
from motionapp.scenes.people.carried import Load
from motionapp.scenes.people.figure import parts_of
from motionapp.scenes.people.performance import Performance
from motionapp.scenes.people.skeleton import joints_of
from motionapp.scenes.people.trunk import trunk_parts
from motionapp.scenes.pinhole import Pinhole
from motionapp.scenes.scene import Backdrop, Light, Sensor

ScreenKind = Literal["wall", "hedge", "bars", "car"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody before the camera.

    `since_s` is how long the performance has lasted at the crop's time 0, `place_m` the ground
    point (x to the right, z towards the camera) under the body then. `turn_deg_s` is how quickly
    the heading grows: who travels goes round a bend.
    """

    body: Body
    act: Performance
    since_s: float = 0.0
    place_m: tuple[float, float] = (0.0, 0.0)
    carriage: Carriage = Carriage()
    loads: tuple[Load, ...] = ()
    turn_deg_s: float = 0.0

    def ground_m(self, t_s: float) -> tuple[float, float]:
        """The ground point under the body, x to the right and z towards the camera, in metres."""
        half = math.radians(self.turn_deg_s) * t_s / 2
        # The arc of a way that turns evenly: its chord, seen at half of the turn.
        chord = t_s * float(np.sinc(half / math.pi))
        along, aside = chord * math.cos(half), chord * math.sin(half)
        (vx, vz), stature_m = self.act.velocity, self.body.stature_m
        x = self.place_m[0] + (vx * along + vz * aside) * stature_m
        return x, self.place_m[1] + (vz * along - vx * aside) * stature_m

    def joints_m(self, t_s: float) -> NDArray[np.float64]:
        """Joints in metres, shape (n_joints, 3): x right, y up, z towards the camera."""
        stature_m = self.body.stature_m
        pose = self.carriage.of(self.act.pose(self.since_s + t_s))
        heading = self.act.heading_deg + self.turn_deg_s * t_s
        joints = joints_of(pose, stature_m=stature_m, heading_deg=heading, legs=self.body.legs)
        x, z = self.ground_m(t_s)
        joints[:, 0] += x
        joints[:, 2] += z
        return joints

    def parts(self, t_s: float, camera: Pinhole, light: float) -> list[Part]:
        """The outlines of the person and what is carried, from back to front."""
        joints = self.joints_m(t_s)
        seen = camera.see(joints)
        stature_m = self.body.stature_m
        trunk = trunk_parts(self.body, joints, seen.depths, camera, light)
        for load in self.loads:
            trunk += load.parts(joints, stature_m, camera)
        return parts_of(
            self.body, seen.points, seen.depths, stature_px=stature_m * camera.px_per_m,
            light=light, scales=seen.scales, trunk=trunk,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Screen:
    """Something still that stands in front of the person, from row `top_px` down.

    It is seen from `left_px` to `right_px`, in pixels of the whole picture.
    """

    kind: ScreenKind
    top_px: float
    left_px: float
    right_px: float
    colour: Colour
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Backcloth:
    """What stands behind: a stretch of a backdrop, or of one of the pictures that were given.

    `at` is the middle of the stretch as shares of the backdrop; None paints the backdrop at the
    crop's own size, each pixel in its place, which takes 30 ms. `zoom` is how many of the crop's
    pixels one of its pixels takes; `gain` and `offset` change its grey levels. `given` (0..1)
    chooses among the pictures that a renderer was given, where there are any; None is always
    `backdrop`.
    """

    backdrop: Backdrop = Backdrop()
    at: tuple[float, float] | None = None
    zoom: float = 1.0
    mirrored: bool = False
    gain: float = 1.0
    offset: float = 0.0
    given: float | None = None


@dataclass(frozen=True, slots=True)
class BoxError:
    """How wrong the box round the person is, in shares of its sides.

    `shift` and `grow` (x, y) hold for the whole crop, `shake` is drawn anew at each picture.
    `is_cut` says that the box ends at the screen before the legs.
    """

    shift: tuple[float, float] = (0.0, 0.0)
    grow: tuple[float, float] = (0.0, 0.0)
    shake: float = 0.0
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Crop:
    """One person for a moment, before one camera, with what surrounds them.

    The first of `actors` is the one that is looked at. `size` (width, height) is the whole picture
    as it is analysed; all pixels are its. Pictures come at `rate_hz`, one of them `phase` of a step
    before time 0. `quality` is that of the compression in percent; 100 is none.
    """

    actors: tuple[Actor, ...]
    camera: Pinhole
    size: tuple[int, int]
    backcloth: Backcloth = Backcloth()
    light: Light = Light()
    sensor: Sensor = Sensor()
    screen: Screen | None = None
    box_error: BoxError = BoxError()
    rate_hz: float = 25.0
    phase: float = 0.0
    quality: int = 100
    seed: int = 0

    def box(self, parts: list[Part], t_s: float) -> Box | None:
        """The box that somebody who looks for people gives of these parts, errors included.

        None where nothing of it is in the picture.
        """
        corners = np.concatenate([part.outline for part in parts])
        (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
        error = self.box_error
        if self.screen is not None and error.is_cut:
            y1 = max(y0 + 0.3 * (y1 - y0), min(y1, self.screen.top_px))
        shake = np.zeros(4)
        if error.shake:
            rng = np.random.default_rng([self.seed, 53, round(t_s * 1e6) + 10**9])
            shake = rng.normal(0.0, error.shake, 4)
        wide, tall = x1 - x0, y1 - y0
        x = 0.5 * (x0 + x1) + (error.shift[0] + shake[0]) * wide
        y = 0.5 * (y0 + y1) + (error.shift[1] + shake[1]) * tall
        wide *= 1.0 + error.grow[0] + shake[2]
        tall *= 1.0 + error.grow[1] + shake[3]
        box = Box(
            round(x - wide / 2), round(y - tall / 2), round(x + wide / 2), round(y + tall / 2)
        ).clipped(self.size)
        return box if box.width > 0 and box.height > 0 else None
