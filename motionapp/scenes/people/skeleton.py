"""Poses and joints: from the angles of a movement to points of a body in metres.

Knows lengths in parts of the stature and how limbs hang together; which pose belongs to which
moment of an action is `actions`' and `gestures`' business, how it looks is `figure`'s.

Axes of a joint: x to the picture's right, y up from the ground, z towards the camera.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

JOINTS: Final = (
    # The first seventeen are COCO's, in COCO's order.
    "nose", "left_eye", "right_eye", "left_ear", "right_ear",
    "left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist",
    "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
    "pelvis", "waist", "chest", "neck", "crown",
    "left_hand", "right_hand", "left_toe", "right_toe",
)  # fmt: skip
JOINT_INDEX: Final = {name: index for index, name in enumerate(JOINTS)}

# Lengths in parts of the stature: Drillis and Contini's table as given in Winter, "Biomechanics
# and Motor Control of Human Movement", rounded, and clothed (soles, hair).
HIP_HEIGHT: Final = 0.525
THIGH: Final = 0.243
SHIN: Final = 0.242
ANKLE_HEIGHT: Final = 0.042
FOOT: Final = 0.105
HIP_HALF: Final = 0.052
LOWER_SPINE: Final = 0.135
UPPER_SPINE: Final = 0.155
SHOULDER_HALF: Final = 0.103
UPPER_ARM: Final = 0.165
FOREARM: Final = 0.145
HAND: Final = 0.060
HEAD: Final = 0.182


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm in degrees: `swing` forward from hanging, `spread` outward, the elbow on top."""

    swing: float = 3.0
    spread: float = 7.0
    elbow: float = 8.0
    elbow_out: float = 0.0


@dataclass(frozen=True, slots=True)
class Foot:
    """One foot against the ground point under the body, in parts of the stature.

    `side` grows away from the middle, `up` is the height of the sole, `pitch` in degrees is
    positive when the toes point up.
    """

    forward: float = 0.0
    side: float = 0.055
    up: float = 0.0
    pitch: float = 0.0


@dataclass(frozen=True, slots=True)
class Pose:
    """A body at one moment, facing along its heading; offsets in parts of the stature, degrees."""

    forward: float = 0.0
    side: float = 0.0
    up: float = HIP_HEIGHT
    turn: float = 0.0
    lean: float = 1.0
    curve: float = 2.0
    side_lean: float = 0.0
    twist: float = 0.0
    nod: float = 0.0
    left_arm: Arm = Arm()
    right_arm: Arm = Arm()
    left_foot: Foot = Foot()
    right_foot: Foot = Foot()

    def mirrored(self) -> Pose:
        """The same pose with left and right exchanged."""
        return replace(
            self,
            side=-self.side,
            turn=-self.turn,
            side_lean=-self.side_lean,
            twist=-self.twist,
            left_arm=self.right_arm,
            right_arm=self.left_arm,
            left_foot=self.right_foot,
            right_foot=self.left_foot,
        )


def blend(a: Pose, b: Pose, weight: float) -> Pose:
    """The pose on the way from `a` (weight 0) to `b` (weight 1)."""
    if weight <= 0.0:
        return a
    if weight >= 1.0:
        return b

    def mix(p: float, q: float) -> float:
        return p + (q - p) * weight

    def arm(p: Arm, q: Arm) -> Arm:
        return Arm(
            mix(p.swing, q.swing), mix(p.spread, q.spread),
            mix(p.elbow, q.elbow), mix(p.elbow_out, q.elbow_out),
        )  # fmt: skip

    def foot(p: Foot, q: Foot) -> Foot:
        return Foot(
            mix(p.forward, q.forward), mix(p.side, q.side), mix(p.up, q.up), mix(p.pitch, q.pitch)
        )

    return Pose(
        mix(a.forward, b.forward), mix(a.side, b.side), mix(a.up, b.up), mix(a.turn, b.turn),
        mix(a.lean, b.lean), mix(a.curve, b.curve), mix(a.side_lean, b.side_lean),
        mix(a.twist, b.twist), mix(a.nod, b.nod),
        arm(a.left_arm, b.left_arm), arm(a.right_arm, b.right_arm),
        foot(a.left_foot, b.left_foot), foot(a.right_foot, b.right_foot),
    )  # fmt: skip


