"""The list of events: one line an event, however often a recording is seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.event import EndedBy, Event
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.gui.found import log as module
from motionapp.gui.found.log import Change, EventLog, Found


def event(
    start_s: float, end_s: float, label: str = "walk", *, is_open: bool = False,
    ended_by: EndedBy = "motion",
) -> Event:  # fmt: skip
    return Event(
        event_id=f"all@{round(start_s * 1000)}",
        zone="all",
        start_s=start_s,
        end_s=end_s,
        label=label,
        score=0.9,
        peak_s=start_s,
        box=Box(0, 0, 10, 10),
        ended_by=None if is_open else ended_by,
    )


def closed(*events: Event) -> Moment:
    return Moment(source="test", frame=None, closed=events)


def test_an_event_that_goes_on_and_closes_stays_one_line() -> None:
    log = EventLog()

    log.note(Moment("test", None, opened=(event(1.0, 1.3, "motion", is_open=True),)))
    log.note(Moment("test", None, changed=(event(1.0, 2.0, "walk", is_open=True),)))
    assert log.note(closed(event(1.0, 4.0)))

    assert [(found.event.label, found.event.end_s, found.event.ended_by) for found in log] == [
        ("walk", 4.0, "motion")
    ]


def test_the_newest_stands_first() -> None:
    log = EventLog()

    log.note(closed(event(1.0, 2.0), event(9.0, 10.0)))
    log.note(closed(event(5.0, 6.0)))

    assert [found.event.start_s for found in log] == [9.0, 5.0, 1.0]
    assert log[0].event.start_s == 9.0


def test_what_is_seen_again_takes_the_place_of_what_it_overlaps_once_it_is_as_long() -> None:
    log = EventLog()
    log.note(closed(event(1.0, 4.0, "walk")))

    is_news = log.note(Moment("test", None, opened=(event(1.04, 1.4, "motion", is_open=True),)))
    assert not is_news
    assert [found.event.label for found in log] == ["walk"]
    log.note(closed(event(1.04, 4.1, "run")))

    assert [found.event.label for found in log] == ["run"]


def test_a_moment_without_news_changes_nothing() -> None:
    assert not EventLog().note(Moment("test", None))


def test_what_was_open_can_be_given_up() -> None:
    log = EventLog()
    log.note(closed(event(1.0, 2.0)))
    log.note(Moment("test", None, opened=(event(5.0, 5.3, is_open=True),)))

    log.forget_open()

    assert [found.event.start_s for found in log] == [1.0]


def test_the_oldest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_EVENTS", 40)
    log = EventLog()
    log.note(closed(*(event(2.0 * n, 2.0 * n + 1) for n in range(45))))

    assert len(log) == 40
    assert min(found.event.start_s for found in log) == 10.0


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


def test_what_a_seek_ends_is_no_finding() -> None:
    log = EventLog()
    log.note(Moment("test", None, opened=(event(5.0, 5.3, is_open=True),)))

    log.note(closed(event(5.0, 6.5, ended_by="interrupted")))

    assert len(log) == 0


def test_what_was_seen_whole_stays_when_a_seek_cuts_it() -> None:
    """Looked at again from its middle, and left again before its end."""
    log = EventLog()
    log.note(closed(event(5.0, 9.0)))

    log.note(Moment("test", None, opened=(event(6.1, 8.5, is_open=True),)), began_s=6.0)
    log.note(closed(event(6.1, 9.2)), began_s=6.0)
    log.note(Moment("test", None, opened=(event(5.0, 5.4, is_open=True),)))
    log.note(closed(event(5.0, 5.9, ended_by="interrupted")))

    assert [(one.event.start_s, one.event.end_s, one.is_cut) for one in log] == [(5.0, 9.0, False)]


def test_what_begins_where_playing_began_is_marked_until_it_is_seen_whole() -> None:
    log = EventLog()

    log.note(closed(event(7.1, 9.0)), began_s=7.0)
    assert [one.is_cut for one in log] == [True]
    log.note(closed(event(5.0, 9.0)))

    assert [(one.event.start_s, one.is_cut) for one in log] == [(5.0, False)]


def test_at_the_beginning_of_a_recording_nothing_is_cut() -> None:
    log = EventLog()
    log.note(closed(event(0.1, 2.0)))

    assert not log[0].is_cut


def test_what_other_settings_end_is_marked() -> None:
    log = EventLog()
    log.note(closed(event(5.0, 6.0, ended_by="settings")))

    assert log[0].is_cut


EVENTS = st.builds(
    lambda start, length, label, is_open, ended_by: event(
        start / 10, (start + length) / 10, label, is_open=is_open, ended_by=ended_by
    ),
    st.integers(0, 80), st.integers(1, 60), st.sampled_from(["walk", "run"]), st.booleans(),
    st.sampled_from(["motion", "interrupted", "settings", "end"]),
)  # fmt: skip


@given(told=st.lists(st.tuples(EVENTS, st.sampled_from([0.0, 3.0])), max_size=30))
def test_who_follows_every_change_has_the_same_list(told: list[tuple[Event, float]]) -> None:
    rows: list[Found] = []

    @contextmanager
    def follow(change: Change) -> Iterator[None]:
        assert list(log) == rows  # not made yet
        yield
        if change.kind == "comes":
            rows.insert(change.row, change.found)
        elif change.kind in ("changes", "segments"):
            rows[change.row] = change.found
        else:
            assert rows.pop(change.row) == change.found
        assert list(log) == rows

    log = EventLog(follow)
    for one, began_s in told:
        before = list(log)
        changed = log.note(closed(one), began_s=began_s)
        assert changed or list(log) == before

    starts = [found.event.start_s for found in log]
    assert starts == sorted(starts, reverse=True)
    for row, found in enumerate(log):
        assert log.row_of(found) == row
    log.clear()
    assert rows == []


def test_what_is_stored_takes_the_place_of_what_was_found_and_is_not_doubled() -> None:
    log = EventLog()
    log.note(closed(event(1.0, 4.0), event(20.0, 22.0)))
    log.note(Moment("test", None, opened=(event(30.0, 31.0, is_open=True),)))

    log.put_stored([event(1.001, 4.5), event(10.0, 12.0), event(30.0, 35.0)])
    log.note(Moment("test", None, changed=(event(30.0, 33.0, is_open=True),)))
    log.note(closed(event(30.0, 35.2), event(9.8, 13.0), event(11.0, 12.5)))

    listed = [(one.event.start_s, one.event.end_s, one.is_stored) for one in log]
    assert listed == [
        (30.0, 35.0, True), (20.0, 22.0, False), (10.0, 12.0, True), (1.001, 4.5, True)
    ]  # fmt: skip


def test_of_too_much_that_is_stored_only_the_newest_ever_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rows that come and go at once would cost the window's thread seconds."""
    monkeypatch.setattr(module, "MOST_EVENTS", 3)
    told: list[str] = []

    @contextmanager
    def note(change: Change) -> Iterator[None]:
        told.append(change.kind)
        yield

    log = EventLog(note)
    log.put_stored([event(10.0 * n, 10.0 * n + 4) for n in (5, 1, 3, 2, 4)])

    assert [one.event.start_s for one in log] == [50, 40, 30]
    assert told == ["comes"] * 3


