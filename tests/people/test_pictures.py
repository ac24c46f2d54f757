"""Everybody in a picture, each once, with points that a closer look gives."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.core.person import Person
from motionapp.people.networks import Lightning, MultiPose
from motionapp.people.pictures import PictureRules, PictureSearch, parts_of
from motionapp.people.points import look_closer
from motionapp.scenes.named import crossing_scene
from motionapp.scenes.render import render
from motionapp.scenes.truth import truth

SIZES = [(1, 1), (640, 360), (1, 3000), (31, 4000), (5000, 20)]


class Nobody:
    """Sees nobody, and notes what it was shown."""

    def __init__(self) -> None:
        self.shapes: list[tuple[int, ...]] = []

    def persons(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.shapes.append(picture.shape)
        return np.zeros((6, 56), np.float32)


class Middle:
    """Sees all points in the middle of the square."""

    size = (192, 192)

    def points(self, square: NDArray[np.uint8]) -> NDArray[np.float32]:
        assert square.shape == (192, 192, 3)
        return np.full((17, 3), 0.5, np.float32)


@pytest.mark.parametrize("size", SIZES)
def test_the_parts_cover_the_picture_and_lie_in_it(size: tuple[int, int]) -> None:
    whole, *parts = parts_of(size, 0.6)

    assert whole == Box(0, 0, *size)
    assert all(part.clipped(size) == part and part.area for part in parts)
    assert whole == parts[0].union(parts[3])


@pytest.mark.parametrize("size", SIZES)
def test_pictures_of_any_form_are_searched_in_whole_cells(size: tuple[int, int]) -> None:
    network = Nobody()

    found = PictureSearch(network, Middle()).persons(np.zeros((size[1], size[0], 3), np.uint8))

    assert found == ()
    assert len(network.shapes) == 5
    assert all(height % 32 == width % 32 == 0 for height, width, _ in network.shapes)
    assert max(max(shape) for shape in network.shapes) <= PictureRules().length_px + 32


def test_a_closer_look_brings_points_and_keeps_the_box() -> None:
    person = Person(Box(100, 100, 140, 200), 0.4, np.zeros((17, 3), np.float32))

    closer = look_closer(Middle(), np.zeros((360, 640, 3), np.uint8), person)

    assert closer.box == person.box
    assert closer.score == person.score
    assert closer.keypoints[:, 0] == pytest.approx(120, abs=1)
    assert closer.keypoints[:, 1] == pytest.approx(150, abs=1)
    assert not closer.keypoints.flags.writeable


def test_both_walkers_of_a_rendered_picture_are_found_once(
    multipose: MultiPose, lightning: Lightning
) -> None:
    scene = crossing_scene(9_000_001)
    boxes = [Box(*f.box) for f in truth(scene, 3.0).figures if f.box is not None]

    persons = PictureSearch(multipose, lightning).persons(render(scene, 3.0))

    assert len(persons) == len(boxes) == 2
    for box in boxes:
        (person,) = (p for p in persons if p.box.iou(box) >= 0.5)
        shoulders, ankles = person.keypoints[5:7, 1].mean(), person.keypoints[15:17, 1].mean()
        assert box.y0 < shoulders < ankles < box.y1 + 5
