"""A batch over good, damaged and deadly inputs: what it promises, and whether it keeps it.

    python benchmarks/batch_faults.py [--inputs 200] [--dir DIR] [--faults abort loop] [--silence 8]

Nine of ten inputs are good, the others are damaged in different ways. To them come four at which
the worker aborts, meets a segmentation fault, loops for ever, or eats memory: a worker of this
script does that, the program itself has no such switch. Then the batch is killed in the middle and
run again, and so is a worker. Needs Linux: it looks for processes in /proc.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from motionapp.batch.journal import JOURNAL_JSONL
from motionapp.batch.one import Progress
from motionapp.batch.run import run_batch
from motionapp.settings import Settings, apply_changes

BASE = {"analysis.recognition.classifier": "none", "analysis.people": "off"}
FAULTS = ("abort", "segfault", "loop", "memory")
REASONS = {
    "abort": "SIGABRT",
    "segfault": "SIGSEGV",
    "loop": "run.silence_s",
    "memory": "run.memory_mb",
}
SILENCE_S = 8.0
MEMORY_MB = 256
"""The least that can be asked for; a worker has 40 to 70 MB for itself."""
EATEN_BYTES = 5_000_000
"""By so much a memory blow-up grows at a time, ..."""
MOST_EATEN_BYTES = 1_000_000_000
"""... here it grows no more ..."""
EATEN_FOR_S = 150.0
"""... and after so long it ends by itself, if nobody else ends it."""


def main() -> int:
    """Run all, print the table; 1 if an expectation is not met."""
    if sys.argv[1:2] == ["--faulty-worker"]:
        return faulty_worker()
    if sys.argv[1:2] == ["--faulty-batch"]:
        return faulty_batch(float(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:])
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--inputs", type=int, default=200, help="good and damaged ones (200)")
    parser.add_argument("--dir", type=Path, help="work here, and leave everything (a temporary)")
    parser.add_argument("--faults", nargs="+", choices=FAULTS, default=FAULTS)
    parser.add_argument("--silence", type=float, default=SILENCE_S, help="run.silence_s (8)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.dir or Path(temporary)
        trial = Trial(folder, options.inputs, options.faults, options.silence)
        trial.run()
    return 0 if trial.table.is_fine else 1


@dataclass
class Table:
    """Expectations, printed as they are checked."""

    is_fine: bool = True

    def check(self, what: str, *, expected: object, seen: object) -> None:
        """One line: what was expected, and what was seen where that is something else."""
        is_right = expected == seen
        self.is_fine &= is_right
        told = "" if is_right else f"   expected {expected!r:.300}, got {seen!r:.300}"
        print(f"{'ok    ' if is_right else 'FAILED'}  {what}{told}", flush=True)


@dataclass
class Trial:
    """One set of inputs, run over again and again."""

    folder: Path
    inputs: int
    faults: Sequence[str]
    silence_s: float
    table: Table = field(default_factory=Table)

    def run(self) -> None:
        """Everything, from the making of the inputs on."""
        from damaged_clips import damaged_clips, good_clips

        bad = max(2, self.inputs // 10)
        self.good = good_clips(self.folder / "in", self.inputs - bad)
        self.bad = damaged_clips(self.folder / "bad", bad)
        self.deadly = [self.folder / "deadly" / f"{fault}.mp4" for fault in self.faults]
        for path in self.deadly:
            path.parent.mkdir(exist_ok=True)
            shutil.copy(self.good[0], path)
        self.all = [str(path) for path in (*self.good, *self.bad)]
        stages = (
            self.two_workers,
            self.one_worker,
            self.alone,
            self.deadly_inputs,
            self.killed_batch,
            self.killed_worker,
        )
        for stage in stages:
            began_s = time.monotonic()
            stage()
            print(
                f"        {stage.__name__.replace('_', ' ')}: {time.monotonic() - began_s:.1f} s\n"
            )

    # -- stages -----------------------------------------------------------------------------

    def two_workers(self) -> None:
        """The measure of all that follows."""
        code = quietly(self._command("two"))
        self.table.check("two workers: exit code", expected=3, seen=code)
        records = self._records("two")
        self.reference = events_of(self.folder / "two")
        self._check_good("two workers", records)
        bad = [records.get(str(path), {}) for path in self.bad]
        unnamed = [
            path.name
            for path, record in zip(self.bad, bad, strict=True)
            if record.get("status") not in ("failed", "partial")
            or path.name not in str(record.get("error"))
        ]
        self.table.check("two workers: damaged inputs not named", expected=[], seen=unnamed)
        partly = sum(record.get("status") == "partial" for record in bad)
        print(f"        {partly} of {len(bad)} damaged inputs could be read in part")
        self._check_no_rest("two")

    def one_worker(self) -> None:
        """One at a time, still in a process of its own."""
        quietly(self._command("one", workers=1))
        self._check_same("one worker", "one")

    def alone(self) -> None:
        """Every input by itself, in the process of the batch."""
        settings = apply_changes(Settings(), BASE)
        with open(os.devnull, "w") as nowhere:
            for number, path in enumerate(self.all):
                run_batch([path], self.folder / "alone" / str(number), settings, messages=nowhere)
        seen = {}
        for folder in (self.folder / "alone").iterdir():
            seen.update(events_of(folder))
        self.table.check(
            "alone: events.json that differ", expected=[], seen=differing(self.reference, seen)
        )

    def deadly_inputs(self) -> None:
        """Workers die, hang and grow; the others' inputs do not notice."""
        named = [*map(str, self.deadly), *self.all]
        command = [sys.executable, __file__, "--faulty-batch", str(self.silence_s)]
        code = quietly([*command, str(self.folder / "deadly-out"), *named])
        self.table.check("deadly inputs: exit code", expected=3, seen=code)
        records = self._records("deadly-out")
        for path in self.deadly:
            error = str(records[str(path)]["error"])
            wrong = [error for word in (path.name, REASONS[path.stem]) if word not in error]
            self.table.check(f"{path.stem}: not named with its reason", expected=[], seen=wrong)
        self._check_good("deadly inputs", records)
        self._check_same("deadly inputs", "deadly-out")
        self._check_no_rest("deadly-out")

    def killed_batch(self) -> None:
        """kill -9 in the middle, and the next run."""
        out = self.folder / "killed"
        with started(self._command("killed")) as batch:
            wait_until(lambda: len(finished_in(out)) >= len(self.all) // 3)
            workers = children_of(batch.pid)
            batch.kill()
            batch.wait()
        wait_until(lambda: not any(map(is_running, workers)))
        self.table.check("killed batch: it had workers", expected=2, seen=len(workers))
        done, lost = finished_in(out), begun_in(out)
        self.table.check("killed batch: at most two in work", expected=True, seen=len(lost) <= 2)
        before = {name: written_at(out, name) for name, is_good in done.items() if is_good}
        code = quietly(self._command("killed"))
        self.table.check("next run: exit code", expected=3, seen=code)
        records = self._records("killed")
        skipped = {each["out_dir"] for each in records.values() if each["status"] == "skipped"}
        self.table.check("next run: what was done is skipped", expected=set(before), seen=skipped)
        again = [name for name, when in before.items() if written_at(out, name) != when]
        self.table.check("next run: written again", expected=[], seen=again)
        print(f"        {len(before)} were done, {len(lost)} in work")
        self._check_good("next run", records)
        self._check_same("next run", "killed")
        self._check_no_rest("killed")

    def killed_worker(self) -> None:
        """kill -9 of a worker: its input is done by the next one."""
        out = self.folder / "worker"
        with started(self._command("worker")) as batch:
            wait_until(lambda: len(finished_in(out)) >= len(self.all) // 4)
            os.kill(children_of(batch.pid)[0], signal.SIGKILL)
            code = batch.wait()
        self.table.check("killed worker: exit code", expected=3, seen=code)
        self._check_good("killed worker", self._records("worker"))
        self._check_same("killed worker", "worker")
        self._check_no_rest("worker")

    # -- what is looked at ------------------------------------------------------------------

    def _command(self, out: str, workers: int = 2) -> list[str]:
        options = ["--workers", str(workers), "--classifier", "none", "--people", "off"]
        batch = [sys.executable, "-m", "motionapp", "batch"]
        return [*batch, *self.all, "--out", str(self.folder / out), *options]

    def _records(self, out: str) -> dict[str, dict[str, Any]]:
        document = json.loads((self.folder / out / "summary.json").read_text())
        return {each["input"]: each for each in document["inputs"]}

    def _check_good(self, run: str, records: dict[str, dict[str, Any]]) -> None:
        undone = [
            path.name
            for path in self.good
            if records[str(path)]["status"] not in ("ok", "skipped")
            or records[str(path)]["events"] != 1
        ]
        self.table.check(f"{run}: good inputs not done", expected=[], seen=undone)

    def _check_same(self, run: str, out: str) -> None:
        seen = {
            name: content
            for name, content in events_of(self.folder / out).items()
            if name not in FAULTS
        }
        self.table.check(
            f"{run}: events.json that differ", expected=[], seen=differing(self.reference, seen)
        )

    def _check_no_rest(self, out: str) -> None:
        rest = [path.name for path in (self.folder / out).rglob(".*")]
        self.table.check(f"{out}: half-written files", expected=[], seen=rest)


def faulty_batch(silence_s: float, out: Path, named: list[str]) -> int:
    """A batch whose workers are those of this script."""
    changes = {"run.workers": 2, "run.silence_s": silence_s, "run.memory_mb": MEMORY_MB}
    settings = apply_changes(Settings(), {**BASE, **changes})
    command = [sys.executable, __file__, "--faulty-worker"]
    report = run_batch(named, out, settings, messages=sys.stderr, worker_command=command)
    return report.exit_code


def faulty_worker() -> int:
    """A worker like any other, but for the names in `FAULTS`."""
    from motionapp.batch import away
    from motionapp.cli import _worker

    run_job = away.run_job

    def run_or_fail(
        job: Any, settings: Any, models: Any, on_progress: Progress, *rest: Any, **named: Any
    ) -> Any:
        fail(Path(job.spec).stem, on_progress)
        return run_job(job, settings, models, on_progress, *rest, **named)

    away.run_job = run_or_fail
    return _worker.run(argparse.Namespace())


def fail(how: str, on_progress: Progress) -> None:
    """End badly, in one of four ways."""
    if how == "abort":
        os.abort()
    if how == "segfault":
        os.kill(os.getpid(), signal.SIGSEGV)
    while how == "loop":
        pass
    eaten: list[bytes] = []
    ends_s = time.monotonic() + EATEN_FOR_S
    while how == "memory" and time.monotonic() < ends_s:
        # It says that it gets on, as a leak would: where a page of memory takes long to come by,
        # silence would end it before it has grown.
        on_progress(float(len(eaten)), None)
        if len(eaten) * EATEN_BYTES < MOST_EATEN_BYTES:
            eaten.append(b"\1" * EATEN_BYTES)


def quietly(command: list[str]) -> int:
    """Run a command to its end and give its exit code."""
    nowhere = subprocess.DEVNULL
    return subprocess.run(command, stdout=nowhere, stderr=nowhere, check=False).returncode


class started:  # noqa: N801  reads like open()
    """A process that does not outlive the block."""

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def __enter__(self) -> subprocess.Popen[bytes]:
        return self._process

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.wait()


def wait_until(holds: Callable[[], bool], at_most_s: float = 300.0) -> None:
    """Look again and again."""
    deadline_s = time.monotonic() + at_most_s
    while not holds():
        if time.monotonic() > deadline_s:
            raise TimeoutError("it did not come to that")
        time.sleep(0.01)


def children_of(pid: int) -> list[int]:
    """The processes that a process has started."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            except OSError:
                continue
            if int(parent) == pid:
                found.append(int(folder.name))
    return found


def is_running(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def journal_of(out: Path) -> Iterator[dict[str, Any]]:
    """The whole lines of a journal."""
    path = out / JOURNAL_JSONL
    content = path.read_bytes() if path.exists() else b""
    for line in content.splitlines(keepends=True):
        if line.endswith(b"\n"):
            yield json.loads(line)


def finished_in(out: Path) -> dict[str, bool]:
    """The inputs that came to their end, and whether they were read."""
    return {
        line["finished"]: line["record"]["status"] in ("ok", "partial")
        for line in journal_of(out)
        if "finished" in line
    }


def begun_in(out: Path) -> set[str]:
    """The inputs that did not come to their end."""
    return {line["begun"] for line in journal_of(out) if "begun" in line} - set(finished_in(out))


def written_at(out: Path, name: str) -> int:
    """When the events of an input were written."""
    return (out / name / "events.json").stat().st_mtime_ns


def events_of(out: Path) -> dict[str, bytes]:
    """Every events.json of a batch by its folder's name."""
    return {path.parent.name: path.read_bytes() for path in out.glob("*/events.json")}


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """The names that are missing on a side, or hold something else there."""
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))


if __name__ == "__main__":
    sys.exit(main())
