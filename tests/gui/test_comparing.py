"""A and B: the same frames by two settings, where they differ, and B made the setting."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from motionapp import assembly
from motionapp.core.event import Event
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.gui.play.canvas import Look, divided, shown
from motionapp.gui.play.listener import Happening
from motionapp.gui.play.wish import Wish
from motionapp.gui.window import MainWindow
from motionapp.settings import AnalysisSettings
from motionapp.settings.zones import ZoneSettings
from motionapp.testing import SIZE, ScriptedSource, frame_at

pytestmark = pytest.mark.timeout(60)
Until = Callable[[Callable[[], object]], None]
SETTINGS = (
    Wish("", AnalysisSettings())
    .with_classifier("none")
    .settings.model_copy(update={"people": "off"})
)


def event(start_s: float, label: str = "walk") -> Event:
    return Event(
        f"all@{round(start_s * 1000)}", "all", start_s, start_s + 2, label, 0.8, start_s,
        Box(0, 0, 9, 9), ended_by="motion",
    )  # fmt: skip


@pytest.fixture
def window(shown_window: Callable[..., MainWindow]) -> MainWindow:
    return shown_window(Wish("synthetic:walk", SETTINGS).sought(1.0), threads=1)


def test_both_are_shown_and_b_is_made_the_setting(window: MainWindow, until: Until) -> None:
    window.panels.compare.press(True)
    assert window.wish.other == SETTINGS
    window.panels.compare.frontend_asked.emit("flow")
    window.panels.compare.look_asked.emit("side", 0.5)
    until(lambda: window.stage.beside.painted.count)
    assert not window.stage.second.isHidden()
    assert (window.wish.settings.frontend, window.wish.other.frontend) == ("absdiff", "flow")

    window.panels.compare.adopted.emit()

    assert (window.wish.settings.frontend, window.wish.other) == ("flow", None)
    assert window.stage.beside.isHidden()
    window.actions_["undo"].trigger()
    assert window.wish.settings == SETTINGS


def test_what_is_covered_while_b_is_compared_stays_so_when_it_is_made_the_setting(
    window: MainWindow,
) -> None:
    """B was begun before the zone was drawn, and would uncover it; and of a zone that A alone has,
    all that is listed as a difference is one of zones."""
    window.panels.compare.press(True)
    window.panels.compare.frontend_asked.emit("flow")
    zone = ZoneSettings(name="yard", kind="privacy", polygon=((0, 0), (0.5, 0), (0.5, 0.5)))

    window.crew.tuning.change(SETTINGS.model_copy(update={"zones": (zone,)}), "zones")

    assert window.wish.other is not None
    assert window.wish.other.zones == (zone,)
    window.panels.compare.adopted.emit()
    assert (window.wish.settings.frontend, window.wish.settings.zones) == ("flow", (zone,))


def test_differences_are_listed_and_sought(window: MainWindow, until: Until) -> None:
    window.panels.compare.press(True)
    from_s = window.wish.place.at_s
    for road, label in ((0, "walk"), (1, "run")):
        happening = Happening(
            Moment("t", None, closed=(event(from_s + 5, label),)), road, began_s=from_s
        )
        window.player.happened.emit(happening)
    window.crew.comparing.show()

    (words,) = window.panels.compare.differences()
    assert "called otherwise: walk 0.80 / run 0.80" in words
    window.panels.compare.seek_asked.emit(from_s + 5)

    until(lambda: window.wish.place.at_s == from_s + 5)


def test_another_b_begins_with_an_empty_list(window: MainWindow) -> None:
    window.panels.compare.press(True)
    happening = Happening(Moment("t", None, closed=(event(9.0),)), 1)
    window.player.happened.emit(happening)
    assert len(window.crew.comparing.second) == 1

    window.panels.compare.sensitivity_asked.emit(2.0)

    assert len(window.crew.comparing.second) == 0


def test_a_divided_picture_is_a_to_the_left_and_b_to_the_right() -> None:
    look = Look(SIZE)
    first, second = (shown(frame_at(3), None, look) for _ in range(2))
    second.bgra[:] = 7

    both = divided(first, second, 0.25).bgra

    edge = SIZE[0] // 4
    assert np.array_equal(both[:, : edge - 1], first.bgra[:, : edge - 1])
    assert (both[:, edge + 1 :] == 7).all()


def test_of_a_camera_both_are_compared_from_when_it_was_opened_for_both(
    window: MainWindow, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        assembly, "open_source", lambda *_, **__: ScriptedSource(None, is_live=True)
    )
    window.open_source("camera:0")
    until(lambda: window.player.driver.is_live and window.view.painted.count)
    window.panels.events.note(Moment("t", None, closed=(event(1.0), event(30.0))))
    opening = window.wish.opening

    window.panels.compare.press(True)
    until(lambda: (playing := window.player.driver._playing) and playing.wish.opening > opening)
    until(lambda: window.panels.events.log.opening == 2)
    for road in (0, 1):
        window.player.happened.emit(Happening(Moment("t", None, closed=(event(2.0),)), road))
    window.crew.comparing.show()

    assert window.panels.compare.differences() == []
    assert len(window.panels.events.log) == 3