def test_what_is_stored_goes_and_what_was_found_elsewhere_stays() -> None:
    log = EventLog()
    log.put_stored([event(1.0, 4.0), event(10.0, 12.0)])
    log.note(closed(event(20.0, 22.0)))

    log.take_out_stored()

    assert [one.event.start_s for one in log] == [20.0]
    log.note(closed(event(1.0, 4.0)))
    assert len(log) == 2


def test_an_event_that_lasts_for_hours_takes_the_place_of_what_it_overlaps() -> None:
    """Settings may let one go on for a day."""
    log = EventLog()
    log.note(closed(event(0, 9000)))

    log.note(closed(event(5000, 5060)), began_s=4000.0)

    assert [one.event.start_s for one in log] == [0]


def test_of_a_camera_that_was_opened_again_nothing_is_the_same_as_before() -> None:
    """Its time begins anew, so that other events have the same seconds."""
    log = EventLog()
    log.begin(may_repeat=False)
    log.note(closed(event(5, 60)))

    log.begin(may_repeat=False)
    log.note(closed(event(8, 12), event(5, 7, "run")))

    rows = [(one.event.start_s, one.event.label) for one in log]
    assert rows == [(8, "walk"), (5, "run"), (5, "walk")]
    assert [log.row_of(one) for one in log] == [0, 1, 2]
