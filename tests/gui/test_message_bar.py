"""What went wrong lies over the picture: as plain words, and without moving anything."""

from __future__ import annotations

import pytest
from PyQt6.QtWidgets import QApplication, QVBoxLayout, QWidget

from motionapp.gui.message_bar import MessageBar
from motionapp.gui.one_line import OneLine, plain_tip
from motionapp.gui.picture import PictureView


@pytest.fixture
def view(app: QApplication) -> PictureView:
    view = PictureView()
    view.resize(640, 360)
    view.show()
    return view


@pytest.mark.parametrize(
    "sentence",
    [
        "odd & <b>bold</b> <img src=x> name.avi cannot be read",
        "trunc.mp4 is not a recording",
        "/" + "a" * 2000 + "/b.mp4 is not there",
    ],
)
def test_a_sentence_is_shown_as_it_is_and_moves_nothing(view: PictureView, sentence: str) -> None:
    bar = MessageBar(view)

    bar.show_error(sentence)

    assert bar.text() == sentence
    assert (view.width(), view.height()) == (640, 360)
    assert bar.width() <= view.width()
    assert bar.height() < view.height() // 2
    view.resize(400, 300)
    assert bar.width() <= 400
    bar.show_error("")
    assert bar.text() == ""


def test_a_long_name_needs_no_width(app: QApplication) -> None:
    holder = QWidget()
    layout = QVBoxLayout(holder)
    line = OneLine()
    layout.addWidget(line)
    line.say("x" * 3000)

    assert holder.minimumSizeHint().width() < 100
    assert line.text() == "x" * 3000


def test_a_tip_takes_no_name_for_html() -> None:
    assert plain_tip("a <b>c</b>") == "<p>a &lt;b&gt;c&lt;/b&gt;</p>"
    assert plain_tip("") == ""
