"""One input's job says how it went, whatever happened."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from motionapp.batch import job as job_module
from motionapp.batch.job import Job, clear_parts, run_job, source_name
from motionapp.core.models import Models
from motionapp.settings import Settings


def job_for(path: Path, tmp_path: Path) -> Job:
    return Job(str(path), str(tmp_path / "out"), path.stem)


def test_an_error_of_the_program_fails_its_input_only(
    recording: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(job_module, "analyse_one", fail)

    result = run_job(job_for(recording(), tmp_path), Settings(), Models())

    assert result.status == "failed"
    assert "an error of the program itself: ZeroDivisionError" in str(result.error)


def test_an_input_that_gives_nothing_leaves_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()

    result = run_job(job_for(tmp_path / "gone.mp4", tmp_path), Settings(), Models())

    assert result.status == "failed"
    assert list((tmp_path / "out").iterdir()) == []


def test_results_of_an_earlier_run_survive_a_failure(tmp_path: Path) -> None:
    folder = tmp_path / "out" / "gone"
    folder.mkdir(parents=True)
    (folder / "events.json").write_text("earlier")
    (folder / ".events.csv.part").write_text("half")
    job = job_for(tmp_path / "gone.mp4", tmp_path)

    run_job(job, Settings(), Models())
    clear_parts(job)

    assert [path.name for path in folder.iterdir()] == ["events.json"]


@pytest.mark.parametrize(
    ("job", "name"),
    [
        (Job("a/b.mp4", "out", "b"), "b.mp4"),
        (Job("a/pictures/", "out", "pictures"), "pictures"),
        (Job("synthetic:demo", "out", "demo"), "synthetic:demo"),
        (Job("a/b.mp4 and 1 more", "out", "b-joined", ("a/b.mp4", "a/c.mp4")), "b-joined"),
    ],
)
def test_the_source_is_named_without_its_folder(job: Job, name: str) -> None:
    assert source_name(job) == name


def test_half_written_folders_of_a_killed_run_are_removed_before_the_work(tmp_path: Path) -> None:
    half = tmp_path / "out" / "gone" / ".clips.part"
    half.mkdir(parents=True)
    (half / "all@1200.mp4").write_bytes(b"half")

    run_job(job_for(tmp_path / "gone.mp4", tmp_path), Settings(), Models())

    assert not (tmp_path / "out" / "gone").exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_full_disk_is_told_apart_from_a_folder_that_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(job_module, "analyse_one", fail)

    result = run_job(job_for(tmp_path / "a.mp4", tmp_path), Settings(), Models())

    assert result.trouble == "full"
    assert "cannot be written" in str(result.error)


def test_a_place_in_the_way_is_no_full_disk(recording: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    path = recording()
    (tmp_path / "out" / "door").write_text("in the way")

    result = run_job(job_for(path, tmp_path), Settings(), Models())

    assert result.trouble == "output"


def test_decoding_may_have_more_threads_than_encoding(
    recording: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there are fewer workers than cores, some are left over."""
    opened: list[object] = []
    real = job_module.open_source

    def open_source(spec: str, **options: object) -> object:
        opened.append(options["decode_threads"])
        return real(spec, decode_threads=1)

    monkeypatch.setattr(job_module, "open_source", open_source)
    job = replace(job_for(recording(), tmp_path), threads=1)

    for decoding in (None, 4):
        run_job(replace(job, decoding=decoding), Settings(), Models())

    assert opened == [1, 4]
