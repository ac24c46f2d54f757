"""Cameras in the window: listed by name, with their sizes and rates, and found when they come."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PyQt6.QtCore import QCoreApplication, QEvent, QObject
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QApplication, QMenu

from motionapp.gui.camera_menu import CameraMenu
from motionapp.gui.cameras import Cameras
from motionapp.gui.player import Player
from motionapp.sources import CameraInfo, CameraMode

Until = Callable[[Callable[[], object]], None]

HD = (1280, 720)
PORCH = CameraInfo(
    0, "Porch", (CameraMode((640, 480), 30.0), *(CameraMode(HD, r) for r in (10, 30)))
)
TWINS = CameraInfo(2, "Twin"), CameraInfo(4, "Twin")


def entries(menu: QMenu) -> dict[str, QAction]:
    """All of a menu and of those in it, by their words."""
    found: dict[str, QAction] = {}
    for action in menu.actions():
        inside = action.menu()
        if inside is not None:
            found |= {f"{action.text()} > {words}": one for words, one in entries(inside).items()}
        if not action.isSeparator():
            found[action.text()] = action
    return found


@pytest.fixture
def menu(app: QApplication) -> CameraMenu:
    menu = CameraMenu()
    menu.set_cameras((PORCH, *TWINS))
    return menu


@pytest.fixture
def asked(menu: CameraMenu) -> list[str]:
    asked: list[str] = []
    menu.source_asked.connect(asked.append)
    return asked


def test_a_camera_is_asked_for_by_its_name_and_one_of_two_namesakes_by_number(
    menu: CameraMenu, asked: list[str]
) -> None:
    for words in ("0: Porch", "2: Twin"):
        entries(menu)[words].trigger()

    assert asked == ["camera:Porch", "camera:2"]
    assert not entries(menu)["Size and rate"].isEnabled()  # no camera plays


def test_the_one_that_plays_can_be_read_at_another_size_and_rate(
    menu: CameraMenu, asked: list[str]
) -> None:
    menu.show_spec("camera:Porch")
    there = entries(menu)

    there["Size and rate > 1280 × 720 > 10 /s"].trigger()
    there["Size and rate > 640 × 480, 30 /s"].trigger()

    assert asked == ["camera:Porch,size=1280x720,rate=10", "camera:Porch,size=640x480,rate=30"]
    assert there["0: Porch"].isChecked()
    assert there["Size and rate > As usual"].isChecked()
    assert [words for words in there if "1280 × 720 >" in words] == [
        "Size and rate > 1280 × 720 > 30 /s",
        "Size and rate > 1280 × 720 > 10 /s",
    ]


def test_what_was_chosen_is_marked_and_can_be_given_back(
    menu: CameraMenu, asked: list[str]
) -> None:
    menu.show_spec("camera:0,size=1280x720,rate=10")
    there = entries(menu)

    assert [words for words, one in there.items() if one.isChecked()] == [
        "0: Porch",
        "Size and rate > 1280 × 720 > 10 /s",
    ]
    there["Size and rate > As usual"].trigger()
    assert asked == ["camera:0"]


def test_a_camera_that_lists_no_modes_has_the_usual_ones(menu: CameraMenu) -> None:
    menu.show_spec("camera:2")

    assert "Size and rate > 1920 × 1080 > 60 /s" in entries(menu)


def test_other_sources_have_no_size_to_choose(menu: CameraMenu) -> None:
    for spec in ("camera:Porch", "film.mp4"):
        menu.show_spec(spec)
    assert not entries(menu)["Size and rate"].isEnabled()

    menu.show_spec("camera:0,size=big")  # refused where it is opened
    assert not entries(menu)["Size and rate"].isEnabled()


def test_what_could_be_chosen_of_cameras_before_is_forgotten(menu: CameraMenu) -> None:
    for spec in ("camera:Porch", "camera:2") * 20:
        menu.show_spec(spec)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    assert len(menu.findChildren(QMenu)) <= 1 + 4


def test_an_open_menu_is_left_alone_when_the_same_cameras_are_found(menu: CameraMenu) -> None:
    before = menu.actions()

    menu.set_cameras((PORCH, *TWINS))
    assert menu.actions() == before

    menu.set_cameras(())
    assert "No camera found" in entries(menu)


def test_a_camera_that_is_plugged_in_stands_in_the_menu(
    app: QApplication, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    there: list[CameraInfo] = []
    monkeypatch.setattr("motionapp.gui.play.driver.list_cameras", lambda: list(there))
    menu, player, parent = CameraMenu(), Player(), QObject()
    cameras = Cameras(
        menu, player, parent, nodes=lambda: frozenset(camera.name for camera in there)
    )
    cameras.timer.stop()  # looks only when told to
    player.start()
    until(lambda: "No camera found" in entries(menu))

    there.append(PORCH)
    cameras.look()
    until(lambda: "0: Porch" in entries(menu))
    there.clear()
    cameras.look()

    until(lambda: "No camera found" in entries(menu))
    player.close()
