"""The parts of the dock that teaches, each by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QListWidget

from motionapp.gui.docks import USUAL_WIDTH_PX
from motionapp.gui.teaching.curves import CourseCurves
from motionapp.gui.teaching.figures import Clip, Curve, Figures, Gain, Point, Wrong
from motionapp.gui.teaching.hold_button import HoldButton
from motionapp.gui.teaching.needs import NOTHING
from motionapp.gui.teaching.panel import TeachPanel
from motionapp.gui.teaching.result_box import ResultBox
from motionapp.gui.teaching.results import Trained
from motionapp.gui.teaching.takes import MOST_LETTERS, Take, TakeSet
from motionapp.gui.teaching.takes_box import TakesBox
from motionapp.gui.teaching.train_box import TrainBox
from motionapp.gui.teaching.training import Step

SPACE = Qt.Key.Key_Space


def test_a_button_is_let_go_of_however_that_comes_about(app: QApplication) -> None:
    button, listed = HoldButton("hold"), QListWidget()
    button.hear_space_of(listed)
    told: list[bool] = []
    button.held.connect(told.append)

    QTest.keyPress(button, SPACE)
    QTest.keyRelease(button, SPACE)
    QTest.keyPress(listed, SPACE)
    button.setEnabled(False)
    QTest.keyRelease(listed, SPACE)
    button.setEnabled(True)
    QTest.keyPress(listed, SPACE)
    QApplication.sendEvent(listed, QEvent(QEvent.Type.FocusOut))

    assert told == [True, False] * 3
    assert not button.is_held


def test_nothing_is_suggested_beside_the_movements(app: QApplication) -> None:
    box = TakesBox()
    takes = TakeSet(Path(), (Take("a.mp4", "wave", "eva", 2.0),), ("wave", "clap"))

    box.show_takes(takes, {}, {"a.mp4": "clap"})
    box.choose("wave")
    box.show_takes(takes, {}, {"a.mp4": "clap"})

    texts = [box.movements.item(row).text() for row in range(box.movements.count())]
    assert texts == ["wave: 1 of 8 takes", "clap: 0 of 8 takes", "nothing of these: 0 of 8 takes"]
    assert box.takes.item(0).text() == "2.0 s · eva\n✗ clap"
    box.choose(NOTHING)
    assert box.label == NOTHING


def test_delete_discards_the_chosen_take(app: QApplication) -> None:
    box = TakesBox()
    takes = TakeSet(Path(), (Take("a.mp4", "wave", "", 2.0),), ("wave",))
    box.show_takes(takes, {}, {})
    box.choose("wave")
    box.show_takes(takes, {}, {})
    box.takes.setCurrentRow(0)
    discarded: list[str] = []
    box.discarded.connect(discarded.append)

    box.button("discard").click()

    assert discarded == ["a.mp4"]


def test_curves_are_drawn_of_what_is_learnt(app: QApplication) -> None:
    pytest.importorskip("pyqtgraph")
    curves = CourseCurves()

    curves.add(Step("rendering", 1, 2))
    assert curves.isHidden()
    curves.add(Step("training", 50, 200, 0.7, 0.5))
    curves.add(Step("training", 100, 200, 0.4, 0.8))

    assert list(curves.steps) == [(25.0, 0.7, 50.0), (50.0, 0.4, 80.0)]
    assert not curves.isHidden()
    curves.begin()
    assert curves.isHidden()


def test_a_result_shows_the_worst_with_what_the_network_saw(
    app: QApplication, tmp_path: Path
) -> None:
    pytest.importorskip("pyqtgraph")
    (tmp_path / "pictures").mkdir()
    cv2.imwrite(str(tmp_path / "pictures" / "worst-01.png"), np.zeros((60, 360, 3), np.uint8))
    wrongs = [
        Wrong(path=f"{n}.mp4", label="wave", predicted="clap", score=0.9 - n / 10) for n in (0, 1)
    ]
    points = [Point(groups=n, window_accuracy=n / 9, clip_accuracy=n / 8) for n in (1.0, 5.0)]
    figures = Figures(
        labels=("clap", "wave"), confusion=((3, 0, 1), (1, 2, 0)), clips=(), worst=tuple(wrongs),
        learning_curve=Curve(points=tuple(points), gain=Gain(verdict="more")),
    )  # fmt: skip
    box = ResultBox()

    box.show_trained(Trained(tmp_path / "taught-1.onnx", figures), None)

    assert "More takes would help." in box.text()
    assert box.table.columnCount() == 3  # of one take, nothing was said
    assert box.table.item(0, 2).text() == "1"
    assert box.curve.points == [(1.0, 1 / 9, 1 / 8), (5.0, 5 / 9, 5 / 8)]
    assert box.worst.has_picture
    box.worst.turn(1)
    assert not box.worst.has_picture
    box.worst.turn(1)
    assert box.worst.has_picture


def test_no_word_is_wider_than_the_dock(app: QApplication, tmp_path: Path) -> None:
    pytest.importorskip("pyqtgraph")
    name = "x" * MOST_LETTERS
    wrong = Wrong(path=f"{name}.mp4", label=name, predicted=name, score=0.9)
    clip = Clip(path="a.mp4", label=name, predicted=name)
    figures = Figures(labels=(name, "b"), confusion=((1, 0, 0), (0, 0, 0)), clips=(clip,),
                      worst=(wrong,))  # fmt: skip
    takes = TakeSet(tmp_path, (Take("a.mp4", name, name, 2.0),), (name,))
    panel = TeachPanel()

    panel.takes.show_takes(takes, {}, {"a.mp4": name})
    panel.takes.say_hint(name)
    panel.training.show_idle(f"/{name}/{name}")
    panel.result.show_trained(Trained(tmp_path / "taught-1.onnx", figures), takes)
    panel.say_trouble(f"/{name}/{name} cannot be read")

    assert panel.minimumSizeHint().width() <= USUAL_WIDTH_PX
    assert panel.trouble() == f"/{name}/{name} cannot be read"
    assert name in panel.result.text()


def test_space_does_not_cancel_a_training_that_has_just_begun(
    app: QApplication, until: Callable[[Callable[[], object]], None]
) -> None:
    """A button that is disabled hands its focus on, to Cancel beside it."""
    box = TrainBox()
    box.allow("", people=False, goes_on=False)
    cancelled: list[bool] = []
    box.cancelled.connect(lambda: cancelled.append(True))
    box.show()
    box.activateWindow()
    QTest.qWaitForWindowActive(box)
    box.train.setFocus()
    until(box.train.hasFocus)

    box.begin()
    box.allow("a training is going on", people=False, goes_on=False)
    QTest.keyClick(box.focusWidget() or box, SPACE)

    assert cancelled == []
    box.close()
