"""What events.json says of what it was made of and by."""

from __future__ import annotations

from pathlib import Path

import pytest

from motionapp.batch.job import Job, origin_of
from motionapp.settings import Settings, analysis_digest
from motionapp.settings.tree import RunSettings
from motionapp.sources.size import bytes_of


def test_a_recording_is_told_by_its_size_and_the_settings_by_their_digest(tmp_path: Path) -> None:
    (tmp_path / "door.mp4").write_bytes(bytes(77))
    settings = Settings()

    origin = origin_of(Job(str(tmp_path / "door.mp4"), "out", "door"), settings, "of the model")

    assert origin.analysis == analysis_digest(settings.analysis, "of the model")
    assert origin.source_bytes == 77
    assert origin.is_whole


@pytest.mark.parametrize(
    ("run", "part"),
    [
        (RunSettings(start_s=2.0), (2.0, None)),
        (RunSettings(end_s=5.0), (0.0, 5.0)),
        (RunSettings(video_stream=1), None),
    ],
)
def test_a_part_and_another_video_are_not_all_of_it(
    run: RunSettings, part: tuple[float, float | None] | None
) -> None:
    origin = origin_of(Job("door.mp4", "out", "door"), Settings(run=run), "")

    assert origin.part == part
    assert not origin.is_whole


def test_recordings_that_are_joined_and_addresses_have_no_size(tmp_path: Path) -> None:
    joined = Job("a and 1 more", "out", "a-joined", parts=("a.mp4", "b.mp4"))

    assert origin_of(joined, Settings(), "").source_bytes is None
    assert bytes_of("synthetic:walk") is None
    assert bytes_of(str(tmp_path / "gone.mp4")) is None


def test_a_folder_of_pictures_is_as_large_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "1.png").write_bytes(bytes(10))
    (tmp_path / "2.png").write_bytes(bytes(20))
    (tmp_path / "notes.txt").write_bytes(bytes(500))

    assert bytes_of(str(tmp_path)) == 30
