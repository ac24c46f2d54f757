"""How the body points of a pose hang together; left is the person's own."""

from __future__ import annotations

from typing import Final

LIMBS: Final[tuple[tuple[int, int], ...]] = (
    *((5, 6), (6, 12), (12, 11), (11, 5)),  # torso
    *((5, 7), (7, 9)),  # left arm
    *((6, 8), (8, 10)),  # right arm
    *((11, 13), (13, 15)),  # left leg
    *((12, 14), (14, 16)),  # right leg
    *((3, 1), (1, 0), (0, 2), (2, 4)),  # head
)
"""Pairs of the 17 points of COCO's order that a skeleton joins. Odd points lie on the left, even
ones on the right; 0 is the nose."""

LEFT: Final = 0
RIGHT: Final = 1
BOTH: Final = 2


def side_of(limb: tuple[int, int]) -> int:
    """On which side of the body a limb lies: `LEFT`, `RIGHT`, or `BOTH` from one to the other."""
    sides = {point % 2 for point in limb if point}
    if len(sides) == 2:
        return BOTH
    return LEFT if sides == {1} else RIGHT
