"""Points are found again in the next picture, or said to be lost."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from motionapp.people.carry import carried

SHAPE = (180, 320)


def texture(seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).integers(0, 255, SHAPE, np.uint8)
    return cv2.GaussianBlur(noise, (0, 0), 2.5)


@pytest.mark.parametrize("level", [0, 1])
@pytest.mark.parametrize("way", [(0, 0), (3, -2), (8, 3)])
def test_points_go_where_the_picture_goes_in_full_frame_pixels(
    level: int, way: tuple[int, int]
) -> None:
    before = texture()
    now = np.roll(before, (way[1], way[0]), (0, 1))
    points = np.array([(100, 80), (160, 90), (200, 100)], np.float32) * 2**level

    ways, are_found = carried(points, before, now, level)

    assert are_found.all()
    np.testing.assert_allclose(ways, np.array([way] * 3) * 2**level, atol=0.6 * 2**level)


def test_what_is_not_there_any_more_is_lost_and_stays() -> None:
    points = np.array([(100, 80), (160, 90)], np.float32)

    ways, are_found = carried(points, texture(0), texture(1), 0)

    assert not are_found.any()
    assert not ways.any()


@pytest.mark.parametrize("place", [(-500.0, 20.0), (1e6, 1e6)])
def test_a_point_outside_the_picture_is_lost_or_stays(place: tuple[float, float]) -> None:
    ways, _ = carried(np.array([place], np.float32), texture(), texture(), 0)

    assert np.abs(ways).max() <= 1


def test_pictures_of_different_sizes_carry_nothing() -> None:
    _, are_found = carried(np.ones((2, 2), np.float32), texture(), texture()[:90], 0)

    assert not are_found.any()
