"""Zones with a real pointer: drawn on the picture, named in the dock, undone, written and read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QLineEdit, QWidget

from motionapp.core.crossing import Crossing
from motionapp.core.event import Event
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.gui.play.glimpses import EventPictures
from motionapp.gui.play.listener import Happening
from motionapp.gui.play.wish import Wish
from motionapp.gui.window import MainWindow
from motionapp.gui.zoning.panel import Edited
from motionapp.privacy.frames import LEVEL
from motionapp.settings import AnalysisSettings
from motionapp.settings.zones import ZoneSettings, read_zones

pytestmark = pytest.mark.timeout(40)
Until = Callable[[Callable[[], object]], None]
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NO_KEY = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(
    shown_window: Callable[..., MainWindow], long_recording: None, until: Until
) -> MainWindow:
    window = shown_window(Wish("a.mp4", AnalysisSettings()).with_classifier("none").held())
    window.docks["zones"].raise_()
    until(lambda: window.view.sight is not None)
    return window


def place(window: MainWindow, shares: tuple[float, float]) -> QPoint:
    assert window.view.sight is not None
    return QPointF(*window.view.sight.of_shares(shares)).toPoint()


def click(window: MainWindow, shares: tuple[float, float], button: Qt.MouseButton = LEFT) -> None:
    QTest.mouseClick(window.view, button, pos=place(window, shares))  # type: ignore[call-overload]  # its stub asks for `self` twice


def drag(window: MainWindow, start: tuple[float, float], *way: tuple[float, float]) -> None:
    QTest.mousePress(window.view, LEFT, pos=place(window, start))  # type: ignore[call-overload]
    for point in way:
        QTest.mouseMove(window.view, place(window, point))
    QTest.mouseRelease(window.view, LEFT, pos=place(window, way[-1]))  # type: ignore[call-overload]


def draw(window: MainWindow, *corners: tuple[float, float]) -> None:
    for corner in (*corners, corners[0]):
        click(window, corner)


def test_a_zone_is_drawn_on_the_picture_edited_and_undone(window: MainWindow) -> None:
    window.panels.zones.button("watch").click()
    draw(window, (0.2, 0.2), (0.6, 0.2), (0.6, 0.7))
    (zone,) = window.wish.settings.zones
    for corner, expected in zip(zone.polygon, ((0.2, 0.2), (0.6, 0.2), (0.6, 0.7)), strict=True):
        assert corner == pytest.approx(expected, abs=0.01)

    drag(window, (0.6, 0.7), (0.65, 0.75), (0.8, 0.9))
    assert window.wish.settings.zones[0].polygon[2] == pytest.approx((0.8, 0.9), abs=0.01)
    window.panels.zones.edited.emit(Edited("door", "exclude", 2.0))
    (zone,) = window.wish.settings.zones
    assert (zone.name, zone.kind, zone.sensitivity) == ("door", "exclude", 2.0)

    for _ in range(3):
        window.actions_["undo"].trigger()

    assert window.wish.settings.zones == ()
    window.actions_["redo"].trigger()
    assert len(window.wish.settings.zones) == 1


def test_escape_gives_up_what_is_being_drawn(window: MainWindow) -> None:
    window.panels.zones.button("leave out").click()
    click(window, (0.2, 0.2))
    window.actions_["leave"].trigger()

    draw(window, (0.5, 0.5), (0.7, 0.5), (0.7, 0.9))

    assert window.wish.settings.zones == ()


def test_a_name_that_another_has_is_refused_in_words(window: MainWindow) -> None:
    for corner in (0.1, 0.5):
        window.panels.zones.button("watch").click()
        draw(window, (corner, 0.1), (corner + 0.3, 0.1), (corner + 0.3, 0.6))
    before = window.wish.settings.zones

    window.panels.zones.edited.emit(Edited("zone 1", "include", 1.0))

    assert "zone 1" in window.stage.messages.text()
    assert window.wish.settings.zones == before


def test_what_is_written_is_what_zones_takes_and_is_read_again(
    window: MainWindow, tmp_path: Path
) -> None:
    window.panels.zones.button("watch").click()
    draw(window, (0.2, 0.2), (0.6, 0.2), (0.6, 0.7))
    drawn = window.wish.settings.zones

    window.crew.zoning.write(tmp_path / "zones.toml")
    assert read_zones(tmp_path / "zones.toml") == drawn
    window.crew.zoning.remove()
    assert window.wish.settings.zones == ()
    window.crew.zoning.read(tmp_path / "zones.toml")

    assert window.wish.settings.zones == drawn


def test_a_file_that_is_none_is_said_and_changes_nothing(
    window: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / "zones.toml").write_text("[[zone]]\nname = 3\n")

    window.crew.zoning.read(tmp_path / "zones.toml")

    assert "zones.toml" in window.stage.messages.text()
    assert window.wish.settings.zones == ()


def test_without_its_dock_the_pointer_moves_the_picture(window: MainWindow) -> None:
    window.docks["events"].raise_()
    window.docks["zones"].hide()
    window.view.zoom(4.0)
    before = window.view.sight

    drag(window, (0.5, 0.5), (0.45, 0.45))

    assert window.view.sight != before
    assert window.wish.settings.zones == ()


def grey_at(window: MainWindow, shares: tuple[float, float]) -> int:
    picture = window.view.picture
    assert picture is not None
    height, width = picture.bgra.shape[:2]
    return int(picture.bgra[int(shares[1] * height), int(shares[0] * width), 0])


def test_a_line_ends_with_a_double_click_or_enter(window: MainWindow) -> None:
    panel = window.panels.zones
    panel.button("count").click()
    click(window, (0.2, 0.5))
    click(window, (0.8, 0.5))
    QTest.mouseDClick(window.view, LEFT, pos=place(window, (0.8, 0.5)))  # type: ignore[call-overload]
    panel.button("count").click()
    for point in ((0.5, 0.2), (0.6, 0.6), (0.5, 0.9)):
        click(window, point)
    QTest.keyClick(window.view, Qt.Key.Key_Return)

    first, second = window.wish.settings.zones
    assert (first.kind, len(first.polygon), first.name) == ("line", 2, "line 1")
    assert (second.kind, len(second.polygon)) == ("line", 3)
    assert not window.isFullScreen()


def test_what_is_covered_is_covered_in_the_picture_that_stands(
    window: MainWindow, until: Until
) -> None:
    assert grey_at(window, (0.5, 0.5)) == 90
    window.panels.zones.button("cover").click()
    draw(window, (0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7))

    until(lambda: grey_at(window, (0.5, 0.5)) == LEVEL)
    assert grey_at(window, (0.1, 0.1)) == 90
    window.actions_["undo"].trigger()

    until(lambda: grey_at(window, (0.5, 0.5)) == 90)


def test_pictures_from_before_something_was_covered_are_forgotten(window: MainWindow) -> None:
    gallery = window.panels.events.model.gallery
    gallery.put([EventPictures("all@0", b"a picture")])

    draw_with(window, "include")

    assert len(gallery) == 1

    draw_with(window, "privacy")

    assert len(gallery) == 0


def test_a_picture_that_was_on_its_way_when_something_was_covered_is_not_shown(
    window: MainWindow,
) -> None:
    closed = Event("all@0", "all", 0.0, 1.0, "walk", 0.9, 0.5, Box(0, 0, 9, 9), ended_by="motion")
    happening = Happening(
        Moment("a", None, closed=(closed,)), pictures=(EventPictures("all@0", b"a picture"),)
    )
    draw_with(window, "privacy")

    window.player.happened.emit(happening)

    assert len(window.panels.events.log) == 1
    assert len(window.panels.events.model.gallery) == 0
    window.player.happened.emit(replace(happening, cover=window.wish.cover))
    assert len(window.panels.events.model.gallery) == 1


def draw_with(window: MainWindow, kind: str) -> None:
    """A zone of a kind, by settings."""
    zone = ZoneSettings(name=kind, kind=kind, polygon=((0.1, 0.1), (0.5, 0.1), (0.5, 0.5)))
    settings = window.wish.settings
    window.crew.tuning.change(
        settings.model_copy(update={"zones": (*settings.zones, zone)}), "zones"
    )


def test_who_goes_over_a_line_is_counted_in_the_dock(window: MainWindow) -> None:
    panel = window.panels.zones
    panel.button("count").click()
    click(window, (0.2, 0.5))
    click(window, (0.8, 0.5))
    QTest.keyClick(window.view, Qt.Key.Key_Return)
    gone = (Crossing("line 1", 1.0, 1, "left"), Crossing("line 1", 2.0, 2, "left"))

    window.player.happened.emit(Happening(Moment("a", None, crossings=gone)))

    item = panel.list.item(0)
    assert item is not None
    assert item.text() == "line 1   left 2, right 0"
    drag(window, (0.2, 0.5), (0.2, 0.6), (0.2, 0.7))
    moved = panel.list.item(0)
    assert moved is not None
    assert moved.text() == "line 1   left 0, right 0"


def test_a_zone_of_every_kind_is_written_and_read_again(window: MainWindow, tmp_path: Path) -> None:
    panel = window.panels.zones
    for number, button in enumerate(("watch", "leave out", "cover")):
        panel.button(button).click()
        x = 0.1 + 0.3 * number
        draw(window, (x, 0.1), (x + 0.2, 0.1), (x + 0.2, 0.6))
    panel.button("count").click()
    click(window, (0.2, 0.8))
    click(window, (0.8, 0.8))
    QTest.keyClick(window.view, Qt.Key.Key_Return)

    window.crew.zoning.write(tmp_path / "zones.toml")

    read = read_zones(tmp_path / "zones.toml")
    assert read == window.wish.settings.zones
    assert [zone.kind for zone in read] == ["include", "exclude", "privacy", "line"]


def test_a_line_of_two_points_is_no_zone_and_that_is_said(window: MainWindow) -> None:
    window.panels.zones.button("count").click()
    click(window, (0.2, 0.5))
    click(window, (0.8, 0.5))
    QTest.keyClick(window.view, Qt.Key.Key_Return)

    window.panels.zones.edited.emit(Edited("door", "include", 1.0))

    assert "needs three corners" in window.stage.messages.text()
    assert window.wish.settings.zones[0].kind == "line"


def press(widget: QWidget, *keys: Qt.Key, by: Qt.KeyboardModifier = NO_KEY) -> None:
    for key in keys:
        QTest.keyClick(widget, key, by)


def test_a_zone_is_drawn_moved_and_made_larger_by_keys_alone(window: MainWindow) -> None:
    Key = Qt.Key
    window.panels.zones.button("watch").setFocus()
    press(window.panels.zones.button("watch"), Key.Key_Return)
    view, held_at_s = window.view, window.wish.place.at_s
    press(view, Key.Key_Left, Key.Key_Space)  # 0.49, 0.5
    press(view, *[Key.Key_Right] * 10, Key.Key_Space, Key.Key_Backspace)
    press(view, *[Key.Key_Right] * 10, Key.Key_Space)  # 0.69, 0.5
    press(view, *[Key.Key_Down] * 20, Key.Key_Space, Key.Key_Return)  # 0.69, 0.7
    expected = [(0.49, 0.5), (0.69, 0.5), (0.69, 0.7)]
    (zone,) = window.wish.settings.zones
    assert np.allclose(zone.polygon, expected)
    assert window.wish.play.is_paused  # Space was none of the player's
    assert window.wish.place.at_s == held_at_s  # nor were arrows

    listed, alt = window.panels.zones.list, Qt.KeyboardModifier.AltModifier
    press(listed, Key.Key_Left, Key.Key_Up, by=alt)
    press(listed, *[Key.Key_Right] * 20, by=alt | Qt.KeyboardModifier.ShiftModifier)

    (zone,) = window.wish.settings.zones
    assert np.allclose(zone.polygon, [(0.48, 0.49), (0.88, 0.49), (0.88, 0.69)])
    window.actions_["undo"].trigger()
    (zone,) = window.wish.settings.zones
    assert np.allclose(zone.polygon, expected)


def test_after_a_name_undo_is_the_windows_again(window: MainWindow) -> None:
    window.panels.zones.button("watch").click()
    draw(window, (0.2, 0.2), (0.6, 0.2), (0.6, 0.7))
    name = window.panels.zones.findChild(QLineEdit)
    assert name is not None
    name.setFocus()
    name.selectAll()
    QTest.keyClicks(name, "door")
    QTest.keyClick(name, Qt.Key.Key_Return)

    assert window.wish.settings.zones[0].name == "door"
    assert window.panels.zones.list.hasFocus()
