"""Display matrices: the eight orientations, and broken ones."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from motionapp.core.frame import UPRIGHT, Orientation
from motionapp.sources.orientation import orientation_from, oriented

MATRICES = {
    (1, 0, 0, 1): Orientation(0),
    (0, 1, -1, 0): Orientation(90),
    (-1, 0, 0, -1): Orientation(180),
    (0, -1, 1, 0): Orientation(270),
    (-1, 0, 0, 1): Orientation(0, is_mirrored=True),
    (0, -1, -1, 0): Orientation(90, is_mirrored=True),
    (1, 0, 0, -1): Orientation(180, is_mirrored=True),
    (0, 1, 1, 0): Orientation(270, is_mirrored=True),
}
"""a, b, c, d of each, and what it means."""


def stored_matrix(a: float, b: float, c: float, d: float) -> bytes:
    one = 1 << 16
    return struct.pack("=9i", *(round(v * one) for v in (a, b, 0, c, d, 0, 0, 0)), 1 << 30)


@pytest.mark.parametrize(("matrix", "orientation"), MATRICES.items())
def test_each_of_the_eight_matrices_puts_pixels_where_it_says(
    matrix: tuple[int, int, int, int], orientation: Orientation
) -> None:
    a, b, c, d = matrix
    picture = np.arange(6, dtype=np.uint8).reshape(2, 3)
    places = {
        (a * x + c * y, b * x + d * y): int(picture[y, x]) for x in range(3) for y in range(2)
    }
    left, top = min(x for x, _ in places), min(y for _, y in places)
    height, width = (3, 2) if orientation.is_sideways else (2, 3)
    wanted = [[places[left + x, top + y] for x in range(width)] for y in range(height)]

    found = orientation_from(stored_matrix(*matrix))

    assert found == orientation
    assert oriented(picture, found).tolist() == wanted


def test_scales_and_small_angles_are_left_out_of_account() -> None:
    assert orientation_from(stored_matrix(-2, 0, 0, 0.5)) == Orientation(0, is_mirrored=True)
    assert orientation_from(stored_matrix(0.1, 0.99, -0.99, 0.1)) == Orientation(90)


def test_a_broken_matrix_leaves_the_picture_as_it_is() -> None:
    assert orientation_from(stored_matrix(0, 0, 0, 0)) == UPRIGHT
    assert orientation_from(stored_matrix(1, 1, 1, 1)) == UPRIGHT
    assert orientation_from(b"short") == UPRIGHT
