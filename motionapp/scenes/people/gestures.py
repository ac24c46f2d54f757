"""Movements of people that are none of the ten actions: what a recogniser must call unknown.

Same form as `actions`: a pose over a cycle. They stay away from the ten on purpose: arms below
the shoulder or in front of the body, trunks that do not reach down to the ground while the legs
stand, feet that go nowhere.
"""

from __future__ import annotations

import math
from typing import Final

from motionapp.scenes.people.skeleton import Arm, Foot, Pose
from motionapp.scenes.people.style import Action, Style, ease, mix, rest


def _sine(cycle: float, style: Style, which: int) -> float:
    """A smooth, not quite periodic figure in -1..1, another one for each `which`."""
    q = style.quirks
    a, b = q[which % 4], q[(which + 1) % 4]
    first = math.sin(2 * math.pi * (cycle * (0.5 + a) + b))
    second = math.sin(2 * math.pi * (cycle * (0.9 + 0.8 * b) + a + 0.3 * which))
    return 0.65 * first + 0.35 * second


def gesture(cycle: float, style: Style) -> Pose:
    """Talking with the hands: forearms in front of the body."""
    still = rest(style)
    one = Arm(
        18.0 + 22.0 * _sine(cycle, style, 0), 10.0 + 8.0 * _sine(cycle, style, 1),
        60.0 + 38.0 * _sine(cycle, style, 2), -8.0 + 25.0 * _sine(cycle, style, 3),
    )  # fmt: skip
    other = still.left_arm
    if style.arms > 0.5:
        other = Arm(
            18.0 + 20.0 * _sine(cycle, style, 4), 10.0 + 8.0 * _sine(cycle, style, 5),
            60.0 + 38.0 * _sine(cycle, style, 6), -8.0 + 25.0 * _sine(cycle, style, 7),
        )  # fmt: skip
    return Pose(
        up=still.up, lean=2.0, curve=4.0, twist=5.0 * _sine(cycle, style, 3),
        nod=5.0 * _sine(cycle, style, 1), left_arm=other, right_arm=one,
        left_foot=still.left_foot, right_foot=still.right_foot,
    )  # fmt: skip


def crouch(cycle: float, style: Style) -> Pose:
    """Squatting down on the heels, staying a moment, rising."""
    still = rest(style)
    p = cycle % 1.0
    down = ease((p - 0.05) / 0.33) - ease((p - 0.62) / 0.33)
    depth = (0.20 + 0.12 * style.knees) * down
    reach = Arm(4.0 + (30.0 + 40.0 * style.arms) * down, 8.0, 12.0 + 25.0 * down, 0.0)
    gap = still.left_foot.side + 0.02
    return Pose(
        up=still.up - depth, forward=-0.42 * depth, lean=still.lean + 105.0 * depth,
        curve=still.curve + 40.0 * depth, nod=-50.0 * depth, left_arm=reach, right_arm=reach,
        left_foot=Foot(0.0, gap, 0.0, -20.0 * down), right_foot=Foot(0.0, gap, 0.0, -20.0 * down),
    )  # fmt: skip


def sit(cycle: float, style: Style) -> Pose:
    """Sitting down as on a chair, staying a moment, getting up."""
    still = rest(style)
    p = cycle % 1.0
    down = ease((p - 0.03) / 0.30) - ease((p - 0.62) / 0.30)
    bow = 4.0 * down * (1.0 - down)  # the trunk goes forward while the weight shifts
    hand = Arm(4.0 + 32.0 * down + 20.0 * style.arms * bow, 7.0, 10.0 + 35.0 * down)
    return Pose(
        up=still.up - mix(0.19, 0.30, style.knees) * down, forward=-0.20 * down,
        lean=still.lean + mix(22.0, 48.0, style.quirks[0]) * bow
        + mix(-14.0, 14.0, style.quirks[1]) * down,
        curve=still.curve + 12.0 * bow, nod=-12.0 * bow, left_arm=hand, right_arm=hand,
        left_foot=still.left_foot, right_foot=still.right_foot,
    )  # fmt: skip


