"""A batch on a cluster whose workers are killed, and then its scheduler: is all there, once?

    python benchmarks/cluster_faults.py [--inputs 500] [--minutes 3] [--every 20] [--dir DIR]

A scheduler and two workers are started by hand. Every 20 s a worker is killed by SIGKILL, for three
minutes; then the scheduler is killed with them, and both are started again. One input kills its
worker each time: a child of this script does that, the program itself has no such switch. At the
end everything has to be there, byte for byte as one process finds it, and once in the journal.
Needs Linux and the extra `cluster`.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

DEADLY = "deadly.mp4"
PRELOAD = """
import sys
from motionapp.batch.cluster import task
from motionapp.batch.cluster.kept import KeptPools

def dask_setup(worker):
    task._kept = KeptPools([sys.executable, {script!r}, "--deadly-child"])
"""
LONGEST_S = 1800.0


def main() -> int:
    """Run all, print the table; 1 if an expectation is not met."""
    if sys.argv[1:2] == ["--deadly-child"]:
        return deadly_child()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--inputs", type=int, default=500, help="good ones (500)")
    parser.add_argument("--minutes", type=float, default=3.0, help="workers are killed so long (3)")
    parser.add_argument("--every", type=float, default=20.0, help="seconds between them (20)")
    parser.add_argument("--dir", type=Path, help="work here, and leave everything (a temporary)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, contextlib.ExitStack() as life:
        cluster = Cluster(options.dir or Path(temporary))
        life.callback(cluster.kill)
        return trial(cluster, options.inputs, options.minutes * 60, options.every)


def deadly_child() -> int:
    """A worker's child that takes the worker with it where the input is called so."""
    from motionapp.batch import away, worker
    from motionapp.cli._worker import answering

    run_job = away.run_job

    def run_or_kill(job, *rest):
        if Path(job.spec).name == DEADLY:
            os.kill(os.getppid(), signal.SIGKILL)
            os._exit(1)
        return run_job(job, *rest)

    away.run_job = run_or_kill
    return answering(worker.serve)


