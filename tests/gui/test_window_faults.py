"""Faults that were found by using the window, one test of each kind that has no place elsewhere;
and what it says when a camera, a file or a model lets it down."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtGui import QKeyEvent, QKeySequence, QPalette
from PyQt6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QInputDialog,
    QMessageBox,
    QPushButton,
    QToolButton,
)

from motionapp import assembly
from motionapp.core.errors import SourceError
from motionapp.core.event import Event
from motionapp.core.geometry import Box
from motionapp.core.seams import Source
from motionapp.gui.play.wish import Wish
from motionapp.gui.presenter import event_times
from motionapp.gui.start import make_window
from motionapp.gui.window import MainWindow
from motionapp.settings import AnalysisSettings
from motionapp.sources.file import FileSource
from motionapp.testing import ScriptedSource

pytestmark = pytest.mark.timeout(40)
Until = Callable[[Callable[[], object]], None]
Open = Callable[[str], MainWindow]
SETTINGS = AnalysisSettings().model_copy(update={"people": "off"})


@pytest.fixture
def open_window(app: QApplication, until: Until, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    monkeypatch.setattr("motionapp.gui.play.driver.list_cameras", list)
    windows: list[MainWindow] = []

    def opened(spec: str) -> MainWindow:
        window = make_window(Wish(spec, SETTINGS).with_classifier("none"))
        windows.append(window)
        window.show()
        until(lambda: window.view.painted.count)
        return window

    yield opened
    for window in windows:
        window.close()
        window.deleteLater()


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], Source]]:
    """What can be opened, by name."""
    known: dict[str, Callable[[], Source]] = {"long": lambda: ScriptedSource(3000)}

    def open_source(spec: str, *, decode_threads: int | None = None) -> Source:
        if spec not in known:
            raise SourceError(f"{spec} is not there")
        return known[spec]()

    monkeypatch.setattr(assembly, "open_source", open_source)
    return known


def damaged_recording(path: Path) -> Path:
    """Two seconds of noise, of which bytes in the middle have been turned round."""
    drawn = np.random.default_rng(3)
    with av.open(str(path), "w") as file:
        stream = file.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for _ in range(50):
            picture = drawn.integers(0, 255, (120, 160, 3), dtype=np.uint8)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        file.mux(stream.encode())
    content = bytearray(path.read_bytes())
    for place in range(len(content) // 3, len(content) // 2, 97):
        content[place] ^= 255
    path.write_bytes(content)
    return path


def test_a_damaged_recording_is_told_of_in_the_words_of_batch(
    open_window: Open, until: Until, tmp_path: Path
) -> None:
    """Batch decodes what is damaged with one thread, and tells its `damage` by the same method."""
    path = damaged_recording(tmp_path / "damaged.avi")
    source = FileSource(path, decode_threads=1)
    pictures = sum(1 for _ in source.frames())
    source.close()
    assert source.damage.is_partial
    beginning = source.damage.sentence(path.name).split(",")[0].split(";")[0]

    window = open_window(str(path))
    until(lambda: "has ended" in window.stage.line())
    until(lambda: path.name in window.stage.line())

    assert pictures > 10
    assert window.player.driver.health in window.stage.line()
    assert beginning[:20] in window.stage.line()


def test_it_fits_the_smallest_screens_with_all_that_is_below_the_picture(
    open_window: Open, scripted: object
) -> None:
    """1366x768, and 1920x1080 at twice the size, less what a desktop keeps for itself."""
    window = open_window("long")

    needed = window.minimumSizeHint()
    window.resize(960, 480)

    assert needed.width() <= 960
    assert needed.height() <= 480
    assert window.status.geometry().bottom() <= window.centralWidget().height()
    assert window.status.isVisible()


def test_a_row_names_the_zone_that_its_event_was_in() -> None:
    event = Event(
        "door@1000", "door", 1.0, 2.5, "walk", 0.9, 1.0, Box(0, 0, 9, 9), ended_by="motion"
    )

    assert "door" in event_times(event)
    assert "all" not in event_times(replace(event, zone="all"))


def test_menus_of_the_docks_are_reached_by_the_keyboard(
    open_window: Open, scripted: object
) -> None:
    window = open_window("long")
    buttons = [one for one in window.panels.controls.findChildren(QToolButton) if one.menu()]

    assert buttons
    for button in buttons:
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    bar = window.menuBar()
    assert bar is not None
    for action in bar.actions():
        assert QKeySequence.mnemonic(action.text()).toString().startswith("Alt+")


def test_pausing_and_going_on_leave_the_picture_as_large_as_it_was(
    open_window: Open, scripted: object, until: Until
) -> None:
    window = open_window("long")
    size = window.view.size()

    for _ in range(2):
        window.actions_["pause"].trigger()
        painted = window.view.painted.count
        until(lambda: window.is_paused or window.view.painted.count > painted)  # noqa: B023
        assert window.view.size() == size


def test_dialogs_of_others_look_as_the_desktop_has_them(app: QApplication) -> None:
    """A style sheet for all buttons once left those of the file dialog without a word."""
    dialog = QFileDialog()
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.show()
    buttons = dialog.findChildren(QDialogButtonBox)[0].findChildren(QPushButton)

    looks = []
    for button in buttons:
        image = button.grab().toImage()
        colours = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
        looks.append((button.text(), len(colours)))
        palette = button.palette()
        assert palette.color(QPalette.ColorRole.ButtonText) != palette.color(
            QPalette.ColorRole.Button
        )
    dialog.close()
    dialog.deleteLater()

    assert len(looks) == 2
    for text, colours in looks:
        assert text
        assert colours > 4  # letters with soft edges, not a plain field


def test_a_hit_of_return_on_a_menu_button_opens_its_menu(
    open_window: Open, scripted: object, until: Until
) -> None:
    window = open_window("long")
    button = next(one for one in window.panels.controls.findChildren(QToolButton) if one.menu())
    menu = button.menu()
    assert menu is not None
    shown: list[bool] = []
    menu.aboutToShow.connect(lambda: shown.append(True))
    menu.aboutToShow.connect(menu.close, Qt.ConnectionType.QueuedConnection)

    QApplication.postEvent(
        button, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
    )
    QApplication.postEvent(
        button, QKeyEvent(QEvent.Type.KeyRelease, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
    )

    until(lambda: shown)


def test_a_camera_that_is_lost_says_so_and_comes_back_by_itself(
    open_window: Open, scripted: dict[str, Callable[[], Source]], until: Until
) -> None:
    lost = ScriptedSource(5, is_live=True, error=SourceError("camera 0 was lost"))
    tries, is_back = iter([lost]), threading.Event()

    def camera() -> Source:
        first = next(tries, None)
        if first is None and not is_back.is_set():
            raise SourceError("camera 0 is not there")
        return first or ScriptedSource(None, is_live=True)

    scripted["camera:0"] = camera
    window = open_window("camera:0")

    until(lambda: "it is looked for again" in window.stage.line())
    assert "camera 0" in window.stage.line()
    painted = window.view.painted.count
    is_back.set()
    until(lambda: window.view.painted.count > painted + 3)
    until(lambda: "looked for" not in window.stage.line())

    assert window.wish.spec == "camera:0"


def test_a_model_that_does_not_fit_is_refused_in_words_and_what_plays_goes_on(
    open_window: Open, scripted: object, until: Until, tmp_path: Path
) -> None:
    model = tmp_path / "mine.onnx"
    model.write_bytes(b"this is no model")
    window = open_window("long")

    window.panels.controls.classifier_asked.emit(str(model))

    until(lambda: "mine.onnx" in window.stage.messages.text())
    assert "Traceback" not in window.stage.messages.text()
    assert window.wish.settings.recognition.classifier == "none"
    assert not window.actions_["undo"].isEnabled()  # nothing has become of it
    painted = window.view.painted.count
    until(lambda: window.view.painted.count > painted)


def test_what_is_said_when_the_disk_is_full_lasts_and_playing_goes_on(
    open_window: Open, scripted: object, until: Until, tmp_path: Path
) -> None:
    """What had been written stays whole: `test_recorder` plays it."""
    window = open_window("long")

    window.player.recorded.emit(
        str(tmp_path / "a.mp4"), f"{tmp_path} is full: free some space, or choose another folder"
    )

    assert "is full" in window.stage.messages.text()
    assert "a.mp4" in window.stage.line()
    assert not window.wish.play.is_recorded
    painted = window.view.painted.count
    until(lambda: window.view.painted.count > painted)


def test_pictures_that_qt_has_no_time_for_are_replaced_and_not_queued(
    open_window: Open, scripted: object, until: Until
) -> None:
    window = open_window("long")
    relay, picture = window.player._relay, window.view.picture
    assert picture is not None

    def picture_many() -> None:
        for _ in range(100):
            relay.pictured(picture)

    other = threading.Thread(target=picture_many)
    other.start()
    other.join()  # Qt has had no turn meanwhile

    assert len(relay._waiting) == 1
    until(lambda: not relay._waiting)


def test_what_has_been_read_in_a_window_of_its_own_is_gone(
    open_window: Open, scripted: object, until: Until
) -> None:
    """Each was kept until the window closed."""
    window = open_window("long")

    for key in ("keys", "about", "open address", "keys"):
        window.actions_[key].trigger()
        (dialog,) = [one for one in window.findChildren(QDialog) if one.isVisible()]
        dialog.reject()

    until(lambda: not [one for one in window.findChildren(QDialog) if not one.isHidden()])
    until(lambda: not window.findChildren(QMessageBox))
    until(lambda: not window.findChildren(QInputDialog))


def test_what_plays_is_paused_and_gone_on_with_after_another_could_not_be_opened(
    open_window: Open, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    def open_source(spec: str, **_: object) -> Source:
        if spec == "nowhere.mp4":
            raise SourceError("there is no nowhere.mp4")
        return ScriptedSource(3 if spec == "short.mp4" else 50_000)

    monkeypatch.setattr(assembly, "open_source", open_source)
    window = open_window("a.mp4")
    window.open_source("nowhere.mp4")
    until(lambda: "nowhere" in window.stage.messages.text())
    until(lambda: window.wish.spec == "a.mp4")

    window.actions_["pause"].trigger()
    until(lambda: window.player.driver.snapshot().captured > 0)
    playing = window.player.driver._playing
    assert playing is not None
    until(lambda: playing.wish.play.is_paused)

    window.open_source("short.mp4")
    until(lambda: window.crew.transport.is_over)
    window.open_source("nowhere.mp4")
    until(lambda: window.wish.spec == "short.mp4" and window.wish.opening > 3)
    window.actions_["pause"].trigger()
    until(lambda: not window.crew.transport.is_over)


def test_what_was_refused_takes_nothing_back_that_was_wished_for_since(
    open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assembly, "open_source", lambda spec, **_: ScriptedSource(50_000))
    window = open_window("a.mp4")
    stays = window.wish
    window.open_source("nowhere.mp4")
    refused = replace(stays, opening=window.wish.opening)
    window.open_source("b.mp4")

    window._refused(refused)

    assert window.wish.spec == "b.mp4"


def test_a_recording_that_broke_off_is_played_again_by_the_key_that_pauses(
    open_window: Open, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = SourceError("the disk was pulled out")
    monkeypatch.setattr(assembly, "open_source", lambda spec, **_: ScriptedSource(3, error=error))
    window = open_window("a.mp4")
    until(lambda: "pulled out" in window.stage.messages.text())
    opening = window.wish.opening

    window.actions_["pause"].trigger()

    assert window.wish.opening == opening + 1
    assert not window.is_paused
