"""Styles: how one person does one thing, and the curves that movements are made of.

Knows what all movements share: the form of an action, standing at rest, steps and humps over a
cycle. The movements are in `travelling`, `in_place` and `gestures`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from motionapp.scenes.people.skeleton import HIP_HEIGHT, Arm, Foot, Pose


@dataclass(frozen=True, slots=True)
class Style:
    """How one person does one thing; every field is drawn once and holds for a performance.

    `tempo` and `amplitude` multiply (1.0 is the typical person), `phase` is in cycles, `lean_deg`
    is added to the trunk, `arms`, `knees` and `quirks` lie in 0..1 and are read by each action
    in its own way, `mirrored` exchanges left and right, `wobble` (0..1) makes cycles uneven.
    """

    tempo: float = 1.0
    amplitude: float = 1.0
    phase: float = 0.0
    lean_deg: float = 0.0
    arms: float = 0.5
    knees: float = 0.5
    quirks: tuple[float, float, float, float] = (0.5, 0.5, 0.5, 0.5)
    mirrored: bool = False
    wobble: float = 0.0

    @staticmethod
    def random(rng: np.random.Generator) -> Style:
        """A style within what people do: tempo 0.75 to 1.35, amplitude 0.8 to 1.2."""
        q = [float(v) for v in rng.random(4)]
        return Style(
            tempo=float(np.clip(np.exp(rng.normal(0.0, 0.13)), 0.75, 1.35)),
            amplitude=float(np.clip(rng.normal(1.0, 0.10), 0.8, 1.2)),
            phase=float(rng.random()),
            lean_deg=float(rng.normal(0.0, 3.0)),
            arms=float(rng.random()),
            knees=float(rng.random()),
            quirks=(q[0], q[1], q[2], q[3]),
            mirrored=bool(rng.random() < 0.5),
            wobble=float(rng.random()),
        )


@dataclass(frozen=True, slots=True)
class Action:
    """A movement: its pose at a place in the cycle, its period and what it covers in a cycle.

    `stride` is in statures per cycle at amplitude 1.0; `sideways` says that it goes to the body's
    left rather than forward. `view` is how people are usually filmed doing it.
    """

    pose: Callable[[float, Style], Pose]
    period_s: float
    stride: float = 0.0
    sideways: bool = False
    view: Literal["front", "side"] = "front"


def ease(u: float) -> float:
    """A smooth step from 0 to 1; flat outside."""
    u = min(max(u, 0.0), 1.0)
    return u * u * (3.0 - 2.0 * u)


def mix(low: float, high: float, u: float) -> float:
    """The value a share `u` of the way from `low` to `high`."""
    return low + (high - low) * u


def foot_along(p: float, *, stance: float, front: float, length: float, follow: float) -> float:
    """Where a foot is along the way: on the ground it stays put in the world, then it swings.

    `follow` (0..1) is how much of the ground's speed it keeps when it leaves and lands.
    """
    p %= 1.0
    if p < stance:
        return front - length * p / stance
    u = (p - stance) / (1.0 - stance)
    slope = -length / stance * (1.0 - stance) * follow
    start, end = front - length, front
    return (
        (2 * u**3 - 3 * u**2 + 1) * start
        + (u**3 - 2 * u**2 + u) * slope
        + (3 * u**2 - 2 * u**3) * end
        + (u**3 - u**2) * slope
    )


def swing_phase(p: float, stance: float) -> float:
    """0..1 through the swing; 0 while the foot is on the ground."""
    return max(0.0, (p % 1.0 - stance) / (1.0 - stance))


def hump(u: float, peak: float) -> float:
    """A smooth hump from 0 over 1 (at `peak`) to 0."""
    if u <= 0.0 or u >= 1.0:
        return 0.0
    return ease(u / peak) if u < peak else ease((1.0 - u) / (1.0 - peak))


def rest(style: Style) -> Pose:
    """Standing still; arms, feet and lean differ from person to person."""
    q = style.quirks
    spread = mix(3.0, 9.0, style.arms)
    gap = mix(0.042, 0.075, q[0])
    return Pose(
        up=HIP_HEIGHT - 0.006 * style.knees - 0.001,
        lean=0.5 + 0.4 * style.lean_deg,
        curve=mix(1.0, 5.0, q[1]),
        nod=mix(-3.0, 6.0, q[2]),
        left_arm=Arm(mix(0.0, 6.0, q[3]), spread, mix(4.0, 18.0, q[2]), -1.0),
        right_arm=Arm(mix(6.0, 0.0, q[3]), spread + 1.5, mix(5.0, 15.0, q[1]), -1.5),
        left_foot=Foot(0.0, gap),
        right_foot=Foot(mix(-0.01, 0.015, q[1]), gap),
    )
