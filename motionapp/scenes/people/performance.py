"""Performances: an action in somebody's style as a pure function of time.

Knows names and clocks; the movements themselves are in `actions` and `gestures`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.scenes.people.actions import ACTIONS, STAND
from motionapp.scenes.people.gestures import GESTURES
from motionapp.scenes.people.skeleton import Arm, Pose, joints_of
from motionapp.scenes.people.style import Action, Style

UNKNOWN: Final = "unknown"
REGISTRY: Final[dict[str, Action]] = {**ACTIONS, **GESTURES, "stand": STAND}


def label_of(action: str) -> str | None:
    """The name a recogniser should give: the action, `unknown`, or None for standing."""
    if action in ACTIONS:
        return action
    return None if action == "stand" else UNKNOWN


@dataclass(frozen=True, slots=True)
class Performance:
    """One action in one style, facing one way; `joints` at any time, without state.

    `heading_deg` is where the body faces: 0 towards the camera, 90 to the picture's right.
    """

    action: str
    style: Style = Style()
    heading_deg: float = 0.0

    @staticmethod
    def random(
        action: str, rng: np.random.Generator, *, direction: int | None = None
    ) -> Performance:
        """A seeded performance, seen as people usually film it.

        Parameters
        ----------
        action : str
            A key of `REGISTRY`.
        rng : numpy.random.Generator
        direction : int, optional
            1 to the picture's right, -1 to its left; drawn when left out.
        """
        drawn = 1 if rng.random() < 0.5 else -1
        way = drawn if direction is None else direction
        style = Style.random(rng)
        kind = REGISTRY[action]
        if kind.sideways:  # facing the camera, the body's left is the picture's right
            return Performance(action, replace(style, mirrored=way < 0), float(rng.normal(0, 7)))
        spread = 8.0 if kind.view == "side" else 7.0
        facing = 90.0 * way if kind.view == "side" else 0.0
        return Performance(action, style, facing + float(np.clip(rng.normal(0, spread), -20, 20)))

    @property
    def period_s(self) -> float:
        """Seconds of one cycle."""
        return REGISTRY[self.action].period_s / self.style.tempo

    @property
    def speed(self) -> float:
        """Statures per second along the way; 0.0 for what stays in place."""
        return REGISTRY[self.action].stride * self.style.amplitude / self.period_s

    @property
    def velocity(self) -> tuple[float, float]:
        """Statures per second along x (right) and z (towards the camera)."""
        yaw = math.radians(self.heading_deg)
        if not REGISTRY[self.action].sideways:
            return self.speed * math.sin(yaw), self.speed * math.cos(yaw)
        left = -1.0 if self.style.mirrored else 1.0
        return self.speed * math.cos(yaw) * left, -self.speed * math.sin(yaw) * left

    def pose(self, t_s: float) -> Pose:
        """The pose `t_s` seconds after the start, without displacement along the way."""
        style = self.style
        cycle = t_s / self.period_s + (0.0 if self.action == "bend" else style.phase)
        pose = REGISTRY[self.action].pose(cycle, style)
        if style.wobble and self.action != "stand":
            pose = _uneven(pose, t_s, style)
        return pose.mirrored() if style.mirrored else pose

    def joints(self, t_s: float, *, stature_m: float = 1.72) -> NDArray[np.float64]:
        """Joints in metres at `t_s`, moved along the way.

        Parameters
        ----------
        t_s : float
            Seconds since the start; may be negative.
        stature_m : float
            Height of the body.

        Returns
        -------
        ndarray of float64, shape (n_joints, 3)
            x right, y up, z towards the camera; in the order of `JOINTS`.
        """
        points = joints_of(self.pose(t_s), stature_m=stature_m, heading_deg=self.heading_deg)
        vx, vz = self.velocity
        points[:, 0] += vx * t_s * stature_m
        points[:, 2] += vz * t_s * stature_m
        return points


def _uneven(pose: Pose, t_s: float, style: Style) -> Pose:
    """No two cycles are alike: trunk and arms drift slowly by up to about two degrees."""
    a = math.sin(2 * math.pi * (0.37 * t_s + style.quirks[0])) * style.wobble
    b = math.sin(2 * math.pi * (0.61 * t_s + style.quirks[1])) * style.wobble

    def drift(arm: Arm, by: float) -> Arm:
        return Arm(arm.swing + 2.0 * by, arm.spread + 2.5 * by, arm.elbow + 3.0 * by, arm.elbow_out)

    return replace(
        pose,
        lean=pose.lean + 1.2 * a,
        side_lean=pose.side_lean + 0.8 * b,
        nod=pose.nod + 2.0 * b,
        left_arm=drift(pose.left_arm, b),
        right_arm=drift(pose.right_arm, a),
    )
