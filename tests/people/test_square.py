"""Squares lie round bodies, keep their shape at borders, and are the same pixels each time."""

from __future__ import annotations

import numpy as np
import pytest

from motionapp.core.geometry import Box
from motionapp.people.square import LEAST_PX, Square, cut, square_round

PICTURE = np.random.default_rng(0).integers(0, 256, (90, 120, 3), np.uint8)


def test_the_square_has_the_body_in_its_middle() -> None:
    square = square_round(Box(100, 100, 140, 200), factor=2.0)

    assert square == Square(20, 50, 200)


def test_a_tiny_body_gets_the_least_square() -> None:
    assert square_round(Box(10, 10, 12, 14)).side_px == LEAST_PX


def test_a_square_inside_the_picture_is_the_picture() -> None:
    np.testing.assert_array_equal(cut(PICTURE, Square(10, 20, 64), 64), PICTURE[20:84, 10:74])


def test_outside_the_picture_its_border_is_repeated() -> None:
    square = cut(PICTURE, Square(-16, -32, 64), 64)

    np.testing.assert_array_equal(square[32:, 16:], PICTURE[:32, :48])
    assert (square[:33, 16:] == PICTURE[0, :48]).all()
    assert (square[32:, :17] == PICTURE[:32, :1]).all()


@pytest.mark.parametrize("square", [Square(-500, -500, 1100), Square(119, 89, 64)])
def test_squares_far_over_the_border_are_cut_too(square: Square) -> None:
    assert cut(PICTURE, square, 96).shape == (96, 96, 3)
