"""The drawn skeleton: the network's input map."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.motion import Pose
from motionapp.core.skeleton import LIMBS
from motionapp.frontends.pose.skeleton import (
    COCO_FROM_BLAZEPOSE,
    draw_limbs,
    draw_poses,
    torso_px,
)

POINT_NAMES = (
    "nose",
    "left eye inner",
    "left eye",
    "left eye outer",
    "right eye inner",
    "right eye",
    "right eye outer",
    "left ear",
    "right ear",
    "mouth left",
    "mouth right",
    "left shoulder",
    "right shoulder",
    "left elbow",
    "right elbow",
    "left wrist",
    "right wrist",
    "left pinky",
    "right pinky",
    "left index",
    "right index",
    "left thumb",
    "right thumb",
    "left hip",
    "right hip",
    "left knee",
    "right knee",
    "left ankle",
    "right ankle",
    "left heel",
    "right heel",
    "left foot index",
    "right foot index",
)
"""In BlazePose's order, as its card lists them; left and right are the person's own."""


def standing(*, x: float = 100, visibility: float = 1.0) -> Pose:
    """Somebody about 180 pixels tall, arms hanging, feet at y = 190."""
    places = {
        **dict.fromkeys(range(11), (0, 20)),
        **{11: (20, 50), 13: (25, 80), 15: (25, 105), 23: (12, 110), 25: (12, 150), 27: (12, 185)},
        **{17: (25, 112), 19: (25, 112), 21: (25, 112), 29: (12, 190), 31: (16, 190)},
    }
    keypoints = np.zeros((33, 3), np.float32)
    for left, (dx, y) in places.items():
        keypoints[left] = (x + dx, y, visibility)
        if left >= 11:
            keypoints[left + 1] = (x - dx, y, visibility)
    return Pose(keypoints=keypoints, score=1.0)


def drawn(pose: Pose, **options: float) -> NDArray[np.uint8]:
    return draw_limbs(pose, (200, 200), **options)


def test_coco_order_is_that_of_the_names() -> None:
    names = [POINT_NAMES[index] for index in COCO_FROM_BLAZEPOSE]

    assert len(POINT_NAMES) == 33
    assert names[:5] == ["nose", "left eye", "right eye", "left ear", "right ear"]
    assert names[5::2] == [n for n in names if n.startswith("left")][2:]
    assert names[-2:] == ["left ankle", "right ankle"]


def test_limbs_are_the_same_on_both_sides() -> None:
    """So that a mirrored person gives the mirrored map."""
    other = {i: i + 1 if i % 2 else i - 1 for i in range(11, 33)} | {7: 8, 8: 7, 0: 0}
    pairs = {frozenset(limb) for limb in LIMBS}

    assert {frozenset((other[a], other[b])) for a, b in LIMBS} == pairs
    assert len(pairs) == len(LIMBS)


def test_limbs_are_bright_and_the_rest_is_dark() -> None:
    limbs = drawn(standing())

    assert limbs.shape == (200, 200)
    assert limbs.dtype == np.uint8
    assert limbs[165, 112] > 200
    assert limbs[165, 100] == 0
    assert 0.02 < (limbs > 0).mean() < 0.3


def test_a_smaller_scale_gives_the_same_map_in_small() -> None:
    half = draw_limbs(standing(), (100, 100), scale=0.5)

    large = drawn(standing()).reshape(100, 2, 100, 2).mean(axis=(1, 3))
    assert np.abs(half - large).mean() < 5


def test_less_certain_limbs_are_darker_and_hidden_ones_absent() -> None:
    assert 100 < drawn(standing(visibility=0.5)).max() <= 128
    assert not drawn(standing(visibility=0.05)).any()


def test_a_limb_with_a_hidden_end_is_left_out() -> None:
    pose = standing()
    keypoints = pose.keypoints.copy()
    keypoints[27, 2] = 0

    limbs = drawn(Pose(keypoints=keypoints, score=1.0))

    assert limbs[170, 112] == 0
    assert limbs[170, 88] > 200


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
