"""The colours of flow."""

from __future__ import annotations

import numpy as np
import pytest

from motionapp.overlay import flow_picture, flow_wheel


def one(dx: float, dy: float, full: float = 1.0) -> list[int]:
    field = np.array([[[dx, dy]]], np.float32)
    return flow_picture(field, full_px_s=full)[0, 0].tolist()  # type: ignore[no-any-return]


def test_what_stands_still_is_white_and_what_is_unknown_black() -> None:
    assert one(0, 0) == [255, 255, 255]
    assert one(float("nan"), 1) == [0, 0, 0]


@pytest.mark.parametrize(
    ("direction", "strongest"),
    [((1, 0), 2), ((-1, 0.0), 0)],  # right is red, left is cyan with full blue
)
def test_directions_have_the_colours_of_middlebury(
    direction: tuple[float, float], strongest: int
) -> None:
    colour = one(*direction)

    assert colour[strongest] == 255
    assert min(colour) == 0


def test_the_faster_the_fuller() -> None:
    slow, fast = one(0.2, 0), one(1, 0)

    assert min(slow) > min(fast)


def test_opposite_directions_differ_and_the_wheel_closes() -> None:
    """The published wheel has a seam of one of its 55 steps at the right."""
    assert one(1, 0) != one(-1, 0)
    assert one(1, 1e-6) == pytest.approx(one(1, -1e-6), abs=255 / 5)


def test_the_legend_is_a_disc() -> None:
    wheel = flow_wheel(32)

    assert wheel.shape == (32, 32, 4)
    assert wheel[0, 0, 3] == 0
    assert wheel[16, 16, 3] == 255