def lie(cycle: float, style: Style) -> Pose:
    """Lying down on purpose: onto the ground, onto the back, a moment, and up again."""
    still = rest(style)
    p = cycle % 1.0
    down = ease((p - 0.02) / 0.30) - ease((p - 0.76) / 0.22)
    back = ease((p - 0.28) / 0.24) - ease((p - 0.60) / 0.20)
    bow = 4.0 * down * (1.0 - down)
    hand = Arm(4.0 - mix(15.0, 35.0, style.arms) * down, 9.0, 10.0 + 10.0 * down)
    ahead = mix(0.26, 0.42, style.knees) * down  # with the knees up, or the legs stretched out
    gap = still.left_foot.side
    return Pose(
        up=still.up - 0.41 * down, forward=-0.06 * down,
        lean=still.lean + mix(30.0, 55.0, style.quirks[0]) * bow - 78.0 * back,
        curve=still.curve + 10.0 * bow, left_arm=hand, right_arm=hand,
        left_foot=Foot(ahead, gap, 0.0, 20.0 * down), right_foot=Foot(ahead, gap, 0.0, 20.0 * down),
    )  # fmt: skip


def shuffle(cycle: float, style: Style) -> Pose:
    """Stepping from one foot to the other, going nowhere."""
    still = rest(style)
    weight = math.sin(2 * math.pi * cycle)
    lift = 0.02 + 0.05 * style.knees
    gap = still.left_foot.side + 0.015
    return Pose(
        up=still.up - 0.012, side=0.030 * weight, side_lean=-2.0 * weight, lean=still.lean,
        curve=still.curve, twist=6.0 * weight, left_arm=still.left_arm, right_arm=still.right_arm,
        left_foot=Foot(0.02 * weight, gap, lift * max(0.0, -weight), -10.0 * max(0.0, -weight)),
        right_foot=Foot(0.0, gap, lift * max(0.0, weight), -10.0 * max(0.0, weight)),
    )  # fmt: skip


def kick(cycle: float, style: Style) -> Pose:
    """Kicking forward with one leg."""
    still = rest(style)
    p = cycle % 1.0
    back = ease(p / 0.25) - ease((p - 0.25) / 0.12)
    out = ease((p - 0.27) / 0.15) - ease((p - 0.45) / 0.35)
    height = (0.12 + 0.18 * style.knees) * style.amplitude
    foot = Foot(
        0.36 * out - 0.16 * back, 0.05, height * out + 0.10 * back, 25.0 * out - 40.0 * back
    )
    return Pose(
        up=still.up - 0.012, forward=-0.02 * out, lean=still.lean - 12.0 * out + 5.0 * back,
        curve=4.0, left_arm=Arm(25.0 * out, 22.0 * out + 8.0, 20.0, 0.0),
        right_arm=Arm(-25.0 * out, 18.0 * out + 8.0, 20.0, 0.0),
        left_foot=still.left_foot, right_foot=foot,
    )  # fmt: skip


def clap(cycle: float, style: Style) -> Pose:
    """Clapping in front of the chest."""
    still = rest(style)
    apart = 0.5 - 0.5 * math.cos(2 * math.pi * cycle)
    arm = Arm(14.0, 10.0 + 14.0 * apart, 46.0, -32.0 + 44.0 * apart * style.amplitude)
    return Pose(
        up=still.up, lean=still.lean, curve=still.curve, left_arm=arm, right_arm=arm,
        left_foot=still.left_foot, right_foot=still.right_foot,
    )  # fmt: skip


def box(cycle: float, style: Style) -> Pose:
    """Boxing: fists before the face, thrown straight ahead one after the other."""
    still = rest(style)

    def fist(p: float) -> Arm:
        p %= 1.0
        out = ease(p / 0.18) - ease((p - 0.22) / 0.20)
        guard = mix(20.0, 45.0, style.arms)
        return Arm(guard + (mix(72.0, 92.0, style.knees) - guard) * out, 9.0, 125.0 - 118.0 * out)

    weight = math.sin(2 * math.pi * cycle)
    step = mix(0.03, 0.11, style.quirks[0])
    return Pose(
        up=still.up - 0.015 - 0.008 * abs(weight), lean=still.lean + 5.0, curve=4.0,
        twist=-mix(8.0, 24.0, style.quirks[1]) * weight, left_arm=fist(cycle),
        right_arm=fist(cycle + mix(0.25, 0.5, style.quirks[2])),
        left_foot=Foot(step, still.left_foot.side), right_foot=Foot(-step, still.right_foot.side),
    )  # fmt: skip


