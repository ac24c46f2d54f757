"""How the camera moved, against what was rendered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from motionapp.scenes.disturbances.shake import Shake
from motionapp.scenes.named import crossing_scene
from motionapp.sources.synthetic import SyntheticSource
from motionapp.steady.camera import camera_way, landmarks_in
from motionapp.steady.way import Way

MIDDLE = 319.5, 179.5


def errors_px(shake: Shake, times_s: Sequence[tuple[float, float]]) -> list[float]:
    """By how many pixels of 640 the middle of the picture is misplaced, pair by pair."""
    scene = replace(crossing_scene(9_100_001), disturbances=(shake,), duration_s=6.0)
    lumas = {round(f.pts_s, 2): f.luma_at(1) for f in SyntheticSource(scene).frames(3.0)}
    found = []
    for then_s, now_s in times_s:
        landmarks = landmarks_in(lumas[then_s])
        assert landmarks is not None
        answer = camera_way(landmarks, lumas[now_s])
        assert answer is not None
        across, down = Way.of_matrix(answer.matrix, 1).shift_at(*MIDDLE)
        then, now = shake.way_at(then_s), shake.way_at(now_s)
        found.append(float(np.hypot(across - now[0] + then[0], down - now[1] + then[1])))
    return found


@pytest.mark.parametrize("roll_deg", [0.0, 1.0])
def test_the_camera_is_told_to_a_third_of_a_pixel_while_two_people_pass(roll_deg: float) -> None:
    pairs = [(round(t, 2), round(t + 0.08, 2)) for t in np.arange(3.2, 5.8, 0.2)]
    assert max(errors_px(Shake(1, roll_deg=roll_deg), pairs)) < 1 / 3


def test_a_wall_without_anything_on_it_tells_nothing() -> None:
    wall = np.full((180, 320), 200, np.uint8)
    landmarks = landmarks_in(wall)
    assert landmarks is not None
    assert camera_way(landmarks, wall) is None


def test_a_picture_of_a_few_pixels_has_no_landmarks() -> None:
    assert landmarks_in(np.zeros((12, 16), np.uint8)) is None


def test_half_a_picture_that_moves_is_no_camera() -> None:
    """A lorry before the left half: the quarters on the right say no."""
    rng = np.random.default_rng(1)
    then = np.kron(rng.integers(60, 200, (45, 80)), np.ones((4, 4))).astype(np.uint8)
    now = then.copy()
    now[:, 6:166] = then[:, :160]
    landmarks = landmarks_in(then)
    assert landmarks is not None
    found = camera_way(landmarks, now)
    assert found is None or found.against > 0 or found.quarters < 3


@pytest.mark.parametrize("shape", [(3, 500), (1, 4000), (500, 3), (1, 1), (29, 1000), (2, 9)])
def test_a_long_and_narrow_picture_has_no_landmarks_either(shape: tuple[int, int]) -> None:
    assert landmarks_in(np.zeros(shape, np.uint8)) is None


def test_where_the_scene_is_hardly_covered_there_are_no_landmarks() -> None:
    rng = np.random.default_rng(1)
    picture = rng.integers(0, 255, (60, 200), np.uint8)
    covered = np.zeros((60, 200), np.uint8)
    assert landmarks_in(picture, covered) is None
    covered[:20, :60] = 255
    assert landmarks_in(picture, covered) is None
    assert landmarks_in(picture, np.full_like(covered, 255)) is not None
