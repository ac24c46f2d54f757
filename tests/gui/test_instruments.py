"""Instruments: drawn while they are seen, and nothing kept while they are not."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtWidgets import QApplication, QLabel, QMainWindow, QMenu

from motionapp.core.clip import Prediction
from motionapp.core.moment import Moment
from motionapp.core.motion import Motion, Reasons
from motionapp.gui.chart import HEIGHT_PX, Chart
from motionapp.gui.docks import add_docks
from motionapp.gui.instruments import InstrumentsPanel
from motionapp.gui.play.looked import Looked, looked
from motionapp.gui.theme import paint
from motionapp.gui.tuning.editors import Editor
from motionapp.gui.tuning.panel import SettingsPanel
from motionapp.runtime import Snapshot
from motionapp.runtime.usage import memory_bytes
from motionapp.testing import frame_at


def looks(count: int, *, labels: int = 3) -> list[Looked]:
    return [Looked(n / 25, 0.01, 5.0 + n % 3, 9.0, (0.1,) * labels) for n in range(count)]


def curves(panel: InstrumentsPanel) -> list[int]:
    """How many values each curve shows."""
    return [
        0 if curve.xData is None else len(curve.xData)
        for chart in panel._charts
        for curve in chart._curves
    ]


def test_figures_of_a_frame_are_the_highest_of_each_label() -> None:
    predictions = tuple(
        Prediction(n, 0.0, 1.0, "walk", 0.8, row) for n, row in enumerate(((0.8, 0.1), (0.2, 0.7)))
    )
    motion = Motion(strength=0.2, reasons=Reasons(strongest=30.0, threshold=9.0))

    seen = looked(Moment("t", frame_at(5), motion=motion, predictions=predictions))

    assert seen == Looked(0.2, 0.2, 30.0, 9.0, (0.8, 0.7))
    assert looked(Moment("t", None)) is None
    assert looked(Moment("t", frame_at(5), looked=False)) is None


def test_curves_are_drawn_while_they_are_seen_and_forgotten_when_not(app: QApplication) -> None:
    pytest.importorskip("pyqtgraph")
    panel = InstrumentsPanel()
    panel.note(looks(10), ("a", "b", "c"))
    assert not panel.is_drawn

    panel.show()
    panel.note(looks(50), ("a", "b", "c"))
    panel.measure(Snapshot(capture_hz=25.0), 25.0, (0.01, None))
    panel.measure(Snapshot(capture_hz=25.0), 24.0, (0.01, 0.02))

    assert curves(panel) == [50] * 5 + [2] * 12
    panel.hide()
    panel.note(looks(5), ("a", "b", "c"))
    panel.show()
    panel.note(looks(7), ("a", "b", "c"))
    assert curves(panel)[:2] == [7, 7]


def test_it_says_how_many_pictures_each_stage_has_left_out(
    app: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyqtgraph")
    now = iter(range(1, 9))
    monkeypatch.setattr("motionapp.gui.instruments.time.monotonic", lambda: float(next(now)))
    panel = InstrumentsPanel()
    panel.show()

    for missed in (2, 7):
        panel.measure(Snapshot(drops={"capture": 1, "analysis": missed}), 25.0, (None, None))

    said = "capture 1 · analysis 7 (5.0 /s) · view 0 · window 0 · recorder 0"
    assert panel._dropped.text() == said


def test_a_seek_and_another_model_begin_their_curves_anew(app: QApplication) -> None:
    pytest.importorskip("pyqtgraph")
    panel = InstrumentsPanel()
    panel.show()
    panel.note(looks(50), ("a", "b", "c"))
    panel.note(looks(4), ("a", "b", "c"))
    assert curves(panel)[0] == 4

    panel.note(looks(3, labels=1), ("other",))

    assert curves(panel)[:3] == [3, 3, 3]


def test_what_lies_behind_another_dock_is_made_when_it_is_raised(
    app: QApplication, until: Callable[[Callable[[], object]], None]
) -> None:
    """Curves cost a third of a second at the start; Qt calls them visible all the same."""
    pytest.importorskip("pyqtgraph")
    window, menu = QMainWindow(), QMenu()
    instruments, settings = InstrumentsPanel(), SettingsPanel()
    panels = {"seen": QLabel(), "settings": settings, "instruments": instruments}
    docks = add_docks(window, menu, [[(name, name, panel) for name, panel in panels.items()]])
    window.resize(900, 700)
    window.show()
    app.processEvents()
    assert instruments.isVisible()

    instruments.note(looks(5), ("a", "b", "c"))
    assert not instruments.is_drawn
    assert not settings.findChildren(Editor)

    docks["instruments"].raise_()
    app.processEvents()
    instruments.note(looks(5), ("a", "b", "c"))
    assert instruments.is_drawn
    app.processEvents()
    assert instruments.minimumSizeHint().height() > 7 * HEIGHT_PX  # else they are squeezed
    docks["settings"].raise_()
    until(lambda: settings.findChildren(Editor))
    window.close()


def test_curves_take_the_colours_of_the_desktop_when_it_turns_light(app: QApplication) -> None:
    graphs = pytest.importorskip("pyqtgraph")
    try:
        paint(app, Qt.ColorScheme.Dark)
        chart = Chart(graphs, "Motion", "", ("strongest",), app.palette())
        chart.widget.show()
        dark = chart.widget.grab().toImage().pixelColor(2, 2).lightness()

        paint(app, Qt.ColorScheme.Light)
        app.processEvents()
        light = chart.widget.grab().toImage().pixelColor(2, 2).lightness()

        assert dark < 60
        assert light > 200
        chart.widget.close()
        # It is there until it is deleted; what fails in a filter would end the process.
        chart._dresser.eventFilter(chart.widget, QEvent(QEvent.Type.PaletteChange))
    finally:
        paint(app, Qt.ColorScheme.Unknown)


def test_without_pyqtgraph_the_dock_says_how_to_get_it(
    app: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = builtins.__import__

    def without(name: str, *more: Any) -> Any:
        if name == "pyqtgraph":
            raise ImportError(name)
        return usual(name, *more)

    monkeypatch.setattr(builtins, "__import__", without)
    panel = InstrumentsPanel()
    panel.show()
    panel.note(looks(5), ())

    assert not panel.is_drawn
    assert "pip install" in panel._missing.text()


def test_memory_in_use_is_told_where_the_system_says_so() -> None:
    before = memory_bytes()
    if before is None:
        pytest.skip("this system does not say")
    held = np.ones(100_000_000, np.uint8)  # more than what an allocator keeps in hand

    after = memory_bytes()

    assert after is not None
    assert after - before > len(held) // 2
