"""Teaching in the window: takes by a held button, a training apart, and its model used at once."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from motionapp.core.event import Event
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.gui.play.listener import Happening
from motionapp.gui.play.wish import Wish
from motionapp.gui.start import make_window
from motionapp.gui.teaching import training
from motionapp.gui.teaching.takes import LIST_FILE, Take, TakeSet, read_takes
from motionapp.gui.window import MainWindow
from motionapp.resources import models_dir
from motionapp.settings import AnalysisSettings

pytestmark = pytest.mark.timeout(60)
Until = Callable[[Callable[[], object]], None]
LEFT = Qt.MouseButton.LeftButton
SETTINGS = (
    Wish("", AnalysisSettings())
    .with_classifier("none")
    .settings.model_copy(update={"people": "off"})
)


@pytest.fixture
def window(
    shown_window: Callable[..., MainWindow],
    long_recording: None,
    until: Until,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> MainWindow:
    monkeypatch.setattr(training, "find_spec", lambda name: name)

    def begin(window: MainWindow) -> None:
        window.crew.taking.go_to(tmp_path / "takes")
        window.docks["teach"].raise_()

    window = shown_window(Wish("a.mp4", SETTINGS), threads=1, before=begin)
    until(lambda: window.player.driver.newest_moment is not None)
    return window


def takes_of(window: MainWindow) -> TakeSet:
    takes = window.crew.taking.takes
    assert takes is not None
    return takes


def for_a_while(window: MainWindow, until: Until, pictures: int = 40) -> None:
    """While so many pictures more are recorded: at 25 a second."""
    until(lambda: window.player.driver.is_recording)
    shown_s = window.view.picture.pts_s if window.view.picture is not None else 0.0
    until(lambda: window.view.picture is not None
          and window.view.picture.pts_s > shown_s + pictures / 25)  # fmt: skip


def test_a_take_is_recorded_while_the_button_is_held(
    window: MainWindow, until: Until, tmp_path: Path
) -> None:
    box, plan = window.panels.teach.takes, window.wish.plan
    box.name.setText("wave")
    box.person.setText("eva")
    QTest.mouseClick(box.button("add"), LEFT)
    assert box.label == "wave"

    QTest.mousePress(box.hold, LEFT)
    for_a_while(window, until)
    QTest.mouseRelease(box.hold, LEFT)

    until(lambda: takes_of(window).of("wave"))
    (take,) = takes_of(window).of("wave")
    assert (take.file, take.person) == ("wave-001.mp4", "eva")
    assert take.seconds > 1.1
    assert read_takes(tmp_path / "takes") == takes_of(window)
    assert not window.wish.play.is_recorded
    assert window.wish.plan == plan
    assert box.takes.count() == 1
    until(lambda: not box.takes.item(0).icon().isNull())


def test_the_space_bar_records_in_the_dock_and_pauses_elsewhere(
    window: MainWindow, until: Until
) -> None:
    box = window.panels.teach.takes
    window.crew.taking.name("wave")
    box.movements.setFocus()

    QTest.keyPress(box.movements, Qt.Key.Key_Space)
    assert window.wish.play.is_recorded
    for_a_while(window, until)
    QTest.keyRelease(box.movements, Qt.Key.Key_Space)

    until(lambda: takes_of(window).of("wave"))
    assert not window.is_paused
    window.view.setFocus()
    QTest.keyClick(window.view, Qt.Key.Key_Space)
    assert window.is_paused
    window.crew.show_teaching()
    assert not box.hold.isEnabled()
    assert "held" in box.hold.toolTip()


def test_a_movement_is_taken_out_by_a_key_and_comes_back_by_undo(window: MainWindow) -> None:
    box = window.panels.teach.takes
    for label in ("wave", "vawe"):
        window.crew.taking.name(label)
    box.movements.setFocus()

    QTest.keyClick(box.movements, Qt.Key.Key_Delete)

    assert takes_of(window).labels == ("wave",)
    window.actions_["undo"].trigger()
    assert takes_of(window).labels == ("wave", "vawe")


def test_a_take_that_is_too_short_is_not_kept(
    window: MainWindow, until: Until, tmp_path: Path
) -> None:
    window.crew.taking.name("wave")

    window.crew.taking.take(True)
    until(lambda: window.player.driver.is_recording)
    window.crew.taking.take(False)

    until(lambda: "too short" in window.stage.line())
    assert takes_of(window).takes == ()
    assert not list((tmp_path / "takes").glob("*.mp4"))


@pytest.mark.parametrize("is_let_go", [False, True])
def test_a_take_is_kept_by_whoever_closes_before_it_has_been_looked_through(
    window: MainWindow, until: Until, tmp_path: Path, is_let_go: bool
) -> None:
    """Held, or just let go of: its film is there, and nobody would list it any more."""
    window.crew.taking.name("wave")
    window.crew.taking.take(True)
    for_a_while(window, until)
    if is_let_go:
        window.crew.taking.take(False)

    window.close()

    (take,) = read_takes(tmp_path / "takes").takes
    assert (take.file, take.label) == ("wave-001.mp4", "wave")
    assert take.seconds > 1.1
    assert [one.name for one in (tmp_path / "takes").glob("*.mp4")] == ["wave-001.mp4"]


def test_what_was_discarded_is_no_take_again_when_the_window_closes(
    window: MainWindow, until: Until, tmp_path: Path
) -> None:
    window.crew.taking.name("wave")
    window.crew.taking.take(True)
    for_a_while(window, until)
    window.crew.taking.take(False)
    until(lambda: takes_of(window).of("wave"))

    window.crew.taking.discard("wave-001.mp4")
    window.close()

    assert read_takes(tmp_path / "takes").takes == ()
    assert (tmp_path / "takes" / "wave-001.mp4").exists()


def test_nothing_is_recorded_of_a_movement_without_a_name(window: MainWindow) -> None:
    box = window.panels.teach.takes

    assert not box.hold.isEnabled()
    assert "Name a movement" in box.hold.toolTip()
    window.crew.taking.take(True)
    assert not window.wish.play.is_recorded


def test_what_is_discarded_comes_back_by_undo(window: MainWindow, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "wave-001.mp4").write_bytes(b"a film")
    TakeSet(folder, (Take("wave-001.mp4", "wave", "", 2.0),), ("wave",)).write()
    window.crew.taking.go_to(folder)
    window.panels.teach.takes.choose("wave")

    window.crew.taking.discard("wave-001.mp4")
    assert read_takes(folder).takes == ()
    assert (folder / "wave-001.mp4").exists()
    window.actions_["undo"].trigger()

    assert len(read_takes(folder).takes) == 1


def test_a_damaged_list_is_refused_and_left_as_it_is(window: MainWindow, tmp_path: Path) -> None:
    folder = tmp_path / "damaged"
    folder.mkdir()
    (folder / LIST_FILE).write_text('{"schema": 1')

    window.crew.taking.go_to(folder)
    window.crew.taking.name("wave")
    window.crew.taking.take(True)

    panel = window.panels.teach
    assert LIST_FILE in panel.trouble()
    assert not panel.takes.hold.isEnabled()
    assert not panel.training.train.isEnabled()
    assert (folder / LIST_FILE).read_text() == '{"schema": 1'
    assert not window.wish.play.is_recorded


def test_an_event_becomes_a_take(
    app: QApplication, until: Until, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("motionapp.gui.play.driver.list_cameras", list)
    window = make_window(Wish("synthetic:walk", SETTINGS), threads=1)
    window.crew.taking.go_to(tmp_path)
    window.show()
    until(lambda: window.player.driver.newest_moment is not None)
    window.crew.taking.name("walking")
    window.crew.show_teaching()
    assert not window.panels.teach.takes.button("event").isEnabled()
    event = Event("all@1000", "all", 1.0, 2.5, "walk", 0.9, 1.5, Box(0, 0, 9, 9), ended_by="motion")
    window.player.happened.emit(Happening(Moment("t", None, closed=(event,))))
    events = window.panels.events
    events.list.setCurrentIndex(events.sieved.index(0, 0))
    window.crew.show_teaching()

    button = window.panels.teach.takes.button("event")
    button.click()
    button.click()

    until(lambda: takes_of(window).of("walking"))
    (take,) = takes_of(window).of("walking")
    assert 1.4 < take.seconds < 1.7
    # Learnt from and held out at once, it would be named rightly by heart.
    window.crew.show_teaching()
    assert not button.isEnabled()
    assert "a take already" in button.toolTip()
    assert [one.name for one in tmp_path.glob("*.mp4")] == [take.file]
    window.crew.taking.discard(take.file)
    window.crew.show_teaching()
    assert button.isEnabled()
    window.close()
    window.deleteLater()


# -- training -------------------------------------------------------------------------------

DONE = """
import json, shutil, sys
from pathlib import Path
folder, model = Path(sys.argv[1]), sys.argv[2]
for done in (1, 2):
    about = f"loss 0.{3 - done}0, 90% right"
    told = {"stage": "training", "done": done, "total": 2, "about": about}
    print(json.dumps(told), file=sys.stderr)
