"""What moves, and how alike it is: wherever it begins, and at whatever rate it was taken."""

from __future__ import annotations

import zlib
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from motionapp.training.inspection import leaks
from motionapp.training.inspection.leaks import leaks_among
from motionapp.training.inspection.likeness import LEAST_MOVEMENT, LEAST_OVERLAP, likeness
from motionapp.training.inspection.moving import SIDE_PX, STEPS_HZ, Movement, movement_of
from motionapp.training.inspection.seeing import Moments
from motionapp.training.progress import Silent

Changes = NDArray[np.float32]


def changes(seed: int, steps: int) -> Changes:
    values = np.random.default_rng(seed).integers(-2, 3, (steps, 2, 2))
    return np.asarray(values, np.float32)


def slowly(one: Changes, other: Changes) -> float:
    """The definition, one offset after the other."""
    best = []
    for offset in range(-len(other) + 1, len(one)):
        begin, begin_other = max(offset, 0), max(-offset, 0)
        length = min(len(one) - begin, len(other) - begin_other)
        if length < LEAST_OVERLAP * min(len(one), len(other)):
            continue
        a, b = one[begin : begin + length], other[begin_other : begin_other + length]
        a2, b2 = float((a * a).sum()), float((b * b).sum())
        enough = a2 >= LEAST_MOVEMENT * float((one * one).sum())
        enough |= b2 >= LEAST_MOVEMENT * float((other * other).sum())
        if enough and a2 and b2:
            best.append(float((a * b).sum()) / (a2 * b2) ** 0.5)
    return max(best, default=0.0)


@given(st.integers(0, 99), st.integers(0, 9), st.integers(0, 9))
def test_likeness_is_the_cosine_at_the_best_offset(seed: int, steps: int, others: int) -> None:
    one, other = changes(seed, steps), changes(seed + 1, others)

    assert likeness(one, other) == pytest.approx(slowly(one, other), abs=1e-6)
    assert likeness(one, other) == pytest.approx(likeness(other, one), abs=1e-6)


@given(st.integers(0, 99), st.integers(4, 20), st.integers(0, 10))
def test_what_begins_later_is_the_same(seed: int, steps: int, later: int) -> None:
    whole = changes(seed, steps + later) + np.float32(0.5)

    assert likeness(whole, whole[min(later, steps) :]) == pytest.approx(1.0)


def test_where_nothing_moves_nothing_is_alike() -> None:
    still = np.zeros((9, 2, 2), np.float32)

    assert likeness(still, still) == 0.0
    assert likeness(still, changes(1, 9)) == 0.0


def moments(rate_hz: int, *, seconds: int = 2) -> NDArray[np.float32]:
    """What is seen of a brightness that grows by 16 a second, at some rate."""
    seen = Moments()
    for index in range(seconds * rate_hz):
        middle_s = (index + 0.5) / rate_hz
        seen.step(np.full((SIDE_PX, SIDE_PX), 16 * middle_s, np.float32), index / rate_hz)
    return seen.until(float(seconds))


@pytest.mark.parametrize("rate_hz", [16, 25, 30, 50, 60])
def test_moments_do_not_depend_on_the_rate_of_a_recording(rate_hz: int) -> None:
    shown = moments(rate_hz)[:, 0, 0]

    assert len(shown) == 2 * STEPS_HZ
    assert shown == pytest.approx([float(Fraction(2 * n + 1, 2)) for n in range(32)], abs=0.51)
    assert shown.mean() == pytest.approx(16.0, abs=1e-3)


def test_a_gap_shows_the_picture_before_it() -> None:
    seen = Moments()
    seen.step(np.full((SIDE_PX, SIDE_PX), 10, np.float32), 0.0)
    seen.step(np.full((SIDE_PX, SIDE_PX), 90, np.float32), 1.0)

    shown = seen.until(1.25)[:, 0, 0]

    assert shown.tolist() == [10.0] * STEPS_HZ + [90.0] * (STEPS_HZ // 4)


def waving(seed: int, *, noise: float = 0.0, steps: int = 48) -> Movement:
    """A patch with its own pattern that goes to and fro before a wall of its own."""
    generator = np.random.default_rng(seed)
    pattern = np.kron(generator.integers(60, 255, (5, 4)), np.ones((3, 3)))
    wall = generator.integers(0, 60, (SIDE_PX, SIDE_PX))
    shown = np.repeat(wall[None].astype(np.float32), steps, axis=0)
    for step in range(steps):
        x = 10 + round(20 + 20 * np.sin(step * (0.2 + 0.05 * seed)))
        shown[step, 20:35, x : x + 12] = pattern
    return movement_of(shown + generator.normal(0, noise, shown.shape).astype(np.float32))


def test_a_still_room_with_noise_tells_nothing() -> None:
    generator = np.random.default_rng(1)
    noise = generator.normal(100, 1.0, (64, SIDE_PX, SIDE_PX)).astype(np.float32)

    assert not movement_of(noise).is_telling
    assert not movement_of(noise[:1]).is_telling
    assert waving(1, noise=1.0).is_telling


def test_a_movement_is_kept_small_and_as_it_is() -> None:
    movement = waving(1)

    assert movement.fine().shape == (46, SIDE_PX, SIDE_PX)
    assert likeness(movement.fine(), waving(1, noise=1.0).fine()) > 0.9
    assert len(movement.packed) < movement.steps * SIDE_PX * SIDE_PX / 5


def test_only_pairs_of_different_groups_are_leaks() -> None:
    movements = [waving(1), waving(1, noise=1.0), waving(2), None]

    assert leaks_among(movements, ["ann", "ann", "bob", "bob"], Silent()) == []
    (leak,) = leaks_among(movements, ["ann", "bob", "cyn", "cyn"], Silent())
    assert (leak.one, leak.other, leak.is_mirrored) == (0, 1, False)


def test_a_mirror_image_is_told_as_one() -> None:
    one = waving(1)
    fine = np.clip(one.fine(), -127, 127).astype(np.int8)[:, :, ::-1]
    other = replace(one, packed=zlib.compress(fine.tobytes()), coarse=one.coarse[:, :, ::-1])

    (leak,) = leaks_among([one, other], ["ann", "bob"], Silent())

    assert leak.is_mirrored


def test_of_too_many_some_are_compared_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaks, "MOST_COMPARED", 2)
    movements = [waving(1)] * 5

    assert leaks.compared(movements) == [0, 3]
