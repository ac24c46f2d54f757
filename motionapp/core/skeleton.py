"""How the 33 body points of a pose hang together (BlazePose order); left is the person's own."""

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
"""Pairs of points that a skeleton joins. Odd points lie on the left, even ones on the right, but
for the face: below 11 that holds for the ears only."""