def joints_of(
    pose: Pose, *, stature_m: float, heading_deg: float, legs: float = 1.0
) -> NDArray[np.float64]:
    """Joint positions of a pose.

    Parameters
    ----------
    pose : Pose
    stature_m : float
        Height of the standing body in metres.
    heading_deg : float
        Where the body faces: 0 towards the camera, 90 to the picture's right.
    legs : float
        Length of the legs against the table's (1.0); the trunk makes up for it.

    Returns
    -------
    ndarray of float64, shape (n_joints, 3)
        Metres, in the order of `JOINTS`; the origin is the ground point under the body.
    """
    local = _local_joints(pose, legs)
    yaw = math.radians(heading_deg + pose.turn)
    sin, cos = math.sin(yaw), math.cos(yaw)
    points = np.array(local, dtype=np.float64) * stature_m
    out = np.empty_like(points)
    out[:, 0] = points[:, 0] * sin + points[:, 1] * cos
    out[:, 1] = points[:, 2]
    out[:, 2] = points[:, 0] * cos - points[:, 1] * sin
    return out


_Point = tuple[float, float, float]  # forward, left, up


def _local_joints(pose: Pose, legs: float) -> list[_Point]:
    trunk = 1.0 + (1.0 - legs) * HIP_HEIGHT / (LOWER_SPINE + UPPER_SPINE + HEAD)
    pelvis = (pose.forward, pose.side, pose.up * legs)
    waist = _along(pelvis, pose.lean, pose.side_lean * 0.7, LOWER_SPINE * trunk)
    upper = pose.lean + pose.curve
    chest = _along(waist, upper, pose.side_lean, UPPER_SPINE * trunk * 0.6)
    neck = _along(waist, upper, pose.side_lean, UPPER_SPINE * trunk)
    nod = upper * 0.8 + pose.nod
    crown = _along(neck, nod, pose.side_lean * 0.6, HEAD * trunk)
    face = _along(neck, nod, pose.side_lean * 0.6, HEAD * 0.5)
    face_turn = math.radians(pose.twist * 0.5)

    def on_head(forward: float, left: float, up: float) -> _Point:
        n = math.radians(nod)
        f = forward * math.cos(n) + up * math.sin(n)
        u = up * math.cos(n) - forward * math.sin(n)
        return (
            face[0] + f * math.cos(face_turn) - left * math.sin(face_turn),
            face[1] + left * math.cos(face_turn) + f * math.sin(face_turn),
            face[2] + u,
        )

    twist = math.radians(pose.twist)

    def shoulder(sign: float) -> _Point:
        half = SHOULDER_HALF * sign
        roll = math.radians(pose.side_lean)
        return (
            neck[0] - half * math.sin(twist) - 0.012 * math.sin(math.radians(upper)),
            neck[1] + half * math.cos(twist) * math.cos(roll),
            neck[2] - half * math.sin(roll) - 0.012 * math.cos(math.radians(upper)),
        )

    left_arm = _arm_chain(shoulder(1.0), pose.left_arm, 1.0, twist)
    right_arm = _arm_chain(shoulder(-1.0), pose.right_arm, -1.0, twist)
    left_leg = _leg_chain(pelvis, pose.left_foot, 1.0, legs)
    right_leg = _leg_chain(pelvis, pose.right_foot, -1.0, legs)
    return [
        on_head(0.060, 0.0, -0.012),
        on_head(0.048, 0.018, 0.012), on_head(0.048, -0.018, 0.012),
        on_head(-0.006, 0.043, 0.002), on_head(-0.006, -0.043, 0.002),
        left_arm[0], right_arm[0], left_arm[1], right_arm[1], left_arm[2], right_arm[2],
        left_leg[0], right_leg[0], left_leg[1], right_leg[1], left_leg[2], right_leg[2],
        pelvis, waist, chest, neck, crown,
        left_arm[3], right_arm[3], left_leg[3], right_leg[3],
    ]  # fmt: skip


