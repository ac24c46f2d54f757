"""Where leaves stir and rain falls: places are told, people in few pieces never make one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from motionapp.core.places import DOUBTFUL, RESTLESS
from motionapp.core.window import BLOCK_S
from motionapp.suppression.dynamic_background import BLOCKS, CROWDED, EARLY_S, DynamicBackground
from motionapp.suppression.pieces import AT_ONCE, LOOKS_HZ
from motionapp.testing import evidence_of

SHAPE = (180, 320)


def specks(
    seed: int, *, count: int = 500, right: int = 150, size: tuple[int, int] = (3, 3)
) -> np.ndarray:
    """Specks of a few pixels from the left edge to a column."""
    rng = np.random.default_rng(seed)
    mask = np.zeros(SHAPE, np.uint8)
    xs, ys = rng.integers(0, right, count), rng.integers(0, 150, count)
    for x, y in zip(xs, ys, strict=True):
        mask[y : y + size[1], x : x + size[0]] = 255
    return mask


def told(
    weather: DynamicBackground, mask: np.ndarray, pts_s: float, *, lag_s: float = 0.0, slow: int = 1
) -> np.ndarray:
    evidence = replace(evidence_of(mask, pts_s), lag_s=lag_s, stretch=slow)
    places = weather.step(evidence).places
    return np.zeros((1, 1), np.uint8) if places is None else places


def test_a_tree_is_doubtful_at_once_and_restless_a_second_later() -> None:
    weather = DynamicBackground(SHAPE)

    first = told(weather, specks(0), 0.0)
    for k in range(1, LOOKS_HZ + 1):
        later = told(weather, specks(k), k / LOOKS_HZ)

    assert (first == DOUBTFUL).any()
    assert not (first == RESTLESS).any()
    columns = later.shape[1]
    assert (later[:, : columns // 3] == RESTLESS).mean() > 0.8
    assert not later[:, 2 * columns // 3 :].any()


def tree_near(seed: int, *, twigs: int) -> np.ndarray:
    """A tree of which the leaves touch: one large piece, and twigs beside it."""
    rng = np.random.default_rng(seed)
    mask = np.zeros(SHAPE, np.uint8)
    mask[20:100:3, 5:75] = 255
    mask[20:100, 5:75:20] = 255
    for k in range(twigs):
        x, y = 78 + 6 * (k % 5), 24 + 6 * (k // 5)
        wide, high = rng.integers(3, 5, 2)
        mask[y : y + high, x : x + wide] = 255
    return mask


def test_a_tree_whose_leaves_touch_is_restless_after_five_seconds() -> None:
    weather = DynamicBackground(SHAPE)

    places = [told(weather, tree_near(k, twigs=30), k / LOOKS_HZ) for k in range(24)]

    assert (places[0] == DOUBTFUL).any()
    assert not (places[CROWDED - 2] == RESTLESS).any()
    assert (places[CROWDED - 1] == RESTLESS).any()


def test_a_body_with_a_few_specks_beside_it_is_no_such_tree() -> None:
    weather = DynamicBackground(SHAPE)

    for k in range(40):
        places = told(weather, tree_near(k, twigs=AT_ONCE - 4), k / LOOKS_HZ)
        assert not (places == RESTLESS).any()


def test_a_body_in_many_pieces_now_and_then_is_no_such_tree() -> None:
    weather = DynamicBackground(SHAPE)

    for k in range(40):
        places = told(weather, tree_near(k, twigs=8 if k % 2 else 30), k / LOOKS_HZ)
        assert not (places == RESTLESS).any()


def test_places_are_forgotten_after_the_blocks_that_are_remembered() -> None:
    weather = DynamicBackground(SHAPE)
    still = np.zeros(SHAPE, np.uint8)
    for k in range(LOOKS_HZ * 2):
        told(weather, specks(k), k / LOOKS_HZ)

    kept = told(weather, still, BLOCKS * BLOCK_S)
    forgotten = told(weather, still, (BLOCKS + 1) * BLOCK_S)

    assert (kept == RESTLESS).any()
    assert not forgotten.any()


def test_a_body_that_moves_on_the_spot_is_in_no_such_place() -> None:
    weather = DynamicBackground(SHAPE)

    for k in range(40):
        mask = np.zeros(SHAPE, np.uint8)
        mask[60:120, 100:120] = 255
        mask[60 + k % 5 : 70, 120:150] = 255

        places = told(weather, mask, k / LOOKS_HZ)
        assert not (places == RESTLESS).any()
        assert k / LOOKS_HZ < EARLY_S or not places.any()


def drops(seed: int) -> np.ndarray:
    """Drops all over the picture, elsewhere at every look."""
    return specks(seed, count=6, right=310, size=(4, 7))


def test_specks_that_come_from_nowhere_are_rain_and_make_every_place_restless() -> None:
    weather = DynamicBackground(SHAPE)

    places = [told(weather, drops(k), k / LOOKS_HZ) for k in range(LOOKS_HZ * 2)]

    assert (places[3] == DOUBTFUL).all()
    assert (places[-1] == RESTLESS).all()  # before the first block of 2 s has ended


def test_rain_that_shows_before_the_dark_half_of_the_picture_only_is_rain() -> None:
    weather = DynamicBackground(SHAPE)
    sky = SHAPE[0] // 2

    for k in range(LOOKS_HZ * 2):
        falling = drops(k)
        falling[sky:] |= drops(k + 100)[:sky]
        falling[:sky] = 0
        places = told(weather, falling, k / LOOKS_HZ)

    assert (places == RESTLESS).all()


def test_at_few_pictures_a_second_what_comes_from_nowhere_is_no_rain() -> None:
    weather = DynamicBackground(SHAPE)

    # Two pictures a second, in time that runs slower: a car is past its own length in each.
    for k in range(60):
        places = told(weather, drops(k), k / LOOKS_HZ, lag_s=0.1, slow=4)
        assert not (places == RESTLESS).any()


def test_while_it_rains_drops_are_taken_out_and_who_goes_on_is_not() -> None:
    weather = DynamicBackground(SHAPE)
    for k in range(LOOKS_HZ * 2 + 1):
        weather.step(evidence_of(drops(k), k / LOOKS_HZ))
    body = np.zeros(SHAPE, np.uint8)
    body[60:140, 200:230] = 255

    for k in range(9, 12):
        body = np.roll(body, 4, axis=1)
        falling = np.where(body > 0, 0, drops(k)).astype(np.uint8)
        falling[:, 180:280] = 0
        taken = weather.step(evidence_of(body | falling, k / LOOKS_HZ)).mask

    assert taken is not None
    assert not taken[body > 0].any()
    assert np.count_nonzero(taken) > 0.5 * np.count_nonzero(falling)


def test_a_body_that_fills_a_grainy_picture_is_no_rain() -> None:
    weather = DynamicBackground(SHAPE)
    body = np.zeros(SHAPE, np.uint8)
    body[20:170, 60:220] = 255

    for k in range(LOOKS_HZ * 4):
        places = told(weather, np.roll(body, 6 * k, axis=1) | drops(k), k / LOOKS_HZ)
        assert not (places == RESTLESS).any()


def test_between_two_looks_nothing_is_learnt_so_that_the_frame_rate_does_not_matter() -> None:
    slow, fast = DynamicBackground(SHAPE), DynamicBackground(SHAPE)

    for k in range(LOOKS_HZ * 2):
        seen = told(slow, specks(k), k / LOOKS_HZ)
        for part in range(4):
            also = told(fast, specks(k if part == 0 else 100 + part), (k + part / 4) / LOOKS_HZ)

    assert np.array_equal(seen, also)


def test_pictures_too_coarse_for_crumbs_are_calm() -> None:
    weather = DynamicBackground((48, 64))
    mask = specks(1)[:48, :64].copy()

    assert not told(weather, mask, 0.0).any()
