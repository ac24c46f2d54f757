"""Silhouettes and real pictures look alike after normalising; noise is not blown up."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.recognition.normalise import clip_max


def body(strength: int, noise: int = 0) -> NDArray[np.uint8]:
    maps = np.random.default_rng(0).integers(0, noise + 1, (6, 32, 32)).astype(np.uint8)
    maps[:, 8:24, 12:20] = strength
    return maps


def test_strong_and_weak_differences_look_alike() -> None:
    silhouette = clip_max(body(255), box_side_px=32)
    grey_on_grey = clip_max(body(30, noise=5), box_side_px=32)

    np.testing.assert_allclose(silhouette, grey_on_grey, atol=0.05)


def test_numbers_lie_between_zero_and_one() -> None:
    numbers = clip_max(body(90, noise=20), box_side_px=32)

    assert numbers.dtype == np.float32
    assert numbers.shape == (6, 32, 32)
    assert numbers.min() == 0.0
    assert numbers.max() == 1.0


def test_noise_alone_stays_faint() -> None:
    noise = np.random.default_rng(1).integers(0, 9, (6, 32, 32)).astype(np.uint8)

    assert clip_max(noise, box_side_px=32).mean() < 0.05


def test_a_single_bright_pixel_does_not_darken_the_rest() -> None:
    maps = body(40)
    maps[0, 0, 0] = 255

    assert clip_max(maps, box_side_px=32)[:, 10, 15] == pytest.approx(1.0)


def test_stillness_gives_zeros() -> None:
    assert clip_max(np.zeros((6, 32, 32), np.uint8), box_side_px=32).max() == 0.0
    assert abs(clip_max(np.zeros((6, 32, 32, 2), np.float32), box_side_px=32)).max() == 0.0


def test_flow_is_judged_by_the_size_of_the_box() -> None:
    """The same movement seen twice as large is twice as fast in pixels."""
    small = np.zeros((6, 16, 16, 2), np.float32)
    small[:, 4:12, 4:12] = (30.0, -40.0)

    np.testing.assert_allclose(
        clip_max(small, box_side_px=50), clip_max(2 * small, box_side_px=100), atol=1e-6
    )


def test_flow_keeps_its_signs_and_its_planes_together() -> None:
    maps = np.zeros((6, 16, 16, 2), np.float32)
    maps[:, 4:12, 4:12] = (60.0, -80.0)

    numbers = clip_max(maps, box_side_px=50)

    assert numbers.shape == (12, 16, 16)
    assert numbers[0, 8, 8] == pytest.approx(0.6, abs=0.05)
    assert numbers[1, 8, 8] == pytest.approx(-0.8, abs=0.05)
