"""What stands still stops shaking, what is fast is hardly late, and both by seconds."""

from __future__ import annotations

import numpy as np
import pytest

from motionapp.people.smoothing import OneEuro, OneEuroRules

RULES = OneEuroRules()


@pytest.mark.parametrize(("rate_hz", "left"), [(25, 0.34), (50, 0.25)])
def test_a_third_of_a_still_persons_jitter_is_left(rate_hz: int, left: float) -> None:
    shaken = 100 + np.random.default_rng(0).normal(0, 1, (300, 17, 2)).astype(np.float32)
    smooth = OneEuro(RULES)

    seen = [smooth.step(p, t_s=i / rate_hz, length_px=100) for i, p in enumerate(shaken)]

    assert np.std(seen[50:], axis=0).mean() / shaken[50:].std(axis=0).mean() <= left


@pytest.mark.parametrize("rate_hz", [12.5, 25, 50])
def test_a_waving_wrist_is_late_by_less_than_50_ms(rate_hz: float) -> None:
    times = np.arange(0, 4, 1 / rate_hz)
    smooth = OneEuro(RULES)

    def wave(t_s: np.ndarray) -> np.ndarray:
        return 100 + 30 * np.sin(2 * np.pi * t_s)

    seen = [
        float(smooth.step(np.full((1, 2), wave(t), np.float32), t_s=t, length_px=100)[0, 0])
        for t in times
    ]

    fine = np.arange(1, 3, 0.002)
    late = np.arange(0, 0.2, 0.002)
    misfit = [float(((wave(fine - by) - np.interp(fine, times, seen)) ** 2).sum()) for by in late]
    assert late[int(np.argmin(misfit))] < 0.05


def test_the_first_points_and_those_of_the_same_time_stay_as_they_are() -> None:
    smooth = OneEuro(RULES)
    first = np.array([[3.0, 4.0]], np.float32)

    np.testing.assert_array_equal(smooth.step(first, t_s=5.0, length_px=10), first)
    np.testing.assert_array_equal(smooth.step(first + 9, t_s=5.0, length_px=10), first)
