"""Times as a person types them."""

from __future__ import annotations

import argparse

import pytest

from motionapp.cli.times import instant_of, seconds_of


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        *(("0", 0.0), ("90", 90.0), ("1.25", 1.25), ("1:30", 90.0), ("0:01.4", 1.4)),
        *(("1:02:03.5", 3723.5), (" 7 ", 7.0), ("100:00:00", 360000.0), ("59:59", 3599.0)),
    ],
)
def test_seconds_and_clock_times_are_seconds(text: str, seconds: float) -> None:
    assert seconds_of(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-1",
        "1:60",
        "60:00:60",
        "1:2:3:4",
        "nan",
        "inf",
        "1e3",
        "1,5",
        "9999999999",
        "300000:00:00",
        "٣",
        "9" * 400,
    ],
)
def test_what_is_no_time_is_said_to_be_none(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="no time"):
        seconds_of(text)


def test_an_instant_has_its_offset() -> None:
    assert instant_of("2026-05-01T18:00:00+02:00").isoformat() == "2026-05-01T18:00:00+02:00"
    assert instant_of("2026-05-01 16:00Z").utcoffset() is not None


@pytest.mark.parametrize("text", ["", "18:00", "2026-05-01T18:00:00", "1st of May"])
def test_what_is_no_instant_is_said_to_be_none(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="no instant"):
        instant_of(text)
