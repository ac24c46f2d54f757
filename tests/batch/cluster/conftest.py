"""A batch on a cluster as a person starts it: a process of its own, with workers that may die."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

PATIENCE_S = 170.0
"""For processes that start on a machine with other things to do; alone, none takes ten seconds."""

CHILD = """
import json, os, signal, sys, time
say = lambda **message: print(json.dumps(message), flush=True)
sys.stdin.readline()
say(type="ready")
for line in sys.stdin:
    job = json.loads(line)["job"]
    name, folder = os.path.basename(job["spec"]), os.path.join(job["out_dir"], job["out_name"])
    say(type="progress", done_s=1.0, total_s=2.0)
    if name.startswith("deadly"):
        os.kill(os.getppid(), signal.SIGKILL)
        os._exit(1)
    if name.startswith("waits"):
        while not os.path.exists(job["spec"] + ".go"):
            say(type="progress", done_s=1.0, total_s=2.0)
            time.sleep(0.05)
    os.makedirs(folder, exist_ok=True)
    for each in ("events.json", "events.csv", "segments.csv"):
        with open(os.path.join(folder, each), "w") as file: file.write(name)
    with open(os.environ["DONE"], "a") as file: file.write(name + "\\n")
    record = dict(input=job["spec"], status="ok", events=0, elapsed_s=0.1, out_dir=job["out_name"])
    say(type="result", record=record)
"""
"""A child in a few lines; the name of its input says what becomes of it, and of its worker."""

PRELOAD = """
import sys
from motionapp.batch.cluster import task
from motionapp.batch.cluster.kept import KeptPools

def dask_setup(worker):
    task._kept = KeptPools([sys.executable, "-c", {child!r}])
"""
"""Gives workers the child above, in place of the program's own."""


def why_no_dask() -> str:
    """Why nothing can be tried on a cluster; empty where it can."""
    if importlib.util.find_spec("distributed") is None:
        return 'no cluster: Dask is missing (pip install "motionapp[cluster]")'
    return ""


@dataclass
class Bench:
    """A folder with inputs, and processes that end with the test."""

    folder: Path
    life: ExitStack
    is_faked: bool = True
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def out(self) -> Path:
        """Where the results are."""
        return self.folder / "out"

    def inputs(self, *names: str) -> list[str]:
        """Files with these names, which hold nothing."""
        paths = [self.folder / "in" / name for name in names]
        for path in paths:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(b"x" * 1000)
        return [str(path) for path in paths]

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """A process of Python's, with the workers' children replaced."""
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self.folder,
        )
        self.life.callback(_end, process)
        return process

    def batch(self, cluster: str, named: Sequence[str], *more: str) -> subprocess.Popen[str]:
        """`motionapp batch` into `out`."""
        return self.start(
            "-m", "motionapp", "batch", *named, "--out", str(self.out), "--cluster", cluster,
            "--classifier", "none", *more,
        )  # fmt: skip

    def summary(self) -> dict[str, dict[str, Any]]:
        """What the summary says of each input, by the name of its file."""
        document = json.loads((self.out / "summary.json").read_text(encoding="utf-8"))
        return {os.path.basename(each["input"]): each for each in document["inputs"]}

    def done(self) -> list[str]:
        """The names of inputs whose analysis came to an end, as often as it did."""
        path = self.folder / "done"
        return path.read_text(encoding="utf-8").split() if path.exists() else []

    def wait_until_told(self, out_name: str) -> None:
        """Wait until the batch knows, and has written down, that an input is done."""
        journal = self.out / "journal.jsonl"
        words = f'"finished": "{out_name}"'
        wait_for(lambda: journal.exists() and words in journal.read_text(encoding="utf-8"))


def wait_for(is_so: Any) -> None:
    """Look until it is so."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline_s, "it has not come to that"
        time.sleep(0.05)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def said_by(process: subprocess.Popen[str]) -> str:
    """All that it has written, when it has ended."""
    return process.communicate(timeout=PATIENCE_S)[0]


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
    process.communicate()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Inputs, and batches over them whose children are replaced."""
    if why := why_no_dask():
        pytest.skip(why)
    preload = tmp_path / "preload_children.py"
    preload.write_text(PRELOAD.format(child=CHILD), encoding="utf-8")
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "DASK_DISTRIBUTED__WORKER__PRELOAD": str(preload),
        "DONE": str(tmp_path / "done"),
    }
    with ExitStack() as life:
        yield Bench(tmp_path, life, environment=environment)
