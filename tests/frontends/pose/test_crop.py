"""The turned square: to the cut picture and back."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from motionapp.frontends.pose.crop import Crop, crop_of, cut, is_usable, overlap, to_frame


def crop_between(x: float, y: float, dx: float, dy: float) -> Crop:
    """The crop of somebody whose hips are at x, y and whose circle reaches to dx, dy from there."""
    return crop_of(np.array([x, y], np.float32), np.array([x + dx, y + dy], np.float32))


@pytest.mark.parametrize(
    ("dx", "dy", "angle"),
    [(0, -40, 0), (40, 0, math.pi / 2), (-40, 0, -math.pi / 2), (28, -28, math.pi / 4)],
)
def test_the_crop_turns_with_the_person(dx: float, dy: float, angle: float) -> None:
    crop = crop_between(100, 100, dx, dy)

    assert crop.angle == pytest.approx(angle, abs=1e-6)
    assert crop.side_px == pytest.approx(2.5 * math.hypot(dx, dy))


@given(
    x=st.floats(-100, 1000),
    y=st.floats(-100, 1000),
    length=st.floats(5, 500),
    turn=st.floats(-math.pi, math.pi),
)
def test_hips_and_circle_have_the_same_place_in_every_crop(
    x: float, y: float, length: float, turn: float
) -> None:
    """Hips in the middle, the circle's point straight above, as the network expects."""
    dx, dy = length * math.sin(turn), -length * math.cos(turn)
    crop = crop_between(x, y, dx, dy)
    in_cut = np.array([[128, 128], [128, 128 - 256 / 2.5]], np.float32)

    found = to_frame(in_cut, crop, 256)

    np.testing.assert_allclose(found, [[x, y], [x + dx, y + dy]], atol=0.01)


def test_what_is_cut_lies_where_to_frame_says() -> None:
    """A dot in the frame, a turned crop, and back to the dot."""
    frame = dot(300, 200, at=(170, 90))
    crop = crop_between(150, 100, 20, -20)

    square = cut(frame, crop, 256)

    y, x = np.unravel_index(int(square[..., 0].argmax()), (256, 256))
    found = to_frame(np.array([[x, y]], np.float32), crop, 256)
    np.testing.assert_allclose(found, [[170, 90]], atol=1)


def test_outside_the_picture_its_border_is_repeated() -> None:
    frame = np.full((50, 50, 3), 200, np.uint8)

    square = cut(frame, Crop(x=0, y=0, side_px=100, angle=0.3), 256)

    assert square.min() == 200


def test_crops_overlap_by_their_shared_area() -> None:
    crop = Crop(x=50, y=50, side_px=100, angle=0)

    assert overlap(crop, Crop(x=50, y=50, side_px=100, angle=1)) == pytest.approx(1)
    assert overlap(crop, Crop(x=100, y=50, side_px=100, angle=0)) == pytest.approx(1 / 3)
    assert overlap(crop, Crop(x=50, y=50, side_px=50, angle=0)) == pytest.approx(1 / 4)
    assert overlap(crop, Crop(x=200, y=50, side_px=100, angle=0)) == 0


@pytest.mark.parametrize(
    "crop",
    [
        Crop(x=50, y=50, side_px=8, angle=0),
        Crop(x=50, y=50, side_px=5000, angle=0),
        Crop(x=-60, y=50, side_px=100, angle=0),
    ],
)
def test_tiny_vast_and_distant_crops_are_of_no_use(crop: Crop) -> None:
    assert not is_usable(crop, (100, 100))


def test_a_crop_that_leaves_the_picture_can_be_used() -> None:
    assert is_usable(Crop(x=-10, y=50, side_px=150, angle=0), (100, 100))


def dot(width: int, height: int, *, at: tuple[int, int]) -> NDArray[np.uint8]:
    """A black picture with a white square of 3 pixels."""
    frame = np.zeros((height, width, 3), np.uint8)
    x, y = at
    frame[y - 1 : y + 2, x - 1 : x + 2] = 255
    return frame
