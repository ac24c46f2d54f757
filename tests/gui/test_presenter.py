"""What the window says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.event import Event
from motionapp.core.geometry import Box
from motionapp.gui.presenter import (
    SLIDER_STEPS,
    age_text,
    event_times,
    position_of,
    position_text,
    rate_text,
    sensitivity_at,
    source_title,
    stage_lines,
    status_items,
)
from motionapp.runtime import Snapshot

WAVE = Event("all@62000", "all", 62.0, 66.25, "wave2", 0.934, 63.0, Box(0, 0, 9, 9), (), "motion")


def test_an_event_says_when_and_how_long() -> None:
    assert event_times(WAVE) == "01:02.0   4.2 s"


def test_an_open_event_goes_on_now() -> None:
    still_open = Event("all@1", "all", 0.001, 1.0, "motion", 0.5, 0.5, Box(0, 0, 9, 9))

    assert event_times(still_open).endswith("now")


@given(st.integers(0, SLIDER_STEPS))
def test_the_slider_finds_its_own_positions_again(position: int) -> None:
    assert position_of(sensitivity_at(position)) == position


def test_the_middle_of_the_slider_is_one_and_its_ends_hold_all_beyond() -> None:
    assert sensitivity_at(SLIDER_STEPS // 2) == 1.0
    assert position_of(10.0) == SLIDER_STEPS
    assert position_of(0.1) == 0


@pytest.mark.parametrize(
    ("spec", "title"),
    [
        ("/films/yard.mp4", "yard.mp4"),
        ("camera:2", "Camera 2"),
        ("camera:2,size=640x480,rate=15", "Camera 2 (640x480, 15 /s)"),
        ("camera:Porch,rate=29.97", "Camera Porch (29.97 /s)"),
        ("camera:2,size=big", "Camera 2,size=big"),
        ("synthetic:light-step", "Rendered: light-step"),
        ("rtsp://yard.local/1", "rtsp://yard.local/1"),
        ("rtsp://me:secret@yard.local/1", "rtsp://yard.local/1"),
    ],
)
def test_sources_have_short_titles(spec: str, title: str) -> None:
    assert source_title(spec) == title


def test_what_is_not_known_is_a_dash() -> None:
    assert rate_text(0.0) == age_text(None) == "–"
    assert position_text(1.0, None) == "00:01.0"
    assert position_text(1.0, 61.0) == "00:01.0 / 01:01.0"


def test_the_status_line_has_rates_age_and_what_was_missed() -> None:
    snapshot = Snapshot(capture_hz=30.0, analysis_hz=12.34, dropped=7, stage_ms={"gate": 0.5})

    items = dict(status_items(snapshot, 29.97, 12.3))

    assert items["Capture"] == "30.0 /s"
    assert items["Analysis"] == "12.3 /s"
    assert items["Age"] == "12 ms"
    assert items["Missed"] == "7"
    assert stage_lines(snapshot) == "gate: 0.50 ms"
