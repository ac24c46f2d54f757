"""How a body goes: from its boxes, whatever their size, rate and trembling."""

from __future__ import annotations

import numpy as np
import pytest

from motionapp.core.clip import Going
from motionapp.core.geometry import Box
from motionapp.recognition.going import going_of, numbers_of


def boxes_of(
    times_s: list[float], *, right: float = 0.0, down: float = 0.0, tall_px: int = 100
) -> list[Box]:
    """Somebody half as broad as tall who goes at so many heights a second."""
    boxes = []
    for time_s in times_s:
        x, y = 500 + right * tall_px * time_s, 300 + down * tall_px * time_s
        boxes.append(Box(round(x), round(y), round(x) + tall_px // 2, round(y) + tall_px))
    return boxes


TIMES = [0.08 * k for k in range(12)]


@pytest.mark.parametrize("tall_px", [40, 100, 400])
def test_travel_is_counted_in_heights_of_the_body(tall_px: int) -> None:
    going = going_of(boxes_of(TIMES, right=-0.5, down=0.25, tall_px=tall_px), TIMES)

    assert going == pytest.approx((-0.5, 0.25, 0.5), abs=0.03)
    assert going.speed == pytest.approx(0.56, abs=0.03)


def test_fewer_pictures_a_second_say_the_same() -> None:
    shown = [0.0, 0.0, 0.133, 0.133, 0.267, 0.267, 0.4, 0.4, 0.533, 0.533, 0.667, 0.8]

    assert going_of(boxes_of(shown, right=0.6), shown).right == pytest.approx(0.6, abs=0.03)


def test_who_was_not_seen_at_some_maps_goes_on_all_the_same() -> None:
    seen = [box if k % 3 else None for k, box in enumerate(boxes_of(TIMES, right=0.6))]

    assert going_of(seen, TIMES).right == pytest.approx(0.6, abs=0.03)


def test_boxes_that_tremble_say_nearly_the_same() -> None:
    rng = np.random.default_rng(3)
    shaken = [
        Box(*(edge + int(d) for edge, d in zip(box, rng.integers(-5, 6, 4), strict=True)))
        for box in boxes_of(TIMES, right=0.6)
    ]

    assert going_of(shaken, TIMES).right == pytest.approx(0.6, abs=0.1)


@pytest.mark.parametrize("times_s", [[], [0.0], [0.0, 0.96], [0.0, 0.04, 0.08, 0.12]])
def test_of_too_little_no_travel_is_told(times_s: list[float]) -> None:
    assert going_of(boxes_of(times_s, right=2.0), times_s).speed == 0.0


def test_nobody_goes_anywhere() -> None:
    assert going_of([None] * 12, TIMES) == Going()


def test_a_network_is_told_numbers_within_bounds() -> None:
    numbers = numbers_of([Going(0.3, -0.4, 1.0), Going(50.0, -50.0, 1000.0)])

    assert numbers.dtype == np.float32
    np.testing.assert_allclose(numbers[0], [0.3, -0.4, 0.5, 0.0], atol=1e-6)
    assert np.abs(numbers).max() < 5
    assert numbers_of([]).shape == (0, 4)
