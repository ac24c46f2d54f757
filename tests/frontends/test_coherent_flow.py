"""Regions of what moves together, with direction and speed."""

from __future__ import annotations

import numpy as np
import pytest

from motionapp.core.geometry import Box
from motionapp.core.motion import Region
from motionapp.frontends.flow.coherent import coherent_regions
from motionapp.regions import Found, find_regions

THRESHOLD_PX_S = 10.0


def regions_of(
    flow: np.ndarray, *, level: int = 0, metre_px: float | None = None
) -> tuple[Region, ...]:
    """The regions of a field: what is fast enough moves."""
    speed = np.hypot(flow[..., 0], flow[..., 1]).astype(np.float32)
    mask = np.where(speed > THRESHOLD_PX_S, 255, 0).astype(np.uint8)

    def find(part: np.ndarray) -> Found:
        return find_regions(
            part, speed, unit=THRESHOLD_PX_S, level=level, min_area=0.001, merge_gap=0.03
        )

    return coherent_regions(
        find(mask), flow, mask, find, threshold_px_s=THRESHOLD_PX_S, level=level, metre_px=metre_px
    )


def field(*things: tuple[Box, tuple[float, float]], noise_px_s: float = 2.0) -> np.ndarray:
    flow = np.zeros((120, 160, 2), np.float32)
    rng = np.random.default_rng(2)
    for (x0, y0, x1, y1), velocity in things:
        flow[y0:y1, x0:x1] = velocity + rng.normal(0, noise_px_s, (y1 - y0, x1 - x0, 2))
    return flow


def test_two_that_pass_each_other_are_two_regions() -> None:
    left, right = Box(40, 30, 62, 90), Box(62, 34, 80, 88)

    one, other = regions_of(field((left, (60, 0)), (right, (-40, 5))))

    assert one.box.iou(left) > 0.85
    assert other.box.iou(right) > 0.85
    assert one.velocity_px_s == pytest.approx((60, 0), abs=2)
    assert other.velocity_px_s == pytest.approx((-40, 5), abs=2)


@pytest.mark.parametrize("other", [(55.0, 0.0), (30.0, 25.0), (60.0, -50.0)])
def test_two_that_go_the_same_way_stay_one(other: tuple[float, float]) -> None:
    flow = field((Box(40, 30, 62, 90), (60, 0)), (Box(62, 34, 80, 88), other))

    assert len(regions_of(flow)) == 1


def test_an_arm_that_swings_back_belongs_to_its_body() -> None:
    flow = field((Box(40, 30, 62, 90), (60, 0)), (Box(62, 50, 68, 70), (-50, 0)))

    (body,) = regions_of(flow)

    assert body.velocity_px_s == pytest.approx((60, 0), abs=3)


def test_wild_flow_is_not_taken_apart() -> None:
    assert len(regions_of(field((Box(40, 30, 80, 90), (0, 0)), noise_px_s=40))) == 1


def test_the_pixels_of_both_are_counted_once() -> None:
    left, right = Box(40, 30, 62, 90), Box(62, 34, 80, 88)

    found = regions_of(field((left, (60, 0)), (right, (-40, 5))), level=1)

    total_px = 4 * (left.area + right.area)
    assert sum(region.area_px for region in found) == pytest.approx(total_px, rel=0.02)


def test_the_speed_is_told_in_metres_where_a_scale_is_known() -> None:
    flow = field((Box(40, 30, 62, 90), (60, 80)))

    (bare,), (scaled,) = regions_of(flow), regions_of(flow, metre_px=50)

    assert bare.speed_m_s is None
    assert scaled.speed_m_s == pytest.approx(2.0, abs=0.05)


def test_where_nothing_moves_there_is_nothing() -> None:
    assert regions_of(field()) == ()