shutil.copy(model, folder / "model.onnx")
(folder / "model.md").write_text("a card")
(folder / "pictures").mkdir()
clips = [{"path": "wave-001.mp4", "label": "wave", "predicted": "clap"},
         {"path": "clap-001.mp4", "label": "clap", "predicted": "clap"}]
worst = [{"path": "wave-001.mp4", "label": "wave", "predicted": "clap", "score": 0.8}]
figures = {"labels": ["clap", "wave"], "confusion": [[1, 0, 0], [1, 0, 0]], "clips": clips,
           "worst": worst, "how": {"frontend": "absdiff"}}
(folder / "figures.json").write_text(json.dumps(figures))
"""
SILENT = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
print('{"stage": "training", "done": 1, "total": 9, "about": "loss 1.00, 40% right"}',
      file=sys.stderr)
time.sleep(600)
"""


@pytest.fixture
def taught(window: MainWindow, tmp_path: Path) -> MainWindow:
    """With two takes of each of two movements."""
    folder = tmp_path / "set"
    folder.mkdir()
    takes = TakeSet(folder)
    for label in ("wave", "clap"):
        for person in ("eva", "ira"):
            file = takes.free_file(label)
            (folder / file).write_bytes(b"a film")
            takes = takes.with_take(Take(file, label, person, 2.0))
    takes.write()
    window.crew.taking.go_to(folder)
    return window


