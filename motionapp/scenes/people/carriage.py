"""How somebody carries arms, trunk and feet while doing something: pockets, telephones, stoops.

Changes poses; which movement they belong to is `performance`'s business.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

from motionapp.scenes.people.skeleton import Arm, Foot, Pose

Hold = Literal[
    "free", "pocket", "telephone", "screen", "strap", "load", "behind", "folded", "still"
]

_HELD: Final[dict[Hold, Arm]] = {
    "pocket": Arm(-10.0, 13.0, 42.0, -14.0),
    "telephone": Arm(44.0, 21.0, 118.0, -10.0),
    "screen": Arm(18.0, 6.0, 80.0, -22.0),
    "strap": Arm(8.0, 9.0, 128.0, -28.0),
    "load": Arm(16.0, 7.0, 74.0, -14.0),
    "behind": Arm(-24.0, 11.0, 16.0, -26.0),
    "folded": Arm(12.0, 9.0, 96.0, -62.0),
    "still": Arm(0.0, 9.0, 5.0, -1.0),
}
_SWINGS_ALONG: Final = 0.12
"""A held arm still gives in to the step by this share."""


@dataclass(frozen=True, slots=True)
class Carriage:
    """How a person goes about it; the default changes nothing.

    `left` and `right` say what the arms do; `swing` multiplies how far free arms go, one by one.
    `stoop_deg` bends the trunk, `wide` moves the feet apart (statures), `lift` multiplies how high
    they are raised, `limp` (0..1) shortens the right one's way, `nod_deg` lowers the head.
    """

    left: Hold = "free"
    right: Hold = "free"
    swing: tuple[float, float] = (1.0, 1.0)
    stoop_deg: float = 0.0
    nod_deg: float = 0.0
    wide: float = 0.0
    lift: float = 1.0
    limp: float = 0.0

    def of(self, pose: Pose) -> Pose:
        """The pose as this person strikes it."""
        return replace(
            pose,
            lean=pose.lean + 0.4 * self.stoop_deg,
            curve=pose.curve + 0.6 * self.stoop_deg,
            nod=pose.nod + self.nod_deg,
            left_arm=_arm(pose.left_arm, self.left, self.swing[0]),
            right_arm=_arm(pose.right_arm, self.right, self.swing[1]),
            left_foot=self._foot(pose.left_foot, 1.0),
            right_foot=self._foot(pose.right_foot, 1.0 - 0.3 * self.limp),
        )

    def _foot(self, foot: Foot, way: float) -> Foot:
        return Foot(foot.forward * way, foot.side + self.wide, foot.up * self.lift, foot.pitch)


def _arm(arm: Arm, hold: Hold, swing: float) -> Arm:
    if hold == "free":
        return replace(arm, swing=arm.swing * swing) if swing != 1.0 else arm
    held = _HELD[hold]
    return replace(held, swing=held.swing + _SWINGS_ALONG * arm.swing)
