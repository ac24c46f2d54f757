"""What can be chosen of sources and models."""

from __future__ import annotations

import pytest
from PyQt6.QtWidgets import QApplication, QComboBox, QFileDialog, QMainWindow

from motionapp.gui.action_set import ActionSet
from motionapp.gui.controls import Controls
from motionapp.gui.offers import Offers
from motionapp.settings import AnalysisSettings


@pytest.fixture
def controls(app: QApplication) -> Controls:
    window = QMainWindow()
    controls = Controls(ActionSet(window), Offers((("absdiff", ""),), ("actions",)))
    window.setCentralWidget(controls)
    controls.ground = window  # type: ignore[attr-defined]  # which lives as long
    return controls


def choose(controls: Controls, words: str, number: int = 0) -> list[str]:
    """What is asked for when a row of this name is chosen, the first of them or a later one."""
    asked: list[str] = []
    controls.classifier_asked.connect(asked.append)
    for box in controls.findChildren(QComboBox):
        rows = [row for row in range(box.count()) if box.itemText(row) == words]
        if rows:
            box.activated.emit(rows[number])
    controls.classifier_asked.disconnect(asked.append)
    return asked


def show(controls: Controls, classifier: str) -> None:
    settings = AnalysisSettings()
    recognition = settings.recognition.model_copy(update={"classifier": classifier})
    controls.show_settings(settings.model_copy(update={"recognition": recognition}), 1.0)


def test_two_models_of_one_name_are_told_apart(controls: Controls) -> None:
    for path in ("/a/own.onnx", "/b/own.onnx", "/a/own.onnx", "actions"):
        show(controls, path)

    assert choose(controls, "own.onnx", 0) == ["/a/own.onnx"]
    assert choose(controls, "own.onnx", 1) == ["/b/own.onnx"]
    assert choose(controls, "actions") == ["actions"]


def test_the_last_row_asks_for_a_file(controls: Controls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/c/other.onnx", ""))

    assert choose(controls, "Open a model …") == ["/c/other.onnx"]