@dataclass
class Cluster:
    """A scheduler and two workers of this machine, each a process without anybody who looks after
    it: whoever is killed is started again by `look`."""

    folder: Path
    port: int = 0
    scheduler: subprocess.Popen | None = None
    workers: list[subprocess.Popen] = field(default_factory=list)

    def start(self) -> None:
        """All of it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        preload = self.folder / "preload_deadly.py"
        preload.write_text(PRELOAD.format(script=str(Path(__file__).resolve())), encoding="utf-8")
        os.environ["DASK_DISTRIBUTED__WORKER__PRELOAD"] = str(preload)
        os.environ["DASK_TEMPORARY_DIRECTORY"] = str(self.folder / "scratch")
        if not self.port:
            with socket.socket() as one:
                one.bind(("127.0.0.1", 0))
                self.port = one.getsockname()[1]
        self.scheduler = self._process(
            "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(self.port)
        )
        self.look()

    @property
    def address(self) -> str:
        """Of the scheduler."""
        return f"tcp://127.0.0.1:{self.port}"

    def look(self) -> None:
        """Start workers in place of those that have gone."""
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        while len(self.workers) < 2:
            self.workers.append(
                self._process(
                    "distributed.cli.dask_worker", self.address, "--nthreads", "1", "--no-nanny"
                )
            )

    def kill(self) -> None:
        """All of it."""
        for process in (self.scheduler, *self.workers):
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()

    def _process(self, module: str, *arguments: str) -> subprocess.Popen:
        with open(self.folder / "dask.log", "a", encoding="utf-8") as log:
            return subprocess.Popen(
                [sys.executable, "-m", module, *arguments, "--no-dashboard"], stdout=log, stderr=log
            )


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


def trial(cluster: Cluster, count: int, kill_for_s: float, every_s: float) -> int:
    """Everything, from the making of the inputs on."""
    from damaged_clips import good_clips

    folder, table = cluster.folder, Table()
    good = good_clips(folder / "in", count)
    deadly = folder / "in" / DEADLY
    shutil.copy(good[0], deadly)
    truth = plain_results(folder, good)
    cluster.start()
    out, began_s = folder / "out", time.monotonic()
    with open(folder / "batch.log", "w", encoding="utf-8") as log:
        batch = subprocess.Popen(
            [sys.executable, "-m", "motionapp", "batch", str(folder / "in"), "--out", str(out),
             "--cluster", cluster.address, "--classifier", "none"],
            stdout=log, stderr=log,
        )  # fmt: skip
    kills = kill_workers(cluster, batch, out, kill_for_s, every_s)
    was_running = batch.poll() is None
    before = finished(out)
    print(f"        {kills} workers killed, {len(before)} inputs done by then", flush=True)
    cluster.kill()
    print("        scheduler and workers killed", flush=True)
    cluster.start()
    deadline_s = time.monotonic() + LONGEST_S
    while batch.poll() is None and time.monotonic() < deadline_s:
        cluster.look()
        time.sleep(0.5)
    print(f"        all in all {time.monotonic() - began_s:.0f} s", flush=True)
    log = (folder / "batch.log").read_text(encoding="utf-8")
    table.check("the batch was at work when the scheduler went", expected=True, seen=was_running)
    table.check("it was used again", expected=True, seen="the scheduler is back" in log)
    table.check("exit code: one input has failed", expected=3, seen=batch.poll())
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))["inputs"]
    failed = [Path(each["input"]).name for each in summary if each["status"] != "ok"]
    table.check("the deadly input is named, and no other", expected=[DEADLY], seen=failed)
    table.check("nothing is missing", expected=count + 1, seen=len(summary))
    times = Counter(finished(out).values())
    table.check("nothing is there twice", expected={1}, seen=set(times))
    differing = [each.stem for each in good if results(out / each.stem) != truth[each.stem]]
    table.check("every result is the one of a single process", expected=[], seen=differing)
    table.check("nothing is left lying about", expected=[], seen=list(out.glob(".cluster*")))
    return 0 if table.is_fine else 1


def kill_workers(
    cluster: Cluster, batch: subprocess.Popen, out: Path, for_s: float, every_s: float
) -> int:
    """Kill one worker after the other, the first when the first input is done."""
    while not finished(out) and batch.poll() is None:
        time.sleep(0.2)
    end_s = time.monotonic() + for_s
    next_s, kills = time.monotonic() + every_s, 0
    while time.monotonic() < end_s and batch.poll() is None:
        if time.monotonic() >= next_s:
            cluster.workers[0].kill()
            cluster.workers[0].wait()
            kills, next_s = kills + 1, next_s + every_s
        cluster.look()
        time.sleep(0.2)
    return kills


def finished(out: Path) -> Counter:
    """How often the journal says that an input has come to its end."""
    with contextlib.suppress(FileNotFoundError):
        lines = (out / "journal.jsonl").read_text(encoding="ascii").splitlines()
        documents = [json.loads(line) for line in lines if line.endswith("}")]
        return Counter(each["finished"] for each in documents if "finished" in each)
    return Counter()


def plain_results(folder: Path, good: list[Path]) -> dict[str, dict[str, bytes]]:
    """What one process finds; of files that hold the same, once."""
    from motionapp.batch.run import run_batch
    from motionapp.settings import Settings, apply_changes

    settings = apply_changes(Settings(), {"analysis.recognition.classifier": "none"})
    found: dict[bytes, dict[str, bytes]] = {}
    truth = {}
    for path in good:
        content = path.read_bytes()
        if content not in found:
            run_batch([str(path)], folder / "plain", settings, messages=io.StringIO())
            found[content] = results(folder / "plain" / path.stem)
        own = path.name.encode()
        truth[path.stem] = {
            name: text.replace(first_name(text), own) if name == "events.json" else text
            for name, text in found[content].items()
        }
    return truth


def first_name(text: bytes) -> bytes:
    """The name of the recording in an events.json."""
    return json.loads(text)["source"].encode()


def results(folder: Path) -> dict[str, bytes]:
    """Every file of one input's results."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*")) if path.is_file()}


if __name__ == "__main__":
    sys.exit(main())
