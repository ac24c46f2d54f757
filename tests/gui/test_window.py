"""The window, offscreen: what it asks for, what it shows, how it ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QImage, QKeySequence
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QComboBox, QSlider

from motionapp import assembly
from motionapp.core.errors import SourceError
from motionapp.core.event import Event
from motionapp.core.frame import Epoch, Frame
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.core.motion import Motion, Pose, Removal
from motionapp.core.seams import Source
from motionapp.core.track import Group, Track
from motionapp.frontends import registry
from motionapp.gui.actions import ACTIONS, DOCK_KEY
from motionapp.gui.picture import PictureView
from motionapp.gui.play.canvas import Look, shown
from motionapp.gui.play.wish import Shows, Wish
from motionapp.gui.presenter import SLIDER_STEPS
from motionapp.gui.start import make_window
from motionapp.gui.window import MainWindow
from motionapp.settings import AnalysisSettings
from motionapp.sinks.h264 import H264Writer
from motionapp.sinks.video import AnnotatedVideoSink
from motionapp.sources import CameraInfo
from motionapp.testing import ScriptedSource

pytestmark = pytest.mark.timeout(40)
Until = Callable[[Callable[[], object]], None]
Picture = NDArray[np.uint8]


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
    monkeypatch.setattr("motionapp.gui.play.driver.list_cameras", lambda: [CameraInfo(0, "porch")])


@pytest.fixture
def window(app: QApplication, scripted: None) -> Iterator[MainWindow]:
    window = make_window(Wish("long.mp4", AnalysisSettings().model_copy()).with_classifier("none"))
    window.show()
    yield window
    window.close()
    window.deleteLater()


def press(window: MainWindow, key: str) -> None:
    """As if the key were hit: the action that has it is done."""
    for action in window.actions():
        if QKeySequence(key) in action.shortcuts():
            assert action.isEnabled(), f"{key} does nothing now"
            action.trigger()
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
    until(lambda: "nowhere" in window.stage.messages.text())
    painted = window.view.painted.count
    until(lambda: window.view.painted.count > painted)

    assert window.wish.spec == "long.mp4"


def test_space_pauses_and_goes_on(window: MainWindow, until: Until) -> None:
    until(lambda: window.view.painted.count > 2)

    press(window, "Space")
    assert window.is_paused
    press(window, "Space")
    painted = window.view.painted.count
    until(lambda: window.view.painted.count > painted + 2)


def test_at_its_end_a_recording_says_so_and_space_plays_it_again(
    window: MainWindow, until: Until
) -> None:
    until(lambda: window.view.painted.count)
    window.open_source("short.mp4")
    until(lambda: "has ended" in window.stage.line())
    painted = window.view.painted.count

    press(window, "Space")

    until(lambda: window.view.painted.count > painted)


def test_a_click_on_an_event_begins_a_little_before_it(window: MainWindow, until: Until) -> None:
    until(lambda: window.view.painted.count)
    window.panels.events.note(Moment("test", None, closed=(an_event(60.0),)))

    window.panels.events.list.clicked.emit(window.panels.events.sieved.index(0, 0))

    until(lambda: window.wish.place.at_s == 58.0)
    until(lambda: (m := window.player.driver.newest_moment) and m.frame and m.frame.pts_s >= 58)
    assert window.panels.events.log[0].event.label == "jump"


def test_another_source_has_events_of_its_own(window: MainWindow, until: Until) -> None:
    until(lambda: window.view.painted.count)
    window.panels.events.note(Moment("test", None, closed=(an_event(60.0),)))

    window.open_source("camera:0")
    until(lambda: "Camera 0" in window.windowTitle())

    assert len(window.panels.events.log) == 0


def test_choices_become_wishes_without_another_opening(window: MainWindow, until: Until) -> None:
    until(lambda: window.view.painted.count)
    opening = window.wish.opening
    frontend, _ = window.panels.controls.findChildren(QComboBox)
    slider = window.panels.controls.findChildren(QSlider)[0]

    frontend.setCurrentText("flow")
    slider.setValue(SLIDER_STEPS)

    assert window.wish.settings.frontend == "flow"
    assert window.wish.sensitivity == 4.0
    assert window.wish.opening == opening


def test_view_toggles_reach_the_pictures(window: MainWindow) -> None:
    press(window, "M")
    press(window, "B")

    press(window, "X")
    press(window, "E")

    shows = window.player.driver.look.shows
    assert (shows.mask, shows.suppressed) == (True, True)
    assert (shows.boxes, shows.valid) == (False, False)


def test_every_listed_key_is_there(window: MainWindow) -> None:
    listed = {QKeySequence(key).toString() for one in ACTIONS for key in one.keys}
    listed |= {DOCK_KEY.format(number=number + 1) for number in range(len(window.docks))}
    there = {key.toString() for action in window.actions() for key in action.shortcuts()}

    assert there == listed


def test_cameras_are_listed(window: MainWindow, until: Until) -> None:
    menu = window.panels.controls.camera_menu

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


def a_busy_moment(size: tuple[int, int] = (320, 240)) -> Moment:
    """One with something in every layer."""
    body = np.zeros((17, 3), np.float32)
    body[5:13] = [(60 + 15 * n, 80 + 10 * (n % 3), 1) for n in range(8)]
    boxes = (Box(40, 40, 130, 200), Box(150, 60, 220, 210), Box(400, 0, 440, 20))
    half = np.zeros((size[1] // 2, size[0] // 2), np.uint8)
    mask, taken, valid, flow = (half.copy() for _ in range(4))
    mask[30:90, 25:60], taken[20:40, 90:120], valid[:, 12:] = 255, 255, 255
    return Moment(
        "test",
        Frame(1, 40, 0.04, 0.04, Epoch(0, size, Fraction(1, 1000)), Squares(size)),
        motion=Motion(
            mask=mask,
            flow=np.dstack([flow, mask]).astype(np.float32),
            poses=(Pose(body, 0.9),),
            removed=(Removal("clock", 9, mask=taken),),
            valid=valid,
        ),
        tracks=tuple(Track(n, box, 0, 0, True, True, 1) for n, box in enumerate(boxes)),
        groups=tuple(
            Group(n, box, box, (n,), True, True, 0.0, "walk", 0.9) for n, box in enumerate(boxes)
        ),
    )


class Squares:
    """A picture with light and dark in it; read-only, as pictures are."""

    def __init__(self, size: tuple[int, int]) -> None:
        rows, columns = np.indices(size[::-1])
        grey = (40 + 120 * ((rows // 16 + columns // 16) % 2)).astype(np.uint8)
        self._bgr = np.dstack([grey, grey // 2 + 30, 200 - grey])
        self._bgr.flags.writeable = False

    def luma_at(self, level: int) -> NDArray[np.uint8]:
        raise NotImplementedError

    def bgr(self) -> NDArray[np.uint8]:
        return self._bgr


LAYERS = ("boxes", "tracks", "skeletons", "mask", "flow", "arrows", "suppressed", "valid")
NONE = Shows(**dict.fromkeys(LAYERS, False))
LOOKS = [replace(NONE, **{layer: True}) for layer in LAYERS]


def annotated(moment: Moment, shows: Shows, tmp_path: Path, patch: pytest.MonkeyPatch) -> Picture:
    """What the annotated video is given to encode."""
    written: list[Picture] = []
    patch.setattr(H264Writer, "write", lambda self, bgr, *times: written.append(bgr))
    sink = AnnotatedVideoSink(tmp_path / "a.mp4", style=shows.style)
    sink.accept(moment)
    sink.abandon()
    return written[0]


@pytest.mark.parametrize("shows", [NONE, Shows(), *LOOKS, Shows(*[True] * len(LAYERS))])
def test_window_and_annotated_video_are_alike_to_the_pixel(
    app: QApplication, shows: Shows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = a_busy_moment()
    assert moment.frame is not None
    view = PictureView()
    view.resize(320, 240)
    view.show_picture(shown(moment.frame, moment, Look((320, 240), shows)))

    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    bits = image.constBits()
    assert bits is not None
    painted = np.frombuffer(bits.asarray(image.sizeInBytes()), np.uint8).reshape(240, 320, 4)

    assert np.array_equal(painted[..., :3], annotated(moment, shows, tmp_path, monkeypatch))
    is_plain = np.array_equal(painted[..., :3], moment.frame.bgr())
    assert is_plain == (shows == NONE)
    assert view.painted.count == 1


def test_a_layer_is_seen_at_once_while_the_picture_is_held(
    window: MainWindow, until: Until
) -> None:
    until(lambda: window.player.driver.newest_moment)
    press(window, "Space")
    plain = window.view.grab().toImage()

    press(window, "X")

    until(lambda: window.view.grab().toImage() != plain)
    assert window.is_paused


def test_after_the_end_layers_are_switched_too(window: MainWindow, until: Until) -> None:
    until(lambda: window.view.painted.count)
    window.open_source("short.mp4")
    until(lambda: "has ended" in window.stage.line())
    painted = window.view.painted.count

    press(window, "M")

    until(lambda: window.view.painted.count > painted)


def test_the_presets_of_flow_are_chosen_while_it_runs(window: MainWindow, until: Until) -> None:
    until(lambda: window.player.driver.newest_moment)
    opening = window.wish.opening
    frontend, _ = window.panels.controls.findChildren(QComboBox)
    listed = [frontend.itemText(row) for row in range(frontend.count())]

    for choice in ("flow:ultrafast", "flow", "flow:best", "absdiff", "flow:best"):
        frontend.setCurrentText(choice)
        until(lambda: in_force(window) == choice)  # noqa: B023  it is waited for here
        assert frontend.currentText() == choice
        assert frontend.toolTip() == registry.about_choice(choice)

    assert listed == list(registry.choices())
    assert window.wish.opening == opening
    assert window.stage.messages.text() == ""


def test_the_window_names_the_preset_that_it_begins_with(app: QApplication, scripted: None) -> None:
    settings = registry.chosen(AnalysisSettings(), "flow:best")
    window = make_window(Wish("long.mp4", settings).with_classifier("none"))

    frontend, _ = window.panels.controls.findChildren(QComboBox)
    shown_name, tip = frontend.currentText(), frontend.toolTip()
    window.close()
    window.deleteLater()

    assert shown_name == "flow:best"
    assert "15 times" in tip


def test_number_keys_choose_front_ends_without_presets(window: MainWindow) -> None:
    names = []
    for key in "23451":
        press(window, key)
        names.append(registry.choice_of(window.wish.settings))

    assert names == [*registry.names()[1:], registry.names()[0]]


def in_force(window: MainWindow) -> str:
    """What the analysis was built with at its last frame."""
    settings = window.player.driver.in_force
    assert settings is not None
    return registry.choice_of(settings)
