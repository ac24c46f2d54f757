"""Walking, running, skipping, jumping and galloping: the actions that lead somewhere.

Poses over a cycle. A foot on the ground stays where it is while the body passes over it; the way
covered in a cycle is the stride, in statures.
"""

from __future__ import annotations

import math
from typing import Final

from motionapp.scenes.people.skeleton import Arm, Foot, Pose
from motionapp.scenes.people.style import Style, ease, foot_along, hump, mix, swing_phase

STRIDE_WALK: Final = 0.755
STRIDE_RUN: Final = 1.00
STRIDE_SKIP: Final = 0.49
STRIDE_JUMP: Final = 0.45
STRIDE_SIDE: Final = 0.56


def walk(cycle: float, style: Style) -> Pose:
    """Walking; 60 % of the cycle each foot is on the ground, arms swing against the legs."""
    stance, length = 0.60, 0.60 * STRIDE_WALK * style.amplitude

    def foot(p: float) -> Foot:
        p %= 1.0
        u = swing_phase(p, stance)
        front = 0.5 * length + 0.015
        forward = foot_along(p, stance=stance, front=front, length=length, follow=0.45)
        if u == 0.0:
            s = p / stance
            pitch = 20.0 * (1.0 - ease(s / 0.15)) - 48.0 * ease((s - 0.62) / 0.38) ** 1.5
            return Foot(forward, 0.040, 0.0, pitch)
        pitch = -48.0 + 22.0 * hump(u, 0.3) * -1.0 + 68.0 * ease((u - 0.15) / 0.75)
        lift = 0.050 + 0.05 * style.knees
        forward -= 0.030 * hump(u, 0.25)
        return Foot(forward, 0.040, lift * hump(u, 0.38), pitch)

    swing = math.cos(2 * math.pi * (cycle - 0.02))
    arm = mix(10.0, 34.0, style.arms) * style.amplitude
    bend = mix(8.0, 34.0, style.quirks[0] ** 2)

    def hand(s: float) -> Arm:
        return Arm(3.0 + arm * s, 6.0, bend * (0.6 + 0.5 * s), -2.0)

    return Pose(
        up=0.512 - 0.010 * math.cos(4 * math.pi * cycle),
        lean=3.0 + style.lean_deg,
        curve=3.0 + 2.0 * style.quirks[1],
        twist=4.0 * swing,
        nod=4.0 * style.quirks[2],
        left_arm=hand(-swing),
        right_arm=hand(swing),
        left_foot=foot(cycle),
        right_foot=foot(cycle + 0.5),
    )


def run(cycle: float, style: Style) -> Pose:
    """Running: short contacts, shins folded up behind, arms bent and pumping.

    Who jogs is on the ground for longer, hardly lifts the heels, and lets the arms hang.
    """
    stance = mix(0.28, 0.42, style.quirks[2])
    length = stance * STRIDE_RUN * style.amplitude

    def foot(p: float) -> Foot:
        p %= 1.0
        u = swing_phase(p, stance)
        forward = foot_along(p, stance=stance, front=0.40 * length, length=length, follow=0.75)
        forward -= mix(0.08, 0.13, style.knees) * hump(u, 0.38)
        if u == 0.0:
            return Foot(forward, 0.030, 0.0, 8.0 - 58.0 * ease((p / stance - 0.5) / 0.5))
        lift = mix(0.06, 0.22, style.knees) * min(1.1, style.amplitude + 0.1)
        pitch = -50.0 - 40.0 * hump(u, 0.35) + 58.0 * ease((u - 0.35) / 0.6)
        return Foot(forward, 0.030, lift * hump(u, 0.36) + 0.02 * hump(u, 0.8), pitch)

    # Each foot lands at its phase 0; the body is lowest in the middle of a contact.
    bob = math.cos(4 * math.pi * (cycle - stance / 2))
    swing = math.cos(2 * math.pi * (cycle - 0.10))
    arm = mix(8.0, 32.0, style.quirks[0]) * style.amplitude
    bend = mix(45.0, 112.0, style.arms)

    def hand(s: float) -> Arm:
        return Arm(mix(-34.0, -10.0, style.quirks[3]) + arm * s, 8.0, bend + 12.0 * s, -8.0)

    return Pose(
        up=0.515 - mix(0.014, 0.026, style.quirks[1]) * bob,
        lean=7.0 + style.lean_deg,
        curve=5.0,
        twist=7.0 * swing,
        left_arm=hand(-swing),
        right_arm=hand(swing),
        left_foot=foot(cycle),
        right_foot=foot(cycle + 0.5),
    )


