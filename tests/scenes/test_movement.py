"""Joints: movement is a pure function of time, bodies hold together, feet stay on the ground."""

from __future__ import annotations

import numpy as np
import pytest

from motionapp.scenes.people.actions import ACTIONS
from motionapp.scenes.people.body import Body
from motionapp.scenes.people.gestures import GESTURES
from motionapp.scenes.people.performance import REGISTRY, Performance, label_of
from motionapp.scenes.people.skeleton import (
    JOINT_INDEX,
    JOINTS,
    SHIN,
    THIGH,
    Pose,
    blend,
    joints_of,
)
from motionapp.scenes.people.style import Style

STATURE_M = 1.72
TIMES_S = np.arange(0.0, 3.0, 0.02)


def performance(action: str, seed: int = 0) -> Performance:
    return Performance.random(action, np.random.default_rng(seed))


def lowest(joints: np.ndarray) -> float:
    feet = [
        JOINT_INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("ankle", "toe")
    ]
    return float(joints[feet, 1].min())


@pytest.mark.parametrize("action", sorted({**ACTIONS, **GESTURES}))
def test_every_action_moves(action: str) -> None:
    act = performance(action)

    travel = np.ptp([act.joints(t) for t in TIMES_S], axis=0)

    assert travel.max() > 0.10


def test_standing_is_still() -> None:
    act = performance("stand")

    assert np.array_equal(act.joints(0.0), act.joints(1.7))


@pytest.mark.parametrize("action", sorted(REGISTRY))
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_feet_are_on_the_ground_or_briefly_above_it(action: str, seed: int) -> None:
    act = performance(action, seed)

    heights = np.array([lowest(act.joints(t)) for t in TIMES_S])

    assert heights.min() > -0.05
    assert heights.min() < 0.10
    assert heights.max() < 0.45


@pytest.mark.parametrize("action", ["walk", "run"])
def test_a_foot_on_the_ground_stays_where_it_is(action: str) -> None:
    act = performance(action, 5)
    joints = np.array([act.joints(t) for t in np.arange(0.0, 2.0, 0.01)])
    ankle = joints[:, JOINT_INDEX["left_ankle"]]

    low = ankle[:, 1] < ankle[:, 1].min() + 0.012
    speed = np.abs(np.diff(ankle[:, 0])) / 0.01
    planted = speed[low[1:] & low[:-1]]

    body = act.speed * STATURE_M
    assert np.median(planted) < 0.12 * body


@pytest.mark.parametrize("action", sorted(REGISTRY))
def test_bones_keep_their_length(action: str) -> None:
    act = performance(action, 4)

    for t in TIMES_S[::10]:
        joints = act.joints(t, stature_m=STATURE_M)
        for side in ("left", "right"):
            hip, knee, ankle = (
                joints[JOINT_INDEX[f"{side}_{name}"]] for name in ("hip", "knee", "ankle")
            )
            assert np.linalg.norm(knee - hip) == pytest.approx(THIGH * STATURE_M, rel=1e-6)
            assert np.linalg.norm(ankle - knee) == pytest.approx(SHIN * STATURE_M, rel=1e-6)


@pytest.mark.parametrize("action", sorted(REGISTRY))
def test_movement_has_no_jumps(action: str) -> None:
    act = performance(action, 6)
    joints = np.array([act.joints(t) for t in np.arange(0.0, 2.0, 0.005)])

    speed = np.linalg.norm(np.diff(joints, axis=0), axis=2) / 0.005

    assert speed.max() < 14.0  # m/s: a running foot or a clapping hand, no teleporting


@pytest.mark.parametrize("action", ["jump", "run", "side", "skip", "walk"])
@pytest.mark.parametrize("direction", [-1, 1])
def test_crossing_actions_go_where_they_are_sent(action: str, direction: int) -> None:
    act = Performance.random(action, np.random.default_rng(8), direction=direction)

    way = act.joints(2.0)[JOINT_INDEX["pelvis"], 0] - act.joints(0.0)[JOINT_INDEX["pelvis"], 0]

    assert way * direction > 1.0


def test_actions_other_than_the_ten_are_unknown_and_standing_is_nothing() -> None:
    assert {label_of(name) for name in GESTURES} == {"unknown"}
    assert [label_of(name) for name in ACTIONS] == list(ACTIONS)
    assert label_of("stand") is None


def test_blending_begins_and_ends_with_its_poses() -> None:
    rest, act = Pose(), performance("jack").pose(0.4)

    assert blend(rest, act, 0.0) == rest
    assert blend(rest, act, 1.0) == act
    assert blend(rest, act, 0.5).up == pytest.approx((rest.up + act.up) / 2)


def test_a_standing_body_is_as_tall_as_it_says() -> None:
    joints = joints_of(Pose(lean=0.0, curve=0.0), stature_m=1.80, heading_deg=0.0)

    assert joints.shape == (len(JOINTS), 3)
    assert joints[JOINT_INDEX["crown"], 1] == pytest.approx(1.80, abs=0.03)


def test_facing_the_camera_the_left_hand_is_on_the_right_of_the_picture() -> None:
    joints = joints_of(Pose(), stature_m=1.7, heading_deg=0.0)

    assert joints[JOINT_INDEX["left_wrist"], 0] > joints[JOINT_INDEX["right_wrist"], 0]
    assert joints[JOINT_INDEX["nose"], 2] > joints[JOINT_INDEX["left_ear"], 2]


def test_seeds_give_different_bodies_and_styles() -> None:
    bodies = {Body.random(np.random.default_rng(seed)) for seed in range(20)}
    styles = {Style.random(np.random.default_rng(seed)) for seed in range(20)}

    assert len(bodies) == len(styles) == 20
    assert all(0.75 <= style.tempo <= 1.35 for style in styles)
