"""Times as a person reads them, also in the night in which the clocks are changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.sinks.report.clock import Clock, length_text

ZURICH = ZoneInfo("Europe/Zurich")
AUTUMN = datetime(2026, 10, 25, 0, 59, 50, tzinfo=UTC)  # ten seconds before 3:00 becomes 2:00
SPRING = datetime(2026, 3, 29, 0, 59, 50, tzinfo=UTC)  # ten seconds before 2:00 becomes 3:00


def test_the_hour_that_comes_twice_is_told_by_its_offset() -> None:
    clock = Clock(AUTUMN, ZURICH, 0, 20)

    assert clock.text(9.9) == "02:59:59.9 +02:00"
    assert clock.text(10.0) == "02:00:00.0 +01:00"
    assert clock.iso(10.0) == "2026-10-25T02:00:00.000+01:00"
    assert clock.offsets == ((0, 7200), (10.0, 3600))
    assert clock.span_text() == (
        "2026-10-25 02:59:50 to 02:00:10 (Europe/Zurich, UTC+02:00, then UTC+01:00)"
    )


def test_the_hour_that_is_left_out_is_left_out() -> None:
    clock = Clock(SPRING, ZURICH, 0, 20)

    assert clock.text(9.9) == "01:59:59.9 +01:00"
    assert clock.text(10.0) == "03:00:00.0 +02:00"


def test_on_any_other_day_the_offset_is_said_once() -> None:
    clock = Clock(datetime(2026, 5, 4, 10, tzinfo=UTC), ZURICH, 0, 3600)

    assert clock.text(61.25) == "12:01:01.2"
    assert clock.span_text() == "2026-05-04 12:00:00 to 13:00:00 (Europe/Zurich, UTC+02:00)"


def test_over_midnight_the_date_is_said() -> None:
    clock = Clock(datetime(2026, 12, 31, 23, 59, 50, tzinfo=UTC), UTC, 0, 20)

    assert clock.text(5) == "2026-12-31 23:59:55.0"
    assert clock.text(15) == "2027-01-01 00:00:05.0"
    assert clock.span_text() == "2026-12-31 23:59:50 to 2027-01-01 00:00:10 (UTC)"


def test_where_the_start_is_unknown_seconds_are_named() -> None:
    clock = Clock(None, ZURICH, 0, 100)

    assert clock.text(62.55) in ("01:02.5", "01:02.6")
    assert clock.iso(62.5) is None
    assert clock.span_text() == ""
    assert clock.start_ms is None
    assert [text for _, text in clock.ticks(5)] == ["00:00", "00:30", "01:00", "01:30"]


def test_a_start_with_an_offset_of_its_own_is_the_same_moment() -> None:
    there = AUTUMN.astimezone(timezone(timedelta(hours=-7)))

    assert Clock(there, ZURICH, 0, 20) == Clock(AUTUMN, ZURICH, 0, 20)
    assert Clock(there, ZURICH, 0, 20).text(10) == "02:00:00.0 +01:00"


def test_marks_stand_at_even_times_of_the_clock() -> None:
    clock = Clock(datetime(2026, 5, 4, 10, 3, 20, tzinfo=UTC), ZURICH, 0, 1500)

    assert clock.ticks(8) == (
        (100.0, "12:05"), (400.0, "12:10"), (700.0, "12:15"), (1000.0, "12:20"), (1300.0, "12:25"),
    )  # fmt: skip


def test_a_start_between_two_milliseconds_moves_no_mark() -> None:
    start = datetime(2026, 5, 4, 10, 3, 20, 123_456, tzinfo=UTC)

    texts = [text for _, text in Clock(start, UTC, 0, 1500).ticks(8)]
    fine = [text for _, text in Clock(start, UTC, 0, 1).ticks(10)]

    assert texts == ["10:05", "10:10", "10:15", "10:20", "10:25"]
    assert fine[:2] == ["10:03:20.2", "10:03:20.3"]


@given(
    st.floats(-100, 1e5, allow_nan=False),
    st.floats(0, 1e7, allow_nan=False),
    st.integers(3, 12),
    st.sampled_from([None, AUTUMN, SPRING]),
)
def test_marks_are_few_and_within_the_recording(
    from_s: float, length_s: float, at_most: int, start: datetime | None
) -> None:
    clock = Clock(start, ZURICH, from_s, from_s + length_s)

    times_s = [time_s for time_s, _ in clock.ticks(at_most)]

    assert len(times_s) <= at_most + 1
    assert times_s == sorted(set(times_s))
    assert all(from_s - 1e-6 <= each <= from_s + length_s + 1e-6 for each in times_s)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0.0 s"), (59.94, "59.9 s"), (59.96, "1 min 00 s"), (3599.4, "59 min 59 s"),
        (3599.6, "1 h 00 min"), (7380, "2 h 03 min"), (-1, "0.0 s"),
    ],
)  # fmt: skip
def test_lengths_are_said_in_the_unit_that_fits(seconds: float, text: str) -> None:
    assert length_text(seconds) == text
