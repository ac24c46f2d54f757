"""Rendered people's points are as wrong as MoveNet's are measured to be, and repeatably so."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.frontends import registry
from motionapp.training import crop_clips
from motionapp.training.crop_clips import CropCutter
from motionapp.training.crop_poses import CropPoses, drawn_errors, spells, swapped
from motionapp.training.crop_views import CropOrder
from motionapp.training.pose_errors import (
    ARMS,
    ASTRAY,
    GAP,
    HEIGHTS_PX,
    KIND_OF,
    KINDS,
    LEGS,
    MEASURED,
    OTHER_SIDE,
)

TIMES_S = tuple(np.arange(12) * 0.08)
PEOPLE = 300
Points = NDArray[np.float64]


@cache
def many(tall_px: float, *, is_hidden: bool = False) -> tuple[Points, Points]:
    """Errors and scores of many people: people times times times points."""
    hidden = np.full((len(TIMES_S), 17), is_hidden)
    drawn = [
        drawn_errors(np.random.default_rng([seed, 5]), TIMES_S, tall_px, hidden=hidden)
        for seed in range(PEOPLE)
    ]
    return np.array([one[0] for one in drawn]), np.array([one[1] for one in drawn])


@pytest.mark.parametrize("tall_px", [HEIGHTS_PX[0], 65, HEIGHTS_PX[-1]])
def test_points_are_off_missing_and_astray_as_was_measured(tall_px: float) -> None:
    errors, scores = many(tall_px)

    for number, name in enumerate(KINDS):
        kind = MEASURED.points[name]
        error, score = errors[:, :, number == KIND_OF], scores[:, :, number == KIND_OF]
        is_drawn = score >= GAP
        is_astray = (np.linalg.norm(error, axis=-1) > ASTRAY) & is_drawn
        sd = np.sqrt((error[is_drawn & ~is_astray] ** 2).mean())
        assert sd == pytest.approx(kind.at("sd", tall_px), rel=0.12)
        assert (~is_drawn).mean() == pytest.approx(kind.at("gap", tall_px), abs=0.012)
        assert is_astray.mean() == pytest.approx(kind.at("astray", tall_px), abs=0.02)
        # None is below the border, so the lowest mean is a little higher.
        assert score[is_drawn].mean() == pytest.approx(kind.at("score", tall_px), abs=0.035)


def test_what_stays_of_an_error_and_what_is_forgotten_is_as_was_measured() -> None:
    errors, _ = many(80)
    off = np.linalg.norm(errors, axis=-1)

    for number, name in enumerate(KINDS):
        kind, own = MEASURED.points[name], number == KIND_OF
        near = (off[:, :, own] <= ASTRAY)[..., None]
        error = np.where(near, errors[:, :, own], 0.0)
        square = (error**2).sum() / near.sum()
        for apart in (1, 10):
            both = near[:, apart:] & near[:, :-apart]
            product = (error[:, apart:] * error[:, :-apart]).sum() / both.sum()
            kept = np.exp(-0.08 * apart / kind.memory_s)
            expected = kind.steady + (1 - kind.steady) * kept
            assert product / square == pytest.approx(expected, abs=0.1)


def test_surer_points_are_nearer() -> None:
    errors, scores = many(80)
    off = np.linalg.norm(errors, axis=-1)

    for number in range(len(KINDS)):
        own = np.broadcast_to(number == KIND_OF, off.shape) & (off <= ASTRAY)
        middle = np.median(scores[own])
        assert np.median(off[own & (scores > middle)]) < np.median(off[own & (scores < middle)])


def test_a_limb_goes_astray_as_a_whole() -> None:
    errors, scores = many(80)
    is_astray = (np.linalg.norm(errors, axis=-1) > ASTRAY) & (scores >= GAP)

    elbow, wrist, ankle = is_astray[..., 7], is_astray[..., 9], is_astray[..., 15]

    assert (elbow & wrist).sum() > 0.85 * min(elbow.sum(), wrist.sum())
    assert (elbow & ankle).sum() < 0.3 * elbow.sum()
    wrong = elbow & wrist
    apart = np.linalg.norm(errors[wrong][:, 7] - errors[wrong][:, 9], axis=-1)
    assert np.median(apart) < ASTRAY


def test_what_is_behind_something_is_farther_off() -> None:
    errors, scores = many(80, is_hidden=True)

    is_astray = (np.linalg.norm(errors, axis=-1) > ASTRAY) & (scores >= GAP)
    assert is_astray.mean() == pytest.approx(MEASURED.hidden.at("astray", 80), abs=0.02)
    assert np.sqrt((errors[is_astray] ** 2).mean()) == pytest.approx(
        MEASURED.hidden.astray_sd, rel=0.1
    )
    assert (scores < GAP).mean() == pytest.approx(MEASURED.hidden.at("gap", 80), abs=0.02)


@pytest.mark.parametrize("step_s", [0.02, 0.08, 0.3])
def test_spells_have_their_share_and_length_at_any_rate(step_s: float) -> None:
    rng = np.random.default_rng(3)
    times_s = np.arange(0.0, 600.0, step_s)

    are_so = spells(rng, tuple(times_s), np.full(6, 0.2), np.full(6, 0.5))

    # Seen at every step: of what ends, and begins again in between, nothing is known.
    leaves = np.exp(-step_s / 0.5 / 0.8) * 0.8 + 0.2
    assert are_so.mean() == pytest.approx(0.2, abs=0.02)
    stays = (are_so[1:] & are_so[:-1]).sum() / are_so[:-1].sum()
    assert stays == pytest.approx(leaves, abs=0.03)


def test_left_and_right_are_exchanged_as_often_as_was_measured() -> None:
    points = np.tile(np.arange(17.0)[None, :, None], (len(TIMES_S), 1, 1))

    drawn = [
        swapped(points, np.random.default_rng([seed, 9]), TIMES_S, MEASURED)[..., 0]
        for seed in range(2000)
    ]

    found = np.array(drawn)
    arms, legs = (found[..., limbs[0]] != limbs[0] for limbs in (ARMS, LEGS))
    shares = MEASURED.swaps
    assert (arms & ~legs).mean() == pytest.approx(shares[0], abs=0.015)
    assert (legs & ~arms).mean() == pytest.approx(shares[1], abs=0.015)
    assert (arms & legs).mean() == pytest.approx(shares[2], abs=0.015)
    assert (found[arms][:, list(ARMS)] == OTHER_SIDE[list(ARMS)]).all()
    assert (found[..., :5] == np.arange(5)).all()


def test_the_same_crop_gives_the_same_poses_and_another_seed_other_ones() -> None:
    crop = CropOrder("walk", 2, 0).crop()
    region = Box(0, 0, *crop.size)

    first, again, other = (
        [CropPoses(one, TIMES_S).at(t_s, region) for t_s in TIMES_S]
        for one in (crop, crop, replace(crop, seed=crop.seed + 1))
    )

    assert [len(poses) for poses in first] == [len(poses) for poses in again]
    for mine, yours in zip(first, again, strict=True):
        for a, b in zip(mine, yours, strict=True):
            np.testing.assert_array_equal(a.keypoints, b.keypoints)
    assert any(
        len(mine) != len(yours) or (mine and not np.allclose(mine[0].keypoints, yours[0].keypoints))
        for mine, yours in zip(first, other, strict=True)
    )


def test_a_part_of_the_picture_has_the_same_points_in_its_own_place() -> None:
    crop = CropOrder("walk", 2, 0).crop()
    poses = CropPoses(crop, TIMES_S)

    whole = [poses.at(t_s, Box(0, 0, *crop.size)) for t_s in TIMES_S]
    part = [poses.at(t_s, Box(20, 10, 90, 80)) for t_s in TIMES_S]

    assert any(whole)
    for mine, yours in zip(whole, part, strict=True):
        for a, b in zip(mine, yours, strict=True):
            np.testing.assert_allclose(a.keypoints - b.keypoints, [[20, 10, 0]] * 17, atol=1e-4)


@pytest.mark.parametrize("frontend", ["absdiff", "flow"])
def test_who_does_not_look_for_points_draws_none(
    frontend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cutter = CropCutter(registry.representation(frontend))
    order = CropOrder("walk", 2, 0)
    before = cutter.clip(order.crop())

    monkeypatch.setattr(crop_clips, "CropPoses", None)
    after = cutter.clip(order.crop())

    assert before is not None
    assert after is not None
    np.testing.assert_array_equal(before.maps, after.maps)
