"""Worker processes that work, die, hang and talk rubbish."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from motionapp.batch import pool
from motionapp.batch.job import Job
from motionapp.batch.limits import CHECK_EVERY_S, Limits, can_see_memory
from motionapp.batch.pool import run_jobs
from motionapp.batch.record import Record
from motionapp.settings import Settings

FAKE = """
import json, os, sys, time
say = lambda **message: print(json.dumps(message), flush=True)
sys.stdin.readline()
say(type="ready")
for line in sys.stdin:
    job = json.loads(line)["job"]
    spec = job["spec"]
    marker = os.path.join(job["out_dir"], "tried-" + spec)
    first = not os.path.exists(marker)
    open(marker, "w").close()
    say(type="progress", done_s=1.0, total_s=2.0)
    if spec == "dies" or (spec == "dies-once" and first):
        os.kill(os.getpid(), 9)
    if spec == "hangs":
        time.sleep(60)
    if spec == "loops":
        while True:
            pass
    if spec == "grows":
        held = bytearray(200_000_000)
        time.sleep(60)
    if spec == "full":
        record = dict(input=spec, status="failed", error="the disk is full")
        say(type="result", record={**record, "trouble": "full"})
        continue
    if spec == "rubbish":
        print("rubbish", flush=True)
    record = dict(input=spec, status="ok", events=0)
    say(type="result", record=record)
"""
"""A worker in a few lines: what it does is said by the name of its input."""


class Notes:
    """A reporter that takes notes, and may interrupt."""

    def __init__(self, interrupt_at: int | None = None) -> None:
        self.started_: list[int] = []
        self.records: dict[int, Record] = {}
        self._interrupt_at = interrupt_at

    def started(self, index: int) -> None:
        self.started_.append(index)

    def progressed(self, index: int, done_s: float, total_s: float | None) -> None:
        if index == self._interrupt_at:
            raise KeyboardInterrupt

    def finished(self, index: int, record: Record) -> None:
        self.records[index] = record


def run(
    specs: list[str],
    folder: Path,
    *,
    workers: int = 2,
    notes: Notes | None = None,
    silence_s: float = 30.0,
    memory_mb: int = 1000,
    start_s: float = 30.0,
    command: tuple[str, ...] = (sys.executable, "-c", FAKE),
) -> list[Record]:
    notes = notes or Notes()
    run_jobs(
        {index: Job(spec, str(folder), spec) for index, spec in enumerate(specs)},
        Settings(),
        workers=workers,
        network_threads=1,
        reporter=notes,
        command=command,
        limits=Limits(memory_mb * 1_000_000, silence_s, start_s=start_s),
    )
    return [notes.records[index] for index in range(len(specs))]


@pytest.fixture(autouse=True)
def no_thread_is_left() -> object:
    before = threading.active_count()
    yield
    assert threading.active_count() == before


def statuses(results: list[Record]) -> list[str]:
    return [result.status for result in results]


def test_results_come_in_the_order_of_the_jobs(tmp_path: Path) -> None:
    specs = [f"job{number}" for number in range(7)]

    results = run(specs, tmp_path, workers=3)

    assert [result.input for result in results] == specs
    assert set(statuses(results)) == {"ok"}


def test_a_worker_that_dies_is_replaced_and_its_job_tried_once_more(tmp_path: Path) -> None:
    notes = Notes()

    results = run(["a", "dies-once", "b"], tmp_path, workers=1, notes=notes)

    assert statuses(results) == ["ok", "ok", "ok"]
    assert notes.started_ == [0, 1, 1, 2]


def test_a_job_whose_worker_dies_twice_has_failed_and_the_others_go_on(tmp_path: Path) -> None:
    results = run(["a", "dies", "b", "c"], tmp_path)

    assert statuses(results) == ["ok", "failed", "ok", "ok"]
    assert "SIGKILL, twice" in str(results[1].error)


@pytest.mark.parametrize("how", ["hangs", "loops"])
def test_a_worker_without_progress_is_ended(tmp_path: Path, how: str) -> None:
    results = run([how, "a"], tmp_path, workers=1, silence_s=1.0)

    assert statuses(results) == ["failed", "ok"]
    assert "made no progress for 1 s (run.silence_s), twice" in str(results[0].error)


def test_a_silent_worker_is_ended_also_by_who_gets_few_turns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "STOPPED_S", CHECK_EVERY_S / 4)  # every look comes late

    results = run(["hangs", "a"], tmp_path, workers=1, silence_s=0.1)

    assert statuses(results) == ["failed", "ok"]


def test_a_worker_that_hangs_at_its_start_is_ended_too(tmp_path: Path) -> None:
    command = (sys.executable, "-c", "import time; time.sleep(60)")

    results = run(["a"], tmp_path, start_s=0.3, command=command)

    assert statuses(results) == ["failed"]
    assert "could not be started (was not ready within 0.3 s)" in str(results[0].error)


@pytest.mark.skipif(not can_see_memory(), reason="this system does not say what a process takes")
def test_a_worker_that_grows_beyond_its_memory_is_ended(tmp_path: Path) -> None:
    results = run(["a", "grows", "b"], tmp_path, workers=2, memory_mb=100)

    assert statuses(results) == ["ok", "failed", "ok"]
    assert "beyond the 100 MB of run.memory_mb, twice" in str(results[1].error)


def test_a_full_disk_ends_the_handing_out(tmp_path: Path) -> None:
    notes = Notes()

    results = run(["a", "full", "b", "c"], tmp_path, workers=1, notes=notes)

    assert statuses(results) == ["ok", "failed", "failed", "failed"]
    assert notes.started_ == [0, 1]
    assert all(result.trouble for result in results[1:])
    assert "b was not analysed: there is no room" in str(results[2].error)


def test_what_a_dead_worker_left_half_written_is_removed(tmp_path: Path) -> None:
    folder = tmp_path / "dies"
    folder.mkdir()
    (folder / ".annotated.mp4.part").write_bytes(b"half")

    run(["dies"], tmp_path)

    assert not folder.exists()


def test_rubbish_on_the_pipe_counts_as_the_end_of_a_worker(tmp_path: Path) -> None:
    assert statuses(run(["rubbish", "a"], tmp_path, workers=1)) == ["failed", "ok"]


def test_workers_that_cannot_start_fail_every_job_with_a_sentence(tmp_path: Path) -> None:
    results = run(["a", "b"], tmp_path, command=(sys.executable, "-c", "raise SystemExit(9)"))

    assert statuses(results) == ["failed", "failed"]
    assert "could not be started (exit code 9)" in str(results[0].error)


@pytest.mark.timeout(20)
def test_an_interruption_ends_the_workers(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(["hangs", "a"], tmp_path, notes=Notes(interrupt_at=0))


def test_real_workers_write_what_one_process_writes(
    recording: Callable[..., Path], tmp_path: Path
) -> None:
    from io import StringIO

    from motionapp.batch.run import run_batch
    from motionapp.settings import Settings, apply_changes

    clips = [str(recording(f"in/{name}.mp4", seed=seed)) for seed, name in enumerate("abc")]
    base = apply_changes(Settings(), {"analysis.recognition.classifier": "none"})

    for workers in (1, 2):
        settings = apply_changes(base, {"run.workers": workers})
        report = run_batch(clips, tmp_path / str(workers), settings, messages=StringIO())
        assert report.exit_code == 0

    for name in "abc":
        alone, together = (
            (tmp_path / str(workers) / name / "events.json").read_bytes() for workers in (1, 2)
        )
        assert alone == together
        assert b'"start_s"' in alone
