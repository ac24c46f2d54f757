"""Where only light has changed, nobody is; whoever covers the wall is somebody."""

from __future__ import annotations

import numpy as np
import pytest

from motionapp.core.motion import Contrast
from motionapp.suppression.soft_shadow import SoftShadow
from motionapp.testing import evidence_of

SHAPE = (180, 320)
THRESHOLD = 9.0
NOISE = 2.0


def wall(seed: int, brightness: float = 120.0) -> np.ndarray:
    """Plaster: patches of a few pixels, darker and lighter."""
    coarse = np.random.default_rng(seed).normal(0.0, 0.12, (SHAPE[0] // 3, SHAPE[1] // 3 + 1))
    rough = np.kron(coarse, np.ones((3, 3)))[: SHAPE[0], : SHAPE[1]]
    return brightness * (1.0 + rough)


def seen(scene: np.ndarray, seed: int) -> np.ndarray:
    """A picture of it by a camera with its noise."""
    noise = np.random.default_rng([9, seed]).normal(0.0, NOISE, SHAPE)
    return np.clip(np.rint(scene + noise), 0, 255).astype(np.uint8)


def sieved(before: np.ndarray, after: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """The mask of a change from one scene to another, and what is taken out of it."""
    then, now = seen(before, 1), seen(after, 2)
    difference = np.abs(now.astype(int) - then).astype(np.uint8)
    mask = np.where(difference > THRESHOLD, np.uint8(255), np.uint8(0))
    evidence = evidence_of(mask, 0.0, contrast=Contrast(then, now, difference, THRESHOLD))
    assert evidence.regions
    return mask, SoftShadow(SHAPE).step(evidence).mask


def hill(peak: float, *, at_x: float = 100.0, wide: float = 30.0) -> np.ndarray:
    """A share of the light that comes (or goes, below 0) and fades out."""
    x, y = np.meshgrid(np.arange(SHAPE[1]), np.arange(SHAPE[0]))
    return peak * np.exp(-(((x - at_x) / wide) ** 2 + ((y - 90) / wide) ** 2))


@pytest.mark.parametrize("peak", [0.15, -0.15, 0.5, -0.4])
def test_light_is_left_out_however_much_it_changes(peak: float) -> None:
    before = wall(1)

    mask, taken = sieved(before, before * (1.0 + hill(peak)))

    assert taken is not None
    assert np.count_nonzero(taken) > 0.9 * np.count_nonzero(mask)


def test_a_shadow_with_a_hard_edge_is_light_too() -> None:
    before, gain = wall(1), np.ones(SHAPE)
    gain[60:120, 80:160] = 0.7

    _, taken = sieved(before, before * gain)

    assert taken is not None


@pytest.mark.parametrize("brightness", [60.0, 100.0, 140.0, 200.0])
def test_whoever_covers_the_wall_is_kept_whatever_he_wears(brightness: float) -> None:
    before, clothes = wall(1), wall(2, brightness)
    after = before.copy()
    after[60:120, 90:110] = clothes[60:120, 90:110]

    _, taken = sieved(before, after)

    assert taken is None


def test_whoever_wears_one_colour_is_kept() -> None:
    before = wall(1)
    after = before.copy()
    after[60:120, 90:110] = 40.0

    _, taken = sieved(before, after)

    assert taken is None


def test_a_camera_that_shakes_is_no_light() -> None:
    before = wall(1)

    _, taken = sieved(before, np.roll(before, 2, axis=1))

    assert taken is None


def test_a_body_beside_the_light_is_kept() -> None:
    before = wall(1)
    after = before * (1.0 + hill(0.2))
    after[60:120, 250:270] = 20.0

    _, taken = sieved(before, after)

    assert taken is not None
    assert not taken[60:120, 250:270].any()
    assert taken[60:120, 70:130].any()
