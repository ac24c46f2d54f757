"""How one track moves on by a frame."""

from __future__ import annotations

import pytest

from motionapp.core.geometry import Box
from motionapp.tracking.state import ABSORBED_S, CROSSING_S, TrackState

STEP_S = 0.04


def followed(box: Box, vx: float = 0.0) -> TrackState:
    x, y = box.centre
    return TrackState(1, x, y, box, 0.0, 0.0, 0.0, (vx, 0.0))


def test_it_is_expected_where_its_speed_leads_between_pixels_too() -> None:
    assert followed(Box(10, 0, 20, 30), vx=10.0).expected(STEP_S) == (10.4, 0.0, 20.4, 30.0)


def test_slow_coasting_adds_up_over_frames_that_move_it_by_less_than_a_pixel() -> None:
    track = followed(Box(10, 0, 20, 30), vx=10.0)

    for _ in range(5):
        track.coast(STEP_S)

    assert track.box == Box(12, 0, 22, 30)
    assert not track.is_seen
    assert 0 < track.velocity_px_s[0] < 10.0


def test_the_jump_out_of_a_shared_region_is_no_speed() -> None:
    track = followed(Box(10, 0, 20, 30), vx=10.0)
    track.carry_on(STEP_S, STEP_S)

    track.move(Box(50, 0, 60, 30), STEP_S, 2 * STEP_S)

    assert track.velocity_px_s == (10.0, 0.0)
    assert track.box == Box(50, 0, 60, 30)
    assert not track.is_merged


@pytest.mark.parametrize(
    ("guest", "host", "may_s"),
    [
        pytest.param((Box(0, 0, 20, 50), 80.0), (Box(10, 0, 30, 50), -80.0), CROSSING_S, id="meet"),
        pytest.param((Box(0, 0, 20, 50), 80.0), (Box(10, 0, 30, 50), 80.0), ABSORBED_S, id="along"),
        pytest.param((Box(0, 0, 9, 9), 80.0), (Box(0, 0, 30, 50), -80.0), ABSORBED_S, id="limb"),
    ],
)
def test_who_crosses_may_share_a_region_for_long_and_a_part_of_one_thing_may_not(
    guest: tuple[Box, float], host: tuple[Box, float], may_s: float
) -> None:
    assert followed(*guest).may_share_s(followed(*host)) == may_s
