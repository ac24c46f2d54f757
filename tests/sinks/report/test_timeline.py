"""Where things stand on the line of time."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.sinks.report.activity import Activity
from motionapp.sinks.report.clock import Clock
from motionapp.sinks.report.timeline import MOST_DRAWN_BINS, THINNEST_BAR, make_timeline


def event(start_s: float, end_s: float, zone: str = "all", label: str = "run") -> dict[str, Any]:
    return {"start_s": start_s, "end_s": end_s, "zone": zone, "label": label}


def test_events_stand_in_the_lane_of_their_zone_at_their_share_of_the_time() -> None:
    events = [event(10, 20, "yard"), event(15, 15.001, "door"), event(50, 100, "yard")]

    timeline = make_timeline(Activity(), events, (), Clock(None, from_s=0, to_s=100))

    door, yard = timeline.lanes
    assert (door.zone, yard.zone) == ("door", "yard")
    assert [(bar.left, bar.width, bar.row) for bar in yard.bars] == [(10, 10, 1), (50, 50, 3)]
    assert (door.bars[0].left, door.bars[0].width) == (15, THINNEST_BAR)


@given(st.floats(-50, 150, allow_nan=False), st.floats(0, 100, allow_nan=False))
def test_no_bar_leaves_the_line(start_s: float, length_s: float) -> None:
    timeline = make_timeline(
        Activity(), [event(start_s, start_s + length_s)], (), Clock(None, from_s=0, to_s=100)
    )

    (bar,) = timeline.lanes[0].bars
    assert bar.left >= 0
    assert bar.width >= THINNEST_BAR
    assert bar.left + bar.width <= 100.001


def test_the_activity_is_drawn_in_steps_with_gaps_where_there_was_no_picture() -> None:
    activity = Activity(0.0, 1.0, (0.0, 0.25, 1.0, None, 1.0))

    timeline = make_timeline(activity, (), (), Clock(None, from_s=0, to_s=5))

    assert timeline.levels == (0, 50, 100, None, 100)
    assert timeline.path == "M0 100V100H1V50H2V0H3V100ZM4 100V0H5V100Z"
    assert timeline.levels_text == "0,50,100,,100"


def test_a_long_activity_is_drawn_in_a_bounded_number_of_steps() -> None:
    activity = Activity(0.0, 1.0, tuple(index % 7 / 7 for index in range(1200)))

    timeline = make_timeline(activity, (), (), Clock(None, from_s=0, to_s=1200))

    assert timeline.bins == MOST_DRAWN_BINS
    assert timeline.drawn_width == pytest.approx(100)


def test_lost_stretches_are_drawn_where_they_meet_the_recording() -> None:
    timeline = make_timeline(
        Activity(), (), ((2.0, 4.0), (50.0, 60.0)), Clock(None, from_s=0, to_s=10)
    )

    assert [(each.left, each.width) for each in timeline.lost] == [(20, 20)]


def test_a_recording_without_length_has_a_line_all_the_same() -> None:
    timeline = make_timeline(Activity(), [event(0, 0)], (), Clock())

    assert timeline.path == ""
    assert timeline.lanes[0].bars[0].left == 0
    assert not timeline.is_still
    assert make_timeline(Activity(), (), (), Clock()).is_still
