"""Wishes: what a person asks for, as values."""

from __future__ import annotations

from pathlib import Path

from motionapp.gui.play.wish import EXAMPLE, Wish, first_wish
from motionapp.settings import AnalysisSettings

WISH = Wish("a.mp4", AnalysisSettings())


def test_another_source_and_another_place_are_openings_of_their_own() -> None:
    other = WISH.opened("b.mp4")
    later = other.sought(12.0)

    assert (other.spec, other.start_s) == ("b.mp4", 0.0)
    assert later.start_s == 12.0
    assert len({WISH.opening, other.opening, later.opening}) == 3


def test_a_place_before_the_beginning_is_the_beginning() -> None:
    assert WISH.sought(-1.0).start_s == 0.0


def test_settings_change_without_another_opening() -> None:
    changed = WISH.with_frontend("flow").with_classifier("none").with_sensitivity(2.0)

    assert changed.opening == WISH.opening
    assert changed.settings.frontend == "flow"
    assert changed.settings.recognition.classifier == "none"
    assert changed.settings.absdiff.sensitivity == changed.settings.pose.sensitivity == 2.0
    assert changed.sensitivity == 2.0


def test_the_window_begins_with_what_was_named() -> None:
    wish = first_wish("camera:0", AnalysisSettings(), Path("demo.mp4"))

    assert (wish.spec, wish.loops) == ("camera:0", False)


def test_without_a_source_the_demo_loops_or_an_example_where_it_is_absent(tmp_path: Path) -> None:
    demo = tmp_path / "demo.mp4"
    without = first_wish(None, AnalysisSettings(), demo)
    demo.touch()
    with_demo = first_wish(None, AnalysisSettings(), demo)

    assert (without.spec, without.loops) == (EXAMPLE, True)
    assert (with_demo.spec, with_demo.loops) == (str(demo), True)
