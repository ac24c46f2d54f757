"""The line under the picture: places there and back, and what is painted of them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from motionapp.core.event import Event
from motionapp.core.geometry import Box
from motionapp.gui.found.log import Found
from motionapp.gui.play.wish import Loop
from motionapp.gui.theme import label_qcolor
from motionapp.gui.time_scale import SHORTEST_S, TimeScale
from motionapp.gui.timeline import BAR_PX, HEIGHT_PX, Timeline


@st.composite
def scales(draw: st.DrawFn) -> TimeScale:
    scale = TimeScale(draw(st.floats(3, 90_000)), 7.0, draw(st.floats(100, 3000)))
    for _ in range(draw(st.integers(0, 4))):
        scale = scale.zoomed(draw(st.floats(0.3, 5)), draw(st.floats(0, 3000)))
        scale = scale.moved(draw(st.floats(-9000, 9000)))
    return scale


@given(scale=scales(), x=st.floats(7, 3000))
def test_a_place_comes_back_from_its_second(scale: TimeScale, x: float) -> None:
    if x <= scale.right_px:
        assert scale.x_of(scale.s_of(x)) == pytest.approx(x, abs=0.01)


@given(scale=scales())
def test_nothing_is_shown_beyond_the_recording(scale: TimeScale) -> None:
    assert -1e-6 <= scale.from_s < scale.end_s <= scale.duration_s + 1e-6
    assert scale.length_s >= min(SHORTEST_S, scale.duration_s) - 1e-6


@given(scale=scales(), x=st.floats(7, 100), factor=st.floats(1, 3))
def test_the_second_under_the_pointer_stays_there(
    scale: TimeScale, x: float, factor: float
) -> None:
    at_s = scale.s_of(x)

    assert scale.zoomed(factor, x).x_of(at_s) == pytest.approx(x, abs=0.1)


def test_it_turns_over_when_the_picture_leaves_what_is_shown() -> None:
    scale = TimeScale(100.0, 0.0, 1000.0).zoomed(10.0, 0.0)
    assert (scale.from_s, scale.end_s) == (0.0, 10.0)

    assert scale.following(9.9) == scale
    assert scale.following(10.5).from_s == pytest.approx(9.5)
    assert scale.following(99.9).end_s == pytest.approx(100.0)


@pytest.fixture
def timeline(app: QApplication) -> Timeline:
    timeline = Timeline()
    timeline.resize(514, HEIGHT_PX)
    timeline.set_duration(100.0)
    return timeline


def found(start_s: float, end_s: float, label: str = "walk", *, is_cut: bool = False) -> Found:
    return Found(
        Event(
            f"all@{round(start_s * 1000)}", "all", start_s, end_s, label, 0.9, start_s,
            Box(0, 0, 9, 9), ended_by="motion",
        ),
        is_cut,
    )  # fmt: skip


def colour_at(timeline: Timeline, at_s: float, y: int) -> tuple[int, int, int]:
    assert timeline.scale is not None
    image = timeline.grab().toImage()
    colour = image.pixelColor(round(timeline.scale.x_of(at_s)), y)
    return colour.red(), colour.green(), colour.blue()


def test_events_stand_where_they_were_in_their_colours(timeline: Timeline) -> None:
    timeline.show_found([found(60.0, 80.0), found(20.0, 30.0, "run")])
    middle = round(HEIGHT_PX - 6 - BAR_PX / 2)

    walk, run = label_qcolor("walk"), label_qcolor("run")
    assert colour_at(timeline, 70.0, middle) == (walk.red(), walk.green(), walk.blue())
    assert colour_at(timeline, 25.0, middle) == (run.red(), run.green(), run.blue())


def test_motion_damage_and_loop_are_seen(timeline: Timeline) -> None:
    bare = timeline.grab().toImage()
    for n in range(100):
        timeline.activity.note(50 + n / 10, 0.03)
    timeline.show_found([])
    with_curve = timeline.grab().toImage()
    timeline.show_found([], ((10.0, 15.0),))
    with_damage = timeline.grab().toImage()
    timeline.set_loop(Loop(30.0, 40.0))

    assert bare != with_curve != with_damage != timeline.grab().toImage()


def test_a_click_asks_for_its_place_also_when_it_is_near(timeline: Timeline) -> None:
    asked: list[float] = []
    timeline.seek_asked.connect(asked.append)
    middle = QPoint(257, HEIGHT_PX // 2)

    QTest.mouseClick(  # type: ignore[call-overload]  # its stub asks for `self` twice
        timeline, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle
    )

    assert asked == [pytest.approx(50.0)]


def test_five_thousand_events_are_painted_in_a_moment(timeline: Timeline) -> None:
    """By the clock of the thread that paints: a busy machine has no say."""
    many = [found(n / 50, n / 50 + 0.01) for n in range(5000)]
    timeline.show_found(many)
    spent_s = []
    for _ in range(5):
        began_s = time.thread_time()
        timeline.show_found(many)
        timeline.grab()
        spent_s.append(time.thread_time() - began_s)

    assert min(spent_s) < 0.05


def test_of_short_events_on_the_same_pixels_the_newest_is_seen_and_long_ones_stay(
    timeline: Timeline,
) -> None:
    short = [found(70 + n / 100, 70 + n / 100 + 0.001, "run") for n in range(8)]
    timeline.show_found([found(70.08, 70.081, "jump"), *reversed(short), found(20.0, 30.0, "walk")])
    middle = round(HEIGHT_PX - 6 - BAR_PX / 2)

    jump, walk = label_qcolor("jump"), label_qcolor("walk")
    assert timeline.scale is not None
    seen = {colour_at(timeline, 70.08 + px / timeline.scale.px_per_s, middle) for px in (1, 2)}
    assert (jump.red(), jump.green(), jump.blue()) in seen
    assert colour_at(timeline, 25.0, middle) == (walk.red(), walk.green(), walk.blue())