def turn(cycle: float, style: Style) -> Pose:
    """Turning round on the spot to one side and back, with small steps."""
    still = rest(style)
    swing = math.sin(2 * math.pi * cycle)
    steps = math.sin(4 * math.pi * cycle)
    gap = still.left_foot.side
    return Pose(
        up=still.up - 0.010, turn=(35.0 + 60.0 * style.arms) * swing, lean=still.lean,
        curve=still.curve, twist=10.0 * math.cos(2 * math.pi * cycle),
        left_arm=still.left_arm, right_arm=still.right_arm,
        left_foot=Foot(0.0, gap, 0.03 * max(0.0, steps)),
        right_foot=Foot(0.0, gap, 0.03 * max(0.0, -steps)),
    )  # fmt: skip


def reach(cycle: float, style: Style) -> Pose:
    """Reaching forward for something with one hand, and taking it back."""
    still = rest(style)
    p = cycle % 1.0
    out = ease(p / 0.35) - ease((p - 0.55) / 0.4)
    height = 50.0 + 60.0 * style.arms
    return Pose(
        up=still.up, lean=still.lean + 14.0 * style.knees * out, curve=still.curve + 6.0 * out,
        twist=16.0 * out, left_arm=still.left_arm,
        right_arm=Arm(3.0 + height * out, 7.0 + 12.0 * style.quirks[0] * out, 12.0, -4.0),
        left_foot=still.left_foot, right_foot=still.right_foot,
    )  # fmt: skip


def march(cycle: float, style: Style) -> Pose:
    """Marching on the spot with high knees."""
    still = rest(style)
    swing = math.sin(2 * math.pi * cycle)
    height = (0.14 + 0.12 * style.knees) * style.amplitude

    def foot(s: float) -> Foot:
        lift = max(0.0, s) ** 1.2
        return Foot(0.05 * lift, 0.05, height * lift, -25.0 * lift)

    arm = 12.0 + 22.0 * style.arms
    return Pose(
        up=still.up - 0.010, lean=2.0, curve=3.0,
        left_arm=Arm(-arm * swing, 7.0, 35.0, 0.0), right_arm=Arm(arm * swing, 7.0, 35.0, 0.0),
        left_foot=foot(swing), right_foot=foot(-swing),
    )  # fmt: skip


def look(cycle: float, style: Style) -> Pose:
    """Looking round: head and shoulders turn, the weight shifts."""
    still = rest(style)
    return Pose(
        up=still.up - 0.004, side=0.018 * _sine(cycle, style, 0), lean=still.lean,
        curve=still.curve + 3.0 * _sine(cycle, style, 2), twist=28.0 * _sine(cycle, style, 1),
        nod=10.0 * _sine(cycle, style, 3), side_lean=2.5 * _sine(cycle, style, 0),
        left_arm=still.left_arm, right_arm=still.right_arm,
        left_foot=still.left_foot, right_foot=still.right_foot,
    )  # fmt: skip


def scratch(cycle: float, style: Style) -> Pose:
    """A hand at the head, scratching or holding a telephone, with small movements."""
    still = rest(style)
    p = cycle % 1.0
    up = ease(p / 0.2) - ease((p - 0.8) / 0.2)
    rub = 6.0 * math.sin(10 * math.pi * cycle) * up * style.arms
    return Pose(
        up=still.up, lean=still.lean, curve=still.curve, nod=still.nod + 6.0 * up,
        left_arm=still.left_arm,
        right_arm=Arm(3.0 + 42.0 * up, 7.0 + 14.0 * up, 10.0 + (108.0 + rub) * up, -10.0 * up),
        left_foot=still.left_foot, right_foot=still.right_foot,
    )  # fmt: skip


GESTURES: Final[dict[str, Action]] = {
    "gesture": Action(gesture, 1.4),
    "crouch": Action(crouch, 2.9),
    "shuffle": Action(shuffle, 1.1),
    "kick": Action(kick, 1.3, view="side"),
    "clap": Action(clap, 0.45),
    "turn": Action(turn, 2.6),
    "reach": Action(reach, 2.2),
    "march": Action(march, 0.95),
    "look": Action(look, 2.0),
    "scratch": Action(scratch, 2.4),
    "box": Action(box, 0.9, view="side"),
    "sit": Action(sit, 3.6),
    "lie": Action(lie, 5.5),
}
