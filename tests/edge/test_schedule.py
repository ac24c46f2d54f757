"""Schedules: days, nights, and the two nights a year in which the clock is changed."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motionapp.edge.schedule import is_armed, next_change
from motionapp.settings.edge import DAYS, CameraSettings

BERLIN = ZoneInfo("Europe/Berlin")
WEEKNIGHTS = ("mon-fri 18:00-07:00",)


def at(text: str, zone: ZoneInfo | None = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("moment", "armed"),
    [
        ("2026-11-30T17:59", False),  # a Monday
        ("2026-11-30T18:00", True),
        ("2026-12-01T06:59", True),
        ("2026-12-01T07:00", False),
        ("2026-12-05T06:59", True),  # Saturday: begun on Friday
        ("2026-12-05T18:00", False),
        ("2026-11-30T06:59", False),  # Monday: nothing has begun on Sunday
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(moment: str, armed: bool) -> None:
    assert is_armed(WEEKNIGHTS, at(moment)) is armed


def test_without_a_line_a_camera_is_always_armed() -> None:
    assert is_armed((), at("2026-11-30T12:00"))
    assert next_change((), at("2026-11-30T12:00")) is None


def test_what_covers_every_minute_never_changes() -> None:
    lines = ("mon-fri 00:00-24:00", "sat,sun 00:00-24:00")

    assert next_change(lines, at("2026-11-30T12:00")) is None
    assert next_change(("daily 08:00-08:00",), at("2026-11-30T12:00")) is None


def test_days_may_go_over_sunday_and_begin_at_the_end_of_a_day() -> None:
    assert is_armed(("sat-mon 10:00-11:00",), at("2026-11-30T10:30"))
    assert not is_armed(("sat-mon 10:00-11:00",), at("2026-12-01T10:30"))
    assert is_armed(("sun 24:00-07:00",), at("2026-11-30T06:30"))


def test_the_next_change_is_told_in_the_zone_that_was_asked_in() -> None:
    found = next_change(WEEKNIGHTS, at("2026-12-04T19:00"))

    assert found == at("2026-12-05T07:00")
    assert found is not None
    assert found.tzinfo is BERLIN
    assert next_change(WEEKNIGHTS, found) == at("2026-12-07T18:00")


def test_a_night_with_the_change_to_summer_is_an_hour_shorter() -> None:
    """On 28 March 2027 the clock goes from 02:00 to 03:00."""
    begin, end = at("2027-03-27T22:00"), next_change(("daily 22:00-06:00",), at("2027-03-27T22:00"))

    assert end is not None
    assert end.timestamp() - begin.timestamp() == 7 * 3600


def test_what_would_begin_in_the_hour_that_is_left_out_begins_after_it() -> None:
    found = next_change(("daily 02:30-06:00",), at("2027-03-28T01:00"))

    assert found == at("2027-03-28T03:00")


def test_what_lies_in_the_hour_that_is_left_out_does_not_come() -> None:
    found = next_change(("sun 02:10-02:50",), at("2027-03-28T01:00"))

    assert found == at("2027-04-04T02:10")


def test_an_hour_that_is_shown_twice_counts_twice() -> None:
    """On 31 October 2027 the clock goes from 03:00 to 02:00."""
    lines, moments = ("daily 02:15-02:45",), []
    moment: datetime | None = at("2027-10-31T00:00")
    for _ in range(4):
        assert moment is not None
        moment = next_change(lines, moment)
        moments.append(moment)

    shown = [(found.strftime("%H:%M"), found.fold) for found in moments if found is not None]
    assert shown == [("02:15", 0), ("02:45", 0), ("02:15", 1), ("02:45", 1)]


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="no tzset: the zone cannot be chosen here")
def test_without_a_zone_the_clock_of_this_machine_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        with monkeypatch.context() as patched:
            patched.setenv("TZ", "Europe/Berlin")
            time.tzset()
            found = next_change(("daily 02:30-06:00",), at("2027-03-28T01:00", None))
    finally:
        time.tzset()

    assert found == at("2027-03-28T03:00", None)
    assert found is not None
    assert found.tzinfo is None


@st.composite
def a_line(draw: st.DrawFn) -> str:
    days = st.sampled_from(DAYS)
    which = draw(
        st.one_of(
            st.just("daily"),
            days,
            st.tuples(days, days).map("-".join),
            st.tuples(days, days).map(",".join),
        )
    )
    clock = st.integers(0, 24 * 60).map(lambda m: f"{m // 60:02}:{m % 60:02}")
    return f"{which} {draw(clock)}-{draw(clock)}"


ZONES = st.sampled_from(
    [
        BERLIN,
        ZoneInfo("America/New_York"),
        ZoneInfo("Australia/Lord_Howe"),
        ZoneInfo("Asia/Kolkata"),
    ]
)
MOMENTS = st.integers(0, 366 * 24 * 60).map(
    lambda minutes: datetime(2026, 7, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def days_of(text: str) -> set[int]:
    """Counted on from day to day, as a person does on fingers."""
    if text == "daily":
        return set(range(7))
    if "," in text:
        return {DAYS.index(day) for day in text.split(",")}
    first, last = text.split("-")[0], text.split("-")[-1]
    found = {DAYS.index(first)}
    while DAYS[max(found, key=lambda d: (d - DAYS.index(first)) % 7)] != last:
        found.add((DAYS.index(first) + len(found)) % 7)
    return found


def model(lines: list[str], shown: datetime) -> bool:
    """Every stretch of the last three days, written out on a calendar without a zone."""
    face = shown.replace(tzinfo=None, fold=0)
    midnight = datetime(face.year, face.month, face.day)
    for line in lines:
        days, times = line.split(" ")
        (h0, m0), (h1, m1) = (part.split(":") for part in times.split("-"))
        for back in range(3):
            begins = midnight - timedelta(days=back)
            begin = begins + timedelta(hours=int(h0), minutes=int(m0))
            end = begins + timedelta(hours=int(h1), minutes=int(m1))
            end = end if end > begin else end + timedelta(days=1)
            if begins.weekday() in days_of(days) and begin <= face < end:
                return True
    return not lines


@given(st.lists(a_line(), max_size=4), ZONES, MOMENTS)
def test_it_is_armed_when_the_calendar_says_so(
    lines: list[str], zone: ZoneInfo, moment: datetime
) -> None:
    CameraSettings(name="door", url="camera:0", schedule=tuple(lines))  # type: ignore[arg-type]  # a secret
    shown = moment.astimezone(zone)

    assert is_armed(lines, shown) is model(lines, shown)


@settings(max_examples=40)
@given(
    st.lists(a_line(), min_size=1, max_size=3),
    ZONES,
    st.sampled_from(["2026-10-31", "2026-10-24", "2027-03-13", "2027-03-27", "2027-04-03"]),
    st.integers(0, 24 * 60),
)
def test_the_next_change_is_the_first_minute_at_which_the_calendar_says_otherwise(
    lines: list[str], zone: ZoneInfo, day: str, minutes: int
) -> None:
    """Around the nights in which a clock is changed, looked at minute by minute."""
    begin = datetime.fromisoformat(f"{day}T00:00:00+00:00") + timedelta(minutes=minutes)
    found = next_change(lines, begin.astimezone(zone))

    is_now = model(lines, begin.astimezone(zone))
    minutes_on = (begin + timedelta(minutes=k) for k in range(1, 3 * 24 * 60))
    truth = next((m for m in minutes_on if model(lines, m.astimezone(zone)) != is_now), None)
    if truth is None:
        assert found is None or found > begin + timedelta(days=3) - timedelta(minutes=1)
    else:
        assert found is not None
        assert found.astimezone(UTC) == truth
