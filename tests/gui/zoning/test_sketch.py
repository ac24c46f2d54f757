"""Zones are drawn and edited point by point, and are zones at every moment."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.gui.zoning.sketch import Sketch, in_shares, is_inside
from motionapp.settings.zones import ZoneSettings, name_that_comes_twice

REACH = (0.02, 0.02)
SQUARE = ((0.2, 0.2), (0.6, 0.2), (0.6, 0.6), (0.2, 0.6))


def a_sketch() -> Sketch:
    return Sketch((ZoneSettings(name="door", polygon=SQUARE, sensitivity=2.0),))


def test_a_zone_is_drawn_corner_by_corner_and_closed_at_its_first() -> None:
    sketch = Sketch()
    sketch.begin("exclude")

    for corner in ((0.1, 0.1), (0.5, 0.1), (0.5, 0.5)):
        assert sketch.press(corner, REACH)
        assert sketch.zones == ()
    sketch.press((0.105, 0.11), REACH)

    (zone,) = sketch.zones
    assert (zone.name, zone.kind, len(zone.polygon)) == ("zone 1", "exclude", 3)
    assert not sketch.is_drawing
    assert sketch.chosen == 0


def test_what_is_not_yet_a_zone_cannot_be_closed_and_can_be_left() -> None:
    sketch = Sketch()
    sketch.begin("include")
    sketch.press((0.1, 0.1), REACH)
    sketch.press((0.5, 0.1), REACH)

    assert not sketch.finish()
    assert sketch.leave()

    assert not sketch.leave()
    assert sketch.zones == ()


def test_a_corner_is_drawn_elsewhere() -> None:
    sketch = a_sketch()

    assert sketch.press((0.61, 0.605), REACH)
    sketch.move((0.8, 0.9))
    assert sketch.release()

    assert sketch.zones[0].polygon[2] == (0.8, 0.9)
    assert (sketch.zones[0].name, sketch.zones[0].sensitivity) == ("door", 2.0)


def test_a_zone_is_moved_as_a_whole_and_stays_in_the_picture() -> None:
    sketch = a_sketch()

    sketch.press((0.4, 0.4), REACH)
    sketch.move((0.5, 0.45))
    assert sketch.zones[0].polygon[0] == (0.3, 0.25)
    sketch.move((9.0, 0.45))
    sketch.release()

    assert sketch.zones[0].polygon == ((0.6, 0.25), (1.0, 0.25), (1.0, 0.65), (0.6, 0.65))


def test_an_edge_of_the_chosen_zone_bends_where_it_is_taken_hold_of() -> None:
    sketch = a_sketch()
    sketch.press((0.4, 0.4), REACH)
    assert not sketch.release()

    sketch.press((0.4, 0.205), REACH)
    sketch.move((0.4, 0.05))
    sketch.release()

    assert sketch.zones[0].polygon[:3] == ((0.2, 0.2), (0.4, 0.05), (0.6, 0.2))
    assert sketch.remove_corner((0.4, 0.05), REACH)
    assert sketch.zones[0].polygon == SQUARE


def test_three_corners_stay() -> None:
    sketch = a_sketch()

    assert sketch.remove_corner((0.6, 0.6), REACH)
    assert not sketch.remove_corner((0.6, 0.2), REACH)


def test_a_press_beside_all_zones_is_for_the_picture() -> None:
    sketch = a_sketch()
    sketch.press((0.4, 0.4), REACH)
    sketch.release()

    assert not sketch.press((0.9, 0.9), REACH)
    assert sketch.chosen is None


def test_pixels_become_shares() -> None:
    zone = ZoneSettings(name="a", polygon=((64, 48), (640, 48), (640, 480)), unit="px")

    (shares,) = in_shares((zone,), (640, 480))

    assert (shares.unit, shares.polygon) == ("share", ((0.1, 0.1), (1.0, 0.1), (1.0, 1.0)))


@pytest.mark.parametrize(("at", "inside"), [((0.4, 0.4), True), ((0.1, 0.4), False)])
def test_inside_is_inside(at: tuple[float, float], inside: bool) -> None:
    assert is_inside(at, SQUARE) == inside


POINTS = st.tuples(st.floats(-0.2, 1.2), st.floats(-0.2, 1.2))
DOINGS = st.one_of(
    st.tuples(st.just("press"), POINTS), st.tuples(st.just("move"), POINTS),
    st.tuples(st.just("corner"), POINTS),
    st.sampled_from([("release",), ("begin",), ("finish",), ("leave",), ("remove",)]),
)  # fmt: skip


@given(st.lists(DOINGS, max_size=60))
def test_whatever_is_done_all_zones_are_zones(doings: list[tuple[object, ...]]) -> None:
    sketch = a_sketch()
    for doing in doings:
        name, *at = doing
        if name == "press":
            sketch.press(at[0], REACH)  # type: ignore[arg-type]  # a point
        elif name == "move":
            sketch.move(at[0])  # type: ignore[arg-type]
        elif name == "corner":
            sketch.remove_corner(at[0], REACH)  # type: ignore[arg-type]
        elif name == "begin":
            sketch.begin("include")
        else:
            getattr(sketch, str(name))()

        for zone in sketch.zones:
            assert ZoneSettings.model_validate(zone.model_dump()) == zone
        assert name_that_comes_twice(sketch.zones) is None
        assert sketch.chosen is None or sketch.chosen < len(sketch.zones)


# -- lines and covers ---------------------------------------------------------------------------

DOOR = ((0.2, 0.5), (0.8, 0.5))


def a_line(points: tuple[tuple[float, float], ...] = DOOR) -> Sketch:
    return Sketch((ZoneSettings(name="door", kind="line", polygon=points),))


def test_a_line_ends_where_it_is_clicked_twice() -> None:
    sketch = Sketch()
    sketch.begin("line")
    sketch.press((0.1, 0.1), REACH)
    sketch.press((0.105, 0.1), REACH)
    assert sketch.is_drawing  # one point is no line

    for point in ((0.5, 0.1), (0.5, 0.6), (0.505, 0.6)):
        sketch.press(point, REACH)

    (line,) = sketch.zones
    assert (line.name, line.kind) == ("line 1", "line")
    assert line.polygon[-2:] == ((0.5, 0.1), (0.5, 0.6))
    assert not sketch.is_drawing


def test_a_line_is_taken_hold_of_where_it_runs_and_not_where_it_would_close() -> None:
    bent = ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8))

    assert not a_line(bent).press((0.5, 0.5), REACH)
    sketch = a_line(bent)
    assert sketch.press((0.5, 0.205), REACH)
    sketch.move((0.5, 0.305))
    assert sketch.release()

    assert sketch.zones[0].polygon == ((0.2, 0.3), (0.8, 0.3), (0.8, 0.9))


def test_a_chosen_line_bends_where_it_is_dragged_and_keeps_two_points() -> None:
    sketch = a_line()
    sketch.chosen = 0
    sketch.press((0.5, 0.5), REACH)
    sketch.move((0.5, 0.7))
    sketch.release()
    assert sketch.zones[0].polygon == ((0.2, 0.5), (0.5, 0.7), (0.8, 0.5))

    assert sketch.remove_corner((0.5, 0.7), REACH)

    assert not sketch.remove_corner((0.2, 0.5), REACH)
    assert sketch.zones[0].polygon == DOOR


def test_what_is_private_is_drawn_as_any_zone() -> None:
    sketch = Sketch()
    sketch.begin("privacy")
    for corner in (*SQUARE, SQUARE[0]):
        sketch.press(corner, REACH)

    assert (sketch.zones[0].kind, sketch.zones[0].polygon) == ("privacy", SQUARE)


def test_what_is_moved_by_steps_stays_within_the_picture() -> None:
    sketch = a_line(((0.2, 0.5), (0.8, 0.5)))
    assert not sketch.shift(0.1, 0.0)  # none is chosen
    sketch.chosen = 0

    assert sketch.shift(0.5, 0.1)
    assert not sketch.shift(0.1, 0.0)

    assert sketch.zones[0].polygon == ((0.4, 0.6), (1.0, 0.6))


def test_a_zone_grows_from_its_upper_left_and_never_to_nothing() -> None:
    sketch = Sketch()
    sketch.begin("include")
    for corner in (*SQUARE, SQUARE[0]):
        sketch.press(corner, REACH)
    (left, top), (right, bottom) = SQUARE[0], SQUARE[2]

    assert sketch.grow(0.1, 0.0)
    assert sketch.zones[0].polygon[0] == (left, top)
    assert sketch.zones[0].polygon[2] == pytest.approx((right + 0.1, bottom))
    sketch.grow(9.0, 9.0)
    assert sketch.zones[0].polygon[2] == (1.0, 1.0)

    assert not sketch.grow(-2.0, 0.0)
    assert sketch.zones[0].polygon[2] == (1.0, 1.0)


def test_a_line_is_turned_by_its_last_point() -> None:
    sketch = a_line(((0.2, 0.5), (0.8, 0.5)))
    sketch.chosen = 0

    assert sketch.grow(0.0, -0.2)

    assert sketch.zones[0].polygon == ((0.2, 0.5), (0.8, 0.3))
