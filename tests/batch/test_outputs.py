"""Which sinks the settings ask for, and whether all is there that they write."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from motionapp.batch.job import Job, run_job
from motionapp.batch.outputs import drawing_style, is_all_there
from motionapp.core.models import Models
from motionapp.overlay.style import EVERYDAY
from motionapp.settings import Settings, apply_changes
from motionapp.settings.tree import RunSettings

ALL = {
    "run.annotated": True,
    "run.masks": True,
    "run.frames": "jsonl",
    "run.clips": "encode",
    "run.report": True,
}


@pytest.fixture
def settings() -> Settings:
    return apply_changes(Settings(), {"analysis.recognition.classifier": "none", **ALL})


def test_all_that_is_asked_for_is_written_and_named_in_events_json(
    recording: Callable[..., Path], tmp_path: Path, settings: Settings
) -> None:
    job = Job(str(recording()), str(tmp_path / "out"), "door")

    result = run_job(job, settings, Models())

    assert result.error is None
    assert {path.name for path in job.folder.iterdir()} == {
        *("annotated.mp4", "clips", "events.csv", "events.json", "frames.jsonl", "heatmap.png"),
        *("masks", "report.html", "segments.csv", "thumbnails"),
    }
    (event,) = json.loads((job.folder / "events.json").read_text())["events"]
    assert (job.folder / event["clip"]).is_file()
    assert (job.folder / event["thumbnail"]).is_file()
    assert len(list((job.folder / "masks").iterdir())) == result.frames == 100
    assert is_all_there(job.folder, settings.run, frames=100)


@pytest.mark.parametrize(
    "lost",
    [
        "events.json",
        "annotated.mp4",
        "frames.jsonl",
        "report.html",
        "clips",
        "thumbnails",
        "masks/000000.png",
    ],
)
def test_what_somebody_has_taken_away_is_missed(
    tmp_path: Path, settings: Settings, lost: str
) -> None:
    fill(tmp_path)
    assert is_all_there(tmp_path, settings.run, frames=1)

    (tmp_path / lost).rename(tmp_path / "elsewhere")

    assert not is_all_there(tmp_path, settings.run, frames=1)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"events": 7}', '{"events": [{}]}', "[" * 5000, '{"events": [{"clip": 7}]}']
)
def test_an_events_json_of_somebody_elses_is_none(
    tmp_path: Path, settings: Settings, text: str
) -> None:
    fill(tmp_path)
    (tmp_path / "events.json").write_text(text)

    assert not is_all_there(tmp_path, settings.run, frames=1)


def test_what_nobody_asked_for_is_not_missed(tmp_path: Path) -> None:
    for name in ("events.json", "events.csv", "segments.csv"):
        (tmp_path / name).touch()

    assert is_all_there(tmp_path, Settings().run, frames=1)


def fill(folder: Path) -> None:
    """A folder of results as it should be."""
    for name in ("clips/a.mp4", "thumbnails/a.jpg", "masks/000000.png", "events.csv"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    for name in ("segments.csv", "annotated.mp4", "frames.jsonl", "report.html", "heatmap.png"):
        (folder / name).touch()
    event = {"clip": "clips/a.mp4", "thumbnail": "thumbnails/a.jpg"}
    (folder / "events.json").write_text(json.dumps({"events": [event]}))


@pytest.mark.parametrize(
    ("asked", "colours", "arrows"),
    [
        ("colours", True, False),
        ("arrows", False, True),
        ("both", True, True),
        ("none", False, False),
    ],
)
def test_flow_is_drawn_as_asked_for(asked: str, colours: bool, arrows: bool) -> None:
    run = RunSettings.model_validate({"draw_flow": asked})

    style = drawing_style(run)

    assert (style.flow, style.arrows) == (colours, arrows)


@pytest.mark.parametrize("layer", ["mask", "suppressed", "valid", "poses"])
@pytest.mark.parametrize("is_on", [True, False])
def test_layers_are_drawn_as_asked_for(layer: str, is_on: bool) -> None:
    run = RunSettings.model_validate({f"draw_{layer}": is_on})

    assert getattr(drawing_style(run), layer) is is_on


def test_unless_asked_the_layers_are_those_of_every_day() -> None:
    style = drawing_style(RunSettings())

    assert style == replace(EVERYDAY, flow=True)
