"""Somebody new in a restless place is told from leaves that come back; on calm ground nobody is."""

from __future__ import annotations

import dataclasses

import numpy as np

from motionapp.core.motion import Contrast
from motionapp.core.places import NEW, RESTLESS
from motionapp.core.window import BLOCK_S
from motionapp.suppression import Evidence, Removed
from motionapp.suppression.background_range import LEAST_BLOCKS, BackgroundRange
from motionapp.suppression.pieces import Cells
from motionapp.testing import evidence_of

SHAPE = (96, 160)
RATE_HZ = 8
LEARNT_S = (LEAST_BLOCKS + 1) * BLOCK_S
EVERYWHERE = np.full(Cells(SHAPE).shape, RESTLESS, np.uint8)


def swaying(index: int) -> np.ndarray:
    """Stripes that go to and fro by a few pixels."""
    x = np.arange(SHAPE[1]) + (index % 5)
    return np.tile(np.where(x // 4 % 2, 60, 140).astype(np.uint8), (SHAPE[0], 1))


def with_somebody(picture: np.ndarray, left: int) -> np.ndarray:
    shown = picture.copy()
    shown[30:70, left : left + 14] = 230
    return shown


def seen(
    then: np.ndarray, now: np.ndarray, pts_s: float, places: np.ndarray | None = EVERYWHERE
) -> Evidence:
    change = np.maximum(then, now) - np.minimum(then, now)
    mask = np.where(change > 9, np.uint8(255), np.uint8(0))
    evidence = evidence_of(mask, pts_s, contrast=Contrast(then, now, change, 9.0))
    return evidence if places is None else evidence.with_places(places)


def swayed(rule: BackgroundRange, until_s: float) -> list[Removed]:
    return [
        rule.step(seen(swaying(k - 1), swaying(k), k / RATE_HZ))
        for k in range(round(until_s * RATE_HZ))
    ]


def somebody(
    rule: BackgroundRange, pts_s: float, *, places: np.ndarray | None = EVERYWHERE
) -> Removed:
    k = round(pts_s * RATE_HZ)
    now = with_somebody(swaying(k), 60)
    return rule.step(seen(swaying(k - 1), now, pts_s, places))


def test_leaves_that_sway_between_the_same_greys_are_never_new() -> None:
    assert all(said.places is None for said in swayed(BackgroundRange(SHAPE), 12.0))


def test_somebody_before_them_is_new_where_he_is() -> None:
    rule = BackgroundRange(SHAPE)
    swayed(rule, LEARNT_S)

    places = somebody(rule, LEARNT_S).places

    assert places is not None
    assert (places[8:17, 16:18] == NEW).all()
    assert (places[:, :12] == RESTLESS).all()


def test_nothing_is_taken_out() -> None:
    rule = BackgroundRange(SHAPE)

    assert all(said.mask is None for said in swayed(rule, LEARNT_S))
    assert somebody(rule, LEARNT_S).mask is None


def test_who_stays_on_the_spot_is_new_no_more_after_a_block() -> None:
    rule = BackgroundRange(SHAPE)
    swayed(rule, LEARNT_S)
    times = [LEARNT_S + k / RATE_HZ for k in range(4 * RATE_HZ)]

    said = [somebody(rule, pts_s).places for pts_s in times]

    assert said[0] is not None
    assert said[-1] is None


def test_before_two_blocks_are_known_nobody_is_new() -> None:
    rule = BackgroundRange(SHAPE)
    swayed(rule, LEAST_BLOCKS * BLOCK_S - 1.0)

    assert somebody(rule, LEAST_BLOCKS * BLOCK_S - 1.0).places is None


def test_in_calm_places_nobody_is_marked() -> None:
    rule = BackgroundRange(SHAPE)
    swayed(rule, LEARNT_S)

    assert somebody(rule, LEARNT_S, places=None).places is None


def test_what_is_new_but_small_may_be_a_leaf() -> None:
    rule = BackgroundRange(SHAPE)
    swayed(rule, LEARNT_S)
    k = round(LEARNT_S * RATE_HZ)
    now = swaying(k)
    now[30:36, 60:66] = 230

    assert rule.step(seen(swaying(k - 1), now, LEARNT_S)).places is None


def test_a_picture_that_is_not_to_be_learnt_changes_nothing() -> None:
    rule = BackgroundRange(SHAPE)
    swayed(rule, LEARNT_S)
    for k in range(2 * RATE_HZ):
        pts_s = LEARNT_S + k / RATE_HZ
        now = with_somebody(swaying(k), 60)
        rule.step(dataclasses.replace(seen(swaying(k - 1), now, pts_s), learns=False))

    assert somebody(rule, LEARNT_S + 2.0).places is not None
