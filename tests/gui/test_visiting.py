"""An event of the list is played once, or again and again, or gone to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PyQt6.QtCore import QModelIndex

from motionapp import assembly
from motionapp.core.event import Event, Segment
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.gui.play.wish import Loop, Play, Wish
from motionapp.gui.window import MainWindow
from motionapp.settings import AnalysisSettings
from motionapp.testing import STEP_S, ScriptedSource

pytestmark = pytest.mark.timeout(60)
Until = Callable[[Callable[[], object]], None]
HERE = Box(0, 0, 9, 9)


@pytest.fixture
def window(shown_window: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    monkeypatch.setattr(assembly, "open_source", lambda spec, **_: ScriptedSource(500))
    settings = AnalysisSettings().model_copy(update={"people": "off"})
    wish = Wish("street.mp4", settings, play=Play(rate=8.0)).with_classifier("none")
    window = shown_window(wish)
    waved = Segment("wave", 0.9, 6.0, 7.0, 1, (1,), HERE, ())
    event = Event("all@5000", "all", 5.0, 8.0, "wave", 0.9, 6.0, HERE, (waved,), ended_by="motion")
    window.panels.events.note(Moment("test", None, closed=(event,)))
    return window


def row(window: MainWindow) -> QModelIndex:
    return window.panels.events.sieved.index(0, 0)


def test_who_enters_an_event_sees_it_from_before_it_to_its_last_picture(
    window: MainWindow, until: Until
) -> None:
    window.panels.events.list.clicked.emit(row(window))  # as a double click does first
    window.panels.events.list.activated.emit(row(window))

    assert (window.wish.place.at_s, window.wish.play.until_s) == (3.0, 8.0)
    until(lambda: window.is_paused)
    until(lambda: (p := window.view.picture) and round(p.pts_s / STEP_S) == round(8 / STEP_S) - 1)
    assert window.wish.play.until_s is None
    window.actions_["pause"].trigger()
    until(lambda: window.view.picture is not None and window.view.picture.pts_s > 8.5)


def test_who_did_what_is_looped_and_events_are_gone_to_by_actions(
    window: MainWindow, until: Until
) -> None:
    listed, actions = window.panels.events.list, window.actions_
    assert not actions["loop event"].isEnabled()
    assert actions["play event"] in listed.actions()

    listed.setCurrentIndex(window.panels.events.sieved.index(0, 0, row(window)))
    actions["loop event"].trigger()

    assert window.wish.play.loop == Loop(6.0, 7.0)
    assert window.wish.place.at_s == 6.0
    listed.setCurrentIndex(row(window))
    actions["go to event"].trigger()
    until(lambda: window.wish.place.at_s == 3.0)


def test_of_a_camera_no_event_can_be_gone_back_to(
    window: MainWindow, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = window.panels.events.list
    listed.setCurrentIndex(row(window))
    assert window.actions_["play event"].isEnabled()
    (found,) = window.panels.events.log

    monkeypatch.setattr(assembly, "open_source", lambda spec, **_: ScriptedSource(is_live=True))
    window.open_source("camera:0")
    until(lambda: "Camera" in window.windowTitle())
    window.panels.events.note(Moment("test", None, closed=(found.event,)))
    listed.setCurrentIndex(row(window))

    assert window.actions_["confirm"].isEnabled()
    assert not window.actions_["play event"].isEnabled()


def test_what_can_be_done_follows_the_chosen_event_as_it_closes_and_goes(
    window: MainWindow,
) -> None:
    events, actions = window.panels.events, window.actions_
    going = Event("all@9000", "all", 9.0, 9.5, "wave", 0.9, 9.0, HERE, (), ended_by=None)
    events.note(Moment("test", None, opened=(going,)))
    events.list.setCurrentIndex(row(window))
    assert not actions["confirm"].isEnabled()

    events.note(Moment("test", None, closed=(replace(going, ended_by="motion"),)))
    assert actions["confirm"].isEnabled()

    events.show_stored([replace(going, event_id="all@20000", ended_by="motion")])
    assert not events.list.currentIndex().isValid()
    assert not actions["confirm"].isEnabled()
    assert not actions["play event"].isEnabled()
