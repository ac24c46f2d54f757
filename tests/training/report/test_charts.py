"""Lines and bars stay within their chart."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.training.report.charts import (
    HEIGHT,
    MOST_POINTS,
    WIDTH,
    Bar,
    Line,
    chart,
    numbers_axis,
    round_step,
    shares_axis,
)

NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20)


@given(NUMBERS, st.booleans())
def test_an_axis_holds_its_values_between_its_first_and_last_mark(
    values: list[float], from_zero: bool
) -> None:
    values = [abs(value) for value in values] if from_zero else values

    axis = numbers_axis("loss", values, from_zero=from_zero)

    slack = 1e-6 * max(1.0, *map(abs, values))
    assert axis.low - slack <= min(values)
    assert max(values) <= axis.high + slack
    assert axis.low == pytest.approx(axis.ticks[0].value)
    assert axis.high == pytest.approx(axis.ticks[-1].value)
    assert 2 <= len(axis.ticks) <= 8


@given(st.floats(1e-6, 1e9))
def test_steps_are_round_and_few(length: float) -> None:
    step = round_step(length)

    assert length / step <= 6 + 1e-6
    leading = step / 10 ** math.floor(math.log10(step) + 1e-9)
    assert min(abs(leading - one) for one in (1, 2, 5)) < 1e-6


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5)), min_size=1, max_size=30))
def test_what_lies_beyond_the_axes_is_drawn_at_their_ends(
    points: list[tuple[float, float]],
) -> None:
    axis = shares_axis("right")
    titles = ("",) * len(points)

    drawn = chart("a", axis, axis, [Line("b", tuple(points), titles=titles)])

    for dot in drawn.lines[0].dots:
        assert 0 < dot.x < WIDTH
        assert 0 < dot.y < HEIGHT


def test_a_bar_stands_on_the_horizontal_axis() -> None:
    axis = shares_axis("right")

    (bar,) = chart("a", axis, axis, bars=[Bar(0.2, 0.4, 0.5, "half")]).bars

    ground = next(y for y, text in chart("a", axis, axis).up if text == "0 %")
    assert bar.y + bar.height == pytest.approx(ground)
    assert bar.width > 0


def test_a_line_of_very_many_points_is_thinned_but_for_its_last() -> None:
    axis = shares_axis("right")
    points = tuple((number / 9999, number / 9999) for number in range(10_000))

    (line,) = chart("a", axis, axis, [Line("b", points)]).lines

    assert line.path.count("L") <= MOST_POINTS
    assert line.path.endswith(f"L{446.0} {12.0}")
