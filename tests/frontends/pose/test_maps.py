"""The drawn skeleton: the network's input map."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.motion import Pose
from motionapp.core.skeleton import LIMBS
from motionapp.frontends.pose.maps import draw_limbs, draw_poses, torso_px


def standing(*, x: float = 100, visibility: float = 1.0) -> Pose:
    """Somebody about 180 pixels tall, arms hanging, feet at y = 190."""
    places = {5: (20, 50), 7: (25, 80), 9: (25, 105), 11: (12, 110), 13: (12, 150), 15: (12, 185)}
    keypoints = np.zeros((17, 3), np.float32)
    keypoints[:5] = (x, 20, visibility)
    for left, (dx, y) in places.items():
        keypoints[left] = (x + dx, y, visibility)
        keypoints[left + 1] = (x - dx, y, visibility)
    return Pose(keypoints=keypoints, score=1.0)


def drawn(pose: Pose, **options: float) -> NDArray[np.uint8]:
    return draw_limbs(pose, (200, 200), **options)


def test_limbs_are_the_same_on_both_sides() -> None:
    """So that a mirrored person gives the mirrored map."""
    other = {i: i + 1 if i % 2 else i - 1 for i in range(1, 17)} | {0: 0}
    pairs = {frozenset(limb) for limb in LIMBS}

    assert {frozenset((other[a], other[b])) for a, b in LIMBS} == pairs
    assert len(pairs) == len(LIMBS)


def test_limbs_are_bright_and_the_rest_is_dark() -> None:
    limbs = drawn(standing())

    assert limbs.shape == (200, 200, 2)
    assert limbs.dtype == np.uint8
    assert limbs[165, 112].max() > 200
    assert limbs[165, 100].max() == 0
    assert 0.02 < (limbs > 0).any(axis=2).mean() < 0.3


def test_left_and_right_limbs_are_apart_and_what_joins_them_is_in_both() -> None:
    left, right = np.moveaxis(drawn(standing()), 2, 0)

    assert left[165, 112] > 200  # their left leg
    assert right[165, 112] == 0
    assert right[165, 88] > 200
    assert left[165, 88] == 0
    assert min(left[50, 100], right[50, 100]) > 200  # from shoulder to shoulder
    np.testing.assert_allclose(left[:, :0:-1], right[:, 1:], atol=2)


def test_a_smaller_scale_gives_the_same_map_in_small() -> None:
    half = draw_limbs(standing(), (100, 100), scale=0.5)

    large = drawn(standing()).reshape(100, 2, 100, 2, 2).mean(axis=(1, 3))
    assert np.abs(half - large).mean() < 5


def test_less_certain_limbs_are_darker_and_hidden_ones_absent() -> None:
    assert 100 < drawn(standing(visibility=0.5)).max() <= 128
    assert not drawn(standing(visibility=0.05)).any()


def test_a_limb_with_a_hidden_end_is_left_out() -> None:
    pose = standing()
    keypoints = pose.keypoints.copy()
    keypoints[15, 2] = 0

    limbs = drawn(Pose(keypoints=keypoints, score=1.0))

    assert limbs[170, 112].max() == 0
    assert limbs[170, 88].max() > 200


@pytest.mark.parametrize("x", [-1e4, 1e4, 1e9, float("nan")])
def test_somebody_outside_the_picture_leaves_it_dark(x: float) -> None:
    assert not drawn(standing(x=x)).any()


def test_several_poses_are_joined_by_the_brighter() -> None:
    poses = (standing(x=60), standing(x=140, visibility=0.5))

    joined = draw_poses(poses, (200, 200))

    np.testing.assert_array_equal(joined, np.maximum(drawn(poses[0]), drawn(poses[1])))
    assert not draw_poses((), (200, 200)).any()


def test_the_torso_is_its_longer_diagonal() -> None:
    assert torso_px(standing()) == pytest.approx(np.hypot(32, 60))
