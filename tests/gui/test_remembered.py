"""What is remembered from one window to the next, and what is not."""

from __future__ import annotations

import pytest
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QApplication, QMainWindow

from motionapp.gui.remembered import MOST_RECENT, Remembered, fit


def test_a_window_comes_back_where_it_was(app: QApplication) -> None:
    window = QMainWindow()
    window.resize(431, 322)
    Remembered().keep(window)
    again = QMainWindow()

    Remembered().place(again)

    assert (again.width(), again.height()) == (431, 322)


def test_a_window_is_never_larger_than_its_screen(app: QApplication) -> None:
    screen = QGuiApplication.primaryScreen()
    assert screen is not None
    room = screen.availableGeometry()
    window = QMainWindow()
    window.resize(4000, 3000)
    window.move(room.right() - 10, room.bottom() - 10)

    fit(window)

    assert room.contains(window.frameGeometry())
    assert window.height() < room.height()  # a title will stand above it


def test_what_was_opened_last_stands_first_and_once(app: QApplication) -> None:
    remembered = Remembered()
    for number in range(20):
        remembered.opened(f"/a/{number}.mp4")
    remembered.opened("/a/15.mp4")

    recent = Remembered().recent

    assert len(recent) == MOST_RECENT
    assert recent[:2] == ("/a/15.mp4", "/a/19.mp4")
    remembered.forget_recent()
    assert Remembered().recent == ()


@pytest.mark.parametrize("spec", ["rtsp://me:secret@porch/1", "http://porch/video?token=secret"])
def test_an_address_with_a_password_is_not_written_down(app: QApplication, spec: str) -> None:
    remembered = Remembered()

    remembered.opened(spec)
    remembered.opened("rtsp://porch/1")

    assert remembered.recent == ("rtsp://porch/1",)
