"""Zones as pictures, against a model that asks for each pixel whether its middle is inside."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from motionapp.core.errors import SettingsError
from motionapp.frontends.zone_map import zone_map
from motionapp.settings.zones import Corner, ZoneSettings

SIZE, LEVEL = (160, 96), 2
SHAPE = (24, 40)


def zone(name: str, *corners: Corner, **values: Any) -> ZoneSettings:
    return ZoneSettings(name=name, polygon=corners, **values)


def rectangle(name: str, x0: float, y0: float, x1: float, y1: float, **values: Any) -> ZoneSettings:
    return zone(name, (x0, y0), (x1, y0), (x1, y1), (x0, y1), **values)


def middle(row: int, column: int) -> tuple[float, float]:
    """Of an analysis pixel, in display pixels."""
    side = 1 << LEVEL
    return (column + 0.5) * side, (row + 0.5) * side


def is_inside(point: tuple[float, float], corners: list[tuple[float, float]]) -> bool:
    """By counting the borders to the left of a point."""
    x, y = point
    crossed = False
    for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (y0 <= y) != (y1 <= y):
            crossed ^= x0 + (y - y0) * (x1 - x0) / (y1 - y0) < x
    return crossed


def distance(point: tuple[float, float], corners: list[tuple[float, float]]) -> float:
    """To the nearest border, in display pixels."""
    return min(
        _to_line(point, a, b) for a, b in zip(corners, corners[1:] + corners[:1], strict=True)
    )


def _to_line(p: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    (px, py), (ax, ay), (bx, by) = p, a, b
    length2 = (bx - ax) ** 2 + (by - ay) ** 2
    along = 0.0 if not length2 else ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length2
    along = min(1.0, max(0.0, along))
    return math.hypot(px - ax - along * (bx - ax), py - ay - along * (by - ay))


shares = st.floats(0, 1, width=32).map(lambda value: round(value, 4))
polygons = st.lists(st.tuples(shares, shares), min_size=3, max_size=8)


@given(polygons)
def test_a_zone_holds_the_pixels_whose_middle_is_inside(corners: list[Corner]) -> None:
    """Within a pixel's diagonal of a border either answer is right: the border is drawn too."""
    try:
        drawn = zone("z", *corners)
    except ValueError:
        assume(False)
    found = zone_map([drawn], SIZE, LEVEL)

    assert found is not None
    assert found.watched.shape == SHAPE
    in_px = [(x * SIZE[0], y * SIZE[1]) for x, y in corners]
    for row in range(SHAPE[0]):
        for column in range(SHAPE[1]):
            point = middle(row, column)
            if distance(point, in_px) > math.sqrt(2) * (1 << LEVEL):
                assert bool(found.watched[row, column]) == is_inside(point, in_px)


@given(polygons, polygons)
def test_what_is_excluded_is_watched_by_nobody(one: list[Corner], other: list[Corner]) -> None:
    try:
        yes, no = zone("yes", *one), zone("no", *other, kind="exclude")
    except ValueError:
        assume(False)
    both, alone, left_out = (zone_map(z, SIZE, LEVEL) for z in ([yes, no], [yes], [no]))

    assert both is not None
    assert alone is not None
    assert left_out is not None
    assert left_out.parts == ()
    assert np.array_equal(both.watched, alone.watched & left_out.watched)
    assert np.array_equal(both.parts[0].inside, both.watched)


def test_without_zones_there_is_no_map() -> None:
    assert zone_map((), SIZE, LEVEL) is None


def test_several_zones_are_watched_together_and_each_knows_its_own() -> None:
    left, right = rectangle("left", 0, 0, 0.3, 1), rectangle("right", 0.6, 0, 1, 1)
    found = zone_map([left, right], SIZE, LEVEL)

    assert found is not None
    assert [part.name for part in found.parts] == ["left", "right"]
    assert np.array_equal(found.watched, found.parts[0].inside | found.parts[1].inside)
    assert not (found.parts[0].inside & found.parts[1].inside).any()
    assert found.watched[:, 18].max() == 0
    assert found.sensitivity is None


