"""Plates keep in the picture and off each other."""

from __future__ import annotations

import numpy as np
import pytest

from motionapp.core.geometry import Box
from motionapp.overlay.style import Sizes
from motionapp.overlay.text import Plates

COLOUR = (0, 0, 255)


def plates(width: int = 640, height: int = 360) -> Plates:
    return Plates(np.full((height, width, 3), 90, np.uint8), Sizes.of(width, height))


def test_a_plate_stands_on_its_box() -> None:
    place = plates().beside(Box(100, 100, 200, 200), "walk 0.93", COLOUR)

    assert (place.x0, place.y1) == (100, 100)


def test_at_the_upper_edge_it_stands_inside() -> None:
    place = plates().beside(Box(100, 2, 200, 200), "walk 0.93", COLOUR)

    assert (place.x0, place.y0) == (100, 2)


@pytest.mark.parametrize("x", [-30, 0, 600, 639, 700])
def test_it_never_leaves_the_picture(x: int) -> None:
    place = plates().beside(Box(x, 300, x + 50, 360), "a label of some length", COLOUR)

    assert place.x0 >= 0
    assert place.x1 <= 640


def test_plates_of_boxes_that_touch_do_not_cover_each_other() -> None:
    sheet = plates()

    places = [sheet.beside(Box(100, 100, 160, 200), f"walk {n}", COLOUR) for n in range(5)]

    for index, place in enumerate(places):
        assert not any(place.intersection(other) for other in places[:index])


def test_a_text_of_any_length_and_letters_can_be_written() -> None:
    sheet = plates(120, 60)

    sheet.beside(Box(0, 0, 10, 10), "x" * 5000 + "\n é 動 \0", COLOUR)


def test_text_is_readable_on_small_pictures_and_modest_on_large_ones() -> None:
    heights = [Sizes.of(w, w * 9 // 16).text_px for w in (180, 320, 640, 1280, 1920, 3840)]

    assert heights == sorted(heights)
    assert heights[0] >= 10
    assert heights[4] <= 1080 / 30
