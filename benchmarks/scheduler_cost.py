"""What a task costs Dask's scheduler: 100,000 that do nothing, in our window and all at once.

    python benchmarks/scheduler_cost.py [--tasks 100000] [--at-once 4000] [--bytes 12000]

A scheduler and two workers are processes of their own. Each task carries a text as long as the
order of a bundle. First in a bounded window, as a batch hands them out; then so many at once, as
nobody should. Told: tasks a second, the scheduler's processor time and memory for each. Needs Linux
and the extra `cluster`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import queue
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

WINDOW = 400
"""Bundles out at a time: those of a hundred workers and more."""
TICK_HZ = os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Measure both, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--at-once", type=int, default=4_000)
    parser.add_argument("--bytes", type=int, default=12_000, help="of each task's text (12000)")
    options = parser.parse_args()
    with cluster() as (address, scheduler):
        windowed = in_window(address, scheduler, options.tasks, options.bytes)
    print("window", windowed, flush=True)  # the other takes its time
    with cluster() as (address, scheduler):
        at_once = all_at_once(address, scheduler, options.at_once, options.bytes)
    figures = {"window": windowed, "at_once": at_once}
    print(json.dumps(figures))
    for name, each in figures.items():
        print(name, *(f"{key}={value:.4g}" for key, value in each.items()), sep="  ")
    return 0


@contextlib.contextmanager
def cluster():
    """A scheduler with two workers; its address and process."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as life:
        os.environ["DASK_TEMPORARY_DIRECTORY"] = folder
        log = life.enter_context(open(Path(folder) / "log", "w", encoding="utf-8"))

        def started(module: str, *arguments: str) -> subprocess.Popen:
            command = [sys.executable, "-m", module, *arguments, "--no-dashboard"]
            process = subprocess.Popen(command, stdout=log, stderr=log)
            life.callback(process.wait)
            life.callback(process.kill)
            return process

        scheduler = started("distributed.cli.dask_scheduler", "--port", str(port))
        for _ in range(2):
            started("distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny")
        yield address, scheduler


def client_of(address: str):
    """Connected, with both workers there."""
    from distributed import Client

    client = Client(address, timeout=60, set_as_default=False)
    client.wait_for_workers(2, timeout=60)
    return client


def in_window(address: str, scheduler: subprocess.Popen, tasks: int, size: int) -> dict:
    """So many tasks, never more than `WINDOW` of them known to the scheduler."""
    done: queue.SimpleQueue = queue.SimpleQueue()
    with client_of(address) as client:
        before = state_of(scheduler)
        began_s, given, most_bytes, out = time.monotonic(), 0, 0, {}
        while given < tasks or out:
            while given < tasks and len(out) < WINDOW:
                out[given] = client.submit(len, text_of(given, size), key=f"w-{given}", pure=False)
                out[given].add_done_callback(lambda future, number=given: done.put(number))
                given += 1
            out.pop(done.get(timeout=300)).release()
            if given % 1000 == 0:
                most_bytes = max(most_bytes, state_of(scheduler)[1])
        return figures_of(tasks, began_s, before, (*state_of(scheduler)[:1], most_bytes), WINDOW)


def all_at_once(address: str, scheduler: subprocess.Popen, tasks: int, size: int) -> dict:
    """All known to the scheduler from the start, and until the last is done."""
    from distributed import wait

    with client_of(address) as client:
        before = state_of(scheduler)
        began_s = time.monotonic()
        futures = [
            client.submit(len, text_of(number, size), key=f"a-{number}", pure=False)
            for number in range(tasks)
        ]
        with client.as_current():
            wait(futures, timeout=1800)
        return figures_of(tasks, began_s, before, state_of(scheduler), tasks)


def figures_of(
    tasks: int, began_s: float, before: tuple[float, int], after: tuple[float, int], known: int
) -> dict[str, float]:
    """What it took."""
    took_s = time.monotonic() - began_s
    return {
        "tasks": tasks,
        "tasks_per_s": tasks / took_s,
        "scheduler_ms_per_task": 1000 * (after[0] - before[0]) / tasks,
        "scheduler_mb": after[1] / 1e6,
        "kb_per_known_task": (after[1] - before[1]) / 1e3 / known,
    }


def text_of(number: int, size: int) -> str:
    """As long as an order, and no two alike."""
    return f"{number:09d}".ljust(size, "x")


def state_of(process: subprocess.Popen) -> tuple[float, int]:
    """Seconds of processors that a process has taken, and the memory that it has."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    resident = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    return (int(fields[11]) + int(fields[12])) / TICK_HZ, resident * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main())
