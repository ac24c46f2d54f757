"""Trunks, coats and skirts as solids: rings round the spine, right from any side and height.

`figure` draws a trunk as a band along the spine, which is right for a camera at the height of a
man. Here every ring is an ellipse across the body, and what is seen is the hull of neighbours.
"""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.scenes.outline import Part, shaded
from motionapp.scenes.people.body import Body, Colour
from motionapp.scenes.people.limbs import COARSE_PX
from motionapp.scenes.people.skeleton import HIP_HALF, JOINT_INDEX, SHOULDER_HALF
from motionapp.scenes.pinhole import Pinhole

Points = NDArray[np.float64]

_ROUND: Final = np.linspace(0.0, 2.0 * math.pi, 14, endpoint=False)
_COS: Final = np.cos(_ROUND)[:, None]
_SIN: Final = np.sin(_ROUND)[:, None]
_TURN: Final = np.linspace(0.0, 1.0, 7)[:, None]
# Half widths of the rings from below the hips to the collar, in statures: across, and fore and aft.
_ACROSS: Final = np.array([0.072, 0.088, 0.078, 0.098, 0.108, 0.082, 0.044])
_DEEP: Final = np.array([0.066, 0.080, 0.076, 0.085, 0.078, 0.064, 0.046])
# A stout person is stout at the waist rather than at the collar.
_STOUT: Final = np.array([0.8, 1.0, 1.3, 1.0, 0.7, 0.5, 0.3])
_TONES: Final = ((0.80, 1.0, 0.0), (1.0, 0.84, 0.13), (1.10, 0.45, 0.38))
_FRONT: Final = 0.6
"""Radians to each side of straight ahead that a print on the chest covers."""


def trunk_parts(
    body: Body, joints_m: Points, depths: Points, camera: Pinhole, light: float
) -> list[Part]:
    """The trunk, what is sewn on it, and the skirt of a coat or a dress.

    Parameters
    ----------
    body : Body
    joints_m : ndarray of float64, shape (n_joints, 3)
        Metres: x to the picture's right, y up, z towards the camera.
    depths : ndarray of float64, shape (n_joints,)
        What `camera` says of how near they are.
    camera : Pinhole
    light : float
        -1 from the picture's left, 1 from its right.
    """
    trunk = _Trunk(body, joints_m, depths, camera, light)
    return trunk.bare() + trunk.sewn() + trunk.skirt()


