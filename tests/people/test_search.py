"""Each body is looked at once; several people, doubles between views and bare motion are told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.core.person import Person
from motionapp.people.networks import MultiPose
from motionapp.people.search import PersonSearch, SearchRules, lies_at
from motionapp.scenes.named import crossing_scene
from motionapp.scenes.render import render
from motionapp.scenes.scene import Scene
from motionapp.scenes.truth import truth

GREY = np.full((360, 640, 3), 90, np.uint8)
BODY = Box(250, 130, 350, 330)


class Scripted:
    """Says the same persons, as shares of whatever view it is shown, and counts its looks."""

    def __init__(self, *boxes: tuple[float, float, float, float]) -> None:
        self._boxes = boxes
        self.looks = 0

    def persons(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.looks += 1
        rows = np.zeros((6, 56), np.float32)
        for index, (x0, y0, x1, y1) in enumerate(self._boxes):
            rows[index, 0:51:3], rows[index, 1:51:3] = (y0 + y1) / 2, (x0 + x1) / 2
            rows[index, 51:] = (y0, x0, y1, x1, 0.9 - index / 10)
        return rows


def boxes_of(scene: Scene, t_s: float) -> list[Box]:
    """The true boxes of all who are there."""
    return [Box(*figure.box) for figure in truth(scene, t_s).figures if figure.box is not None]


def test_nobody_to_look_at_costs_nothing() -> None:
    network = Scripted((0.4, 0.3, 0.6, 0.7))

    assert PersonSearch(network).search(GREY, []) == ()
    assert PersonSearch(network).search(GREY, [Box(5, 5, 5, 50), Box(-90, -90, -20, -20)]) == (
        (),
        (),
    )
    assert network.looks == 0


def test_one_body_may_be_two_people() -> None:
    network = Scripted((0.30, 0.3, 0.45, 0.7), (0.55, 0.3, 0.70, 0.7))

    ((one, other),) = PersonSearch(network).search(GREY, [Box(250, 130, 350, 230)])

    assert one.score > other.score
    assert network.looks == 1


@pytest.mark.parametrize("outside_px", [0, 20, 60, 90, 99])
@pytest.mark.parametrize("side", ["left", "right", "top", "bottom"])
def test_a_body_may_be_mostly_outside_the_picture(side: str, outside_px: int) -> None:
    """Who is followed out of the picture is asked about at a box that is nearly gone."""
    left, top = {
        "left": (-outside_px, 130),
        "right": (540 + outside_px, 130),
        "top": (300, -outside_px),
        "bottom": (300, 260 + outside_px),
    }[side]
    body = Box(left, top, left + 100, top + 100)
    everywhere = [
        (x / 10, y / 10, x / 10 + wide, y / 10 + 0.3)
        for wide in (0.1, 0.3, 0.6)
        for x in range(10)
        for y in range(0, 10, 2)
    ]

    for shares in everywhere:
        (found,) = PersonSearch(Scripted(shares)).search(GREY, [body], known=(0,))
        assert all(lies_at(person.box, body.clipped((640, 360))) for person in found)


def test_who_stands_beside_a_body_is_not_its_person() -> None:
    network = Scripted((0.0, 0.3, 0.1, 0.7))

    assert PersonSearch(network).search(GREY, [Box(250, 130, 350, 230)]) == ((),)


def test_neighbours_who_see_the_same_person_name_it_once() -> None:
    network = Scripted((0.3, 0.3, 0.7, 0.7))

    first, second = PersonSearch(network).search(GREY, [Box(250, 130, 350, 230)] * 2)

    assert len(first) == 1
    assert second == ()


@pytest.mark.parametrize(
    ("person", "body", "is_at"),
    [
        (Box(100, 100, 140, 200), Box(95, 95, 145, 205), True),
        (Box(100, 100, 140, 200), Box(130, 120, 145, 130), True),  # a hand
        (Box(100, 100, 140, 200), Box(60, 90, 300, 210), True),  # a group
        (Box(100, 100, 140, 200), Box(135, 100, 175, 200), False),  # a neighbour
        (Box(100, 100, 140, 200), Box(300, 100, 340, 200), False),
    ],
)
def test_a_person_lies_at_a_body_that_it_shares_pixels_with(
    person: Box, body: Box, is_at: bool
) -> None:
    assert lies_at(person, body) is is_at


def test_rendered_walkers_are_found_each_at_their_body(multipose: MultiPose) -> None:
    scene = crossing_scene(9_000_001)
    boxes = boxes_of(scene, 3.0)

    answers = PersonSearch(multipose).search(render(scene, 3.0), boxes)

    for box, persons in zip(boxes, answers, strict=True):
        (person,) = persons
        assert person.box.iou(box) >= 0.5


def test_the_same_pixels_give_the_same_answer(multipose: MultiPose, models: Path) -> None:
    scene = crossing_scene(9_000_001)
    picture, boxes = render(scene, 3.0), boxes_of(scene, 3.0)

    def told(search: PersonSearch) -> list[tuple[Box, float, bytes]]:
        persons: list[Person] = [p for answer in search.search(picture, boxes) for p in answer]
        return [(p.box, p.score, p.keypoints.tobytes()) for p in persons]

    search = PersonSearch(multipose)
    assert told(search) == told(search) == told(PersonSearch(MultiPose(models)))


def test_an_empty_wall_holds_nobody(multipose: MultiPose) -> None:
    scene = crossing_scene(9_000_001)

    answers = PersonSearch(multipose).search(render(scene, 0.0), [Box(280, 100, 330, 250)])

    assert answers == ((),)


class Shapes(Scripted):
    """Notes what it was shown as well."""

    def __init__(self, *boxes: tuple[float, float, float, float], from_look: int = 1) -> None:
        super().__init__(*boxes)
        self.shapes: list[tuple[int, ...]] = []
        self._from_look = from_look

    def persons(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.shapes.append(picture.shape)
        rows = super().persons(picture)
        return rows if self.looks >= self._from_look else np.zeros_like(rows)


def test_a_hand_that_waves_alone_is_found_by_a_second_wider_look() -> None:
    network = Shapes((0.4, 0.3, 0.6, 0.8), from_look=2)
    hand = Box(300, 100, 320, 130)

    ((person,),) = PersonSearch(network).search(GREY, [hand])

    assert network.looks == 2
    assert person.box.area > 2 * hand.area


def test_a_second_look_can_be_left_out() -> None:
    network = Shapes(from_look=9)

    assert PersonSearch(network, SearchRules(is_wide=False)).search(GREY, [BODY]) == ((),)
    assert network.looks == 1


def test_who_is_known_is_seen_with_fewer_pixels_and_once() -> None:
    network = Shapes(from_look=9)
    search = PersonSearch(network)

    search.search(GREY, [BODY])
    first, _ = network.shapes
    search.search(GREY, [BODY, BODY], known={0, 1})

    assert len(network.shapes) == 4
    assert np.prod(network.shapes[-1]) < np.prod(first)
