"""What is seen of a frame, and where: points go there and back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.gui.sight import MOST_ZOOM, Sight

SIDES = st.integers(64, 4000)
SHARES = st.floats(0.0, 1.0)


@st.composite
def sights(draw: st.DrawFn) -> Sight:
    """Any that wheel and pointer can come to."""
    sight = Sight(
        (draw(SIDES), draw(SIDES)), (draw(SIDES), draw(SIDES)), is_mirrored=draw(st.booleans())
    )
    for _ in range(draw(st.integers(0, 4))):
        at = draw(SHARES) * sight.view[0], draw(SHARES) * sight.view[1]
        sight = sight.zoomed(draw(st.floats(0.2, 8.0)), at)
        sight = sight.moved((draw(st.floats(-500, 500)), draw(st.floats(-500, 500))))
    return sight


@given(sight=sights(), x=SHARES, y=SHARES)
def test_a_point_of_the_view_comes_back_from_the_frame(sight: Sight, x: float, y: float) -> None:
    point = x * sight.view[0], y * sight.view[1]

    assert sight.to_view(sight.to_frame(point)) == pytest.approx(point, abs=1e-3)


@given(sight=sights(), x=SHARES, y=SHARES)
def test_shares_of_the_frame_are_kept(sight: Sight, x: float, y: float) -> None:
    assert sight.shares_of(sight.of_shares((x, y))) == pytest.approx((x, y), abs=1e-6)


@given(sight=sights())
def test_nothing_is_seen_beside_the_frame_while_there_is_more_of_it(sight: Sight) -> None:
    part = sight.part

    assert 0 <= part.x0 < part.x1 <= sight.frame[0]
    assert 0 <= part.y0 < part.y1 <= sight.frame[1]
    for corner in ((0.0, 0.0), (float(sight.view[0]), float(sight.view[1]))):
        x, y = sight.to_frame(corner)
        margin = [max(0.0, view - whole * sight.scale) / 2 / sight.scale
                  for view, whole in zip(sight.view, sight.frame, strict=True)]  # fmt: skip
        assert -margin[0] - 1e-3 <= x <= sight.frame[0] + margin[0] + 1e-3
        assert -margin[1] - 1e-3 <= y <= sight.frame[1] + margin[1] + 1e-3


@given(sight=sights(), x=SHARES, y=SHARES)
def test_what_is_seen_lies_in_the_part(sight: Sight, x: float, y: float) -> None:
    across, down = sight.to_frame((x * sight.view[0], y * sight.view[1]))
    part = sight.part

    if 0 <= across < sight.frame[0] and 0 <= down < sight.frame[1]:
        assert part.x0 - 1e-3 <= across <= part.x1 + 1e-3
        assert part.y0 - 1e-3 <= down <= part.y1 + 1e-3


def test_a_point_stays_under_the_pointer_while_the_wheel_turns() -> None:
    sight = Sight((1920, 1080), (960, 540))
    at = (700.0, 100.0)
    held = sight.to_frame(at)

    for _ in range(5):
        sight = sight.zoomed(1.25, at)
        assert sight.to_frame(at) == pytest.approx(held)

    assert sight.zoom == pytest.approx(1.25**5)
    assert sight.zoomed(100.0, at).zoom == MOST_ZOOM


def test_a_fitted_frame_cannot_be_dragged_away() -> None:
    sight = Sight((640, 480), (1280, 480))

    assert sight.moved((300.0, 50.0)) == sight
    assert sight.part.width == 640
    assert sight.to_view((0, 0)) == (320.0, 0.0)


def test_a_mirror_exchanges_left_and_right() -> None:
    sight = Sight((100, 100), (200, 200), is_mirrored=True)

    assert sight.to_view((10, 10)) == (180.0, 20.0)
    nearer = sight.zoomed(2.0, (0.0, 0.0))
    assert (nearer.part.x0, nearer.part.x1) == (50, 100)
    assert nearer.moved((50.0, 0.0)).part.x1 == 100
    assert nearer.moved((-50.0, 0.0)).to_frame((0.0, 0.0))[0] == pytest.approx(87.5)


def test_the_whole_frame_is_a_key_away() -> None:
    sight = Sight((640, 480), (640, 480))

    assert sight.zoomed(4.0, (10.0, 10.0)).whole() == sight
    assert replace(sight, view=(320, 200)).part == sight.part
