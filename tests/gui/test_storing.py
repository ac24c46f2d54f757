"""Stored results are shown as long as they are those of the recording by the settings."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from motionapp import assembly
from motionapp.core.event import Event
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.gui.play.glimpses import EventPictures
from motionapp.gui.play.wish import Wish
from motionapp.gui.window import MainWindow
from motionapp.settings import AnalysisSettings, analysis_digest
from motionapp.settings.zones import ZoneSettings
from motionapp.sinks.documents import events_document, events_text
from motionapp.sinks.origin import Origin
from motionapp.testing import ScriptedSource

pytestmark = pytest.mark.timeout(60)
Until = Callable[[Callable[[], object]], None]
SETTINGS = Wish("", AnalysisSettings().model_copy(update={"people": "off"})).with_classifier("none")


def event(start_s: float) -> Event:
    return Event(
        f"all@{round(1000 * start_s)}", "all", start_s, start_s + 2, "motion", None, start_s + 1,
        Box(0, 0, 9, 9), (), "motion",
    )  # fmt: skip


def put(folder: Path, digest: str | None = None, thumbnail: str | None = None) -> None:
    """Results of the recording, as batch writes them."""
    folder.mkdir(parents=True, exist_ok=True)
    digest = analysis_digest(SETTINGS.settings) if digest is None else digest
    document = events_document(
        "door.mp4", [event(60.0), event(100.0)], origin=Origin(digest, 77),
        fields_of=lambda event: {"thumbnail": thumbnail},
    )  # fmt: skip
    (folder / "events.json").write_text(events_text(document))


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "films" / "door.mp4"
    path.parent.mkdir()
    path.write_bytes(bytes(77))
    return path


@pytest.fixture
def window(
    shown_window: Callable[..., MainWindow], long_recording: None, recording: Path
) -> MainWindow:
    return shown_window(Wish(str(recording), SETTINGS.settings).held(), threads=1)


def listed(window: MainWindow) -> list[tuple[float, bool]]:
    return [(one.event.start_s, one.is_stored) for one in window.panels.events.log]


def test_results_that_a_person_names_are_shown_by_these_settings_alone_and_remembered(
    window: MainWindow, until: Until, tmp_path: Path
) -> None:
    put(tmp_path / "out" / "door")
    window.panels.events.note(Moment("t", None, closed=(event(60.2),)))

    window.crew.storing.open(tmp_path / "out")

    until(lambda: listed(window) == [(100.0, True), (60.0, True)])
    assert window.panels.events.sieved.rowCount() == 2
    window.crew.tuning.change(window.wish.with_sensitivity(2.0).settings, "sensitivity")
    until(lambda: not listed(window))
    window.actions_["undo"].trigger()
    until(lambda: listed(window) == [(100.0, True), (60.0, True)])
    window.open_source("other.mp4")
    until(lambda: not listed(window))
    window.open_source(str(tmp_path / "films" / "door.mp4"))
    until(lambda: len(listed(window)) == 2)


def test_results_beside_the_recording_are_shown_at_once(
    window: MainWindow, until: Until, recording: Path
) -> None:
    put(recording.parent / "door")
    window.open_source("other.mp4")
    until(lambda: "other" in window.windowTitle())

    window.open_source(str(recording))

    until(lambda: len(listed(window)) == 2)


def test_why_named_results_are_not_shown_is_said(
    window: MainWindow, until: Until, tmp_path: Path
) -> None:
    said = window.stage.messages.text
    until(lambda: window.player.driver.digest)
    window.crew.storing.follow(window.player.driver.digest)
    (tmp_path / "empty").mkdir()
    window.crew.storing.open(tmp_path / "empty")
    until(lambda: "There are no results of this recording" in said())
    put(tmp_path / "others", "aa" * 32)
    window.crew.storing.open(tmp_path / "others")
    until(lambda: "by other settings" in said())
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "events.json").write_text("{")
    window.crew.storing.open(tmp_path / "broken")
    until(lambda: "is damaged" in said())

    assert not listed(window)


def test_stored_pictures_that_are_being_read_when_something_is_covered_are_not_shown(
    window: MainWindow, until: Until, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answered = threading.Event(), threading.Event()

    def pictures_of(*_: object, **__: object) -> tuple[EventPictures, ...]:
        asked.set()
        assert answered.wait(20)
        return (EventPictures("all@60000", b"a picture"),)

    monkeypatch.setattr("motionapp.gui.storing.pictures_of", pictures_of)
    put(tmp_path / "out" / "door", thumbnail="a.jpg")
    window.crew.storing.open(tmp_path / "out")
    until(asked.is_set)
    corners = ((0.1, 0.1), (0.5, 0.1), (0.5, 0.5))
    zone = ZoneSettings(name="yard", kind="privacy", polygon=corners)

    window.crew.tuning.change(SETTINGS.settings.model_copy(update={"zones": (zone,)}), "zones")
    answered.set()

    until(lambda: not listed(window))
    assert len(window.panels.events.model.gallery) == 0


def test_while_two_settings_are_compared_stored_results_are_no_findings_of_either(
    window: MainWindow, until: Until, tmp_path: Path
) -> None:
    """B has found nothing of what is still to come: all of it would differ."""
    put(tmp_path / "out" / "door")
    window.crew.storing.open(tmp_path / "out")
    until(lambda: len(listed(window)) == 2)

    window.panels.compare.press(True)
    until(lambda: not listed(window))
    assert window.panels.compare.differences() == []

    window.panels.compare.press(False)
    until(lambda: len(listed(window)) == 2)


def test_after_the_end_other_settings_hide_stored_results_too(
    window: MainWindow, until: Until, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "out" / "door")
    window.crew.storing.open(tmp_path / "out")
    monkeypatch.setattr(assembly, "open_source", lambda spec, **_: ScriptedSource(3))
    window.crew.transport.toggle_pause()
    window.crew.transport.seek(0.0)
    until(lambda: window.crew.transport.is_over)
    until(lambda: len(listed(window)) == 2)

    window.crew.tuning.change(window.wish.with_sensitivity(2.0).settings, "sensitivity")

    until(lambda: not listed(window))


def test_a_recording_that_is_opened_again_may_be_another_one(
    window: MainWindow, until: Until, recording: Path
) -> None:
    put(recording.parent / "door")
    window.open_source(str(recording))
    until(lambda: len(listed(window)) == 2)

    recording.write_bytes(bytes(78))
    window.open_source(str(recording))

    until(lambda: not listed(window))
    window.crew.storing.follow(window.player.driver.digest)
    until(lambda: not any(job.is_going_on for job in window.crew.jobs._jobs))
    assert not listed(window)
