"""A part of a picture shows what the whole shows there; a mirror shows it the other way round."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.frame import Epoch, Frame
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.core.motion import Motion, Pose, Removal
from motionapp.core.track import Group
from motionapp.overlay import Style, part_of
from motionapp.overlay.draw import draw_layers
from motionapp.testing import GreyPixels

SIZE = (320, 240)
PART = Box(64, 32, 192, 160)
EVERYTHING = Style(mask=True, suppressed=True, valid=True)


def a_moment(*, scene: NDArray[np.float64] | None = None) -> Moment:
    rng = np.random.default_rng(1)
    mask, taken, valid = (
        np.where(rng.random((60, 80)) < share, 255, 0).astype(np.uint8) for share in (0.2, 0.1, 0.9)
    )
    keypoints = np.zeros((17, 3), np.float32)
    keypoints[:, 0] = 100
    return Moment(
        "test",
        Frame(0, 0, 0.0, 0.04, Epoch(0, SIZE, Fraction(1, 1000)), GreyPixels()),
        motion=Motion(
            level=2, mask=mask, valid=valid, removed=(Removal("clock", 9, mask=taken),),
            flow=rng.normal(size=(60, 80, 2)).astype(np.float32), poses=(Pose(keypoints, 0.9),),
            scene=scene,
        ),
        groups=(Group(1, Box(80, 40, 100, 60), Box(80, 40, 100, 60), (), True, True, 0.0),),
    )  # fmt: skip


def drawn(moment: Moment, size: tuple[int, int]) -> NDArray[np.uint8]:
    picture = np.full((size[1], size[0], 3), 90, np.uint8)
    # The border of the scene is a line whose width goes with the picture: it is drawn apart.
    draw_layers(picture, replace(moment.motion, valid=None), EVERYTHING)
    return picture


SHAKEN = np.array([[1.0, 0.0, 12.0], [0.0, 1.0, -8.0]])


@pytest.mark.parametrize("scene", [None, SHAKEN])
def test_a_part_is_cut_out_of_what_the_whole_shows(scene: NDArray[np.float64] | None) -> None:
    moment = a_moment(scene=scene)
    whole = drawn(moment, SIZE)

    part = drawn(part_of(moment, PART, SIZE), (PART.width, PART.height))

    assert np.array_equal(part, whole[PART.y0 : PART.y1, PART.x0 : PART.x1])


@pytest.mark.parametrize("scene", [None, SHAKEN])
def test_a_mirror_shows_the_same_the_other_way_round(scene: NDArray[np.float64] | None) -> None:
    moment = a_moment(scene=scene)
    plain = drawn(part_of(moment, PART, SIZE), (PART.width, PART.height))

    seen = part_of(moment, PART, SIZE, is_mirrored=True)

    assert np.array_equal(drawn(seen, (PART.width, PART.height)), plain[:, ::-1])
    assert seen.groups[0].box == Box(92, 8, 112, 28)
    assert seen.motion.poses[0].keypoints[0, 0] == 92
    assert seen.motion.flow is not None
    assert moment.motion.flow is not None
    assert np.array_equal(seen.motion.flow[..., 0], -moment.motion.flow[8:40, 16:48, 0][:, ::-1])


def test_the_whole_is_the_moment_itself() -> None:
    moment = a_moment()

    assert part_of(moment, Box(0, 0, *SIZE), SIZE) is moment
