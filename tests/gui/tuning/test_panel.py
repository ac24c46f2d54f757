"""The settings dock: each setting shows what is in force, and asks for what a person chooses."""

from __future__ import annotations

from typing import Any

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QCheckBox, QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox

from motionapp.gui.tuning.fields import fields, value_of, why_not, with_value
from motionapp.gui.tuning.panel import SettingsPanel
from motionapp.settings import AnalysisSettings

USUAL = AnalysisSettings()


@pytest.fixture
def panel(app: QApplication) -> SettingsPanel:
    panel = SettingsPanel()
    panel.show_settings(USUAL)
    return panel


def asked(panel: SettingsPanel) -> list[tuple[str, Any]]:
    told: list[tuple[str, Any]] = []
    panel.changed.connect(lambda path, value: told.append((path, value)))
    return told


def test_editors_show_what_is_in_force_and_ask_for_nothing(panel: SettingsPanel) -> None:
    told = asked(panel)

    panel.show_settings(USUAL)

    shown = {field.path: panel.editor(field.path).value() for field in fields()}
    assert shown == pytest.approx({field.path: field.default for field in fields()})
    assert told == []


def test_what_is_chosen_by_hand_is_asked_for(panel: SettingsPanel) -> None:
    told = asked(panel)
    find = panel.editor

    number = find("absdiff.lag_s").findChild(QDoubleSpinBox)
    assert number is not None
    number.setValue(0.2)
    whole = find("pose.max_persons").findChild(QSpinBox)
    assert whole is not None
    whole.setValue(3)
    switch = find("absdiff.ignore_clocks").findChild(QCheckBox)
    assert switch is not None
    switch.click()
    choice = find("recognition.prior").findChild(QComboBox)
    assert choice is not None
    choice.setCurrentIndex(choice.findData("street"))
    choice.activated.emit(choice.currentIndex())
    text = find("pose.model").findChild(QLineEdit)
    assert text is not None
    text.setText(" a.onnx ")
    text.editingFinished.emit()

    assert told == [
        ("absdiff.lag_s", 0.2), ("pose.max_persons", 3), ("absdiff.ignore_clocks", False),
        ("recognition.prior", "street"), ("pose.model", "a.onnx"),
    ]  # fmt: skip
    assert not any(why_not(USUAL, path, value) for path, value in told if path != "pose.model")


def test_what_may_be_unset_has_a_box_for_it(panel: SettingsPanel) -> None:
    told = asked(panel)
    editor = panel.editor("recognition.threshold")
    box, number = editor.findChild(QCheckBox), editor.findChild(QDoubleSpinBox)
    assert box is not None
    assert number is not None
    assert not number.isEnabled()

    box.click()
    number.setValue(0.7)
    box.click()

    assert [value for _, value in told] == [pytest.approx(0.0), pytest.approx(0.7), None]


def test_a_search_leaves_what_matches(panel: SettingsPanel) -> None:
    panel.search("lag seconds")
    assert set(panel.shown()) == {"absdiff.lag_s", "codec.lag_s", "flow.lag_s", "pose.lag_s"}

    panel.search("")

    assert len(panel.shown()) == len(fields())


def test_a_changed_setting_can_be_set_back(panel: SettingsPanel) -> None:
    told = asked(panel)
    panel.show()
    panel.show_settings(with_value(USUAL, "events.persist_s", 2.0))
    resets = {path: row.reset for path, row in panel._rows.items()}
    assert [path for path, one in resets.items() if one.isEnabled()] == ["events.persist_s"]

    resets["events.persist_s"].click()

    assert told == [("events.persist_s", value_of(USUAL, panel._rows["events.persist_s"].field))]


def test_a_number_is_taken_once_it_is_typed(panel: SettingsPanel) -> None:
    """On the way to 0.25 it is 0 and 0.2."""
    told = asked(panel)
    number = panel.editor("absdiff.lag_s").findChild(QDoubleSpinBox)
    assert number is not None
    number.selectAll()
    QTest.keyClicks(number, "0.25")  # type: ignore[call-overload]  # its stub asks for `self` twice
    assert told == []

    QTest.keyClick(number, Qt.Key.Key_Return)  # type: ignore[call-overload]

    assert told == [("absdiff.lag_s", 0.25)]
