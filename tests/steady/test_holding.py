"""A camera that shakes for long: the scene stays where it was first seen."""

from __future__ import annotations

from fractions import Fraction

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.frame import Epoch, Frame
from motionapp.steady.steady import STILL_S, Steady

SIZE = (320, 180)
EPOCH = Epoch(number=0, size=SIZE, time_base=Fraction(1, 1000))
STEP_S = 0.25


class Picture:
    """A grey picture at its own size."""

    def __init__(self, luma: NDArray[np.uint8]) -> None:
        self._luma = luma

    def luma_at(self, level: int) -> NDArray[np.uint8]:
        """Level 0 alone is asked for: the picture is small."""
        assert level == 0
        return self._luma

    def bgr(self) -> NDArray[np.uint8]:
        """The same in colour."""
        return np.asarray(cv2.cvtColor(self._luma, cv2.COLOR_GRAY2BGR), np.uint8)


def texture(seed: int) -> NDArray[np.uint8]:
    rng = np.random.default_rng(seed)
    fine = cv2.GaussianBlur(rng.integers(0, 255, (260, 400), np.uint8), (0, 0), 2.0)
    return np.asarray(cv2.normalize(fine, fine, 40, 200, cv2.NORM_MINMAX), np.uint8)


def frame(index: int, luma: NDArray[np.uint8]) -> Frame:
    t_s = index * STEP_S
    return Frame(index, round(1000 * t_s), t_s, STEP_S, EPOCH, Picture(luma))


def seen(wall: NDArray[np.uint8], dx: float, dy: float, zoom: float = 1.0) -> NDArray[np.uint8]:
    """What a camera sees whose picture is moved, and enlarged round its middle."""
    way = np.array([[zoom, 0, 160 - 200 * zoom + dx], [0, zoom, 90 - 130 * zoom + dy]])
    return np.asarray(cv2.warpAffine(wall, way, SIZE, flags=cv2.INTER_LINEAR), np.uint8)


def test_the_scene_does_not_slide_while_the_camera_shakes_and_somebody_passes() -> None:
    """Points are chosen anew every two seconds, often before somebody large who passes."""
    rng = np.random.default_rng(3)
    wall, coat = texture(1), texture(2)
    steady = Steady("on")
    steady.start(EPOCH)
    off_px = []
    for index in range(400):
        dx, dy = rng.uniform(-4, 4, 2) if index else (0.0, 0.0)
        luma = seen(wall, dx, dy)
        x = int(index * STEP_S * 60) % 440 - 120
        luma[40:170, max(0, x) : max(0, x + 120)] = coat[40:170, : SIZE[0]][
            :, max(0, x) : max(0, x + 120)
        ]
        noisy = np.clip(luma + rng.normal(0, 2, luma.shape), 0, 255).astype(np.uint8)
        steady.step(frame(index, noisy))
        across, down = steady.way.shift_at(160, 90)
        off_px.append(float(np.hypot(across - dx, down - dy)))
    assert float(np.median(off_px[-100:])) < 0.4
    assert steady.way.c == pytest.approx(1.0, abs=0.004)


def test_a_camera_that_was_covered_finds_the_scene_where_it_was() -> None:
    """A lorry stands before it for five seconds, and it turns by 12 pixels meanwhile."""
    wall, lorry = texture(1), texture(2)
    steady = Steady("on")
    steady.start(EPOCH)
    for index in range(100):
        dx = 0.0 if index < 40 else 12.0
        is_covered = 30 <= index < 50
        steady.step(frame(index, seen(lorry if is_covered else wall, dx, 0.0)))
    assert steady.way.shift_at(160, 90) == pytest.approx((12.0, 0.0), abs=0.3)


@pytest.mark.parametrize("grows", [1.004, 0.996])
def test_a_camera_that_zooms_looks_at_another_scene_in_the_end(grows: float) -> None:
    wall = texture(1)
    steady = Steady("on")
    steady.start(EPOCH)
    zoom = 1.0
    for index in range(200):
        steady.step(frame(index, seen(wall, 0.0, 0.0, zoom)))
        if steady.has_left:
            break
        zoom *= grows
    assert steady.has_left
    assert 0.6 < zoom < 1.6


def test_what_learns_the_empty_picture_has_it_from_the_first_one_until_the_camera_stands() -> None:
    rng = np.random.default_rng(4)
    wall = seen(texture(1), 0, 0)
    steady = Steady("auto", learns=True)
    steady.start(EPOCH)
    was_on = []
    for index in range(24):
        grain = rng.normal(0, 2, wall.shape)
        noisy = np.clip(wall + grain, 0, 255).astype(np.uint8)
        steady.step(frame(index, noisy))
        was_on.append(steady.is_on)
    until = round(STILL_S / STEP_S)
    assert all(was_on[:until])
    assert not any(was_on[until + 2 :])
    assert steady.way.is_none


@pytest.mark.parametrize("share", [0.4, 0.55, 0.7])
@pytest.mark.parametrize("px", [3, 20])
def test_a_river_in_most_of_the_picture_is_no_camera_that_moves(share: float, px: int) -> None:
    """Nothing has shown yet that the camera moves: most points alone do not say so."""
    rng = np.random.default_rng(5)
    bank, water = seen(texture(1), 0, 0), np.tile(texture(2), (1, 4))
    steady = Steady("auto", learns=True)
    steady.start(EPOCH)
    off_px = []
    for index in range(24):
        luma = bank.copy()
        rows = round(share * SIZE[1])
        luma[-rows:] = water[:rows, index * px : index * px + SIZE[0]]
        noisy = np.clip(luma + rng.normal(0, 2, luma.shape), 0, 255).astype(np.uint8)
        steady.step(frame(index, noisy))
        off_px.append(steady.way.farthest_px(SIZE))
        assert not steady.has_left
    assert off_px[-1] == 0.0
    assert max(off_px) < 4.0
    assert not steady.is_on


@pytest.mark.parametrize("size", [SIZE, (16, 12)])
def test_where_nothing_is_to_be_found_again_it_leaves_off_all_the_same(
    size: tuple[int, int],
) -> None:
    rng = np.random.default_rng(6)
    steady = Steady("auto", learns=True)
    steady.start(Epoch(number=0, size=size, time_base=Fraction(1, 1000)))
    for index in range(24):
        bare = 115 + rng.normal(0, 3, size[::-1])
        steady.step(frame(index, np.clip(bare, 0, 255).astype(np.uint8)))
    assert not steady.is_on
    assert steady.way.is_none
