"""How fast what moves has been lately: steady enough to draw by."""

from __future__ import annotations

import numpy as np
import pytest

from motionapp.frontends.flow.lately import Lately
from motionapp.overlay.flow import rounded

MASK = np.full((4, 5), 255, np.uint8)
RATE_HZ = 10


def after(speeds_px_s: list[float]) -> list[float]:
    lately = Lately()
    return [
        lately.step(np.full(MASK.shape, speed, np.float32), MASK, k / RATE_HZ)
        for k, speed in enumerate(speeds_px_s)
    ]


def test_the_first_speed_is_taken_as_it_is_and_stillness_changes_nothing() -> None:
    lately = Lately()
    still = np.zeros_like(MASK)
    speed = np.full(MASK.shape, 40, np.float32)

    assert lately.step(speed, still, 0.0) == 0
    assert lately.step(speed, MASK, 1.0) == pytest.approx(40)
    assert lately.step(speed, still, 60.0) == pytest.approx(40)


def test_it_rises_within_a_second_and_falls_by_half_in_five() -> None:
    rising, falling = after([40] + [200] * RATE_HZ), after([200] + [0] * 5 * RATE_HZ)

    assert rising[-1] > 180
    assert falling[-1] == pytest.approx(100)


def test_a_flash_of_one_picture_does_not_set_the_scale() -> None:
    assert after([40] * 20 + [400] + [40])[-1] < 130


def test_strides_do_not_make_the_scale_flicker() -> None:
    """A walker's legs are fast and slow twice a second."""
    strides = [60 + 35 * np.sin(2 * np.pi * 2 * k / RATE_HZ + 1) for k in range(100)]

    shown = [rounded(speed) for speed in after(strides)[10:]]

    assert len(set(shown)) == 1


def test_the_same_time_at_another_rate_gives_the_same() -> None:
    slow, fast = Lately(), Lately()
    for k in range(41):
        speed = np.full(MASK.shape, 20 if k else 100, np.float32)
        told = fast.step(speed, MASK, k / 40)
        if k % 10 == 0:
            seldom = slow.step(speed, MASK, k / 40)

    assert told == pytest.approx(seldom)
