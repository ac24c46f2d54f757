"""Thumbs become a test: what a person says of events is kept, undone, and held against settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtWidgets import QApplication, QInputDialog

from motionapp import assembly
from motionapp.core.event import Event
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.core.seams import Source
from motionapp.explain.review import Checked, Outcome, read_review
from motionapp.gui import reviewing
from motionapp.gui.event_model import FOUND_ROLE, MARK_ROLE
from motionapp.gui.found.marks import Mark
from motionapp.gui.play.driver import Driver
from motionapp.gui.play.wish import Wish
from motionapp.gui.start import make_window
from motionapp.gui.window import MainWindow
from motionapp.settings import AnalysisSettings
from motionapp.testing import ScriptedSource

pytestmark = pytest.mark.timeout(40)
Until = Callable[[Callable[[], object]], None]


def event(start_s: float, label: str = "walk") -> Event:
    return Event(
        f"all@{round(start_s * 1000)}", "all", start_s, start_s + 4, label, 0.8, start_s,
        Box(0, 0, 9, 9), ended_by="motion",
    )  # fmt: skip


@pytest.fixture
def open_window(
    app: QApplication, until: Until, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], MainWindow]]:
    def open_source(spec: str, *, decode_threads: int | None = None) -> Source:
        return ScriptedSource(3000)

    monkeypatch.setattr(assembly, "open_source", open_source)
    monkeypatch.setattr("motionapp.gui.play.driver.list_cameras", list)
    windows: list[MainWindow] = []

    def opened() -> MainWindow:
        window = make_window(Wish("a.mp4", AnalysisSettings()).with_classifier("none").held())
        windows.append(window)
        window.show()
        until(lambda: window.view.painted.count)
        window.panels.events.note(
            Moment("t", None, closed=tuple(event(10.0 * n) for n in range(1, 5)))
        )
        return window

    yield opened
    for window in windows:
        window.close()
        window.deleteLater()


def choose(window: MainWindow, start_s: float) -> None:
    model = window.panels.events.sieved
    for row in range(model.rowCount()):
        if model.index(row, 0).data(FOUND_ROLE).event.start_s == start_s:
            window.panels.events.list.setCurrentIndex(model.index(row, 0))
            return
    raise AssertionError(f"no event at {start_s}")


def said(window: MainWindow) -> dict[float, str]:
    """By their beginnings: what is shown of each listed event."""
    model, told = window.panels.events.sieved, {}
    for row in range(model.rowCount()):
        mark = model.index(row, 0).data(MARK_ROLE)
        start_s = model.index(row, 0).data(FOUND_ROLE).event.start_s
        told[start_s] = (mark.label or mark.verdict or "") if isinstance(mark, Mark) else ""
    return told


def test_what_is_said_is_shown_kept_and_undone(open_window: Callable[[], MainWindow]) -> None:
    window = open_window()
    assert not window.actions_["confirm"].isEnabled()

    choose(window, 10.0)
    window.actions_["confirm"].trigger()
    choose(window, 20.0)
    window.actions_["reject"].trigger()
    choose(window, 30.0)
    window.crew.reviewing.rename("run")
    choose(window, 40.0)
    window.actions_["take out"].trigger()

    assert said(window) == {30.0: "run", 20.0: "rejected", 10.0: "confirmed"}
    kept = read_review(window.crew.reviewing.path)
    assert [(one.id, one.verdict, one.label) for one in kept] == [
        ("all@10000", "confirmed", None), ("all@20000", "rejected", None),
        ("all@30000", "confirmed", "run"),
    ]  # fmt: skip
    for _ in range(4):
        window.actions_["undo"].trigger()
    assert said(window) == dict.fromkeys((40.0, 30.0, 20.0, 10.0), "")


def test_another_window_knows_what_was_said(open_window: Callable[[], MainWindow]) -> None:
    first = open_window()
    choose(first, 10.0)
    first.actions_["reject"].trigger()
    first.close()

    assert said(open_window())[10.0] == "rejected"


def test_two_windows_keep_what_was_said_in_each(open_window: Callable[[], MainWindow]) -> None:
    first, second = open_window(), open_window()
    choose(first, 10.0)
    first.actions_["confirm"].trigger()
    choose(second, 20.0)
    second.actions_["reject"].trigger()
    choose(first, 30.0)
    first.actions_["reject"].trigger()
    first.actions_["undo"].trigger()

    kept = read_review(first.crew.reviewing.path)

    assert {(one.id, one.verdict) for one in kept} == {
        ("all@10000", "confirmed"), ("all@20000", "rejected"),
    }  # fmt: skip


def test_what_an_event_is_may_be_chosen_among_known_names(
    open_window: Callable[[], MainWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    monkeypatch.setattr(Driver, "labels", ("wave", "Bend"))
    choose(window, 10.0)
    window.actions_["rename"].trigger()
    dialog = window.findChild(QInputDialog)
    assert dialog is not None

    assert dialog.comboBoxItems() == ["Bend", "walk", "wave"]
    assert dialog.isComboBoxEditable()
    assert dialog.textValue() == "walk"
    dialog.setTextValue("wave")
    dialog.accept()

    assert said(window)[10.0] == "wave"


def test_settings_and_marks_are_undone_in_the_order_they_were_made(
    open_window: Callable[[], MainWindow],
) -> None:
    window = open_window()
    choose(window, 10.0)
    window.actions_["confirm"].trigger()
    window.crew.tuning.choose_frontend("flow")

    window.actions_["undo"].trigger()
    assert (window.wish.settings.frontend, said(window)[10.0]) == ("absdiff", "confirmed")
    window.actions_["undo"].trigger()

    assert said(window)[10.0] == ""


def test_settings_are_held_to_what_was_said_while_one_tunes(
    open_window: Callable[[], MainWindow], until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found_by(entries: Any, settings: AnalysisSettings, **_: object) -> Outcome:
        return Outcome(tuple(Checked(one, settings.events.persist_s < 5) for one in entries))

    monkeypatch.setattr(reviewing, "check_review", found_by)
    monkeypatch.setattr(reviewing, "CHECK_AFTER_MS", 1)
    window = open_window()
    choose(window, 10.0)
    window.actions_["confirm"].trigger()
    until(lambda: window.panels.settings.check_text() == "✓ 1 of 1 right ones is found")

    window.panels.settings.changed.emit("events.persist_s", 9.0)

    until(lambda: window.panels.settings.check_text() == "✗ 0 of 1 right ones are found")


def test_a_damaged_set_is_put_aside_and_not_written_over(
    open_window: Callable[[], MainWindow],
) -> None:
    first = open_window()
    path: Path = first.crew.reviewing.path
    first.close()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{")

    window = open_window()
    choose(window, 10.0)
    window.actions_["confirm"].trigger()

    assert path.with_suffix(".damaged.json").read_text() == "{"
    assert len(read_review(path)) == 1


def test_a_damaged_set_that_cannot_be_put_aside_holds_up_no_window(
    open_window: Callable[[], MainWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a folder that nobody may write to."""
    first = open_window()
    path: Path = first.crew.reviewing.path
    first.close()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{")

    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "replace", refuse)
    window = open_window()

    assert not window.crew.reviewing.marks.reviewed()
    assert path.read_text() == "{"
