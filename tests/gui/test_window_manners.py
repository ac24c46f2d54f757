"""The window as a person uses it: what is held stays held, what is dropped is opened, and what it
says is said in the right place."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt6.QtGui import QDropEvent, QImage, QKeySequence
from PyQt6.QtWidgets import QAbstractItemView, QApplication

from motionapp import assembly
from motionapp.core.errors import SourceError
from motionapp.core.models import Models
from motionapp.core.seams import Damage, Source
from motionapp.gui.actions import ACTIONS
from motionapp.gui.play.wish import Wish
from motionapp.gui.start import make_window
from motionapp.gui.window import MainWindow
from motionapp.settings import AnalysisSettings
from motionapp.settings.zones import ZoneSettings
from motionapp.testing import ScriptedSource

pytestmark = pytest.mark.timeout(40)
Until = Callable[[Callable[[], object]], None]

ODD = "odd & <b>bold<b> name.avi"


def damaged() -> Source:
    source = ScriptedSource(3000)
    source.damage = Damage(flagged_frames=129)
    return source


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> None:
    known: dict[str, Callable[[], Source]] = {
        "long.mp4": lambda: ScriptedSource(3000),
        "short.mp4": lambda: ScriptedSource(25),
        "damaged.avi": damaged,
        ODD: lambda: ScriptedSource(3000),
        "/dropped.mp4": lambda: ScriptedSource(3000),
    }

    def open_source(spec: str, *, decode_threads: int | None = None) -> Source:
        if spec not in known:
            raise SourceError(f"{spec} is not there")
        return known[spec]()

    def load_models(settings: AnalysisSettings, **_: object) -> Models:
        return Models(note="nothing is named" if settings.frontend == "flow" else "")

    monkeypatch.setattr(assembly, "open_source", open_source)
    monkeypatch.setattr(assembly, "load_models", load_models)
    monkeypatch.setattr("motionapp.gui.play.driver.list_cameras", list)


@pytest.fixture
def open_window(
    app: QApplication, sources: None, until: Until
) -> Iterator[Callable[..., MainWindow]]:
    windows: list[MainWindow] = []

    def opened(spec: str = "long.mp4", *, is_held: bool = False, **settings: object) -> MainWindow:
        chosen = AnalysisSettings().model_copy(update=settings)
        window = make_window(Wish(spec, chosen).with_classifier("none").held(is_held))
        windows.append(window)
        window.show()
        until(lambda: window.view.painted.count)  # of a short one, the last may be all
        return window

    yield opened
    for window in windows:
        window.close()
        window.deleteLater()


def press(window: MainWindow, *keys: str) -> None:
    for key in keys:
        window.actions_[key].trigger()


def test_what_is_held_stays_held_where_it_is_sought(
    open_window: Callable[..., MainWindow], until: Until
) -> None:
    window = open_window()
    press(window, "pause", "on")
    until(lambda: window.view.picture is not None and window.view.picture.pts_s >= 5)

    press(window, "step on", "step on", "step back")
    until(lambda: window.player.driver.snapshot().captured)
    until(lambda: window.is_paused)
    before = window.view.painted.count
    press(window, "pause")
    until(lambda: window.view.painted.count > before + 3)

    assert not window.is_paused


def test_whether_it_plays_stands_on_its_button_also_beside_an_error(
    open_window: Callable[..., MainWindow], until: Until
) -> None:
    window = open_window()
    button = window.stage.buttons["pause"]
    assert button.accessibleName() == "Pause"
    window.open_source("nowhere.mp4")
    until(lambda: window.stage.messages.text())

    press(window, "pause")

    assert button.accessibleName() == "Go on"
    assert window.stage.messages.text() == "nowhere.mp4 is not there"


def test_an_error_and_its_dismissal_leave_the_picture_as_large_as_it_was(
    open_window: Callable[..., MainWindow], until: Until
) -> None:
    window = open_window()
    size = window.view.size()

    window.open_source("/" + 300 * "a" + ".mp4")
    until(lambda: window.stage.messages.text())
    assert window.view.size() == size
    window.stage.messages.dismissed.emit()

    assert window.stage.messages.text() == ""
    assert window.view.size() == size


def test_why_nothing_is_named_is_still_said_once_the_source_is_open(
    open_window: Callable[..., MainWindow], until: Until
) -> None:
    window = open_window(frontend="flow")

    until(lambda: "nothing is named" in window.stage.line())


def test_what_could_not_be_read_is_said_as_batch_says_it(
    open_window: Callable[..., MainWindow], until: Until
) -> None:
    window = open_window("damaged.avi")

    until(lambda: "129 pictures are damaged" in window.stage.line())


def test_an_odd_name_is_shown_as_it_is(open_window: Callable[..., MainWindow]) -> None:
    window = open_window(ODD)

    assert ODD in window.windowTitle()
    assert ODD in window.panels.controls.title()


def test_after_the_end_it_can_be_stepped_back_and_played_again(
    open_window: Callable[..., MainWindow], until: Until
) -> None:
    window = open_window("short.mp4")
    until(lambda: "has ended" in window.stage.line())
    assert window.stage.buttons["pause"].accessibleName() == "Play it again"

    press(window, "step back")
    until(lambda: window.view.picture is not None and window.view.picture.index == 23)
    assert "has ended" not in window.stage.line()
    press(window, "pause")

    until(lambda: "has ended" in window.stage.line())


def test_a_skip_beyond_the_end_shows_the_last_picture(
    open_window: Callable[..., MainWindow], until: Until
) -> None:
    """Held from the beginning: played, it might end before it is held, and begin again."""
    window = open_window("short.mp4", is_held=True)
    press(window, "on")

    until(lambda: window.view.picture is not None and window.view.picture.index == 24)

    assert window.is_paused


def test_a_file_that_is_dropped_is_opened(
    open_window: Callable[..., MainWindow], until: Until
) -> None:
    window = open_window()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/dropped.mp4")])

    window.dropEvent(
        QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )

    until(lambda: "dropped.mp4" in window.windowTitle())


def test_zones_in_force_are_seen_with_their_names(
    open_window: Callable[..., MainWindow], until: Until
) -> None:
    def reds(window: MainWindow) -> int:
        image = window.view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        return len({image.pixel(x, image.height() // 2) for x in range(image.width())})

    plain = reds(open_window())
    zone = ZoneSettings(name="door", polygon=((0.2, 0.1), (0.8, 0.1), (0.8, 0.9), (0.2, 0.9)))

    with_zone = reds(open_window(zones=(zone,)))

    assert with_zone > plain


def test_bare_letters_neither_close_nor_open_nor_lose_anything() -> None:
    harmful = {"quit", "open", "open folder", "open address", "snapshot"}

    for one in ACTIONS:
        if one.key in harmful:
            assert all(QKeySequence(key).toString().startswith("Ctrl+") for key in one.keys)


def test_the_keys_of_other_players_are_there() -> None:
    keys = {key for one in ACTIONS for key in one.keys}

    assert keys >= {
        "Space", "K", "J", "L", ",", ".", "Left", "Right", "Home", "End", "F", "F11", "Esc",
        "Ctrl+O", "Ctrl+Q", "<", ">", "I", "O", "F1", "?",
    }  # fmt: skip
    assert len(keys) == sum(len(one.keys) for one in ACTIONS)


def test_tab_leaves_every_list_and_table(open_window: Callable[..., MainWindow]) -> None:
    window = open_window("short.mp4")

    views = window.findChildren(QAbstractItemView)

    assert len(views) > 4
    assert not [view.accessibleName() for view in views if view.tabKeyNavigation()]


def test_escape_leaves_full_screen_and_nothing_else(
    open_window: Callable[..., MainWindow],
) -> None:
    window = open_window()
    press(window, "full screen")
    assert window.isFullScreen()

    press(window, "leave")
    press(window, "leave")

    assert not window.isFullScreen()
    assert window.isVisible()


def test_whatever_is_changed_can_be_undone_and_done_again(
    open_window: Callable[..., MainWindow],
) -> None:
    window = open_window()
    first = window.wish.settings
    opening = window.wish.opening

    window.crew.tuning.choose_frontend("flow")
    for sensitivity in (1.2, 1.5, 2.0):
        window.crew.tuning.choose_sensitivity(sensitivity)
    window.panels.settings.changed.emit("events.persist_s", 1.0)
    window.crew.tuning.choose_preset("sensitive")
    last = window.wish.settings
    assert (last.frontend, last.events.persist_s, last.absdiff.sensitivity) == ("flow", 0.16, 1.6)
    assert window.actions_["undo"].text() == "Undo: sensitive"

    press(window, "undo", "undo")
    assert (window.wish.settings.events.persist_s, window.wish.sensitivity) == (0.3, 2.0)
    press(window, "undo")
    assert window.wish.sensitivity == 1.0  # what was drawn in one go is one step
    press(window, "undo", "undo")
    assert window.wish.settings == first
    assert not window.actions_["undo"].isEnabled()
    press(window, "redo", "redo", "redo", "redo")

    assert window.wish.settings == last
    assert window.wish.opening == opening


def test_a_value_that_does_not_go_with_others_is_refused_in_words(
    open_window: Callable[..., MainWindow],
) -> None:
    window = open_window()
    before = window.wish.settings

    window.panels.settings.changed.emit("absdiff.lag_s", 99.0)

    assert "lag_s" in window.stage.messages.text()
    assert window.wish.settings == before
    assert window.panels.settings.editor("absdiff.lag_s").value() == 0.08
