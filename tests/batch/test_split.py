"""A long recording on two workers: the bytes of a single run, whatever happens on the way."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from motionapp.batch import progress
from motionapp.batch.job import Job
from motionapp.batch.pool import WORKER
from motionapp.batch.record import Record
from motionapp.batch.run import BatchReport, run_batch
from motionapp.settings import Settings, apply_changes
from motionapp.testing import Stage
from tests.batch.conftest import LENGTH_S, PASSINGS_S, SIZE, encode, passers, pictures_of

RESULTS = ("events.json", "events.csv", "segments.csv")
DIES_AT_PARTS = """
import os, sys
from motionapp.batch.worker import serve
def lines():
    for line in sys.stdin:
        if '"part": {{' in line:
            try:
                os.close(os.open({mark!r}, os.O_CREAT | {flags}))
            except FileExistsError:
                pass
            else:
                os.kill(os.getpid(), 9)
        yield line
serve(lines(), sys.stdout)
"""
"""A worker that is killed when it is given a part: only the first time, or each time."""


def batch(
    named: list[Path],
    out: Path,
    *,
    workers: int = 2,
    messages: io.StringIO | None = None,
    as_json: bool = False,
    command: tuple[str, ...] = WORKER,
    **changes: object,
) -> BatchReport:
    named_changes = {name.replace("__", "."): value for name, value in changes.items()}
    settings = apply_changes(
        Settings(),
        {
            "analysis.recognition.classifier": "none",
            "analysis.people": "off",
            "run.workers": workers,
            "run.threads": 1,
            **named_changes,
        },
    )
    return run_batch(
        list(map(str, named)),
        out,
        settings,
        messages=messages or io.StringIO(),
        as_json=as_json,
        worker_command=command,
    )


def files_of(out: Path, names: tuple[str, ...] = RESULTS) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in names}


def told(record: Record) -> dict[str, object]:
    return {key: value for key, value in record.document.items() if key != "elapsed_s"}


class JobsSeen:
    """Notes every job that is given to a worker."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []

    @property
    def parts(self) -> int:
        return sum(job.part is not None for job in self.jobs)

    @property
    def whole(self) -> int:
        return sum(job.is_whole for job in self.jobs)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> JobsSeen:
    from motionapp.batch import pool, protocol

    notes = JobsSeen()

    def job_message(job: Job) -> protocol.Message:
        notes.jobs.append(job)
        return protocol.job_message(job)

    monkeypatch.setattr(pool, "job_message", job_message)
    return notes


@pytest.fixture(scope="session")
def single(three_minutes: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Record]:
    """What one process writes of it, with copied clips."""
    out = tmp_path_factory.mktemp("single")
    (record,) = batch([three_minutes], out, workers=1, run__clips="copy").records
    return out / "hall", record


@pytest.mark.timeout(240)
def test_a_long_recording_on_two_workers_is_the_bytes_of_a_single_run(
    three_minutes: Path, single: tuple[Path, Record], tmp_path: Path, seen: JobsSeen
) -> None:
    messages = io.StringIO()

    report = batch([three_minutes], tmp_path, messages=messages, as_json=True, run__clips="copy")

    clips = tuple(str(path.relative_to(single[0])) for path in single[0].glob("clips/*"))
    assert len(clips) >= 9
    assert files_of(tmp_path / "hall", (*RESULTS, *clips)) == files_of(
        single[0], (*RESULTS, *clips)
    )
    assert [told(record) for record in report.records] == [told(single[1])]
    assert report.records[0].elapsed_s is not None
    assert (seen.parts, seen.whole, report.exit_code) == (2, 0, 0)
    done_s = [line["done_s"] for line in map(json.loads, messages.getvalue().splitlines()[:-1])]
    assert done_s == sorted(done_s)
    assert batch([three_minutes], tmp_path, run__clips="copy").records[0].status == "skipped"


