"""Parts of a real file, looked at one by one and written as one, are the bytes of the whole."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

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
from tests.batch.conftest import encode

PLAIN: dict[str, object] = {"analysis.recognition.classifier": "none", "analysis.people": "off"}
START = "2026-05-01T18:00:00+02:00"
ZONES = [
    {"name": "left", "kind": "include", "polygon": [[0, 0], [0.7, 0], [0.7, 1], [0, 1]]},
    {"name": "gate", "kind": "line", "polygon": [[0.5, 0], [0.5, 1]]},
]


def settings_with(**changes: object) -> Settings:
    named = {name.replace("__", "."): value for name, value in changes.items()}
    return apply_changes(Settings(), {**PLAIN, **named})


def in_parts(
    path: Path, out: Path, settings: Settings, *borders_s: float, models: Models = NO_MODELS
) -> tuple[Record, InParts]:
    """As `in_parts` says how it is driven."""
    parts = tuple(Part(*pair, patience_s=60.0) for pair in pairwise([0.0, *borders_s, math.inf]))
    shared = InParts(Job(str(path), str(out), "parts"), parts, duration_s=190.0)
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
        assert len(written.splitlines()) > 2


def without_names(record: Record) -> dict[str, object]:
    left_out = ("out_dir", "elapsed_s")
    return {key: value for key, value in record.document.items() if key not in left_out}


@pytest.mark.parametrize(
    ("changes", "borders_s"),
    [
        ({}, (50.0, 94.0, 150.5)),
        ({"analysis__zones": ZONES, "run__start_utc": START}, (80.0, 151.0)),
        ({"analysis__frontend": "flow"}, (92.5, 140.0)),
        ({"analysis__recognition__classifier": "actions", "analysis__people": "auto"}, (95.0,)),
    ],
    ids=["plain", "zones and lines", "flow", "too slow to be named"],
)
def test_parts_are_written_as_the_bytes_of_the_whole(
    three_minutes: Path, tmp_path: Path, changes: dict[str, object], borders_s: tuple[float, ...]
) -> None:
    settings = settings_with(**changes)
    models = load_models(settings.analysis, threads=1)

    expected = whole(three_minutes, tmp_path, settings, models)
    found, _ = in_parts(three_minutes, tmp_path, settings, *borders_s, models=models)

    assert_same(tmp_path)
    assert without_names(found) == without_names(expected)
    assert found.events is not None
    assert found.events >= 9
    written = json.loads((tmp_path / "parts" / "events.json").read_text())
    assert bool(written.get("crossings")) == ("analysis__zones" in changes)
    assert bool(written["events"][-1]["start_utc"]) == ("run__start_utc" in changes)


REAL_SIZE, REAL_HZ, REAL_S = (320, 180), 10, 7
REAL = ("outdoor/indoor_office.mp4", "events/vtest.avi", "outdoor/street_people.mp4")


def with_pauses(folder: Path) -> Iterator[NDArray[np.uint8]]:
    """Seven seconds of each clip, then seven of its last picture under noise."""
    rng = np.random.default_rng(20)
    for name in REAL:
        shown = grey_pictures(folder / name, REAL_S)
        yield from shown
        for _ in range(REAL_S * REAL_HZ):
            noisy = shown[-1] + rng.normal(0, 1.5, shown[-1].shape)
            yield np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


def grey_pictures(path: Path, length_s: float) -> list[NDArray[np.uint8]]:
    found: list[NDArray[np.uint8]] = []
    with av.open(str(path)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            rate = frame.time_base and container.streams.video[0].average_rate
            while len(found) <= number / float(rate or REAL_HZ) * REAL_HZ:
                found.append(cv2.resize(frame.to_ndarray(format="gray"), REAL_SIZE))
            if len(found) >= length_s * REAL_HZ:
                break
    return found


@pytest.mark.real
@pytest.mark.timeout(240)
def test_real_clips_with_pauses_in_parts_are_the_bytes_of_the_whole(
    shared_data: Path, tmp_path: Path
) -> None:
    path = encode(tmp_path / "day.mkv", with_pauses(shared_data), size=REAL_SIZE, rate_hz=REAL_HZ)
    settings = settings_with(
        analysis__recognition__classifier="actions",
        analysis__people="auto",
        run__clips="encode",
    )
    models = load_models(settings.analysis, threads=1)

    expected = whole(path, tmp_path, settings, models)
    found, _ = in_parts(path, tmp_path, settings, 10.0, 25.0, models=models)

    clips = [path.name for path in (tmp_path / "whole" / "clips").iterdir()]
    assert_same(tmp_path)
    assert_same(tmp_path, *(f"clips/{name}" for name in clips))
    assert without_names(found) == without_names(expected)
    assert len(clips) >= 2


def test_the_plan_finds_a_quiet_place_for_two_parts(three_minutes: Path) -> None:
    first, second = parts_of(read_packet_index(three_minutes), at_most=8, workers=2, rest_s=3.0)

    # Somebody passes from 92 to 95 and from 97.5 to 100.5 s.
    assert first.end_s == second.start_s
    assert 104.0 <= second.start_s <= 119.0 or 80.0 <= second.start_s <= 92.0
