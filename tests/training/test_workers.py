"""Many things done in several processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest

from motionapp.core.errors import DataSetError
from motionapp.training import workers
from motionapp.training.workers import each_of

THINGS = range(8)


def where(thing: int) -> tuple[int, int]:
    return thing, os.getpid()


def refuse_the_fifth(thing: int) -> int:
    if thing == 5:
        raise DataSetError("the fifth cannot be read")
    return thing


def end_the_first_worker(here: int, mark: Path, thing: int) -> int:
    if os.getpid() != here and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return thing


def wait_for_good(here: int, thing: int) -> int:
    if os.getpid() != here and thing > 2:
        threading.Event().wait()
    return thing


ORPHANED = """
from motionapp.training.workers import processes
from tests.training.test_workers import say_and_wait_for_good
if __name__ == "__main__":
    with processes(say_and_wait_for_good, 1) as others:
        others.start(7).result()
"""


def say_and_wait_for_good(thing: int) -> None:
    sys.stdout.write(f"{thing}\n")
    sys.stdout.flush()
    threading.Event().wait()


@pytest.mark.timeout(120)
def test_the_workers_of_who_is_killed_end_with_it(tmp_path: Path) -> None:
    """The worker writes into the same pipe, which ends when nobody has it open any more."""
    script = tmp_path / "orphaned.py"
    script.write_text(ORPHANED)
    root = str(Path(__file__).parents[2])
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": root},
    ) as killed:  # fmt: skip
        assert killed.stdout is not None
        assert killed.stdout.readline() == "7\n"

        killed.kill()

        assert killed.stdout.read() == ""


@pytest.fixture
def two_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two cores, and nothing too small for them."""
    monkeypatch.setattr(workers, "usable_cores", lambda: 2)
    monkeypatch.setattr(workers, "WORTH_S", -1.0)


def test_small_work_stays_in_one_process() -> None:
    assert list(each_of(where, THINGS)) == [(thing, os.getpid()) for thing in THINGS]
    assert list(each_of(where, [])) == []


@pytest.mark.usefixtures("two_workers")
def test_results_come_in_order_and_from_processes_that_are_gone_afterwards() -> None:
    results = list(each_of(where, THINGS))

    assert [thing for thing, _ in results] == list(THINGS)
    assert results[0][1] == os.getpid()
    assert os.getpid() not in {process for _, process in results[1:]}
    assert multiprocessing.active_children() == []


@pytest.mark.usefixtures("two_workers")
def test_what_a_process_refuses_is_told_in_its_words() -> None:
    results = each_of(refuse_the_fifth, THINGS)

    assert [next(results) for _ in range(5)] == [0, 1, 2, 3, 4]
    with pytest.raises(DataSetError, match="the fifth cannot be read"):
        next(results)
    assert multiprocessing.active_children() == []


@pytest.mark.usefixtures("two_workers")
def test_a_process_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    work = partial(end_the_first_worker, os.getpid(), tmp_path / "killed")

    assert list(each_of(work, THINGS)) == list(THINGS)
    assert (tmp_path / "killed").exists()


@pytest.mark.usefixtures("two_workers")
def test_who_wants_no_more_waits_for_nobody() -> None:
    results = each_of(partial(wait_for_good, os.getpid()), THINGS)
    assert [next(results) for _ in range(3)] == [0, 1, 2]

    results.close()  # type: ignore[attr-defined]

    assert multiprocessing.active_children() == []
