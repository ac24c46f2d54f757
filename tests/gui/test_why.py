"""Why, asked in the window: the rule that said no, the smallest change, and its way back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PyQt6.QtWidgets import QPushButton

from motionapp.gui.play.wish import Wish
from motionapp.gui.window import MainWindow
from motionapp.settings import AnalysisSettings
from motionapp.settings.tree import EventSettings

pytestmark = pytest.mark.timeout(60)
Until = Callable[[Callable[[], object]], None]
SETTINGS = (
    Wish("", AnalysisSettings())
    .with_classifier("none")
    .settings.model_copy(update={"people": "off", "events": EventSettings(persist_s=20.0)})
)


@pytest.fixture
def window(shown_window: Callable[..., MainWindow]) -> MainWindow:
    return shown_window(Wish("synthetic:walk", SETTINGS).held().sought(4.0), threads=1)


def test_the_rule_is_named_and_its_remedy_made_so_and_undone(
    window: MainWindow, until: Until
) -> None:
    window.panels.why.asked.emit()
    until(lambda: window.panels.why.can_remedy)

    assert "No event at 00:04" in window.panels.why.text()
    assert "events: persist, seconds" in window.panels.why.text()
    (apply,) = [b for b in window.panels.why.findChildren(QPushButton) if b.text() == "Make it so"]
    apply.click()
    assert window.wish.settings.events.persist_s < 20.0
    window.panels.why.asked.emit()
    until(lambda: "An event is there" in window.panels.why.text())

    window.actions_["undo"].trigger()

    assert window.wish.settings.events.persist_s == 20.0


def test_the_window_closes_while_an_answer_is_sought(window: MainWindow) -> None:
    """The threads are counted by the fixture of this folder."""
    window.panels.why.asked.emit()

    window.close()
