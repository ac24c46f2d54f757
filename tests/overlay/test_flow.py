"""The colours of flow."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.motion import Motion
from motionapp.overlay import flow_picture, flow_wheel
from motionapp.overlay.draw import draw_flow, explain_flow
from motionapp.overlay.flow import draw_arrows, full_speed, laid_wheel, rounded, top_speed
from motionapp.overlay.legends import draw_legend


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


def walker() -> np.ndarray:
    """Something in the middle goes to the right, at 60 px/s."""
    field = np.zeros((60, 80, 2), np.float32)
    field[20:40, 30:50, 0] = 60
    return field


def test_colours_lie_where_something_moves_and_nowhere_else() -> None:
    bgr = np.full((240, 320, 3), 90, np.uint8)

    draw_flow(bgr, Motion(flow=walker()), colours=True, arrows=False)

    blue, _, red = (int(part) for part in bgr[120, 160])
    assert red > 180
    assert blue < 60
    assert (bgr[:60, :200] == 90).all()


def test_the_faster_the_less_is_seen_of_the_picture() -> None:
    slow, fast = (np.full((240, 320, 3), 90, np.uint8) for _ in range(2))

    draw_flow(slow, Motion(flow=walker() / 4, lately_px_s=60.0), colours=True, arrows=False)
    draw_flow(fast, Motion(flow=walker(), lately_px_s=60.0), colours=True, arrows=False)

    assert abs(int(slow[120, 160, 2]) - 90) < abs(int(fast[120, 160, 2]) - 90)


def test_arrows_are_drawn_on_request_where_something_moves() -> None:
    bgr = np.full((240, 320, 3), 90, np.uint8)

    draw_flow(bgr, Motion(flow=walker()), colours=False, arrows=True)
    explain_flow(bgr, Motion(flow=walker()), colours=False, arrows=True)

    changed = (bgr != 90).any(axis=2)
    legend, field = np.argwhere(changed[200:, 200:]), changed.copy()
    field[200:, 200:] = False
    arrows = np.argwhere(field)
    assert len(arrows) > 50
    assert (arrows.min(axis=0) > (60, 100)).all()
    assert (arrows.max(axis=0) < (180, 220)).all()
    assert len(legend) > 50  # the longest arrow and its speed


def test_without_colours_and_arrows_nothing_is_drawn() -> None:
    bgr = np.full((240, 320, 3), 90, np.uint8)

    draw_flow(bgr, Motion(flow=walker()), colours=False, arrows=False)
    explain_flow(bgr, Motion(flow=walker()), colours=False, arrows=False)

    assert (bgr == 90).all()


@pytest.mark.parametrize("size", [(1, 1), (9, 5), (40, 30), (1920, 64)])
def test_tiny_pictures_are_drawn_upon_too(size: tuple[int, int]) -> None:
    bgr = np.full((size[1], size[0], 3), 90, np.uint8)

    draw_flow(bgr, Motion(flow=walker()), colours=True, arrows=True)
    explain_flow(bgr, Motion(flow=walker()), colours=True, arrows=True)
    draw_arrows(bgr, walker(), 10.0)
    draw_legend(bgr, 12.0, "px")


def test_the_fullest_colour_is_not_a_single_wild_pixel_and_the_unknown_is_left_out() -> None:
    field = np.full((50, 50, 2), (3, 4), np.float32)
    field[0, 0], field[0, 1] = 500, np.nan

    assert full_speed(field) == pytest.approx(5)
    assert full_speed(np.zeros((4, 4, 2), np.float32)) == 1
    assert full_speed(np.full((4, 4, 2), np.nan, np.float32)) == 1


def test_only_what_counts_as_moving_is_drawn() -> None:
    """On a flat wall flow is a guess."""
    field = walker()
    field[5:15, 5:15] = 60
    mask = np.zeros((60, 80), np.uint8)
    mask[20:40, 30:50] = 255
    bgr = np.full((240, 320, 3), 90, np.uint8)

    draw_flow(bgr, Motion(flow=field, mask=mask), colours=True, arrows=True)

    assert (bgr[:56, :100] == 90).all()
    assert (bgr[110:130, 130:190] != 90).any(axis=2).mean() > 0.9


def test_who_walks_far_away_is_seen_though_a_car_drives_by() -> None:
    """Small people on a street changed the picture by a few levels where the scale was fixed."""
    field = np.zeros((60, 80, 2), np.float32)
    field[8:16, 8:14, 0] = 12  # just above the gate's 11.5 px/s
    field[30:50, 40:70, 0] = 300
    mask = np.where(field[..., 0] > 0, 255, 0).astype(np.uint8)
    mask[8:16, 8:14] = 0
    mask[10:14, 10:12] = 255
    bgr = np.full((240, 320, 3), 90, np.uint8)

    draw_flow(bgr, Motion(flow=field, mask=mask, lately_px_s=280.0), colours=True, arrows=False)

    apart = np.abs(bgr[40:56, 40:48].astype(int) - 90).max(axis=2)
    assert apart.min() >= 10


def test_the_scale_is_what_was_fast_lately_in_round_numbers() -> None:
    field = walker()

    assert top_speed(Motion(flow=field, lately_px_s=140.0)) == 200
    assert top_speed(Motion(flow=field, lately_px_s=109.0)) == 100
    # Where nobody has followed it: of what moves at this frame.
    assert top_speed(Motion(flow=field)) == 50
    assert top_speed(Motion(flow=np.zeros((4, 4, 2), np.float32))) == 1


@given(st.floats(1e-3, 1e6))
def test_a_round_number_is_near_what_it_stands_for(value: float) -> None:
    assert 0.8 * value <= rounded(value) <= 2.5 * value


def test_the_legend_of_laid_colours_fades_towards_its_middle_as_they_do() -> None:
    """In the middle nothing moves: what is below is seen there, which is dark in the legend."""
    wheel = laid_wheel(33)

    assert wheel[16, 16, :3].max() < 60
    assert wheel[16, 31, 2] > 180
