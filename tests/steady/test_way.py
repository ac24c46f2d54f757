"""Where the scene lies in the picture."""

from __future__ import annotations

import numpy as np
import pytest

from motionapp.core.geometry import Box
from motionapp.core.motion import Motion, Region
from motionapp.steady.back import InPicture
from motionapp.steady.way import STAYED, Way


@pytest.mark.parametrize("level", [0, 1, 2])
def test_a_way_is_the_same_at_every_scale(level: int) -> None:
    way = Way(6.5, -3.0, 0.999, 0.02)
    again = Way.of_matrix(way.matrix(level), level)
    assert (again.dx, again.dy, again.c, again.s) == pytest.approx((6.5, -3.0, 0.999, 0.02))


def test_a_shift_of_eight_pixels_is_four_in_a_picture_half_as_large() -> None:
    assert Way(8.0, -4.0).matrix(1)[:, 2].tolist() == [4.0, -2.0]


def test_boxes_lie_on_what_the_user_sees() -> None:
    shown = InPicture((64, 36), Way(5.0, -2.0))
    motion = shown.motion(Motion(level=0, regions=(Region(Box(10, 10, 20, 30), 80.0, 2.0),)))
    assert motion.regions[0].box == Box(15, 8, 25, 28)


def test_what_is_no_part_of_the_scene_is_not_valid() -> None:
    """The scene has gone five pixels to the right: what came in on the left was never seen."""
    motion = InPicture((64, 36), Way(5.0, 0.0)).motion(Motion(level=0))
    assert motion.valid is not None
    assert np.flatnonzero(motion.valid[20] == 0).tolist() == [0, 1, 2, 3, 4]


def test_a_camera_that_stands_leaves_everything_as_it_is() -> None:
    motion = Motion()
    assert InPicture((64, 36), STAYED).motion(motion) is motion
