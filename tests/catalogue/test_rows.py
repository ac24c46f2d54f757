"""An event's row: what is worked out for it, and by what it is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.catalogue.rows import Seen, camera_of, parts_of, row_of
from motionapp.settings.zones import ZoneSettings
from motionapp.sinks.origin import Origin
from tests.catalogue.conftest import NOON, event, recorded

SEEN = Seen((1000, 500), 25.0, NOON)


def test_a_row_says_where_and_when_in_all_ways(tmp_path: Path) -> None:
    one = replace(recorded(), spec=str(tmp_path / "cam" / "a.mp4"), out_dir=str(tmp_path / "out"))

    row = row_of(event(1.5, 4.0), one, SEEN, folder=tmp_path / "c")

    assert (row["left"], row["top"], row["right"], row["bottom"]) == (0.1, 0.1, 0.2, 0.3)
    assert row["size"] == 0.02
    assert row["duration_s"] == 2.5
    assert row["start_utc"] == datetime(2026, 5, 1, 12, 0, 1, 500_000, UTC)
    assert row["end_utc"] == datetime(2026, 5, 1, 12, 0, 4, tzinfo=UTC)
    assert row["recording_relative"] == "../cam/a.mp4"
    assert row["results_relative"] == "../out"


def test_without_a_clock_there_is_no_wall_time() -> None:
    row = row_of(event(1.5, 4.0), recorded(), replace(SEEN, start_utc=None), folder=Path("/c"))

    assert row["start_utc"] is row["end_utc"] is None
    assert replace(SEEN, start_utc=None).month == "unknown"


def test_an_event_keeps_its_key_when_it_is_found_again_by_other_settings() -> None:
    first = row_of(event(1.5, 4.0), recorded(), SEEN, folder=Path("/c"))
    other = replace(recorded(), origin=Origin(analysis="b" * 64, source_bytes=7))
    second = row_of(event(1.5, 9.0, "run"), other, SEEN, folder=Path("/c"))

    assert first["event"] == second["event"]
    assert first["recording_key"] == second["recording_key"]


def test_two_videos_of_one_file_are_two_recordings() -> None:
    second = replace(recorded(), origin=Origin(video_stream=2))

    assert second.key != recorded().key


def test_names_within_an_event_can_be_asked_for_but_that_one_has_none_cannot() -> None:
    segments = [
        {**event(0, 1)["segments"][0], "label": label}
        for label in ("walk", "wave1", "unknown", "motion", "wave1")
    ]

    row = row_of(event(0, 1, segments=segments), recorded(), SEEN, folder=Path("/c"))

    assert row["labels"] == ["walk", "wave1"]


def test_privacy_zones_are_kept_and_others_are_not() -> None:
    corners = ((0.0, 0.0), (0.5, 0.0), (0.5, 0.5))
    zones = tuple(
        ZoneSettings(name=kind, kind=kind, polygon=corners) for kind in ("privacy", "exclude")
    )

    row = row_of(event(0, 1), replace(recorded(), covers=zones), SEEN, folder=Path("/c"))

    assert '"privacy"' in row["cover"]
    assert "exclude" not in row["cover"]


@pytest.mark.parametrize(
    ("spec", "camera"),
    [
        ("/archive/door/a.mp4", "door"),
        ("synthetic:walk", "synthetic"),
        ("s3://bucket/yard/2026/a.mp4", "2026"),
        ("s3://bucket/a.mp4", "bucket"),
        ("/a.mp4", "unknown"),
    ],
)
def test_a_camera_is_called_like_the_folder_of_its_recordings(spec: str, camera: str) -> None:
    assert camera_of(spec) == camera
    assert camera_of(spec, "gate") == "gate"


def test_an_event_over_a_border_names_both_parts() -> None:
    parts = (("a.mp4", 0.0), ("b.mp4", 60.0), ("c.mp4", 120.0))

    assert parts_of(event(58.0, 61.0), parts) == [("a.mp4", 0.0), ("b.mp4", 60.0)]
    assert parts_of(event(60.0, 120.0), parts) == [("b.mp4", 60.0)]
    assert parts_of(event(1.0, 2.0), ()) == []


@given(
    begins=st.lists(st.integers(1, 500), unique=True, max_size=8).map(sorted),
    start_ms=st.integers(0, 400_000),
    length_ms=st.integers(1, 200_000),
)
def test_every_second_of_an_event_lies_in_a_part_that_is_named(
    begins: list[int], start_ms: int, length_ms: int
) -> None:
    parts = [(f"{n}", float(begin)) for n, begin in enumerate([0, *begins])]
    one = event(start_ms / 1000, (start_ms + length_ms) / 1000)

    named = [name for name, _ in parts_of(one, parts)]

    for t_ms in (start_ms, start_ms + length_ms // 2, start_ms + length_ms - 1):
        holder = [name for name, begin in parts if begin <= t_ms / 1000][-1]
        assert holder in named
    assert named == sorted(named, key=int)
