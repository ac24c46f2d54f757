"""One input's job says how it went, whatever happened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from motionapp.analysis import Models
from motionapp.batch import job as job_module
from motionapp.batch.job import Job, clear_parts, run_job, source_name
from motionapp.settings import AnalysisSettings


def job_for(path: Path, tmp_path: Path) -> Job:
    return Job(str(path), str(tmp_path / "out"), path.stem)


def test_an_error_of_the_program_fails_its_input_only(
    recording: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(job_module, "analyse_one", fail)

    result = run_job(job_for(recording(), tmp_path), AnalysisSettings(), Models())

    assert result.record.status == "failed"
    assert "an error of the program itself: ZeroDivisionError" in str(result.record.error)


def test_an_input_that_gives_nothing_leaves_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()

    result = run_job(job_for(tmp_path / "gone.mp4", tmp_path), AnalysisSettings(), Models())

    assert result.record.status == "failed"
    assert list((tmp_path / "out").iterdir()) == []


def test_results_of_an_earlier_run_survive_a_failure(tmp_path: Path) -> None:
    folder = tmp_path / "out" / "gone"
    folder.mkdir(parents=True)
    (folder / "events.json").write_text("earlier")
    (folder / ".events.csv.part").write_text("half")
    job = job_for(tmp_path / "gone.mp4", tmp_path)

    run_job(job, AnalysisSettings(), Models())
    clear_parts(job)

    assert [path.name for path in folder.iterdir()] == ["events.json"]


@pytest.mark.parametrize(
    ("spec", "name"),
    [("a/b.mp4", "b.mp4"), ("a/pictures/", "pictures"), ("synthetic:demo", "synthetic:demo")],
)
def test_the_source_is_named_without_its_folder(spec: str, name: str) -> None:
    assert source_name(spec) == name
