"""Plain lines for a person who reads along."""

from __future__ import annotations

import io

import pytest

from motionapp.core.crossing import Crossing
from motionapp.core.event import EndedBy, Event
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.watch.lines import ENDINGS, PlainLinesSink


def an_event(label: str, end_s: float, *, ended_by: EndedBy | None = None) -> Event:
    return Event("all@62000", "all", 62.0, end_s, label, 0.87, 62.5, Box(0, 0, 9, 9), (), ended_by)


def test_an_event_is_a_line_when_it_opens_is_named_and_closes() -> None:
    stream = io.StringIO()
    sink = PlainLinesSink(stream)

    sink.accept(Moment("test", None, opened=(an_event("motion", 62.3),)))
    sink.accept(Moment("test", None, changed=(an_event("motion", 62.9),)))
    sink.accept(Moment("test", None, changed=(an_event("wave1", 63.3),)))
    sink.accept(Moment("test", None, closed=(an_event("wave1", 66.2, ended_by="motion"),)))
    sink.close()

    assert stream.getvalue().splitlines() == [
        "01:02.0  motion ...",
        "01:02.0  wave1 ...",
        "01:02.0  wave1 0.87, 4.2 s",
    ]


@pytest.mark.parametrize("ended_by", list(ENDINGS))
def test_an_ending_that_was_not_the_movement_s_own_is_named(ended_by: EndedBy) -> None:
    stream = io.StringIO()

    PlainLinesSink(stream).accept(
        Moment("test", None, closed=(an_event("walk", 66.0, ended_by=ended_by),))
    )

    assert ENDINGS[ended_by] in stream.getvalue()


def test_who_goes_over_a_line_is_a_line_with_the_side() -> None:
    stream = io.StringIO()

    sink = PlainLinesSink(stream)
    sink.accept(Moment("test", None, crossings=(Crossing("front door", 62.04, 1, "left"),)))

    assert stream.getvalue() == "01:02.0  over front door to the left\n"
