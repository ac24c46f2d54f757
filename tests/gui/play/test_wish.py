"""Wishes: what a person asks for, as values."""

from __future__ import annotations

from pathlib import Path

from motionapp.gui.play.wish import (
    EXAMPLE,
    FASTEST,
    LEAD_IN_S,
    SLOWEST,
    Loop,
    Play,
    Wish,
    first_wish,
)
from motionapp.settings import AnalysisSettings

WISH = Wish("a.mp4", AnalysisSettings())


def test_another_source_and_another_place_are_openings_of_their_own() -> None:
    other = WISH.opened("b.mp4")
    later = other.sought(12.0)

    assert (other.spec, other.place.at_s) == ("b.mp4", 0.0)
    assert later.place.at_s == 12.0
    assert len({WISH.opening, other.opening, later.opening}) == 3


def test_a_place_before_the_beginning_is_the_beginning() -> None:
    assert WISH.sought(-1.0).place.at_s == 0.0


def test_how_it_is_played_outlives_seeking_and_stepping() -> None:
    wish = WISH.held().at_rate(0.5).looped(Loop(1.0, 2.0))

    for later in (wish.sought(3.0), wish.stepped_on(), wish.stepped_back(3.0)):
        assert later.play == wish.play


def test_a_step_holds_what_plays() -> None:
    on, back = WISH.stepped_on().stepped_on(), WISH.stepped_back(4.0)

    assert (on.opening, on.steps, on.play.is_paused) == (WISH.opening, 2, True)
    assert (back.opening, back.play.is_paused) == (WISH.opening + 1, True)
    assert on.sought(1.0).steps == 0


def test_another_source_plays_at_once_and_at_its_own_speed() -> None:
    assert WISH.held().at_rate(4.0).opened("b.mp4").play == WISH.play


def test_speeds_have_ends() -> None:
    assert WISH.at_rate(100.0).play.rate == FASTEST
    assert WISH.at_rate(0.0).play.rate == SLOWEST


def test_a_stretch_is_played_from_before_it_and_held_at_its_end_unless_one_goes_elsewhere() -> None:
    wish = WISH.held().looped(Loop(1.0, 2.0)).played(10.0, 12.5)

    assert wish.place.at_s == 10.0 - LEAD_IN_S
    assert wish.play == Play(until_s=12.5)
    assert wish.stood().play == Play(is_paused=True)
    assert wish.stood().opening == wish.opening
    assert wish.sought(3.0).play.until_s is None
    assert wish.looped(Loop()).play.until_s is None


def test_settings_change_without_another_opening() -> None:
    changed = WISH.with_frontend("flow").with_classifier("none").with_sensitivity(2.0)

    assert changed.opening == WISH.opening
    assert changed.settings.frontend == "flow"
    assert changed.settings.recognition.classifier == "none"
    assert changed.settings.absdiff.sensitivity == changed.settings.pose.sensitivity == 2.0
    assert changed.sensitivity == 2.0


def test_the_window_begins_with_what_was_named() -> None:
    wish = first_wish("camera:0", AnalysisSettings(), Path("demo.mp4"))

    assert (wish.spec, wish.play.loop) == ("camera:0", None)


def test_without_a_source_the_demo_loops_or_an_example_where_it_is_absent(tmp_path: Path) -> None:
    demo = tmp_path / "demo.mp4"
    without = first_wish(None, AnalysisSettings(), demo)
    demo.touch()
    with_demo = first_wish(None, AnalysisSettings(), demo)

    assert (without.spec, without.play.loop) == (EXAMPLE, Loop())
    assert (with_demo.spec, with_demo.play.loop) == (str(demo), Loop())
