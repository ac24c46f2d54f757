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
