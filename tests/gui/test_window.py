"""The window, offscreen: what it asks for, what it shows, how it ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QComboBox, QSlider

from motionapp import assembly
from motionapp.core.errors import SourceError
from motionapp.core.event import Event
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.core.seams import Source
from motionapp.gui.presenter import KEYS, SLIDER_STEPS
from motionapp.gui.start import make_window
from motionapp.gui.state import Wish
from motionapp.gui.window import MainWindow
from motionapp.settings import AnalysisSettings
from motionapp.sources import CameraInfo
from motionapp.testing import ScriptedSource, frame_at

pytestmark = pytest.mark.timeout(40)
Until = Callable[[Callable[[], object]], None]


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {
        "long.mp4": lambda: ScriptedSource(3000),
        "short.mp4": lambda: ScriptedSource(3),
        "camera:0": lambda: ScriptedSource(None, is_live=False),
    }

    def open_source(spec: str, *, decode_threads: int | None = None) -> Source:
        if spec not in known:
            raise SourceError(f"there is no {spec}")
        return known[spec]()

    monkeypatch.setattr(assembly, "open_source", open_source)
    monkeypatch.setattr("motionapp.gui.driver.list_cameras", lambda: [CameraInfo(0, "porch")])


@pytest.fixture
def window(app: QApplication, scripted: None) -> Iterator[MainWindow]:
    window = make_window(Wish("long.mp4", AnalysisSettings().model_copy()).with_classifier("none"))
    window.show()
    yield window
    window.close()
    window.deleteLater()


def press(window: MainWindow, key: str) -> None:
    """As if the key were hit: its shortcut fires."""
    for shortcut in window.findChildren(QShortcut):
        if shortcut.key() == QKeySequence(key):
            shortcut.activated.emit()
            return
    raise AssertionError(f"no key {key}")


def an_event(start_s: float) -> Event:
    return Event(
        f"all@{start_s}", "all", start_s, start_s + 2, "jump", 0.8, start_s, Box(0, 0, 9, 9),
        ended_by="motion",
    )  # fmt: skip


def test_pictures_are_painted_with_their_age_and_figures(window: MainWindow, until: Until) -> None:
    until(lambda: window.view.painted.count > 12)
    until(lambda: "Capture 2" in window.status.text())

    age_s = window.view.ages_s.percentile(0.5)
    assert age_s is not None
    assert age_s < 1.0
    assert "long.mp4" in window.windowTitle()


def test_what_cannot_be_opened_is_a_line_in_the_window(window: MainWindow, until: Until) -> None:
    until(lambda: window.view.painted.count)

    window.open_source("nowhere.mp4")
    until(lambda: "nowhere" in window.messages.text())
    painted = window.view.painted.count
    until(lambda: window.view.painted.count > painted)

    assert window.wish.spec == "long.mp4"


def test_space_pauses_and_goes_on(window: MainWindow, until: Until) -> None:
    until(lambda: window.view.painted.count > 2)

    press(window, "Space")
    assert window.is_paused
    assert "Space" in window.messages.text()
    press(window, "Space")
    painted = window.view.painted.count
    until(lambda: window.view.painted.count > painted + 2)

    assert window.messages.text() == ""


def test_at_its_end_a_recording_says_so_and_space_plays_it_again(
    window: MainWindow, until: Until
) -> None:
    until(lambda: window.view.painted.count)
    window.open_source("short.mp4")
    until(lambda: "has ended" in window.messages.text())
    painted = window.view.painted.count

    press(window, "Space")

    until(lambda: window.view.painted.count > painted)


def test_a_click_on_an_event_begins_a_little_before_it(window: MainWindow, until: Until) -> None:
    until(lambda: window.view.painted.count)
    window.events.show_moment(Moment("test", None, closed=(an_event(60.0),)))

    index = window.events.model().index(0, 0)  # type: ignore[union-attr]  # it has a model
    window.events.clicked.emit(index)

    until(lambda: window.wish.start_s == 58.0)
    until(lambda: (m := window.player.driver.newest_moment) and m.frame and m.frame.pts_s >= 58)
    assert window.events.log[0].label == "jump"


def test_another_source_has_events_of_its_own(window: MainWindow, until: Until) -> None:
    until(lambda: window.view.painted.count)
    window.events.show_moment(Moment("test", None, closed=(an_event(60.0),)))

    window.open_source("camera:0")
    until(lambda: "Camera 0" in window.windowTitle())

    assert len(window.events.log) == 0


def test_choices_become_wishes_without_another_opening(window: MainWindow, until: Until) -> None:
    until(lambda: window.view.painted.count)
    opening = window.wish.opening
    frontend, _ = window.controls.findChildren(QComboBox)
    slider = window.controls.findChildren(QSlider)[0]

    frontend.setCurrentText("flow")
    slider.setValue(SLIDER_STEPS)

    assert window.wish.settings.frontend == "flow"
    assert window.wish.sensitivity == 4.0
    assert window.wish.opening == opening


def test_view_toggles_reach_the_pictures(window: MainWindow) -> None:
    press(window, "M")
    press(window, "B")

    assert window.view.shows == window.player.driver.look.shows
    assert window.view.shows.mask
    assert not window.view.shows.boxes


def test_every_listed_key_is_there(window: MainWindow) -> None:
    listed = {key.strip() for keys, _ in KEYS for key in keys.split(",")}
    there = {shortcut.key().toString() for shortcut in window.findChildren(QShortcut)}

    assert there == listed


def test_cameras_are_listed(window: MainWindow, until: Until) -> None:
    menu = window.controls.camera_menu

    until(lambda: "0: porch" in [action.text() for action in menu.actions()])


def test_the_timeline_asks_for_the_place_that_was_clicked(window: MainWindow) -> None:
    asked: list[float] = []
    window.timeline.set_duration(100.0)
    window.timeline.resize(514, 22)
    window.timeline.seek_asked.connect(asked.append)

    QTest.mouseClick(  # type: ignore[call-overload]  # its stub asks for `self` twice
        window.timeline, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(257, 11)
    )

    assert asked == [pytest.approx(50.0)]


@pytest.mark.parametrize("is_paused", [False, True])
def test_closing_takes_less_than_two_seconds_and_leaves_no_thread(
    window: MainWindow, until: Until, is_paused: bool
) -> None:
    """The threads are counted by the fixture of this folder."""
    until(lambda: window.view.painted.count > 2)
    if is_paused:
        press(window, "Space")

    began_s = time.monotonic()
    window.close()

    assert time.monotonic() - began_s < 2.0


def test_boxes_and_bodies_are_drawn_without_a_word(window: MainWindow, until: Until) -> None:
    """Painting raises inside Qt, which would end the process: each part is painted once."""
    import numpy as np

    from motionapp.core.motion import Motion, Pose
    from motionapp.core.track import Group, Track
    from motionapp.gui.canvas import shown
    from motionapp.gui.picture import PictureView
    from motionapp.gui.state import Shows

    body = np.ones((17, 3), np.float32) * 20
    frame = frame_at(1)
    boxes: Sequence[Box] = (Box(10, 10, 30, 40), Box(12, 0, 64, 48), Box(70, 0, 90, 20))
    moment = Moment(
        "test",
        frame,
        motion=Motion(poses=(Pose(body, 0.9),)),
        tracks=tuple(Track(n, box, 0, 0, True, True, n) for n, box in enumerate(boxes)),
        groups=tuple(
            Group(n, box, box, (n,), True, True, 0.0, "walk", 0.9) for n, box in enumerate(boxes)
        ),
    )
    view = PictureView(lambda: moment)
    view.resize(640, 480)
    view.shows = Shows(tracks=True)
    view.show_picture(shown(frame, moment, (640, 480), view.shows))

    image = view.grab().toImage()

    colours = {image.pixelColor(x, 100).name() for x in range(image.width())}
    assert len(colours) > 2
    assert view.painted.count == 1
