"""Rain and leaves: many crumbs are left out, bodies never."""

from __future__ import annotations

import numpy as np

from motionapp.core.window import BLOCK_S
from motionapp.suppression.pieces import LOOKS_HZ
from motionapp.suppression.scatter import Scatter
from motionapp.testing import evidence_of

SHAPE = (180, 320)
BODY = slice(60, 120), slice(250, 270)


def crumbs(seed: int, count: int = 500) -> np.ndarray:
    """Specks of a few pixels in the left half of the picture."""
    rng = np.random.default_rng(seed)
    mask = np.zeros(SHAPE, np.uint8)
    for x, y in zip(rng.integers(0, 150, count), rng.integers(0, 170, count), strict=True):
        mask[y : y + 3, x : x + 3] = 255
    return mask


def sieved(stirring: Scatter, mask: np.ndarray, pts_s: float) -> np.ndarray:
    taken = stirring.step(evidence_of(mask, pts_s)).mask
    return mask if taken is None else mask & ~taken


def test_many_crumbs_at_once_are_left_out_and_a_body_beside_them_is_not() -> None:
    mask = crumbs(1)
    mask[BODY] = 255

    left = sieved(Scatter(SHAPE), mask, 0.0)

    assert left[BODY].all()
    assert np.count_nonzero(left[:, :200]) < 0.1 * np.count_nonzero(crumbs(1))


def test_where_crumbs_keep_coming_a_single_one_is_left_out_and_a_body_is_seen() -> None:
    stirring = Scatter(SHAPE)
    for k in range(LOOKS_HZ * 2):
        sieved(stirring, crumbs(k), k / LOOKS_HZ)
    one, body = np.zeros(SHAPE, np.uint8), np.zeros(SHAPE, np.uint8)
    one[80:85, 60:66] = 255
    body[60:120, 60:80] = 255

    assert not sieved(stirring, one, 2.1).any()
    assert sieved(stirring, body, 2.2)[60:120, 60:80].all()


def test_crumbs_are_forgotten_two_blocks_later() -> None:
    stirring = Scatter(SHAPE)
    for k in range(LOOKS_HZ * 2):
        sieved(stirring, crumbs(k), k / LOOKS_HZ)
    one = np.zeros(SHAPE, np.uint8)
    one[80:85, 60:66] = 255

    assert sieved(stirring, one, 2 * BLOCK_S).any()


def test_a_body_in_a_few_pieces_is_no_heap() -> None:
    mask = np.zeros(SHAPE, np.uint8)
    for k in range(4):
        mask[40 + 20 * k : 50 + 20 * k, 100:112] = 255

    for k in range(20):
        assert sieved(Scatter(SHAPE), mask, k / 10) is mask


def test_pictures_too_coarse_to_have_crumbs_are_left_alone() -> None:
    mask = crumbs(3)[:48, :64].copy()

    assert sieved(Scatter((48, 64)), mask, 0.0) is mask