def skip(cycle: float, style: Style) -> Pose:
    """Hopping forward on one leg, the other held up behind."""
    stance = mix(0.42, 0.52, style.quirks[0])
    length = stance * STRIDE_SKIP * style.amplitude
    p = cycle % 1.0
    u = swing_phase(p, stance)
    forward = foot_along(p, stance=stance, front=0.46 * length, length=length, follow=0.6)
    flight = math.sin(math.pi * u)
    dip = math.sin(math.pi * min(p / stance, 1.0))
    hop = mix(0.035, 0.070, style.knees) * style.amplitude
    pitch = -38.0 * ease((p / stance - 0.6) / 0.4) if u == 0.0 else -38.0 * (1.0 - ease(u / 0.9))
    support = Foot(
        forward - 0.05 * hump(u, 0.35), 0.015, (hop + 0.040) * flight, pitch - 14.0 * flight
    )
    # The free leg comes forward through the flight and swings back for the landing.
    pump = math.cos(2 * math.pi * (p - 0.12))
    held = Foot(
        -mix(0.15, 0.22, style.quirks[1]) - mix(0.02, 0.07, style.quirks[2]) * pump,
        0.035,
        mix(0.12, 0.21, style.quirks[3]) + 0.025 * pump,
        -78.0 - 12.0 * pump,
    )
    bend = mix(20.0, 95.0, style.arms)
    reach = mix(4.0, 22.0, style.quirks[2])
    return Pose(
        up=0.524 + hop * flight - mix(0.012, 0.035, style.knees) * dip,
        lean=6.0 + style.lean_deg + 4.0 * dip,
        curve=6.0,
        twist=4.0 * pump,
        left_arm=Arm(-0.22 * bend - reach * pump, 7.0, bend - 0.3 * reach * pump, -5.0),
        right_arm=Arm(-0.20 * bend - reach * 0.7 * pump, 7.0, bend + 8.0, -5.0),
        left_foot=support,
        right_foot=held,
    )


def jump(cycle: float, style: Style) -> Pose:
    """Hopping forward with both feet together."""
    stance = mix(0.44, 0.54, style.quirks[0])
    length = stance * STRIDE_JUMP * style.amplitude
    p = cycle % 1.0
    u = swing_phase(p, stance)
    s = min(p / stance, 1.0)
    forward = foot_along(p, stance=stance, front=0.58 * length, length=length, follow=0.7)
    flight = math.sin(math.pi * u)
    dip = math.sin(math.pi * s) if u == 0.0 else 0.0
    hop = mix(0.040, 0.075, style.knees) * style.amplitude
    tuck = mix(0.010, 0.045, style.quirks[1])
    pitch = 6.0 * (1.0 - ease(s / 0.3)) - 40.0 * ease((s - 0.6) / 0.4)
    if u > 0.0:
        pitch = -40.0 - 10.0 * hump(u, 0.3) + 46.0 * ease((u - 0.3) / 0.65)
    foot = Foot(forward - 0.075 * hump(u, 0.40), 0.042, (hop + tuck) * hump(u, 0.45), pitch)
    swing = math.cos(2 * math.pi * (p - stance - 0.15))
    arm = mix(3.0, 16.0, style.arms)
    bend = mix(8.0, 45.0, style.quirks[2] ** 2)
    lean = mix(7.0, 20.0, style.quirks[3])
    return Pose(
        up=0.525 + hop * flight - mix(0.018, 0.060, style.knees) * dip,
        forward=-0.012 * dip,
        lean=3.0 + style.lean_deg + lean * max(0.0, math.sin(2 * math.pi * (p + 0.05))) ** 1.3,
        curve=5.0 + 0.4 * lean * dip,
        left_arm=Arm(-5.0 - 0.25 * bend + arm * swing, 4.0, bend, -2.0),
        right_arm=Arm(-3.0 - 0.25 * bend + arm * swing, 4.0, bend, -2.0),
        left_foot=foot,
        right_foot=Foot(foot.forward - 0.012, foot.side, foot.up, foot.pitch),
    )


def side(cycle: float, style: Style) -> Pose:
    """Galloping to the left of the body, facing square to the way."""
    stride = STRIDE_SIDE * style.amplitude
    p = cycle % 1.0
    # The leading foot lands at 0, the body passes over it, the trailing one closes and pushes.
    lead_length, trail_length = 0.46 * stride, 0.50 * stride
    lead = foot_along(p, stance=0.46, front=0.028 + lead_length, length=lead_length, follow=0.5)
    trail = foot_along(p + 0.40, stance=0.50, front=-0.020, length=trail_length, follow=0.5)
    lift = mix(0.020, 0.050, style.knees)
    lead_up = lift * hump(swing_phase(p, 0.46), 0.5)
    trail_up = lift * hump(swing_phase(p + 0.40, 0.50), 0.4)
    bob = math.cos(2 * math.pi * (p - 0.10))
    arm = mix(-2.0, 7.0, style.arms)
    flap = math.cos(2 * math.pi * (p - 0.25)) * mix(0.5, 4.0, style.quirks[0])
    bend = mix(6.0, 40.0, style.quirks[1] ** 2)
    rise = mix(0.016, 0.030, style.quirks[2])
    return Pose(
        up=0.500 - (rise + 0.010) * bob,
        lean=2.0 + 0.5 * style.lean_deg,
        side_lean=1.5 * bob + mix(-2.0, 3.0, style.quirks[3]),
        left_arm=Arm(2.0, 5.0 + arm + flap, bend, -0.5 * bend),
        right_arm=Arm(2.0, 5.0 + arm - flap, bend, -0.5 * bend),
        left_foot=Foot(0.0, lead, lead_up + rise * max(0.0, -bob) * (p > 0.46), -8.0),
        right_foot=Foot(0.0, -trail, trail_up, -12.0),
    )
