"""The events as Qt reads them: rows come and go one by one, and what is chosen stays chosen."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from PyQt6.QtCore import QPersistentModelIndex
from PyQt6.QtTest import QAbstractItemModelTester
from PyQt6.QtWidgets import QApplication, QTreeView

from motionapp.core.event import Event, Segment
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.gui.event_model import FOUND_ROLE, PICTURE_ROLE, SEGMENT_ROLE, EventModel
from motionapp.gui.events_panel import EventsPanel
from motionapp.gui.play.glimpses import EventPictures, Pictured, picture_of

HERE = Box(0, 0, 10, 10)


def event(start_s: float, end_s: float, *, segments: int = 0, is_open: bool = False) -> Event:
    parts = tuple(
        Segment("walk", 0.9, start_s, end_s, group, (group,), HERE, ()) for group in range(segments)
    )
    return Event(
        f"all@{round(start_s * 1000)}", "all", start_s, end_s, "walk", 0.9, start_s, HERE, parts,
        ended_by=None if is_open else "motion",
    )  # fmt: skip


def closed(*events: Event) -> Moment:
    return Moment(source="test", frame=None, closed=events)


@pytest.fixture
def model(app: QApplication) -> EventModel:
    model = EventModel()
    model.tester = QAbstractItemModelTester(  # type: ignore[attr-defined]  # kept alive
        model, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    return model


def test_rows_come_change_and_go_as_qt_wants_them_told(model: EventModel) -> None:
    """Qt's own tester looks at every change and ends the process where one is told wrongly."""
    view = QTreeView()
    view.setModel(model)
    log = model.log

    log.note(Moment("test", None, opened=(event(1.0, 1.4, is_open=True),)))
    log.note(Moment("test", None, changed=(event(1.0, 2.0, segments=3, is_open=True),)))
    view.expandAll()
    log.note(closed(event(1.0, 4.0, segments=2)))
    log.note(closed(event(9.0, 12.0, segments=1), event(6.0, 7.0)))
    log.note(closed(event(8.0, 12.5, segments=4)))

    assert [model.rowCount(model.index(row, 0)) for row in range(model.rowCount())] == [4, 0, 2]
    segment = model.index(1, 0, model.index(2, 0))
    assert segment.data(SEGMENT_ROLE).group == 1
    assert segment.data(FOUND_ROLE).event.start_s == 1.0
    assert segment.parent() == model.index(2, 0)
    assert segment.data() == "#1 walk 0.90, 00:01.0 to 00:04.0"
    log.clear()
    assert model.rowCount() == 0


def test_what_is_chosen_stays_chosen_whatever_comes(model: EventModel) -> None:
    model.log.note(closed(event(1.0, 2.0, segments=2)))
    chosen = QPersistentModelIndex(model.index(1, 0, model.index(0, 0)))

    model.log.note(closed(*(event(10.0 * n, 10.0 * n + 5) for n in range(1, 30))))

    assert chosen.isValid()
    assert chosen.parent().row() == 29
    assert chosen.data(FOUND_ROLE).event.start_s == 1.0


def test_rows_bring_the_pictures_of_events_and_of_who_did_what(model: EventModel) -> None:
    one = event(1.0, 2.0, segments=2)
    jpeg = picture_of(np.zeros((90, 90, 3), np.uint8), Box(10, 10, 80, 80))
    model.gallery.put([EventPictures(one.event_id, jpeg, (Pictured(1, 1.0, jpeg),))])
    model.gallery.put([EventPictures("all@7000", b"no picture")])

    model.log.note(closed(one, event(7.0, 8.0)))

    first = model.index(1, 0)
    assert first.data(PICTURE_ROLE).width() == 90
    assert model.index(0, 0, first).data(PICTURE_ROLE) is None
    assert model.index(1, 0, first).data(PICTURE_ROLE).width() == 90
    assert model.index(0, 0).data(PICTURE_ROLE) is None


def panel_with(count: int) -> EventsPanel:
    panel = EventsPanel()
    panel.resize(380, 420)
    panel.show()
    panel.show_stored([event(10.0 * n, 10.0 * n + 5, segments=2) for n in range(count)])
    return panel


def test_one_changed_event_among_five_thousand_costs_little(app: QApplication) -> None:
    """4 ms is what the window may spend on it, in the list as it is, with pictures, by the clock
    of its thread: a busy machine has no say."""
    panel = panel_with(5000)
    jpeg = picture_of(np.zeros((90, 90, 3), np.uint8), Box(10, 10, 80, 80))
    last = event(50_000.0, 50_001.0, segments=1, is_open=True)
    panel.note(Moment("test", None, opened=(last,)))
    app.processEvents()
    spent_s = []

    for n in range(50):
        last = replace(last, end_s=50_001.0 + n)
        pictures = (EventPictures(last.event_id, jpeg, (Pictured(0, 50_000.0, jpeg),)),)
        began_s = time.thread_time()
        panel.note(Moment("test", None, changed=(last,)), pictures=pictures)
        spent_s.append(time.thread_time() - began_s)

    assert sorted(spent_s)[25] < 0.004
    panel.hide_stored()
    assert panel.sieved.rowCount() == 1
    panel.deleteLater()


def test_rows_are_alike_so_that_a_new_one_asks_for_no_other_s_height(app: QApplication) -> None:
    """With heights of their own a new row among 5,000 took 1.4 s."""
    panel = panel_with(200)
    asked: list[int] = []
    delegate = panel.list.itemDelegate()
    assert delegate is not None
    usual = delegate.sizeHint
    delegate.sizeHint = lambda *more: asked.append(1) or usual(*more)  # type: ignore[method-assign]

    panel.note(closed(event(9000.0, 9001.0)))
    app.processEvents()

    assert panel.list.uniformRowHeights()
    assert len(asked) < 50
    panel.deleteLater()