@pytest.mark.timeout(240)
def test_the_catalogue_of_a_recording_in_parts_is_the_bytes_of_a_single_run(
    three_minutes: Path, tmp_path: Path, seen: JobsSeen
) -> None:
    """With what the network saw of each event, by which events are alike."""
    parquet = pytest.importorskip("pyarrow.parquet", reason="no pyarrow: no catalogue")
    named = {"analysis.recognition.classifier": "actions", "run.catalog": str(tmp_path / "kept")}
    path = encode(tmp_path / "hall.mp4", walkers(), rate_hz=12)
    kept = []
    for workers in (1, 2):
        batch([path], tmp_path / "out", workers=workers, **named)
        (table,) = (tmp_path / "kept").rglob("*.parquet")
        kept.append(table.read_bytes())
        rows = parquet.ParquetFile(table).read().to_pylist()
        shutil.rmtree(tmp_path / "kept")
        shutil.rmtree(tmp_path / "out")

    assert seen.parts == 2
    assert kept[0] == kept[1]
    assert sum(row["features"] is not None for row in rows) >= 9
    assert {(row["width"], row["height"]) for row in rows} == {SIZE}


def walkers() -> Iterator[np.ndarray]:
    """Those of `three_minutes`, as often as a network needs pictures."""
    stage = Stage(movers=passers(PASSINGS_S), size=SIZE, sigma=1.0, seed=20)
    return (stage.picture(number / 12) for number in range(round(LENGTH_S * 12)))


@pytest.mark.timeout(240)
def test_a_long_one_among_small_ones_falls_into_parts(
    three_minutes: Path,
    single: tuple[Path, Record],
    recording: Callable[..., Path],
    tmp_path: Path,
    seen: JobsSeen,
) -> None:
    small = [recording(f"in/{name}.mp4", duration_s=2.0) for name in ("a", "b")]

    report = batch([small[0], three_minutes, small[1]], tmp_path / "out")

    assert [record.status for record in report.records] == ["ok", "ok", "ok"]
    assert seen.parts == 2
    written = json.loads((tmp_path / "out" / "hall" / "events.json").read_text())["events"]
    expected = json.loads((single[0] / "events.json").read_text())["events"]
    assert [event["id"] for event in written] == [event["id"] for event in expected]


@pytest.mark.timeout(240)
def test_a_part_whose_worker_is_killed_is_looked_at_once_more(
    three_minutes: Path, single: tuple[Path, Record], tmp_path: Path, seen: JobsSeen
) -> None:
    script = DIES_AT_PARTS.format(mark=str(tmp_path / "mark"), flags="os.O_EXCL")

    report = batch([three_minutes], tmp_path, command=(sys.executable, "-c", script))

    assert (seen.parts, seen.whole) == (3, 0)
    assert report.records[0].note is None
    assert files_of(tmp_path / "hall", RESULTS[1:]) == files_of(single[0], RESULTS[1:])


@pytest.mark.timeout(240)
def test_a_recording_whose_parts_kill_their_workers_is_analysed_whole(
    three_minutes: Path, single: tuple[Path, Record], tmp_path: Path, seen: JobsSeen
) -> None:
    script = DIES_AT_PARTS.format(mark=str(tmp_path / "mark"), flags="0")

    report = batch([three_minutes], tmp_path, command=(sys.executable, "-c", script))

    assert seen.whole == 1
    assert report.exit_code == 0
    assert report.records[0].note == (
        "analysed in one piece, since the process that analysed a part of it was ended by "
        "SIGKILL, twice"
    )
    assert files_of(tmp_path / "hall", RESULTS[1:]) == files_of(single[0], RESULTS[1:])


@pytest.mark.timeout(240)
def test_a_recording_damaged_in_its_middle_is_analysed_whole_and_told_as_ever(
    three_minutes: Path, tmp_path: Path, seen: JobsSeen
) -> None:
    path = tmp_path / "hurt.mp4"
    data = bytearray(three_minutes.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 3000] = np.random.default_rng(1).bytes(3000)
    path.write_bytes(data)
    (expected,) = batch([path], tmp_path / "single", workers=1).records

    (found,) = batch([path], tmp_path / "split").records

    assert (seen.parts > 0, seen.whole) == (True, 1)
    assert found.status == expected.status == "partial"
    assert found.error == expected.error
    assert found.note == "analysed in one piece, since a part of it is damaged"
    assert files_of(tmp_path / "split" / "hurt") == files_of(tmp_path / "single" / "hurt")