def test_neighbours_leave_no_gap_between_them() -> None:
    found = zone_map([rectangle("a", 0, 0, 0.437, 1), rectangle("b", 0.437, 0, 1, 1)], SIZE, LEVEL)

    assert found is not None
    assert found.watched.min() == 255


def test_sensitivity_is_the_greatest_of_the_zones_and_1_where_nobody_watches() -> None:
    found = zone_map(
        [
            rectangle("weak", 0, 0, 0.5, 1, sensitivity=0.5),
            rectangle("strong", 0.4, 0, 0.7, 1, sensitivity=2.0),
        ],
        SIZE,
        LEVEL,
    )

    assert found is not None
    assert found.sensitivity is not None
    assert found.sensitivity.dtype == np.float32
    assert [found.sensitivity[5, x] for x in (2, 18, 24, 35)] == [0.5, 2.0, 2.0, 1.0]


def test_a_zone_keeps_its_place_at_every_level() -> None:
    part = rectangle("door", 0.25, 0.25, 0.75, 0.75)
    for level in (0, 1, 2, 3):
        found = zone_map([part], (640, 352), level)
        assert found is not None
        assert found.watched.shape == (352 >> level, 640 >> level)
        assert np.count_nonzero(found.watched) / found.watched.size == pytest.approx(0.25, abs=0.04)


def test_maps_cannot_be_changed() -> None:
    found = zone_map([rectangle("z", 0, 0, 1, 1, sensitivity=2.0)], SIZE, LEVEL)

    assert found is not None
    assert found.sensitivity is not None
    for array in (found.watched, found.sensitivity, found.parts[0].inside):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1


def test_a_zone_in_pixels_is_the_one_in_shares_of_a_picture_of_that_size() -> None:
    shares = rectangle("z", 0.25, 0.5, 0.75, 1)
    width, height = SIZE
    corners = tuple((x * width, y * height) for x, y in shares.polygon)
    pixels = ZoneSettings(name="z", polygon=corners, unit="px")

    one, other = (zone_map([zone], SIZE, LEVEL) for zone in (shares, pixels))

    assert one is not None
    assert other is not None
    assert np.array_equal(one.watched, other.watched)


def test_a_zone_in_pixels_outside_of_the_picture_is_refused() -> None:
    beyond = ZoneSettings(name="z", polygon=((9000, 0), (9100, 0), (9100, 50)), unit="px")

    with pytest.raises(SettingsError, match="zone z lies outside of the picture, which is"):
        zone_map([beyond], SIZE, LEVEL)


def test_what_is_covered_is_left_out_with_a_pixel_more() -> None:
    private = rectangle("p", 0.25, 0.25, 0.5, 0.5, kind="privacy")

    found = zone_map([private], SIZE, LEVEL)

    assert found is not None
    assert found.parts == ()
    left_out = np.argwhere(found.watched == 0)
    assert left_out.min(axis=0).tolist() == [6 - 2, 10 - 2]  # one for the cover, one for its edge
    assert left_out.max(axis=0).tolist() == [11 + 2, 19 + 2]
    assert found.watched[0, 0] == 255


def test_a_line_is_no_part_of_the_picture() -> None:
    line = zone("l", (0.1, 0.1), (0.9, 0.9), kind="line")
    door = rectangle("d", 0.0, 0.0, 0.5, 1.0)

    assert zone_map([line], SIZE, LEVEL) is None
    both, alone = zone_map([line, door], SIZE, LEVEL), zone_map([door], SIZE, LEVEL)
    assert both is not None
    assert alone is not None
    np.testing.assert_array_equal(both.watched, alone.watched)
    assert [part.name for part in both.parts] == ["d"]
