"""How the body points of a pose hang together; left is the person's own."""

from __future__ import annotations

from typing import Final

LIMBS: Final[tuple[tuple[int, int], ...]] = (
    *((11, 12), (12, 24), (24, 23), (23, 11)),  # torso
    *((11, 13), (13, 15), (15, 19)),  # left arm and hand
    *((12, 14), (14, 16), (16, 20)),  # right arm and hand
    *((23, 25), (25, 27), (27, 31)),  # left leg and foot
    *((24, 26), (26, 28), (28, 32)),  # right leg and foot
    *((7, 0), (0, 8)),  # head
)
"""Pairs of the 33 points of BlazePose's order that a skeleton joins. Odd points lie on the left,
even ones on the right, but for the face: below 11 that holds for the ears only."""

COCO_LIMBS: Final[tuple[tuple[int, int], ...]] = (
    *((5, 6), (6, 12), (12, 11), (11, 5)),  # torso
    *((5, 7), (7, 9)),  # left arm
    *((6, 8), (8, 10)),  # right arm
    *((11, 13), (13, 15)),  # left leg
    *((12, 14), (14, 16)),  # right leg
    *((3, 1), (1, 0), (0, 2), (2, 4)),  # head
)
"""The same for the 17 points of COCO's order. Odd points lie on the left, even ones on the right;
0 is the nose."""
