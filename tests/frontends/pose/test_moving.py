"""A limb is what moves: one arm that waves, a head that nods, a walker's legs."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.frontends.pose.moving import limbs_of

LENGTH_PX = 180.0


def standing(visibility: float = 0.8) -> NDArray[np.float32]:
    """Somebody 180 pixels tall with hanging arms."""
    points = np.full((17, 3), visibility, np.float32)
    points[:5, :2] = [(100, 20), (104, 16), (96, 16), (108, 20), (92, 20)]
    for left, place in {5: (20, 50), 7: (25, 80), 9: (25, 105), 11: (12, 110)}.items():
        points[left, :2] = (100 + place[0], place[1])
        points[left + 1, :2] = (100 - place[0], place[1])
    for left, y in {13: 150, 15: 185}.items():
        points[left, :2], points[left + 1, :2] = (112, y), (88, y)
    return points


def speeds(then: NDArray[np.float32], now: NDArray[np.float32]) -> dict[str, float]:
    return {limb.name: limb.speed for limb in limbs_of(then, now, LENGTH_PX, 0.1)}


def test_who_stands_still_has_all_limbs_and_none_moves() -> None:
    found = speeds(standing(), standing())

    assert len(found) == 6
    assert not any(found.values())


def test_one_wrist_alone_is_its_arms_motion_in_lengths_per_second() -> None:
    now = standing()
    now[10, 0] -= 18

    found = speeds(standing(), now)

    assert found.pop("right arm") == pytest.approx(1.0, rel=1e-3)
    assert not any(found.values())


def test_a_head_moves_as_a_whole_and_one_ear_that_jumps_is_none() -> None:
    nodding, jumping = standing(), standing()
    nodding[:5, 1] += 4
    jumping[4, 1] += 30

    assert speeds(standing(), nodding)["head"] == pytest.approx(4 / 18, rel=1e-3)
    assert speeds(standing(), jumping)["head"] == 0


def test_points_that_are_guessed_do_not_move() -> None:
    now = standing()
    now[9:11, 1] -= 50
    now[9:11, 2] = 0.1

    assert not any(speeds(standing(), now).values())


def test_a_limbs_box_holds_where_it_was_and_is() -> None:
    now = standing()
    now[9, :2] = (160, 20)

    (arm,) = [limb for limb in limbs_of(standing(), now, LENGTH_PX, 0.1) if limb.speed > 0]

    assert arm.name == "left arm"
    for x, y in ((125, 80), (125, 105), (160, 20)):
        assert arm.box.x0 < x < arm.box.x1
        assert arm.box.y0 < y < arm.box.y1
