"""What makes an input, or what is to be made of it, another one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from motionapp.batch.stamp import ONLY_HOW, stamp_of, work_digest
from motionapp.settings import Settings, apply_changes
from motionapp.settings.tree import RunSettings


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"pictures")
    os.utime(path, ns=(0, 1_000_000_000))
    return path


def test_a_file_keeps_its_stamp_however_it_is_named(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp = stamp_of([str(clip)])
    monkeypatch.chdir(clip.parent)

    assert stamp_of(["a.mp4"]) == stamp_of(["./a.mp4"]) == stamp != ""


def test_another_size_or_time_is_another_stamp(clip: Path) -> None:
    stamps = [stamp_of([str(clip)])]
    os.utime(clip, ns=(0, 1_000_000_001))
    stamps.append(stamp_of([str(clip)]))
    clip.write_bytes(b"more pictures")
    os.utime(clip, ns=(0, 1_000_000_001))
    stamps.append(stamp_of([str(clip)]))

    assert len(set(stamps)) == 3


def test_a_folder_of_pictures_has_the_stamp_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "1.png").touch()
    before = stamp_of([str(tmp_path)])
    (tmp_path / "2.png").touch()

    assert stamp_of([str(tmp_path)]) != before


def test_the_order_of_joined_recordings_matters(clip: Path) -> None:
    other = clip.with_name("b.mp4")
    other.touch()

    assert stamp_of([str(clip), str(other)]) != stamp_of([str(other), str(clip)])


@pytest.mark.parametrize("spec", ["gone.mp4", "rtsp://yard.local/1"])
def test_what_cannot_be_held_on_to_has_no_stamp(spec: str) -> None:
    assert stamp_of([spec]) == ""


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("analysis.events.hold_s", 2.0),
        ("run.annotated", True),
        ("run.start_s", 3.0),
        ("run.clips", "copy"),
        ("run.start_utc", "2026-05-01T18:00:00+02:00"),
    ],
)
def test_what_decides_the_results_is_other_work(key: str, value: object) -> None:
    changed = apply_changes(Settings(), {key: value})

    assert work_digest(changed, "m") != work_digest(Settings(), "m")


def test_another_model_is_other_work() -> None:
    assert work_digest(Settings(), "m") != work_digest(Settings(), "n")


def test_how_the_work_is_done_does_not_matter() -> None:
    others = {"workers": 2, "threads": 1, "memory_mb": 512, "silence_s": 9.0, "pace": "max"}
    changed = apply_changes(Settings(), {f"run.{key}": value for key, value in others.items()})

    assert set(others) == ONLY_HOW <= set(RunSettings.model_fields)
    assert work_digest(changed, "m") == work_digest(Settings(), "m")
