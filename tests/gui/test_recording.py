"""Recording in the window: switched by a key, told when it is written, also when it cannot be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import pytest

from motionapp.gui.notices import Topic
from motionapp.gui.play.wish import Wish
from motionapp.gui.window import MainWindow
from motionapp.settings import AnalysisSettings

pytestmark = pytest.mark.timeout(40)
Until = Callable[[Callable[[], object]], None]


@pytest.fixture
def window(
    shown_window: Callable[..., MainWindow], long_recording: None, tmp_path: Path
) -> MainWindow:
    return shown_window(
        Wish("a.mp4", AnalysisSettings()).with_classifier("none"),
        before=lambda window: window.crew.recording.go_to(tmp_path / "films"),
    )


def test_what_is_recorded_by_hand_is_written_and_told(
    window: MainWindow, until: Until, tmp_path: Path
) -> None:
    window.actions_["record"].trigger()
    painted = window.view.painted.count
    until(lambda: window.player.driver.is_recording and window.view.painted.count > painted + 15)
    window.actions_["record"].trigger()

    until(lambda: "Recorded: " in window.stage.line())
    (written,) = (tmp_path / "films").glob("*.mp4")
    with av.open(str(written)) as container:
        assert sum(1 for _ in container.decode(video=0)) >= 10


def test_that_something_is_recorded_is_seen_as_long_as_it_is(
    window: MainWindow, until: Until
) -> None:
    assert window.notices.line(Topic.RECORDING) == ""

    window.actions_["record events"].trigger()
    until(lambda: window.notices.line(Topic.RECORDING) == "Events are recorded")
    window.actions_["record"].trigger()
    until(lambda: "Recording" in window.notices.line(Topic.RECORDING))
    for key in ("record", "record events"):
        window.actions_[key].trigger()

    until(lambda: window.notices.line(Topic.RECORDING) == "")


def test_closing_finishes_what_is_being_written(
    window: MainWindow, until: Until, tmp_path: Path
) -> None:
    window.actions_["record"].trigger()
    until(lambda: window.player.driver.is_recording)

    window.close()

    (written,) = (tmp_path / "films").glob("*.mp4")
    with av.open(str(written)) as container:
        assert next(container.decode(video=0)) is not None


def test_a_place_that_cannot_be_written_to_is_said_and_ends_recording(
    window: MainWindow, until: Until, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file is in the way")
    window.crew.recording.go_to(tmp_path / "taken")

    window.actions_["record"].trigger()

    until(lambda: "taken" in window.stage.messages.text())
    until(lambda: not window.wish.play.is_recorded)
    assert not window.actions_["record"].isChecked()


def test_recording_by_event_is_switched_and_the_place_remembered(
    window: MainWindow, tmp_path: Path
) -> None:
    window.actions_["record events"].trigger()

    assert window.wish.plan is not None
    assert window.wish.plan.by_event
    assert window.wish.plan.folder == tmp_path / "films"
    assert window.crew.recording.plan.folder == tmp_path / "films"
