"""Playing: what keys and buttons ask for, as wishes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PyQt6.QtWidgets import QApplication, QMainWindow

from motionapp.core.seams import SourceInfo
from motionapp.gui import desk as gui
from motionapp.gui.action_set import ActionSet
from motionapp.gui.play.wish import Loop, Wish
from motionapp.gui.transport import SEEK_WAIT_MS, Transport
from motionapp.settings import AnalysisSettings

Until = Callable[[Callable[[], object]], None]
RECORDING = SourceInfo("a.mp4", (640, 480), 25.0, 100.0)
CAMERA = replace(RECORDING, duration_s=None, is_live=True)


class Desk:
    """A transport, what it asked for last, and where the picture is."""

    def __init__(self) -> None:
        self.window = QMainWindow()
        self.actions = ActionSet(self.window)
        self.wish = Wish("a.mp4", AnalysisSettings())
        self.shown_s = 40.0
        desk = gui.Desk(
            wish=lambda: self.wish, want=self.want, shown_s=lambda: self.shown_s,
            source=lambda: self.wish.spec, failed=str, say=str,
        )  # fmt: skip
        self.transport = Transport(self.actions, desk, self.window)
        self.transport.opened(RECORDING)

    def want(self, wish: Wish) -> None:
        self.wish = wish

    def press(self, *keys: str) -> None:
        for key in keys:
            assert self.actions[key].isEnabled()
            self.actions[key].trigger()


@pytest.fixture
def desk(app: QApplication) -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.window.deleteLater()


def test_skips_that_come_quickly_add_up_to_one_place(desk: Desk, until: Until) -> None:
    opening = desk.wish.opening

    desk.press("on", "on", "far on", "back")

    until(lambda: desk.wish.opening != opening)
    assert desk.wish.place.at_s == 55.0
    assert SEEK_WAIT_MS < 100


def test_the_first_of_several_places_is_sought_at_once_and_the_last_is_not_lost(
    desk: Desk, app: QApplication, until: Until
) -> None:
    desk.transport.seek(10.0)
    app.processEvents()
    assert desk.wish.place.at_s == 10.0
    opening = desk.wish.opening

    for at_s in (11.0, 12.0, 13.0):
        desk.transport.seek(at_s)
        app.processEvents()
    assert desk.wish.opening <= opening + 1  # as a dragged line would ask for each of them

    until(lambda: desk.wish.place.at_s == 13.0)
    assert desk.wish.opening <= opening + 2


def test_a_step_holds_the_picture_beside_the_one_that_is_seen(desk: Desk) -> None:
    desk.press("step back")
    assert (desk.wish.place.at_s, desk.wish.place.is_before) == (40.0, True)
    assert desk.wish.play.is_paused

    desk.press("step on", "step on")

    assert desk.wish.steps == 2


def test_speed_goes_by_doubles_and_back_to_the_usual(desk: Desk) -> None:
    desk.press("faster", "faster", "slower")
    assert desk.wish.play.rate == 2.0

    desk.press("usual speed")

    assert desk.wish.play.rate == 1.0


def test_a_stretch_is_marked_from_either_end(desk: Desk) -> None:
    desk.press("loop from")
    desk.shown_s = 50.0
    desk.press("loop to")
    assert desk.wish.play.loop == Loop(40.0, 50.0)

    desk.shown_s = 60.0
    desk.press("loop from")
    assert desk.wish.play.loop == Loop(60.0)
    desk.shown_s = 20.0
    desk.press("loop to")

    assert desk.wish.play.loop == Loop(0.0, 20.0)


def test_after_the_end_it_begins_again_where_its_stretch_does(desk: Desk) -> None:
    desk.wish = desk.wish.looped(Loop(30.0, 50.0)).held()
    desk.transport.ended()

    desk.press("step on")
    assert desk.wish.steps == 0
    desk.press("pause")

    assert (desk.wish.place.at_s, desk.wish.play.is_paused) == (30.0, False)


def test_a_camera_can_be_held_and_nothing_else(desk: Desk) -> None:
    desk.transport.opened(CAMERA)

    desk.press("pause")
    desk.transport.seek(10.0)

    assert desk.wish.play.is_paused
    assert not desk.actions["step on"].isEnabled()
    assert not desk.actions["loop from"].isEnabled()
    assert desk.transport.duration_s is None


def test_where_nobody_knows_the_end_it_is_not_gone_to(desk: Desk) -> None:
    """It led to the beginning."""
    desk.transport.opened(replace(RECORDING, duration_s=None))
    assert not desk.actions["end"].isEnabled()
    assert desk.actions["beginning"].isEnabled()

    desk.transport.opened(RECORDING)
    assert desk.actions["end"].isEnabled()
