"""Settings of the window in files: kept as `--settings` takes them, read again, undone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from motionapp.gui.play.wish import Wish
from motionapp.gui.window import MainWindow
from motionapp.settings import AnalysisSettings, load_settings
from motionapp.settings.zones import ZoneSettings

pytestmark = pytest.mark.timeout(40)
Until = Callable[[Callable[[], object]], None]
ZONE = ZoneSettings(name="front door", polygon=((0.1, 0.1), (0.9, 0.1), (0.5, 0.9)))


@pytest.fixture
def window(shown_window: Callable[..., MainWindow], long_recording: None) -> MainWindow:
    return shown_window(Wish("a.mp4", AnalysisSettings()).with_classifier("none"))


def test_what_is_written_is_what_the_command_line_reads(window: MainWindow, tmp_path: Path) -> None:
    window.crew.tuning.choose_sensitivity(2.5)
    window.crew.tuning.change(window.wish.settings.model_copy(update={"zones": (ZONE,)}), "zones")

    window.crew.settings_files.write(tmp_path / "tuned")

    assert load_settings(tmp_path / "tuned.toml").analysis == window.wish.settings
    assert str(tmp_path / "tuned.toml") in window.stage.line()


def test_what_a_file_says_is_in_force_and_can_be_undone(window: MainWindow, tmp_path: Path) -> None:
    file = tmp_path / "kept.toml"
    file.write_text("[analysis.events]\nhold_s = 3.0\n")
    before = window.wish.settings

    window.crew.settings_files.read(file)

    assert window.wish.settings.events.hold_s == 3.0
    window.actions_["undo"].trigger()
    assert window.wish.settings == before


def test_a_file_that_is_none_changes_nothing_and_is_said(
    window: MainWindow, tmp_path: Path
) -> None:
    file = tmp_path / "none.toml"
    file.write_text("[analysis]\nfrontent = 'flow'\n")
    before = window.wish.settings

    window.crew.settings_files.read(file)

    assert window.wish.settings == before
    assert "frontent" in window.notices.error


def test_a_place_that_cannot_be_written_to_is_said(window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    window.crew.settings_files.write(tmp_path / "file" / "kept.toml")

    assert "kept.toml" in window.notices.error
