"""What people carry: rucksacks, bags, boxes, trolleys and umbrellas, as solids."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.scenes.outline import Part, ellipse, shaded
from motionapp.scenes.people.body import Colour
from motionapp.scenes.people.skeleton import JOINT_INDEX
from motionapp.scenes.pinhole import Pinhole

Points = NDArray[np.float64]
LoadKind = Literal["rucksack", "satchel", "shopping", "box", "trolley", "umbrella"]

_CORNERS: Final = np.array(list(product((-1.0, 1.0), repeat=3)))
_UP: Final = np.array([0.0, 1.0, 0.0])


@dataclass(frozen=True, slots=True)
class Load:
    """A thing that a person carries; `size` multiplies it, `side` is 1 for the body's left."""

    kind: LoadKind
    colour: Colour = (60, 60, 70)
    size: float = 1.0
    side: int = 1

    def parts(self, joints_m: Points, stature_m: float, camera: Pinhole) -> list[Part]:
        """Its outlines in the picture; `joints_m` are the carrier's."""
        return _Placed(self, joints_m, stature_m, camera).parts()


class _Placed:
    """A load at one moment."""

    def __init__(self, load: Load, joints_m: Points, stature_m: float, camera: Pinhole) -> None:
        self._load, self._joints, self._camera = load, joints_m, camera
        self._unit = stature_m * load.size
        self._stature = stature_m
        left = self._at("left_shoulder") - self._at("right_shoulder")
        self._left = left / np.linalg.norm(left)
        ahead = np.array([-self._left[2], 0.0, self._left[0]])
        self._ahead = ahead / np.linalg.norm(ahead)
        self._hand = self._at("left_hand" if load.side > 0 else "right_hand")

    def _at(self, name: str) -> Points:
        point: Points = self._joints[JOINT_INDEX[name]]
        return point

    def parts(self) -> list[Part]:
        """What is drawn, shade first."""
        made = {
            "rucksack": self._rucksack, "satchel": self._satchel, "shopping": self._shopping,
            "box": self._box, "trolley": self._trolley, "umbrella": self._umbrella,
        }  # fmt: skip
        return made[self._load.kind]()

    def _rucksack(self) -> list[Part]:
        spine = self._at("neck") - self._at("waist")
        spine /= np.linalg.norm(spine)
        middle = self._at("chest") - self._ahead * (0.080 * self._stature + 0.045 * self._unit)
        return self._solid(middle, (0.085, 0.115, 0.05), up=spine)

    def _satchel(self) -> list[Part]:
        hip = self._at("left_hip" if self._load.side > 0 else "right_hip")
        out = self._left * self._load.side
        middle = hip + out * (0.06 * self._stature + 0.025 * self._unit) - _UP * 0.02
        strap = self._line(self._at("neck") - out * 0.05, middle, 0.008)
        return self._solid(middle, (0.028, 0.06, 0.075)) + strap

    def _shopping(self) -> list[Part]:
        middle = self._hand - _UP * 0.105 * self._unit
        return self._solid(middle, (0.03, 0.085, 0.055))

    def _box(self) -> list[Part]:
        hands = 0.5 * (self._at("left_hand") + self._at("right_hand"))
        return self._solid(hands + self._ahead * 0.04 * self._unit, (0.12, 0.07, 0.08))

    def _trolley(self) -> list[Part]:
        middle = self._hand - self._ahead * 0.24 * self._stature
        middle = np.array([middle[0], 0.17 * self._unit, middle[2]])
        handle = self._line(self._hand, middle + _UP * 0.15 * self._unit, 0.008)
        return self._solid(middle, (0.10, 0.16, 0.06)) + handle

    def _umbrella(self) -> list[Part]:
        top = self._at("crown") + _UP * 0.12 * self._stature + self._ahead * 0.02
        wide = 0.27 * self._unit
        angles = np.linspace(0.0, 2 * np.pi, 12, endpoint=False)[:, None]
        ring = (
            top
            - _UP * 0.09 * self._unit
            + wide * (np.cos(angles) * self._left + np.sin(angles) * self._ahead)
        )
        outline = self._hull(np.concatenate([ring, top[None]]))
        depth = self._depth(top) + 0.05
        colour = self._load.colour
        lit = outline.mean(axis=0) + 0.6 * (outline - outline.mean(axis=0))
        canopy = [
            Part("umbrella.0", outline, shaded(colour, 0.8), depth),
            Part("umbrella.1", lit, colour, depth + 1e-4),
        ]
        return self._line(self._hand, top, 0.007) + canopy

    def _solid(
        self, middle: Points, halves: tuple[float, float, float], *, up: Points = _UP
    ) -> list[Part]:
        """A box `halves` wide across, high, and deep, in sizes of the load."""
        across, high, deep = (half * self._unit for half in halves)
        axes = np.array([self._left * across, up * high, self._ahead * deep])
        outline = self._hull(middle + _CORNERS @ axes)
        depth, name = self._depth(middle), self._load.kind
        centre = outline.mean(axis=0)
        rounded = centre + 0.94 * (outline - centre)
        return [
            Part(f"{name}.0", rounded, shaded(self._load.colour, 0.78), depth),
            Part(f"{name}.1", centre + 0.72 * (outline - centre), self._load.colour, depth + 1e-4),
        ]

    def _line(self, start: Points, end: Points, radius: float) -> list[Part]:
        """A strap or a stick."""
        seen = self._camera.see(np.array([start, end]))
        wide = radius * self._stature * self._camera.px_per_m * seen.scales
        along = seen.points[1] - seen.points[0]
        ends = [ellipse(x, y, half, half) for (x, y), half in zip(seen.points, wide, strict=True)]
        outline = np.asarray(
            cv2.convexHull(np.concatenate(ends).astype(np.float32)), np.float64
        ).reshape(-1, 2)
        shade = 0.7 if abs(along[0]) < abs(along[1]) else 0.85
        depth = float(seen.depths.max()) + 0.02
        return [Part(f"{self._load.kind}.line", outline, shaded(self._load.colour, shade), depth)]

    def _depth(self, point: Points) -> float:
        return float(self._camera.see(point[None]).depths[0])

    def _hull(self, points: Points) -> Points:
        seen = self._camera.see(points).points.astype(np.float32)
        return np.asarray(cv2.convexHull(seen), np.float64).reshape(-1, 2)
