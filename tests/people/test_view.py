"""Views lie round bodies, keep their shape at borders, and cost no more than they may."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.geometry import Box
from motionapp.people.view import CELL_PX, View, ViewRules, cut, view_round

RULES = ViewRules()
PICTURE = np.random.default_rng(0).integers(0, 256, (90, 120, 3), np.uint8)

sides = st.integers(1, 4000)
edges = st.integers(-2000, 4000)


@given(edges, edges, sides, sides)
def test_every_body_lies_in_the_middle_of_its_view_unstretched(
    x: int, y: int, width: int, height: int
) -> None:
    body = Box(x, y, x + width, y + height)

    box, size = view_round(body, RULES)

    assert box.centre == pytest.approx(body.centre, abs=1)
    assert box.union(body) == box
    assert size[0] % CELL_PX == 0
    assert size[1] % CELL_PX == 0
    assert size[0] * box.height == pytest.approx(size[1] * box.width, rel=0.15)
    # A cell more on each side is what rounding may add.
    assert (size[0] - CELL_PX) * (size[1] - CELL_PX) <= RULES.most_px


def test_an_upright_body_is_seen_at_the_length_asked_for() -> None:
    view = view_round(Box(100, 100, 140, 200), RULES)

    assert 100 * view.size[1] / view.box.height == pytest.approx(RULES.length_px, rel=0.02)
    assert view.size[0] < view.size[1]


def test_a_broad_group_is_seen_larger_than_an_equal_square_would_show_it() -> None:
    view = view_round(Box(100, 100, 300, 200), RULES)

    assert 100 * view.size[1] / view.box.height >= 80


def test_a_tiny_body_is_seen_with_what_surrounds_it() -> None:
    assert view_round(Box(10, 10, 11, 11), RULES).box.width >= 12


def test_rules_that_show_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="shows nothing"):
        ViewRules(length_px=0)


def test_a_view_inside_the_picture_is_the_picture() -> None:
    view = View(Box(10, 20, 74, 84), (64, 64))

    np.testing.assert_array_equal(cut(PICTURE, view), PICTURE[20:84, 10:74])


def test_outside_the_picture_its_border_is_repeated() -> None:
    seen = cut(PICTURE, View(Box(-16, -32, 48, 32), (64, 64)))

    np.testing.assert_array_equal(seen[32:, 16:], PICTURE[:32, :48])
    assert (seen[:33, 16:] == PICTURE[0, :48]).all()
    assert (seen[32:, :17] == PICTURE[:32, :1]).all()


@pytest.mark.parametrize("box", [Box(-500, -500, 600, 600), Box(119, 89, 183, 153)])
def test_views_far_over_the_border_are_cut_too(box: Box) -> None:
    assert cut(PICTURE, View(box, (96, 64))).shape == (64, 96, 3)
