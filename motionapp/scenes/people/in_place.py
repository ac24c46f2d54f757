"""Jumping, waving and bending in place, and standing: the actions that lead nowhere.

Poses over a cycle, like those in `travelling`.
"""

from __future__ import annotations

import math

from motionapp.scenes.people.skeleton import HIP_HEIGHT, Arm, Foot, Pose
from motionapp.scenes.people.style import Style, ease, mix, rest, swing_phase


def stand(cycle: float, style: Style) -> Pose:
    """Standing; it does not depend on the cycle."""
    return rest(style)


def pjump(cycle: float, style: Style) -> Pose:
    """Jumping in place on both feet, arms close to the body."""
    contact = mix(0.40, 0.55, style.quirks[0])
    p = cycle % 1.0
    u = swing_phase(p, contact)
    s = min(p / contact, 1.0)
    height = mix(0.085, 0.150, style.quirks[1]) * style.amplitude
    flight = 4.0 * u * (1.0 - u)
    dip = math.sin(math.pi * s) if u == 0.0 else 0.0
    crouch = mix(0.05, 0.10, style.knees) * dip
    shake = dip - 0.6 * flight
    arm = mix(1.0, 7.0, style.arms)
    bend = mix(6.0, 45.0, style.quirks[2] ** 2)
    rise = height * flight
    tuck = mix(0.0, 0.03, style.quirks[3]) * flight
    foot = Foot(0.0, 0.052, rise + tuck, -30.0 * min(1.0, 3.0 * flight))
    return Pose(
        up=HIP_HEIGHT - 0.004 + rise - crouch,
        forward=-0.35 * crouch,
        lean=1.0 + 0.5 * style.lean_deg + 150.0 * crouch,
        curve=3.0 + 60.0 * crouch,
        nod=-40.0 * crouch,
        left_arm=Arm(2.0, 6.0 + arm * shake, bend + 3.0 * shake, -3.0),
        right_arm=Arm(2.0, 6.0 + arm * shake, bend + 3.0 * shake, -3.0),
        left_foot=foot,
        right_foot=foot,
    )


def jack(cycle: float, style: Style) -> Pose:
    """Jumping jacks: legs apart as the arms go up, together as they come down."""
    wave = 0.5 - 0.5 * math.cos(2 * math.pi * cycle)
    opening = ease(wave * 1.15 - 0.075)
    hop = math.sin(2 * math.pi * cycle) ** 2
    top = mix(150.0, 172.0, style.arms) * min(1.03, 0.6 + 0.4 * style.amplitude)
    gap = mix(0.125, 0.185, style.quirks[0]) * style.amplitude
    air = mix(0.015, 0.040, style.quirks[1]) * hop
    dip = mix(0.005, 0.040, style.knees) * (1.0 - opening) * (1.0 - hop)
    straight = math.sqrt(max(0.484**2 - max(gap - 0.052, 0.0) ** 2, 0.1)) + 0.038
    inward = mix(0.0, 26.0, style.quirks[2]) * max(0.0, 2.0 * wave - 1.0)
    bend = mix(5.0, 22.0, style.quirks[3]) * (1.0 - wave)
    arm = Arm(5.0, mix(7.0, top, wave), bend, inward)
    foot = Foot(0.0, mix(0.045, gap, opening), air, -22.0 * hop)
    return Pose(
        up=mix(HIP_HEIGHT - 0.004, straight, opening) + air - dip,
        lean=1.0 + 0.4 * style.lean_deg + 90.0 * dip,
        curve=3.0 + 60.0 * dip,
        left_arm=arm,
        right_arm=arm,
        left_foot=foot,
        right_foot=foot,
    )


def _waving_arm(cycle: float, style: Style) -> Arm:
    wave = 0.5 + 0.5 * math.cos(2 * math.pi * cycle)
    q = style.quirks
    if q[0] < 0.78:  # the whole arm, between level and overhead
        low = mix(72.0, 102.0, q[1])
        high = mix(138.0, 172.0, style.arms)
        middle, half = 0.5 * (low + high), 0.5 * (high - low) * style.amplitude
        spread = middle + half * (2.0 * wave - 1.0)
        bend = mix(4.0, 48.0, q[2]) * wave + 4.0
        return Arm(mix(0.0, 30.0, q[3]), spread - 0.35 * bend, 6.0, bend)
    low, high = mix(8.0, 30.0, q[1]), mix(75.0, 105.0, style.arms)
    lift = mix(72.0, 95.0, q[2]) + 12.0 * wave
    return Arm(mix(2.0, 12.0, q[3]), lift, 3.0, mix(low, high * style.amplitude, wave))


def wave1(cycle: float, style: Style) -> Pose:
    """Waving one arm above the shoulder."""
    still = rest(style)
    sway = style.knees * math.cos(2 * math.pi * cycle)
    return Pose(
        up=still.up - 0.002, side=-0.006 * sway, lean=still.lean, curve=still.curve,
        nod=still.nod, side_lean=1.8 * sway, twist=3.0 * sway,
        left_arm=still.left_arm, right_arm=_waving_arm(cycle, style),
        left_foot=still.left_foot, right_foot=still.right_foot,
    )  # fmt: skip


def wave2(cycle: float, style: Style) -> Pose:
    """Waving both arms above the shoulders, together."""
    still = rest(style)
    lag = 0.04 * (style.quirks[3] - 0.5)
    sway = style.knees * math.cos(2 * math.pi * cycle)
    return Pose(
        up=still.up - 0.002 - 0.002 * sway, lean=still.lean + 0.8 * sway,
        curve=still.curve + sway, nod=still.nod,
        left_arm=_waving_arm(cycle + lag, style), right_arm=_waving_arm(cycle - lag, style),
        left_foot=still.left_foot, right_foot=still.right_foot,
    )  # fmt: skip


def bend(cycle: float, style: Style) -> Pose:
    """Bending down to the ground as if to pick something up, and rising again."""
    still = rest(style)
    p, q = cycle % 1.0, style.quirks
    down = ease((p - 0.03) / 0.38) - ease((p - 0.58) / 0.38)
    early = ease((p - 0.01) / 0.32) - ease((p - 0.66) / 0.32)
    deep = mix(0.88, 1.08, min(1.0, max(0.0, (style.amplitude - 0.75) / 0.45)))
    knees = mix(0.0, 0.065, style.knees**2) * down
    lean = mix(66.0, 84.0, q[0]) * deep * down
    # Reaching down: arms hang from the shoulders, a little forward, the far one may lag.
    reach = mix(-4.0, 22.0, q[1])
    second = down if q[2] < 0.6 else 0.45 * down
    lead_arm = Arm(4.0 + reach * down + 22.0 * (early - down), 5.0, 8.0 * (1.0 - down), 0.0)
    other_arm = Arm(4.0 + (reach + 8.0) * second, 6.0, 10.0 + 30.0 * (down - second), 0.0)
    return Pose(
        up=still.up - knees - 0.006 * down,
        forward=-mix(0.055, 0.085, q[3]) * down - 0.3 * knees,
        lean=still.lean + lean,
        curve=still.curve + mix(26.0, 44.0, q[3]) * deep * early,
        nod=still.nod + 6.0 * down,
        left_arm=lead_arm, right_arm=other_arm,
        left_foot=Foot(0.0, 0.05), right_foot=Foot(-0.01, 0.05),
    )  # fmt: skip
