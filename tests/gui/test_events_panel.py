"""The dock of events: what is listed, and how many of how many."""

from __future__ import annotations

import pytest
from PyQt6.QtWidgets import QApplication, QComboBox

from motionapp.core.event import Event, Segment
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.gui.event_model import FOUND_ROLE
from motionapp.gui.events_panel import EventsPanel
from motionapp.gui.found.sieve import Sieve

HERE = Box(0, 0, 10, 10)


def event(start_s: float, label: str, *, zone: str = "all", score: float | None = 0.9,
          also: str | None = None) -> Event:  # fmt: skip
    parts = () if also is None else (
        Segment(also, 0.8, start_s, start_s + 1, 1, (1,), HERE, ()),
    )  # fmt: skip
    return Event(
        f"{zone}@{round(start_s * 1000)}", zone, start_s, start_s + 2, label, score, start_s, HERE,
        parts, ended_by="motion",
    )  # fmt: skip


@pytest.fixture
def panel(app: QApplication) -> EventsPanel:
    panel = EventsPanel()
    panel.note(
        Moment("test", None, closed=(
            event(1, "walk", also="wave"), event(11, "run", score=0.4), event(21, "walk"),
            event(31, "motion", zone="door", score=None),
        ))
    )  # fmt: skip
    return panel


def starts(panel: EventsPanel) -> list[float]:
    rows = range(panel.sieved.rowCount())
    return [panel.sieved.index(row, 0).data(FOUND_ROLE).event.start_s for row in rows]


@pytest.mark.parametrize(
    ("sieve", "expected"),
    [
        (Sieve(), [31, 21, 11, 1]),
        (Sieve(label="walk"), [21, 1]),
        (Sieve(label="wave"), [1]),
        (Sieve(zone="door"), [31]),
        (Sieve(least_score=0.5), [31, 21, 1]),
        (Sieve(label="walk", zone="door"), []),
    ],
)
def test_events_are_listed_by_name_zone_and_score(
    panel: EventsPanel, sieve: Sieve, expected: list[float]
) -> None:
    panel.choose(sieve)

    assert starts(panel) == expected


def test_what_comes_later_is_sieved_too_and_may_come_through_by_a_change(
    panel: EventsPanel,
) -> None:
    panel.choose(Sieve(label="run"))
    panel.note(Moment("test", None, opened=(event(41, "motion"),)))
    assert starts(panel) == [11]

    panel.note(Moment("test", None, changed=(event(41, "run"),)))

    assert starts(panel) == [41, 11]


def test_what_is_chosen_stays_chosen_when_it_is_found_no_more(panel: EventsPanel) -> None:
    panel.choose(Sieve(label="run"))
    panel.log.clear()
    panel.note(Moment("test", None, closed=(event(1, "walk"),)))

    assert starts(panel) == []
    label = panel.findChildren(QComboBox)[0]
    assert label.currentText() == "run"
    panel.choose(Sieve())
    assert starts(panel) == [1]