@pytest.mark.timeout(240)
def test_what_a_camera_that_shakes_sees_is_analysed_whole(tmp_path: Path, seen: JobsSeen) -> None:
    stage = Stage(movers=passers((20.0, 90.0, 150.0)), size=SIZE, sigma=1.0, seed=3)

    def shaken(number: int, picture: np.ndarray) -> np.ndarray:
        shift = np.float32([[1, 0, 2.5 * np.sin(number * 1.3)], [0, 1, 2 * np.cos(number * 0.9)]])
        return cv2.warpAffine(picture, shift, SIZE, borderMode=cv2.BORDER_REFLECT)

    pictures = (shaken(n, each) for n, each in enumerate(pictures_of(stage, LENGTH_S)))
    path = encode(tmp_path / "mast.mp4", pictures)
    (expected,) = batch([path], tmp_path / "single", workers=1).records

    (found,) = batch([path], tmp_path / "split").records

    assert (seen.parts, seen.whole) == (2, 1)
    assert (
        found.note
        == "analysed in one piece, since hardly anything rests where it was to be divided"
    )
    assert found.events == expected.events
    assert found.events
    assert files_of(tmp_path / "split" / "mast") == files_of(tmp_path / "single" / "mast")


class InterruptedAt(io.StringIO):
    """Ctrl-C comes when so much of the recording has been told as done."""

    def __init__(self, done_s: float) -> None:
        super().__init__()
        self._done_s = done_s

    def write(self, text: str) -> int:
        if json.loads(text).get("done_s", 0.0) > self._done_s:
            raise KeyboardInterrupt
        return super().write(text)


@pytest.mark.timeout(240)
def test_an_interrupted_run_leaves_nothing_half_and_the_next_one_completes(
    three_minutes: Path,
    single: tuple[Path, Record],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(progress, "TOLD_EACH_S", 0.0)  # all of it may take no longer than that
    with pytest.raises(KeyboardInterrupt):
        batch([three_minutes], tmp_path, messages=InterruptedAt(1.0), as_json=True)

    assert not (tmp_path / "hall").exists()
    (entry,) = json.loads((tmp_path / "summary.json").read_text())["inputs"]
    assert "interrupted" in entry["error"]
    (record,) = batch([three_minutes], tmp_path).records
    assert record.status == "ok"
    assert files_of(tmp_path / "hall", RESULTS[1:]) == files_of(single[0], RESULTS[1:])


KILLED = """
import sys
from pathlib import Path
from motionapp.batch.run import run_batch
from motionapp.settings import Settings, apply_changes
settings = apply_changes(Settings(), {changes!r})
run_batch([{path!r}], Path({out!r}), settings, messages=sys.stdout, as_json=True)
"""


@pytest.mark.timeout(240)
def test_a_batch_that_is_killed_while_parts_are_looked_at_is_completed_by_the_next(
    three_minutes: Path, single: tuple[Path, Record], tmp_path: Path, seen: JobsSeen
) -> None:
    changes = {"analysis.recognition.classifier": "none", "run.workers": 2}
    script = KILLED.format(changes=changes, path=str(three_minutes), out=str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["done_s"] >= 0  # it is at its parts
        process.kill()

    (record,) = batch([three_minutes], tmp_path).records

    assert record.status == "ok"
    assert seen.parts == 2
    assert files_of(tmp_path / "hall", RESULTS[1:]) == files_of(single[0], RESULTS[1:])


def test_a_short_recording_needs_no_second_process(
    recording: Callable[..., Path], tmp_path: Path, seen: JobsSeen
) -> None:
    (record,) = batch([recording(duration_s=2.0)], tmp_path / "out").records

    assert record.status == "ok"
    assert seen.jobs == []
