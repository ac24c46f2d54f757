"""The list of events: one line an event, however often a recording is seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.event import Event
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.gui import event_log
from motionapp.gui.event_log import EventLog


def event(start_s: float, end_s: float, label: str = "walk", *, is_open: bool = False) -> Event:
    return Event(
        event_id=f"all@{round(start_s * 1000)}",
        zone="all",
        start_s=start_s,
        end_s=end_s,
        label=label,
        score=0.9,
        peak_s=start_s,
        box=Box(0, 0, 10, 10),
        ended_by=None if is_open else "motion",
    )


def closed(*events: Event) -> Moment:
    return Moment(source="test", frame=None, closed=events)


def test_an_event_that_goes_on_and_closes_stays_one_line() -> None:
    log = EventLog()

    log.note(Moment("test", None, opened=(event(1.0, 1.3, "motion", is_open=True),)))
    log.note(Moment("test", None, changed=(event(1.0, 2.0, "walk", is_open=True),)))
    assert log.note(closed(event(1.0, 4.0)))

    assert [(found.label, found.end_s, found.ended_by) for found in log] == [
        ("walk", 4.0, "motion")
    ]


def test_the_newest_stands_first() -> None:
    log = EventLog()

    log.note(closed(event(1.0, 2.0), event(9.0, 10.0)))
    log.note(closed(event(5.0, 6.0)))

    assert [found.start_s for found in log] == [9.0, 5.0, 1.0]
    assert log[0].start_s == 9.0


def test_what_is_seen_again_takes_the_place_of_what_it_overlaps_once_it_is_as_long() -> None:
    log = EventLog()
    log.note(closed(event(1.0, 4.0, "walk")))

    is_news = log.note(Moment("test", None, opened=(event(1.04, 1.4, "motion", is_open=True),)))
    assert not is_news
    assert [found.label for found in log] == ["walk"]
    log.note(closed(event(1.04, 4.1, "run")))

    assert [found.label for found in log] == ["run"]


def test_a_moment_without_news_changes_nothing() -> None:
    assert not EventLog().note(Moment("test", None))


def test_what_was_open_can_be_given_up() -> None:
    log = EventLog()
    log.note(closed(event(1.0, 2.0)))
    log.note(Moment("test", None, opened=(event(5.0, 5.3, is_open=True),)))

    log.forget_open()

    assert [found.start_s for found in log] == [1.0]


def test_the_oldest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_log, "MOST_EVENTS", 40)
    log = EventLog()
    log.note(closed(*(event(2.0 * n, 2.0 * n + 1) for n in range(45))))

    assert len(log) == 40
    assert min(found.start_s for found in log) == 10.0


@given(lengths_ms=st.lists(st.tuples(st.integers(400, 5000), st.integers(1600, 9000)), max_size=12))
def test_a_second_pass_over_a_recording_adds_no_line(
    lengths_ms: list[tuple[int, int]],
) -> None:
    """Each event is found again up to 0.1 s otherwise."""
    log, events, at_s = EventLog(), [], 0.0
    for length_ms, pause_ms in lengths_ms:
        events.append(event(at_s, at_s + length_ms / 1000))
        at_s += (length_ms + pause_ms) / 1000

    log.note(closed(*events))
    log.note(closed(*(event(one.start_s + 0.04, one.end_s + 0.1) for one in events)))

    assert len(log) == len(events)
