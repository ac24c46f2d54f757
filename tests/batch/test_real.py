"""Real recordings, whole and damaged."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from motionapp.batch.run import BatchReport, run_batch
from motionapp.settings import Settings, apply_changes

pytestmark = pytest.mark.real

BASE = {"analysis.recognition.classifier": "none"}


def batch(inputs: list[Path], out: Path, **changes: object) -> BatchReport:
    settings = apply_changes(
        Settings(), {**BASE, **{key.replace("__", "."): value for key, value in changes.items()}}
    )
    return run_batch([str(path) for path in inputs], out, settings, messages=io.StringIO())


def test_any_number_of_workers_writes_the_same_bytes(shared_data: Path, tmp_path: Path) -> None:
    inputs = [shared_data / "weizmann_part" / name for name in ("wave1", "wave2", "jack", "pjump")]

    alone = batch(inputs, tmp_path / "one")
    together = batch(inputs, tmp_path / "two", run__workers=2)

    assert (alone.exit_code, together.exit_code) == (0, 0)
    found = sorted((tmp_path / "one").glob("*/events.json"))
    assert len(found) == len(alone.records) >= 7
    for path in found:
        assert path.read_bytes() == (tmp_path / "two" / path.parent.name / path.name).read_bytes()


def test_a_hole_in_a_file_makes_it_partial_and_the_same_every_time(
    shared_data: Path, tmp_path: Path
) -> None:
    content = bytearray((shared_data / "events" / "traffic_camera.mp4").read_bytes())
    middle = len(content) // 2
    content[middle : middle + 60_000] = bytes(60_000)
    damaged = tmp_path / "hole.mp4"
    damaged.write_bytes(content)

    reports = [
        batch([damaged], tmp_path / str(threads), run__threads=threads) for threads in (1, 2)
    ]

    one, two = ((tmp_path / name / "hole" / "events.json").read_bytes() for name in "12")
    assert one == two
    assert json.loads(one)["events"]
    for report in reports:
        assert report.exit_code == 3
        assert report.records[0].status == "partial"
        assert report.records[0].frames is not None
        assert report.records[0].frames > 500
