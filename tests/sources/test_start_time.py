"""When a recording began, by its name and its header."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.errors import SettingsError
from motionapp.sources.start_time import start_from_header, start_from_name, start_of, zone_called

ZURICH = ZoneInfo("Europe/Zurich")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

SHAPES = st.sampled_from(
    [
        "%Y%m%d_%H%M%S",
        "%Y-%m-%d_%H-%M-%S",
        "%Y-%m-%dT%H.%M.%S",
        "%Y-%m-%d %H.%M.%S",
        "%Y_%m_%d-%H_%M_%S",
        "%Y%m%d%H%M%S",
        "%Y-%m-%d_%H%M%S",
        "%Y-%m-%d_%Hh%Mm%S",
    ]
)
AROUND = st.sampled_from([("", ""), ("CH01_", "_main"), ("VID_", ""), ("front door ", " (2)")])
TIMES = st.datetimes(datetime(2001, 1, 2), datetime(2099, 12, 30))


@given(TIMES, SHAPES, AROUND, st.sampled_from([".mp4", ".MKV", ".264", ".3gp", ""]))
def test_a_name_that_is_written_is_read_again(
    when: datetime, shape: str, around: tuple[str, str], suffix: str
) -> None:
    when = when.replace(microsecond=0)
    name = f"{around[0]}{when.strftime(shape)}{around[1]}{suffix}"

    assert start_from_name(name, UTC) == when.replace(tzinfo=UTC)


@given(TIMES, st.sampled_from(["", "."]))
def test_milliseconds_are_read_where_they_follow_at_once(when: datetime, point: str) -> None:
    when = when.replace(microsecond=when.microsecond // 1000 * 1000)
    name = f"VID_{when:%Y%m%d_%H%M%S}{point}{when.microsecond // 1000:03d}.mp4"

    assert start_from_name(name, UTC) == when.replace(tzinfo=UTC)


@given(st.text(max_size=40))
def test_whatever_a_file_is_called_a_set_clocks_time_or_none_comes_of_it(name: str) -> None:
    when = start_from_name(name, ZURICH)

    assert when is None or (2001 <= when.year <= 2099 and when.tzinfo is UTC)


@pytest.mark.parametrize(
    "name",
    [
        "CH01_20260301120000_20260301121000.mp4",
        "NVR_ch2_main_20260301120000.dav",
        "2026-03-01T12-00-00Z.mkv",
        "2026-03-01_12-00-00_UTC.mkv",
        "2026-03-01T13-00-00+0100.mkv",
        "20260301_120000_001.mp4",
        "1772366400.mp4",
        "1772366400.000000-abc123.mp4",
        "PXL_20260301_120000000.TS.mp4",
    ],
)
def test_names_that_cameras_recorders_and_phones_give(name: str) -> None:
    assert start_from_name(name, UTC) == NOON


def test_times_in_names_are_of_the_zone_unless_they_say_their_own() -> None:
    names = ["20260301_130000.mp4", "2026-03-01T12-00-00Z.mp4", "PXL_20260301_120000000.mp4"]

    assert [start_from_name(name, ZURICH) for name in names] == [NOON] * 3


def test_of_an_hour_that_comes_twice_the_first_is_meant() -> None:
    when = start_from_name("20261025_023000.mp4", ZURICH)

    assert when == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "name",
    [
        "holiday.mp4",
        "20260231_120000.mp4",  # no such day
        "20260301_250000.mp4",  # no such hour
        "20260301.mp4",  # no time of day
        "01-03-2026_12-00-00.mp4",  # March or January?
        "20260301121000_20260301120000.mp4",  # an end before the start
        "20260301_120000_20260301_120500_20260301_121000.mp4",  # which?
        "5551772366400.mp4",  # a longer number
        "2026030112.mp4",  # neither seconds since 1970 nor a whole time
        "20000101_000012.mp4",  # a clock that was never set
        "00012.MTS",
        "",
        ".",
    ],
)
def test_a_name_that_does_not_plainly_say_it_gives_none(name: str) -> None:
    assert start_from_name(name, UTC) is None


@pytest.mark.parametrize("text", ["1970-01-01T00:00:00Z", "2000-01-01T00:00:09Z", "soon", ""])
def test_a_header_of_a_clock_that_was_not_set_gives_none(text: str) -> None:
    assert start_from_header(text) is None


def test_an_option_stands_above_the_name_and_the_name_above_the_header() -> None:
    header = {"creation_time": "2026-03-01T12:10:00.000000Z"}
    option = datetime(2026, 3, 1, 9, tzinfo=timezone(timedelta(hours=1)))

    by_option = start_of("20260301_120000.mp4", header, given=option, zone=UTC)
    by_name = start_of("20260301_120000.mp4", header, given=None, zone=UTC)
    by_header = start_of("clip.mp4", header, given=None, zone=UTC)

    assert by_option == datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert by_name == NOON
    assert by_header == NOON + timedelta(minutes=10)
    assert start_of("clip.mp4", {}, given=None, zone=UTC) is None


def test_apples_key_with_its_offset_is_asked_before_the_time_of_closing() -> None:
    header = {
        "creation_time": "2026-03-01T12:10:00.000000Z",
        "com.apple.quicktime.creationdate": "2026-03-01T13:00:00+0100",
    }

    assert start_of("IMG_0001.MOV", header, given=None, zone=UTC) == NOON


def test_a_zone_is_found_by_name_or_refused_with_a_sentence() -> None:
    assert zone_called("utc") is UTC
    assert zone_called("Europe/Zurich") == ZURICH
    for name in ("Europe/Entenhausen", "../../etc/passwd", ""):
        with pytest.raises(SettingsError, match="there is no time zone"):
            zone_called(name)