def acting(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """A process that acts as a training."""
    model = str(models_dir() / "actions-absdiff-vgg16.onnx")

    def command(labels: Path, folder: Path, frontend: str, **_: object) -> list[str]:
        return [sys.executable, "-u", "-c", code, str(folder), model]

    monkeypatch.setattr(training, "train_command", command)


def test_a_training_is_told_as_it_goes_and_its_model_used_and_taken_away_again(
    taught: MainWindow, until: Until, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    acting(monkeypatch, DONE)
    panel = taught.panels.teach

    panel.training.train.click()
    assert panel.training.cancel.isEnabled()
    until(lambda: taught.crew.teaching.trained is not None)

    assert [loss for _, loss, _ in panel.training.curves.steps] == [0.2, 0.1]
    assert "1 of 2 takes" in panel.result.text()
    assert "eva 1/2" in panel.result.text()
    assert panel.result.table.item(1, 0).text() == "1"
    panel.takes.choose("wave")
    assert "✗ clap" in panel.takes.takes.item(0).text()
    assert not panel.training.cancel.isEnabled()

    panel.result.buttons["use"].click()
    model = str(tmp_path / "set" / "taught-1.onnx")
    assert taught.wish.settings.recognition.classifier == model
    until(lambda: "walk" in taught.player.driver.labels)
    taught.actions_["undo"].trigger()
    assert taught.wish.settings == SETTINGS


def test_a_model_is_exported_with_its_card(
    taught: MainWindow, until: Until, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    acting(monkeypatch, DONE)
    taught.panels.teach.training.train.click()
    until(lambda: taught.crew.teaching.trained is not None)

    taught.crew.teaching.export(tmp_path / "mine.onnx")
    taught.crew.teaching.export(tmp_path / "not there" / "mine.onnx")

    assert (tmp_path / "mine.onnx").stat().st_size > 100_000
    assert (tmp_path / "mine.md").read_text() == "a card"
    assert "not there" in taught.stage.messages.text()


def test_a_cancelled_training_can_be_gone_on_with_once_it_has_ended(
    taught: MainWindow, until: Until, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    acting(monkeypatch, SILENT)
    box = taught.panels.teach.training
    box.train.click()
    until(lambda: box.curves.steps)
    (tmp_path / "set" / training.UNFINISHED).mkdir()

    box.cancel.click()

    assert "goes on from here" in box.text()
    assert not box.train.isEnabled()
    taught.crew.show_teaching()
    until(lambda: taught.crew.show_teaching() or box.train.isEnabled())
    assert box.train.text() == "Go on training"


def test_what_went_wrong_with_a_training_is_said(
    taught: MainWindow, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = 'import sys; print("motionapp: the disk is full", file=sys.stderr); sys.exit(5)'
    acting(monkeypatch, code)
    box = taught.panels.teach.training

    box.train.click()

    until(lambda: box.text() == "the disk is full")
    assert not box.cancel.isEnabled()


def test_closing_in_the_middle_of_a_training_ends_within_two_seconds(
    taught: MainWindow, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    acting(monkeypatch, SILENT)
    box = taught.panels.teach.training
    box.train.click()
    until(lambda: box.curves.steps)
    began_s = time.monotonic()

    taught.close()

    assert time.monotonic() - began_s < 2.0


def test_without_the_extra_the_dock_says_how_to_get_it(
    app: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("motionapp.gui.play.driver.list_cameras", list)
    monkeypatch.setattr(training, "find_spec", lambda name: None)

    window = make_window(Wish("synthetic:walk", SETTINGS), threads=1)

    assert 'pip install "motionapp[train]"' in window.panels.teach.training.text()
    assert not window.panels.teach.training.train.isEnabled()
    window.close()
    window.deleteLater()


def test_what_was_trained_before_is_there_when_the_window_opens_again(
    taught: MainWindow, until: Until, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    acting(monkeypatch, DONE)
    taught.panels.teach.training.train.click()
    until(lambda: taught.crew.teaching.trained is not None)

    again = make_window(Wish("a.mp4", SETTINGS), threads=1)

    assert again.crew.teaching.trained is not None
    assert json.loads((tmp_path / "set" / LIST_FILE).read_text())["labels"] == ["wave", "clap"]
    assert takes_of(again) == takes_of(taught)
    again.close()
    again.deleteLater()