def _along(start: _Point, lean_deg: float, side_deg: float, length: float) -> _Point:
    lean, side = math.radians(lean_deg), math.radians(side_deg)
    return (
        start[0] + length * math.sin(lean) * math.cos(side),
        start[1] + length * math.sin(side),
        start[2] + length * math.cos(lean) * math.cos(side),
    )


def _limb(
    start: _Point, swing_deg: float, spread_deg: float, length: float, sign: float, twist: float
) -> _Point:
    swing, spread = math.radians(swing_deg), math.radians(spread_deg)
    forward = math.sin(swing) * length
    outward = sign * math.cos(swing) * math.sin(spread) * length
    return (
        start[0] + forward * math.cos(twist) - outward * math.sin(twist),
        start[1] + outward * math.cos(twist) + forward * math.sin(twist),
        start[2] - math.cos(swing) * math.cos(spread) * length,
    )


def _arm_chain(shoulder: _Point, arm: Arm, sign: float, twist: float) -> tuple[_Point, ...]:
    swing, spread = arm.swing + arm.elbow, arm.spread + arm.elbow_out
    elbow = _limb(shoulder, arm.swing, arm.spread, UPPER_ARM, sign, twist)
    wrist = _limb(elbow, swing, spread, FOREARM, sign, twist)
    hand = _limb(wrist, swing + 0.2 * arm.elbow, spread, HAND, sign, twist)
    return shoulder, elbow, wrist, hand


def _leg_chain(pelvis: _Point, foot: Foot, sign: float, legs: float) -> tuple[_Point, ...]:
    """Hip, knee, ankle and toes; the knee by two-bone inverse kinematics, so feet stay put."""
    hip = (pelvis[0], pelvis[1] + sign * HIP_HALF, pelvis[2])
    pitch = math.radians(foot.pitch)
    rise = ANKLE_HEIGHT + max(0.0, -math.sin(pitch)) * FOOT * 0.9
    ankle = (foot.forward, sign * foot.side, foot.up + rise)
    thigh, shin = THIGH * legs, SHIN * legs
    d = tuple(a - h for a, h in zip(ankle, hip, strict=True))
    distance = math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2])
    reach = min(max(distance, 0.08), (thigh + shin) * 0.9995)
    unit = (d[0] / distance, d[1] / distance, d[2] / distance)
    ankle = (hip[0] + unit[0] * reach, hip[1] + unit[1] * reach, hip[2] + unit[2] * reach)
    along = (thigh * thigh - shin * shin + reach * reach) / (2.0 * reach)
    height = math.sqrt(max(thigh * thigh - along * along, 0.0))
    # The knee points forward and a little outward, square to the line from hip to ankle.
    pole = (1.0, sign * 0.12, 0.0)
    dot = pole[0] * unit[0] + pole[1] * unit[1]
    square = (pole[0] - dot * unit[0], pole[1] - dot * unit[1], -dot * unit[2])
    norm = math.sqrt(square[0] ** 2 + square[1] ** 2 + square[2] ** 2)
    knee = (
        hip[0] + unit[0] * along + square[0] / norm * height,
        hip[1] + unit[1] * along + square[1] / norm * height,
        hip[2] + unit[2] * along + square[2] / norm * height,
    )
    toe = (
        ankle[0] + FOOT * math.cos(pitch),
        ankle[1] + sign * FOOT * 0.22,
        ankle[2] - ANKLE_HEIGHT * 0.6 + FOOT * math.sin(pitch),
    )
    return hip, knee, ankle, toe
