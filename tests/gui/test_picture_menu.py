"""The picture's menu, and why asked about a place in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PyQt6.QtCore import QPoint
from PyQt6.QtGui import QContextMenuEvent
from PyQt6.QtWidgets import QApplication

from motionapp.gui.play.wish import Wish
from motionapp.gui.window import MainWindow
from motionapp.settings import AnalysisSettings

pytestmark = pytest.mark.timeout(60)
Until = Callable[[Callable[[], object]], None]
SETTINGS = (
    Wish("", AnalysisSettings())
    .with_classifier("none")
    .settings.model_copy(update={"people": "off"})
)
MOUSE = QContextMenuEvent.Reason.Mouse


@pytest.fixture
def window(shown_window: Callable[..., MainWindow]) -> Iterator[MainWindow]:
    window = shown_window(Wish("synthetic:walk", SETTINGS).held().sought(4.0), threads=1)
    yield window
    window.crew.menu.menu.close()


def right_click(window: MainWindow, shares: tuple[float, float]) -> None:
    sight = window.view.sight
    assert sight is not None
    at = QPoint(*(round(part) for part in sight.of_shares(shares)))
    event = QContextMenuEvent(MOUSE, at, window.view.mapToGlobal(at))
    QApplication.sendEvent(window.view, event)


def test_why_is_asked_about_the_place_that_was_clicked_and_marks_it(
    window: MainWindow, until: Until
) -> None:
    right_click(window, (0.9, 0.1))
    assert window.crew.menu.menu.isVisible()
    window.crew.menu.menu.close()

    window.actions_["why here"].trigger()

    until(lambda: "Nobody was at this place." in window.panels.why.text())
    assert "No event at 00:04" in window.panels.why.text()
    assert window.crew.asking.pin.at == pytest.approx((0.9, 0.1), abs=0.01)
    assert not window.docks["why"].isHidden()


def test_asking_by_key_is_about_the_whole_picture_and_takes_the_mark_away(
    window: MainWindow, until: Until
) -> None:
    right_click(window, (0.9, 0.1))
    window.actions_["why here"].trigger()

    window.actions_["why"].trigger()
    until(lambda: "An event is there" in window.panels.why.text())

    assert window.crew.asking.pin.at is None
    assert "Nobody was at this place." not in window.panels.why.text()


def test_the_menu_has_what_is_done_with_pictures_and_all_layers(window: MainWindow) -> None:
    menu = window.crew.menu.menu
    said = [action.text() for action in menu.actions() if action.text()]

    for key in ("why here", "pause", "snapshot", "nearer", "whole", "mirror", "full screen"):
        assert window.actions_[key].text() in said
    (layers,) = [action.menu() for action in menu.actions() if action.menu() is not None]
    assert layers is not None
    assert window.actions_["trails"] in layers.actions()


def test_while_zones_are_edited_the_right_button_is_theirs(window: MainWindow) -> None:
    window.view.use(window.crew.zoning.tool)

    right_click(window, (0.5, 0.5))

    assert not window.crew.menu.menu.isVisible()


def test_a_mark_is_seen_on_the_pictures_that_it_is_about_alone(
    window: MainWindow, until: Until
) -> None:
    view, pin = window.view, window.crew.asking.pin
    plain = view.grab().toImage()

    pin.put((0.5, 0.5), 4.0)
    marked = view.grab().toImage()
    pin.put((0.5, 0.5), 9.0)

    assert marked != plain
    assert view.grab().toImage() == plain
