"""What lands on the picture, and what stays off it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.event import Event
from motionapp.core.frame import Epoch, Frame
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.core.motion import Motion, Pose
from motionapp.core.track import Group, Track
from motionapp.overlay import OpenEvents, Style, draw_moment, label_colour
from motionapp.overlay.boxes import outline_box
from motionapp.testing import GreyPixels

SIZES = [(2, 2), (64, 48), (180, 144), (320, 240), (360, 640), (1280, 720), (1920, 1080)]
EVENT = Event("all@0", "all", 0.0, 1.0, "walk", 0.93, 0.5, Box(0, 0, 9, 9))


def picture(size: tuple[int, int], grey: int = 90) -> NDArray[np.uint8]:
    return np.full((size[1], size[0], 3), grey, np.uint8)


def moment(size: tuple[int, int], groups: tuple[Group, ...] = (), **parts: object) -> Moment:
    frame = Frame(0, 0, 1.5, 0.04, Epoch(0, size, Fraction(1, 1000)), GreyPixels())
    return Moment("a", frame, groups=groups, **parts)  # type: ignore[arg-type]


def group(box: Box, **changes: object) -> Group:
    made = Group(
        1, box, box, (1,), is_seen=True, is_confirmed=True, born_s=0.0, label="walk", score=0.9
    )
    return made._replace(**changes)


def box_in(size: tuple[int, int]) -> Box:
    return Box(size[0] // 4, size[1] // 4, size[0] * 3 // 4, size[1] * 3 // 4)


@pytest.mark.parametrize("size", SIZES)
def test_everything_at_once_can_be_drawn_at_any_size(size: tuple[int, int]) -> None:
    bgr = picture(size)
    box = box_in(size)
    points = np.full((17, 3), 0.9, np.float32)
    points[:, :2] = np.random.default_rng(0).uniform(-2, 2, (17, 2)) * size
    motion = Motion(
        mask=np.full((12, 16), 255, np.uint8),
        flow=np.full((12, 16, 2), 30, np.float32),
        poses=(Pose(points, 0.9),),
    )
    tracks = (Track(1, box, 0, 1, True, True, 1), Track(2, box, 0, 1, False, True, 1))

    draw_moment(
        bgr,
        moment(size, (group(box), group(Box(-50, -50, 5, 5))), motion=motion, tracks=tracks),
        style=Style(mask=True, flow=True),
        frontend="flow",
        open_events=(EVENT,) * 6,
    )

    assert (bgr != 90).any()


def test_the_same_moment_gives_the_same_picture() -> None:
    size = (320, 240)
    one, two = picture(size), picture(size)

    for bgr in (one, two):
        draw_moment(bgr, moment(size, (group(box_in(size)),)), frontend="absdiff")

    assert np.array_equal(one, two)


def test_a_box_is_half_open() -> None:
    bgr = picture((40, 30))

    outline_box(bgr, Box(10, 5, 30, 25), (0, 0, 255), 1)

    changed = np.argwhere((bgr != 90).any(axis=2))
    assert changed.min(axis=0).tolist() == [5, 10]
    assert changed.max(axis=0).tolist() == [24, 29]
    assert bgr[24, 29].tolist() == [0, 0, 255]


def test_nothing_is_drawn_where_nothing_is_known() -> None:
    bgr = picture((320, 240))

    draw_moment(bgr, Moment("a", None))

    assert (bgr == 90).all()


def test_a_group_that_is_not_confirmed_or_has_left_is_not_drawn() -> None:
    size = (320, 240)
    bgr = picture(size)
    unsure = group(box_in(size), is_confirmed=False)
    gone = group(Box(400, 20, 440, 60))

    draw_moment(bgr, moment(size, (unsure, gone)), style=Style(status=False))

    assert (bgr == 90).all()


def test_each_part_can_be_left_out() -> None:
    size = (320, 240)
    bgr = picture(size)
    off = Style(groups=False, tracks=False, poses=False, events=False, status=False)

    draw_moment(bgr, moment(size, (group(box_in(size)),)), style=off, open_events=(EVENT,))

    assert (bgr == 90).all()


def test_the_label_colours_of_the_shipped_names_all_differ() -> None:
    names = "bend jack jump pjump run side skip walk wave1 wave2 motion unknown".split()  # noqa: SIM905

    assert len({label_colour(name) for name in names}) == len(names)
    assert label_colour("walk") == label_colour("walk")


def test_the_box_has_the_colour_of_its_label() -> None:
    size = (320, 240)
    bgr = picture(size)
    box = box_in(size)

    draw_moment(bgr, moment(size, (group(box),)))

    assert bgr[box.y1 - 1, box.x1 - 1].tolist() == list(label_colour("walk"))


def test_open_events_are_followed_through_the_moments() -> None:
    shown = OpenEvents()
    other = replace(EVENT, event_id="all@9")

    assert shown.step(Moment("a", None, opened=(EVENT,))) == (EVENT,)
    renamed = replace(EVENT, label="run")
    assert shown.step(Moment("a", None, changed=(renamed,), opened=(other,))) == (renamed, other)
    assert shown.step(Moment("a", None, closed=(other,))) == (renamed,)
    assert shown.step(Moment("a", None, closed=(renamed,))) == ()