class _Trunk:
    """One person's trunk at one moment."""

    def __init__(
        self, body: Body, joints_m: Points, depths: Points, camera: Pinhole, light: float
    ) -> None:
        self._body, self._joints, self._camera, self._light = body, joints_m, camera, light
        self._centres = self._spine()
        halves = (body.build**_STOUT + body.bulk / 0.08) * body.stature_m
        self._across, self._deep = _ACROSS * halves, _DEEP * halves
        self._side, self._ahead = self._axes()
        rings = (
            self._centres[:, None]
            + _COS * (self._side * self._across[:, None])[:, None]
            + _SIN * (self._ahead * self._deep[:, None])[:, None]
        )
        seen = camera.see(rings.reshape(-1, 3))
        self._rings = seen.points.reshape(len(rings), len(_ROUND), 2)
        self._middles = self._rings.mean(axis=1)
        # The outermost points of the ring at the waist.
        self._wide = 0.5 * float(self._rings[2, :, 0].max() - self._rings[2, :, 0].min())
        nearer = seen.depths.reshape(len(rings), len(_ROUND))[3]
        self._fronts = float(nearer[len(_ROUND) // 4] - nearer.mean())
        self._depth = 0.5 * float(depths[JOINT_INDEX["pelvis"]] + depths[JOINT_INDEX["chest"]])

    def _at(self, name: str) -> Points:
        point: Points = self._joints[JOINT_INDEX[name]]
        return point

    def _spine(self) -> Points:
        pelvis, waist = self._at("pelvis"), self._at("waist")
        chest, neck = self._at("chest"), self._at("neck")
        return np.array([
            pelvis - 0.28 * (waist - pelvis), pelvis, waist, chest,
            chest + 0.55 * (neck - chest), chest + 0.85 * (neck - chest), neck,
        ])  # fmt: skip

    def _axes(self) -> tuple[Points, Points]:
        """Of each ring: unit vectors to the body's left and straight ahead."""
        hips = self._at("left_hip") - self._at("right_hip")
        shoulders = self._at("left_shoulder") - self._at("right_shoulder")
        side = _unit(hips * (1.0 - _TURN) / HIP_HALF + shoulders * _TURN / SHOULDER_HALF)
        along = np.diff(self._centres, axis=0, append=self._centres[-1:] * 2 - self._centres[-2:-1])
        return side, _unit(crossed(side, along))

    def bare(self) -> list[Part]:
        """The trunk in three tones, from shade to light."""
        top, depth = self._body.top, self._depth
        if self._camera.px_per_m * self._body.stature_m < COARSE_PX:
            return [
                Part(f"torso.1.{row}", _hull(self._rings[row : row + 2]), top, depth)
                for row in range(len(self._rings) - 1)
            ]
        colours = (shaded(top, 0.80), top, shaded(top, 1.10))
        parts: list[Part] = []
        for tone, (_, size, push) in enumerate(_TONES):
            # What lies within the shade need not follow its bends as closely.
            rings = self._rings if tone == 0 else self._lit(size, push)
            parts += [
                Part(f"torso.{tone}.{row}", _hull(rings[row : row + 2]), colours[tone],
                     self._depth + tone * 1e-4)
                for row in range(len(rings) - 1)
            ]  # fmt: skip
        return parts

    def _lit(self, size: float, push: float) -> Points:
        """The rings made smaller and moved towards the light."""
        middles = self._middles[::2, None]
        rings: Points = middles + (self._rings[::2] - middles) * size
        rings[..., 0] += push * self._light * self._wide
        return rings

    def sewn(self) -> list[Part]:
        """Hoops, a panel, a print, an opening, a belt."""
        b, depth = self._body, self._depth + 3e-4
        parts: list[Part] = []
        if b.pattern == "hoops":
            parts += [self._band(f"hoop.{row}", row, row + 0.4, b.top_other) for row in (1, 2, 3)]
        elif b.pattern == "panel":
            parts.append(Part("panel", _hull(self._rings[3:5]), b.top_other, depth))
        if b.pattern == "print":
            parts += self._in_front("print", (2, 5), _FRONT, b.top_other)
        if b.garment in ("jacket", "coat"):
            parts += self._in_front("opening", (0, 6), 0.22, shaded(b.top_other, 0.9))
        if b.garment == "shirt":
            parts.append(self._band("belt", 0, 0.8, shaded(b.trousers, 0.8)))
        return parts

    def _band(self, name: str, row: int, until: float, colour: Colour) -> Part:
        share = until - row
        upper = self._rings[row] * (1 - share) + self._rings[row + 1] * share
        band = np.stack([self._rings[row], upper])
        return Part(name, _hull(band), colour, self._depth + 3e-4)

    def _in_front(
        self, name: str, rows: tuple[int, int], reach: float, colour: Colour
    ) -> list[Part]:
        """A patch on the front of the trunk; nothing where the front is turned away."""
        chosen = slice(*rows)
        if self._fronts < 0.15 * self._deep[3]:
            return []
        edges = []
        for angle in (math.pi / 2 - reach, math.pi / 2 + reach):
            edges.append(
                self._centres[chosen]
                + math.cos(angle) * self._side[chosen] * self._across[chosen, None]
                + math.sin(angle) * self._ahead[chosen] * self._deep[chosen, None]
            )
        outline = self._camera.see(np.concatenate([edges[0], edges[1][::-1]])).points
        return [Part(name, outline, colour, self._depth + 4e-4)]

    def skirt(self) -> list[Part]:
        """From the waist over both thighs; it opens with the step."""
        b = self._body
        if b.garment not in ("coat", "skirt"):
            return []
        reach = b.hem if b.garment == "coat" else 0.55 + 0.4 * b.hem
        hem = [self._hem(side, reach) for side in ("left", "right")]
        around = [self._rings[1], self._rings[2], *hem]
        colour = b.top if b.garment == "coat" else b.trousers
        depth = self._depth - 0.004
        return [
            Part(f"cloth.{tone}", _hull(np.stack([self._toward_light(ring, size, push)
                                                  for ring in around])),
                 shaded(colour, gain), depth + tone * 1e-4)
            for tone, (gain, size, push) in enumerate(((0.74, 1.04, 0.0), (0.98, 0.8, 0.12)))
        ]  # fmt: skip

    def _hem(self, side: str, reach: float) -> Points:
        hip, knee = self._at(f"{side}_hip"), self._at(f"{side}_knee")
        middle = hip + reach * (knee - hip)
        wide = (0.068 + self._body.bulk) * self._body.stature_m
        side = self._side[0]
        level = np.array([-float(side[2]), 0.0, float(side[0])])
        return self._camera.see(middle + wide * (_COS * side + _SIN * level)).points

    def _toward_light(self, ring: Points, size: float, push: float) -> Points:
        middle = ring.mean(axis=0)
        moved: Points = middle + (ring - middle) * size
        moved[:, 0] += push * self._light * self._wide
        return moved


def crossed(a: Points, b: Points) -> Points:
    """The cross products of vectors of shape (n, 3): in a third of the time of numpy's own."""
    (ax, ay, az), (bx, by, bz) = a.T, b.T
    return np.column_stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx])


def _unit(vectors: Points) -> Points:
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    scaled: Points = vectors / lengths[:, None]
    return scaled


def _hull(rings: Points) -> Points:
    points = rings.reshape(-1, 2).astype(np.float32)
    return np.asarray(cv2.convexHull(points), np.float64).reshape(-1, 2)
