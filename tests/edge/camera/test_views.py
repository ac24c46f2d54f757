"""A view is known again by its edges, whatever the light, and not when the camera is turned."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from motionapp.edge.camera.views import Field, Remembered, sharpness, view_of

SHAPE = (60, 106)


def scene(seed: int) -> Field:
    rng = np.random.default_rng(seed)
    picture = np.full(SHAPE, 110.0, np.float32)
    for _ in range(40):
        y, x = rng.integers(0, SHAPE[0]), rng.integers(0, SHAPE[1])
        h, w = rng.integers(4, 26, 2)
        picture[y : y + h, x : x + w] = rng.uniform(20, 230)
    return picture


@given(st.integers(0, 50), st.floats(0.1, 1.5), st.floats(0.0, 100.0))
@settings(max_examples=30)
def test_another_gain_and_brightness_leave_a_view_like_itself(
    seed: int, gain: float, offset: float
) -> None:
    known = Remembered(view_of(scene(seed)))

    likeness = known.likeness(view_of(np.round(gain * scene(seed) + np.float32(offset))))

    assert 0.6 < likeness <= 1.0 + 1e-5


@given(st.integers(0, 50), st.integers(51, 100))
@settings(max_examples=30)
def test_two_scenes_are_not_alike(seed: int, other: int) -> None:
    assert abs(Remembered(view_of(scene(seed))).likeness(view_of(scene(other)))) < 0.2


def test_bars_and_horizons_do_not_make_scenes_alike() -> None:
    def barred(picture: Field) -> Field:
        picture = picture.copy()
        picture[:8], picture[-8:], picture[30:] = 0.0, 0.0, picture[30:] * 0.3
        return picture

    known = Remembered(view_of(barred(scene(1))))

    assert known.likeness(view_of(barred(scene(2)))) < 0.2
    assert known.likeness(view_of(barred(scene(1)))) == pytest.approx(1.0)


def test_a_picture_without_edges_is_like_nothing() -> None:
    flat = view_of(np.full(SHAPE, 80.0, np.float32))

    assert flat.structure == pytest.approx(0.0, abs=1e-4)
    assert Remembered(view_of(scene(1))).likeness(flat) == pytest.approx(0.0, abs=1e-3)
    assert Remembered(flat).sharpness_of(flat) == 1.0


@given(st.integers(0, 50), st.floats(0.2, 2.0))
@settings(max_examples=30)
def test_sharpness_does_not_hang_on_contrast_and_falls_with_blur(seed: int, gain: float) -> None:
    picture = scene(seed)
    edges: NDArray[np.bool_] = view_of(picture).strength > 5.0
    sharp = sharpness(picture, edges)

    assert sharpness(np.float32(gain) * picture, edges) == pytest.approx(sharp, rel=1e-3)
    softer = [sharpness(cv2.GaussianBlur(picture, (0, 0), s), edges) for s in (0.7, 1.5, 3.0)]
    assert sharp > softer[0] > softer[1] > softer[2]


def test_what_is_remembered_follows_and_forgets() -> None:
    one, other = view_of(scene(1)), view_of(scene(2))
    known = Remembered(one)
    for _ in range(40):
        known.learn(other, 0.1)

    assert known.likeness(other) > 0.95
    assert abs(known.likeness(one)) < 0.2
    assert known.structure == pytest.approx(other.structure, rel=0.05)
