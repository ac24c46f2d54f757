"""Parts of a real file, looked at one by one and written as one, are the bytes of the whole."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import pytest

from motionapp.assembly import load_models
from motionapp.batch.in_parts import InParts
from motionapp.batch.job import Job, run_job
from motionapp.batch.part_job import run_part
from motionapp.batch.plan import parts_of
from motionapp.batch.record import Record
from motionapp.core.models import NO_MODELS, Models
from motionapp.runtime.part import Part
from motionapp.settings import Settings, apply_changes
from motionapp.sources.packet_index import read_packet_index

QUIET: dict[str, object] = {"analysis.recognition.classifier": "none"}
ZONES = [
    {"name": "left", "kind": "include", "polygon": [[0, 0], [0.5, 0], [0.5, 1], [0, 1]]},
    {"name": "gate", "kind": "line", "polygon": [[0.5, 0], [0.5, 1]]},
]


def settings_with(**changes: object) -> Settings:
    named = {name.replace("__", "."): value for name, value in changes.items()}
    return apply_changes(Settings(), {**QUIET, **named})


def in_parts(
    path: Path, out: Path, settings: Settings, *borders_s: float, models: Models = NO_MODELS
) -> tuple[Record, InParts]:
    """As `in_parts` says how it is driven."""
    parts = tuple(Part(*pair, patience_s=60.0) for pair in pairwise([0.0, *borders_s, math.inf]))
    shared = InParts(Job(str(path), str(out), "parts"), parts, duration_s=240.0)
    todo = list(shared.jobs)
    while todo:
        job = todo.pop()
        if job.part is None:
            return shared.told(run_job(job, settings, models)), shared
        todo += shared.take(job.part, run_part(job, settings, models))
    raise AssertionError("nothing is left to do, and nothing was written")


def whole(path: Path, out: Path, settings: Settings, models: Models = NO_MODELS) -> Record:
    return run_job(Job(str(path), str(out), "whole"), settings, models)


def assert_same(out: Path, *names: str) -> None:
    for name in names or ("events.json", "events.csv", "segments.csv"):
        written = (out / "parts" / name).read_bytes()
        assert written == (out / "whole" / name).read_bytes(), name
        assert len(written.splitlines()) > 3


def without_names(record: Record) -> dict[str, object]:
    left_out = ("out_dir", "elapsed_s")
    return {key: value for key, value in record.document.items() if key not in left_out}


@pytest.mark.parametrize(
    ("changes", "borders_s"),
    [
        ({}, (60.0, 119.0, 150.5)),
        ({"analysis__zones": ZONES}, (80.0, 182.0)),
        ({"analysis__frontend": "flow"}, (117.5, 200.0)),
        ({"analysis__recognition__classifier": "actions"}, (120.0,)),
    ],
    ids=["plain", "zones and lines", "flow", "too slow to be named"],
)
def test_parts_are_written_as_the_bytes_of_the_whole(
    four_minutes: Path, tmp_path: Path, changes: dict[str, object], borders_s: tuple[float, ...]
) -> None:
    settings = settings_with(**changes)
    models = load_models(settings.analysis, threads=1)

    expected = whole(four_minutes, tmp_path, settings, models)
    found, _ = in_parts(four_minutes, tmp_path, settings, *borders_s, models=models)

    assert_same(tmp_path)
    assert without_names(found) == without_names(expected)
    assert found.events is not None
    assert found.events >= 10


def test_the_plan_finds_a_quiet_place_for_two_parts(four_minutes: Path) -> None:
    first, second = parts_of(read_packet_index(four_minutes), at_most=8, workers=2, rest_s=3.0)

    # Somebody passes from 117 to 119 and from 121.5 to 123.5 s.
    assert first.end_s == second.start_s
    assert 127.0 <= second.start_s <= 150.0 or 93.0 <= second.start_s <= 117.0
