"""Light that fades out is left out, bodies that end are not."""

from __future__ import annotations

import numpy as np
import pytest

from motionapp.core.motion import Contrast
from motionapp.suppression.soft_shadow import SoftShadow
from motionapp.testing import evidence_of

SHAPE = (180, 320)
WALL = np.full(SHAPE, 120, np.uint8)
THRESHOLD = 9.0


def sieved(change: np.ndarray, wall: np.ndarray = WALL) -> tuple[np.ndarray, np.ndarray | None]:
    """The mask of a change of brightness, and what is taken out of it."""
    now = (wall + np.rint(change)).astype(np.uint8)
    difference = np.abs(now.astype(int) - wall).astype(np.uint8)
    mask = np.where(difference > THRESHOLD, np.uint8(255), np.uint8(0))
    contrast = Contrast(wall, now, difference, THRESHOLD)
    evidence = evidence_of(mask, 0.0, contrast=contrast)
    assert evidence.regions
    return mask, SoftShadow(SHAPE).step(evidence).mask


def hill(peak: float, *, at_x: float = 100.0, wide: float = 30.0) -> np.ndarray:
    x, y = np.meshgrid(np.arange(SHAPE[1]), np.arange(SHAPE[0]))
    return peak * np.exp(-(((x - at_x) / wide) ** 2 + ((y - 90) / wide) ** 2))


@pytest.mark.parametrize("peak", [12.0, -12.0])
def test_faint_light_that_fades_out_is_left_out(peak: float) -> None:
    mask, taken = sieved(hill(peak))

    assert taken is not None
    assert np.array_equal(taken, mask)


@pytest.mark.parametrize("peak", [11.0, 60.0])
def test_a_body_as_faint_as_that_is_kept(peak: float) -> None:
    change = np.zeros(SHAPE)
    change[60:120, 90:110] = peak

    _, taken = sieved(change)

    assert taken is None


def test_a_body_beside_the_light_is_kept() -> None:
    change = hill(12.0)
    change[60:120, 250:270] = 60

    mask, taken = sieved(change)

    assert taken is not None
    assert not taken[:, 240:].any()
    assert np.array_equal(taken[:, :240], mask[:, :240])


def test_a_shadow_that_ends_where_the_ground_is_dark_is_light() -> None:
    """It takes a share of the brightness, so that it changes little of a dark lawn."""
    lawn = np.full(SHAPE, 30, np.uint8)
    lawn[60:120, 70:130] = 120

    mask, taken = sieved(lawn * -0.095, lawn)

    assert taken is not None
    assert np.array_equal(taken, mask)
