"""Light that fades out is left out, bodies that end are not."""

from __future__ import annotations

import numpy as np
import pytest

from motionapp.regions import find_regions
from motionapp.suppression.soft_shadow import without_soft_light

SHAPE = (180, 320)
WALL = np.full(SHAPE, 120, np.uint8)
THRESHOLD = 9.0


def sieved(change: np.ndarray, wall: np.ndarray = WALL) -> tuple[np.ndarray, np.ndarray | None]:
    """The mask of a change of brightness, and what is left of it."""
    now = (wall + np.rint(change)).astype(np.uint8)
    difference = np.abs(now.astype(int) - wall).astype(np.uint8)
    mask = np.where(difference > THRESHOLD, np.uint8(255), np.uint8(0))
    regions = find_regions(
        mask, difference, unit=THRESHOLD, level=0, min_area=0.0004, merge_gap=0.03
    ).regions
    assert regions
    return mask, without_soft_light(mask, wall, now, regions, level=0)


def hill(peak: float, *, at_x: float = 100.0, wide: float = 30.0) -> np.ndarray:
    x, y = np.meshgrid(np.arange(SHAPE[1]), np.arange(SHAPE[0]))
    return peak * np.exp(-(((x - at_x) / wide) ** 2 + ((y - 90) / wide) ** 2))


@pytest.mark.parametrize("peak", [12.0, -12.0])
def test_faint_light_that_fades_out_is_left_out(peak: float) -> None:
    _, left = sieved(hill(peak))

    assert left is not None
    assert not left.any()


@pytest.mark.parametrize("peak", [11.0, 60.0])
def test_a_body_as_faint_as_that_is_kept(peak: float) -> None:
    change = np.zeros(SHAPE)
    change[60:120, 90:110] = peak

    _, left = sieved(change)

    assert left is None


def test_a_body_beside_the_light_is_kept() -> None:
    change = hill(12.0)
    change[60:120, 250:270] = 60

    mask, left = sieved(change)

    assert left is not None
    assert np.array_equal(left[:, 240:], mask[:, 240:])
    assert not left[:, :240].any()


def test_a_shadow_that_ends_where_the_ground_is_dark_is_light() -> None:
    """It takes a share of the brightness, so that it changes little of a dark lawn."""
    lawn = np.full(SHAPE, 30, np.uint8)
    lawn[60:120, 70:130] = 120

    _, left = sieved(lawn * -0.095, lawn)

    assert left is not None
    assert not left.any()
