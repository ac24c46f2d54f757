"""How the camera moved, against what was rendered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.scenes.disturbances.shake import Shake
from motionapp.scenes.named import crossing_scene
from motionapp.sources.synthetic import SyntheticSource
from motionapp.steady.camera import Landmarks, camera_way, landmarks_in
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


def ground(seed: int) -> NDArray[np.uint8]:
    """A ground with blotches, larger than a picture."""
    rng = np.random.default_rng(seed)
    blotches = rng.integers(40, 220, (60, 100), np.uint8)
    return np.asarray(cv2.resize(blotches, (400, 240), interpolation=cv2.INTER_CUBIC), np.uint8)


def seen_at(across: int, down: int, lorries: Sequence[tuple[int, int, int]]) -> NDArray[np.uint8]:
    """The ground from a camera that turned by so much, and lorries before it: left edge in the
    picture, width, number."""
    picture = ground(0)[30 + down : 210 + down, 40 + across : 360 + across].copy()
    for left, wide, number in lorries:
        picture[40:, left : left + wide] = ground(number)[40:180, :wide]
    return picture


def shift_of(landmarks: Landmarks, now: NDArray[np.uint8]) -> tuple[float, float] | None:
    found = camera_way(landmarks, now)
    return None if found is None else (float(found.matrix[0, 2]), float(found.matrix[1, 2]))


def test_it_is_found_behind_lorries_that_hide_most_of_the_points() -> None:
    """Each lorry goes a way of its own: the median of all points would be nobody's."""
    landmarks = landmarks_in(seen_at(0, 0, [(0, 80, 1), (90, 80, 2), (180, 60, 3)]))
    assert landmarks is not None
    now = seen_at(3, -2, [(9, 80, 1), (78, 80, 2), (186, 60, 3)])
    assert shift_of(landmarks, now) == pytest.approx((-3.0, 2.0), abs=0.2)


def test_points_that_have_gone_with_it_count_more_than_a_lorry_that_hides_most() -> None:
    then, now = seen_at(0, 0, [(0, 250, 1)]), seen_at(3, -2, [(6, 250, 1)])
    trust = np.tile(np.where(np.arange(10) < 7, 0.1, 1.0), 6)
    told = {}
    for name, weights in (("unknown", None), ("known", trust)):
        landmarks = landmarks_in(then, trust=weights)
        assert landmarks is not None
        told[name] = shift_of(landmarks, now)
    assert told["unknown"] == pytest.approx((6.0, 0.0), abs=0.2)
    assert told["known"] == pytest.approx((-3.0, 2.0), abs=0.2)
