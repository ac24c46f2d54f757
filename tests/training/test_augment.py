"""Changed windows are still windows: same size and range, seeded, mirrored by the rule."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.representation import Mirror
from motionapp.training.augment import Augmentation, Augmenter

UNCHANGED = Augmentation(shift=0, scale=0, stretch=0, slant=0, patchy=0, gamma=0, noise=0, erase=0)


def augmenter(
    how: Augmentation, *, mirror: Mirror = "none", planes: int = 1, seed: int = 1
) -> Augmenter:
    return Augmenter(how, mirror=mirror, planes=planes, drawing=np.random.default_rng(seed))


def magnitudes() -> NDArray[np.uint8]:
    maps = np.zeros((8, 32, 32, 6), np.uint8)
    maps[:, 8:20, 4:12] = 255
    maps[:, 20:24, 4:12] = 120
    return maps


def flow() -> NDArray[np.int8]:
    maps = np.zeros((8, 32, 32, 12), np.int8)
    maps[:, 8:20, 4:12, 0::2] = 100
    maps[:, 8:20, 4:12, 1::2] = -60
    return maps


def test_without_changes_the_numbers_are_the_windows() -> None:
    changed = augmenter(UNCHANGED).batch(magnitudes())

    np.testing.assert_allclose(changed, magnitudes() / 255, atol=1e-6)


@pytest.mark.parametrize("maps", [magnitudes(), flow()])
def test_a_clip_may_have_one_map(maps: NDArray[np.uint8] | NDArray[np.int8]) -> None:
    """Of an array with one channel, OpenCV drops the axis."""
    changed = augmenter(Augmentation(), mirror="flip").batch(maps[..., :1])

    assert changed.shape == (8, 32, 32, 1)


def test_the_seed_decides_every_draw() -> None:
    first = augmenter(Augmentation(), mirror="flip", seed=5).batch(magnitudes())
    again = augmenter(Augmentation(), mirror="flip", seed=5).batch(magnitudes())
    other = augmenter(Augmentation(), mirror="flip", seed=6).batch(magnitudes())

    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_the_left_of_who_is_mirrored_is_their_right() -> None:
    limbs = np.zeros((40, 32, 32, 4), np.uint8)
    limbs[:, 8:20, 4:12, 0::2] = 255  # left, on the picture's left

    changed = augmenter(UNCHANGED, mirror="flip-swap", planes=2).batch(limbs)

    turned = changed[:, 10, 25].sum(axis=1) > 0
    assert 5 < turned.sum() < 35
    np.testing.assert_allclose(changed[turned][:, 10, 24], [[0, 1, 0, 1]] * turned.sum())
    np.testing.assert_allclose(changed[~turned][:, 10, 8], [[1, 0, 1, 0]] * (~turned).sum())


def test_magnitudes_stay_between_zero_and_one() -> None:
    changed = augmenter(Augmentation(), mirror="flip").batch(magnitudes())

    assert changed.dtype == np.float32
    assert changed.shape == (8, 32, 32, 6)
    assert changed.min() >= 0
    assert changed.max() <= 1


def test_flow_stays_between_minus_one_and_one_and_keeps_both_signs() -> None:
    changed = augmenter(Augmentation(), mirror="flip-negate-x", planes=2).batch(flow())

    assert changed.min() >= -1
    assert changed.max() <= 1
    assert (changed < -0.2).any()


def test_windows_are_not_written_to() -> None:
    maps = magnitudes()

    augmenter(Augmentation(), mirror="flip").batch(maps)

    np.testing.assert_array_equal(maps, magnitudes())


def test_about_half_of_the_windows_are_mirrored() -> None:
    changed = augmenter(UNCHANGED, mirror="flip").batch(np.repeat(magnitudes(), 20, axis=0))

    is_left = changed[:, :, :16].sum((1, 2, 3)) > changed[:, :, 16:].sum((1, 2, 3))

    assert 0.35 < is_left.mean() < 0.65
    np.testing.assert_allclose(changed[~is_left][0], changed[is_left][0][:, ::-1], atol=1e-6)


def test_mirrored_flow_goes_the_other_way_and_as_far_down() -> None:
    changed = augmenter(UNCHANGED, mirror="flip-negate-x", planes=2).batch(flow())

    for window in changed:
        is_mirrored = window[12, 6, 0] == 0
        moving = window[12, 25 if is_mirrored else 6]

        assert moving[0::2] == pytest.approx(-1.0 if is_mirrored else 1.0)
        assert moving[1::2] == pytest.approx(-0.6, abs=0.02)


def test_nothing_is_mirrored_where_the_rule_says_none() -> None:
    changed = augmenter(UNCHANGED, mirror="none").batch(magnitudes())

    assert changed[:, :, 16:].max() == 0


def test_all_steps_of_a_window_are_moved_alike() -> None:
    how = Augmentation(patchy=0, noise=0, erase=0)

    changed = augmenter(how, mirror="flip").batch(magnitudes())

    for step in range(1, 6):
        np.testing.assert_array_equal(changed[..., step], changed[..., 0])


def test_some_windows_have_a_hidden_rectangle() -> None:
    maps = np.full((40, 32, 32, 6), 255, np.uint8)
    how = Augmentation(shift=0, scale=0, stretch=0, slant=0, patchy=0, gamma=0, noise=0)

    hidden = (augmenter(how).batch(maps) == 0).any((1, 2, 3))

    assert 0.1 < hidden.mean() < 0.6


def test_augmentation_is_scaled_to_nothing_and_no_share_above_all() -> None:
    usual = Augmentation(drop_outs=0.2)

    none, twice = usual.scaled(0.0), usual.scaled(2.0)

    assert usual.scaled(1.0) == usual
    assert (none.shift, none.noise, none.patchy, none.erase, none.travel) == (0, 0, 0, 0, 0)
    assert twice.shift == 2 * usual.shift
    assert twice.patchy == 1.0
    assert none.drop_outs == twice.drop_outs == 0.2
