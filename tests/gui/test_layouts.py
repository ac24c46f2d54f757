"""Nothing that is seen is cut off or lies on something else: each dock, in the sizes of small and
of usual screens, in each language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

import pytest
from PyQt6.QtCore import QSize, Qt
from PyQt6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QScrollArea,
    QTabBar,
    QWidget,
)

from motionapp import assembly
from motionapp.core.models import Models
from motionapp.gui.choice import text_room
from motionapp.gui.icons import icon
from motionapp.gui.one_line import OneLine
from motionapp.gui.play.wish import Wish
from motionapp.gui.start import make_window
from motionapp.gui.theme import paint
from motionapp.gui.window import MainWindow
from motionapp.gui.words import speak
from motionapp.settings import AnalysisSettings
from motionapp.testing import ScriptedSource

pytestmark = pytest.mark.timeout(60)
Until = Callable[[Callable[[], object]], None]

SIZES = ((1280, 800), (1366, 768), (1920, 1080))
ROUNDING = 1
"""Pixels by which Qt's hints and places differ."""


@pytest.fixture(params=["en", "de"])
def window(
    request: pytest.FixtureRequest,
    app: QApplication,
    monkeypatch: pytest.MonkeyPatch,
    until: Until,
) -> Iterator[MainWindow]:
    monkeypatch.setattr(assembly, "open_source", lambda spec, **_: ScriptedSource(3000))
    monkeypatch.setattr(assembly, "load_models", lambda settings, **_: Models())
    monkeypatch.setattr("motionapp.gui.play.driver.list_cameras", list)
    speak(app, (request.param,))
    opened = make_window(Wish("long.mp4", AnalysisSettings()).with_classifier("none"))
    opened.show()
    until(lambda: opened.view.painted.count)
    yield opened
    opened.close()
    opened.deleteLater()
    speak(app, ("en",))


def test_nothing_is_cut_off_or_lies_on_something_else(
    window: MainWindow, app: QApplication
) -> None:
    faults = []
    for width, height in SIZES:
        window.resize(width, height)
        for name, dock in window.docks.items():
            dock.raise_()
            app.processEvents()
            faults += [f"{name} at {width}x{height}: {fault}" for fault in faults_in(dock)]
        faults += [f"{width}x{height}: {fault}" for fault in faults_in(window.stage)]
        faults += [f"{width}x{height}: {fault}" for fault in short_tabs(window)]

    assert not faults, "\n".join(faults)


def test_icons_are_seen_on_light_and_on_dark(app: QApplication) -> None:
    play = icon("play")

    def middle(scheme: Qt.ColorScheme) -> int:
        paint(app, scheme)
        return play.pixmap(QSize(20, 20)).toImage().pixelColor(8, 10).lightness()

    try:
        assert middle(Qt.ColorScheme.Light) < 128 < middle(Qt.ColorScheme.Dark)
    finally:
        paint(app, Qt.ColorScheme.Unknown)


def faults_in(part: QWidget) -> list[str]:
    """What is cut off below a widget, and what overlaps."""
    seen = [one for one in part.findChildren(QWidget) if one.isVisibleTo(part)]
    cut = [fault for one in seen if (fault := cut_off(one))]
    laid_out = [one for one in seen if (layout := one.layout()) is not None and layout.count() > 1]
    return [*cut, *(fault for one in laid_out for fault in overlaps(one))]


def cut_off(widget: QWidget) -> str:
    """What of a widget has no room; empty where all of it has."""
    if isinstance(widget, QScrollArea):
        inner = widget.widget()
        bar = widget.horizontalScrollBar()
        if inner is not None and bar is not None and bar.maximum() > 0:
            return f"it is {bar.maximum()} px wider than its dock"
    elif isinstance(widget, QComboBox):
        wanted_px = widget.fontMetrics().horizontalAdvance(widget.currentText())
        if wanted_px > text_room(widget):
            return f"“{widget.currentText()}” has {text_room(widget)} of {wanted_px} px"
    elif isinstance(widget, OneLine):
        return ""  # shortens itself, and a tip tells the whole
    elif isinstance(widget, QLabel) and widget.wordWrap():
        if widget.heightForWidth(widget.width()) > widget.height() + ROUNDING:
            return f"“{widget.text()}” has {widget.height()} px of height"
    elif isinstance(widget, QLabel | QAbstractButton) and widget.text():
        wanted_px = widget.sizeHint().width()
        if wanted_px > widget.width() + ROUNDING:
            return f"“{widget.text()}” has {widget.width()} of {wanted_px} px"
        if widget.fontMetrics().height() > widget.height():
            return f"“{widget.text()}” has {widget.height()} px of height"
    return ""


def short_tabs(window: MainWindow) -> list[str]:
    """Names of docks that have no room on their tabs."""
    return [
        f"“{bar.tabText(number)}” has {bar.tabRect(number).width()} px on its tab"
        for bar in window.findChildren(QTabBar)
        if bar.isVisible()
        for number in range(bar.count())
        if bar.fontMetrics().horizontalAdvance(bar.tabText(number)) > bar.tabRect(number).width()
        or bar.tabRect(number).right() > bar.width()
    ]


def overlaps(parent: QWidget) -> list[str]:
    """Pairs of a widget's visible children that lie on each other."""
    layout = parent.layout()
    assert layout is not None
    children = [
        widget
        for number in range(layout.count())
        if (item := layout.itemAt(number)) is not None
        and (widget := item.widget()) is not None
        and widget.isVisibleTo(parent)
    ]
    return [
        f"{type(one).__name__} lies on {type(other).__name__}"
        for one, other in combinations(children, 2)
        if one.geometry().intersects(other.geometry())
    ]
