"""Names of recordings: what is of the template, and that nothing else is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.edge.store.names import (
    MOST_NUMBER,
    FileName,
    free_path,
    parse,
    recording_path,
    snapshot_path,
)

START = datetime(2026, 11, 30, 8, 15, 2, 125_000, tzinfo=UTC)
PATH = "door/2026-11-30/door_20261130T081502.125Z_001.mp4"

NAMES = st.builds(
    FileName,
    st.from_regex(r"[a-z0-9][a-z0-9_-]{0,39}", fullmatch=True),
    st.datetimes(timezones=st.just(UTC)).map(
        lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    ),
    st.integers(0, MOST_NUMBER),
    st.sampled_from(["mp4", "jpg"]),
)


def test_a_recording_is_named_after_its_camera_and_its_start() -> None:
    assert recording_path("door", START, 1) == PATH
    assert snapshot_path("door", START, 1) == PATH.replace(".mp4", ".jpg")
    assert parse(PATH) == FileName("door", START, 1)


def test_the_day_is_that_of_utc() -> None:
    start = datetime(2026, 12, 1, 0, 30, tzinfo=timezone(timedelta(hours=2)))

    assert recording_path("door", start, 0).startswith("door/2026-11-30/door_20261130T223000.000Z")


@given(NAMES)
def test_what_is_written_is_read(name: FileName) -> None:
    assert parse(name.path) == name
    assert parse(PurePosixPath(name.path)) == name


@pytest.mark.parametrize(
    "path",
    [
        "",
        "door_20261130T081502.125Z_001.mp4",
        f"/{PATH}",
        f"../{PATH}",
        f"./{PATH}",
        f"{PATH}.part",
        f"{PATH}\n",
        PATH.replace("/2026-11-30", "/2026-11-29"),
        PATH.replace("door/", "gate/", 1),
        PATH.replace("_001", "_0001"),
        PATH.replace("_001", "_01"),
        PATH.replace("_001", "_٠٠١"),
        PATH.replace("1130T08", "1131T08").replace("11-30", "11-31"),
        PATH.replace("T08", "T25"),
        PATH.replace("door", "Door"),
        PATH.replace("door", "-door"),
        PATH.replace("door", ".."),
        PATH.replace(".mp4", ".avi"),
        PATH.replace("/", "\\"),
        PATH.replace("/", "//"),
    ],
)
def test_nothing_else_is_of_the_template(path: str) -> None:
    assert parse(path) is None


@given(NAMES, st.integers(0, 80), st.characters())
def test_a_letter_that_is_another_makes_another_name_or_none(
    name: FileName, at: int, letter: str
) -> None:
    at %= len(name.path)
    path = name.path[:at] + letter + name.path[at + 1 :]

    found = parse(path)

    assert found is None or found.path == path


def test_a_name_that_is_taken_is_not_given_again(tmp_path: Path) -> None:
    """Whatever the clock says: it may have been put back by a night."""
    first = free_path(tmp_path, "door", START)
    (tmp_path / first).parent.mkdir(parents=True)
    (tmp_path / first).touch()

    assert first == recording_path("door", START, 0)
    assert free_path(tmp_path, "door", START) == recording_path("door", START, 1)
    assert free_path(tmp_path, "door", START, ending="jpg") == snapshot_path("door", START, 0)
