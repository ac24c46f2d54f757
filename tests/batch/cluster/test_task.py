"""What a worker does with its orders; without Dask, with real children."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from motionapp.batch.cluster.kept import KeptPools
from motionapp.batch.cluster.order import (
    Answer,
    Order,
    Orders,
    Told,
    answer_of,
    order_of,
    order_text,
)
from motionapp.batch.cluster.staging import begin_staging, bring_home, end_staging, staged
from motionapp.batch.cluster.task import Stopped, carry_out
from motionapp.batch.job import Job
from motionapp.batch.protocol import record_of
from motionapp.batch.record import Record
from motionapp.core.errors import OutputError
from motionapp.settings import Settings

CHILD = """
import json, os, sys
say = lambda **message: print(json.dumps(message), flush=True)
sys.stdin.readline()
with open(os.environ["LOADS"], "a") as loads: loads.write("loaded\\n")
say(type="ready")
for line in sys.stdin:
    job = json.loads(line)["job"]
    folder = os.path.join(job["out_dir"], job["out_name"])
    if job["spec"] == "dies":
        os.kill(os.getpid(), 9)
    if job["spec"] == "fails":
        say(type="result", record=dict(input="fails", status="failed", error="fails: no picture"))
        continue
    say(type="progress", done_s=1.0, total_s=2.0)
    os.makedirs(os.path.join(folder, "clips"))
    for name in ("events.json", "events.csv", "clips/1.mp4"):
        with open(os.path.join(folder, name), "w") as file: file.write(job["spec"])
    say(type="result", record=dict(input=job["spec"], status="ok", events=0, out_dir="x"))
"""
"""A child in a few lines; the name of its input says what becomes of it."""


@pytest.fixture
def loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A line in it for each child that has loaded its networks."""
    monkeypatch.setenv("LOADS", str(tmp_path / "loads"))
    return tmp_path / "loads"


@pytest.fixture
def kept(loads: Path) -> Iterator[KeptPools]:
    pools = KeptPools([sys.executable, "-c", CHILD])
    yield pools
    pools.close()


def order(out: Path, *specs: str, settings: Settings | None = None) -> Order:
    marker = out / ".cluster" / "token"
    marker.mkdir(parents=True, exist_ok=True)
    orders = Orders("token", settings or Settings(), 1, "{}", str(marker), 0.0)
    jobs = {n: Job(spec, str(out), spec) for n, spec in enumerate(specs)}
    return order_of(order_text(orders, 5, jobs))


def done(one: Order, kept: KeptPools) -> tuple[Answer, list[Told]]:
    told: list[Told] = []
    text = carry_out(one, told.append, kept, lambda token: None)
    return answer_of(text), json.loads(json.dumps(told))


def records_of(answer: Answer) -> dict[int, Record]:
    return {index: record_of(result) for index, result in answer.results.items()}


def test_results_are_where_they_belong_and_each_step_is_told(
    tmp_path: Path, kept: KeptPools
) -> None:
    answer, told = done(order(tmp_path, "a", "b"), kept)

    assert [(n, one.status, one.input) for n, one in records_of(answer).items()] == [
        (0, "ok", "a"), (1, "ok", "b"),
    ]  # fmt: skip
    assert (tmp_path / "b" / "events.json").read_text() == "b"
    assert (tmp_path / "b" / "clips" / "1.mp4").read_text() == "b"
    assert [each["type"] for each in told] == [
        "began", "started", "progress", "finished", "started", "progress", "finished",
    ]  # fmt: skip
    assert not list((tmp_path / ".cluster" / "token").iterdir())


def test_a_job_knows_where_its_results_are_brought(tmp_path: Path) -> None:
    """The catalogue says it: the folder in which they are made is gone by then."""
    marker = begin_staging(tmp_path, "token")

    with staged(Job("a", str(tmp_path), "a"), str(marker)) as own:
        assert own.folder != tmp_path / "a"
        assert own.out_place == str(tmp_path / "a")


def test_a_child_is_kept_between_tasks_and_another_takes_its_place_for_other_settings(
    tmp_path: Path, kept: KeptPools, loads: Path
) -> None:
    done(order(tmp_path, "a"), kept)
    done(order(tmp_path, "b"), kept)
    assert loads.read_text().split() == ["loaded"]

    done(order(tmp_path, "c", settings=Settings(run={"annotated": True})), kept)  # type: ignore[arg-type]

    assert loads.read_text().split() == ["loaded"] * 2


def test_a_child_that_dies_takes_neither_the_worker_nor_the_next_file_along(
    tmp_path: Path, kept: KeptPools
) -> None:
    answer, _ = done(order(tmp_path, "dies", "b"), kept)

    assert [record.status for record in records_of(answer).values()] == ["failed", "ok"]
    assert "SIGKILL" in (records_of(answer)[0].error or "")


def test_results_of_an_earlier_analysis_are_replaced(tmp_path: Path, kept: KeptPools) -> None:
    (tmp_path / "a" / "clips").mkdir(parents=True)
    (tmp_path / "a" / "clips" / "old.mp4").write_text("old")
    (tmp_path / "a" / "events.json").write_text("old")

    done(order(tmp_path, "a"), kept)

    assert [path.name for path in (tmp_path / "a" / "clips").iterdir()] == ["1.mp4"]
    assert (tmp_path / "a" / "events.json").read_text() == "a"


def test_a_file_that_gives_nothing_leaves_no_folder(tmp_path: Path, kept: KeptPools) -> None:
    answer, _ = done(order(tmp_path, "fails"), kept)

    assert records_of(answer)[0].error == "fails: no picture"
    assert not (tmp_path / "fails").exists()


def test_a_run_that_was_given_up_ends_between_two_looks(tmp_path: Path, kept: KeptPools) -> None:
    told: list[Told] = []

    def check(token: str) -> None:
        if any(each["type"] == "finished" for each in told):
            raise Stopped

    answer = answer_of(carry_out(order(tmp_path, "a", "b"), told.append, kept, check))

    assert (list(answer.results), answer.stopped) == ([0], True)
    assert told[-1]["type"] == "stopped"


def test_tasks_of_a_run_that_was_killed_bring_nothing_home_any_more(
    tmp_path: Path, kept: KeptPools
) -> None:
    old = order(tmp_path, "a")
    begin_staging(tmp_path, "the-next-run")

    answer, _ = done(old, kept)

    assert (records_of(answer)[0].status, records_of(answer)[0].trouble) == ("failed", "output")
    assert not (tmp_path / "a").exists()


def test_two_tasks_at_one_file_never_write_under_one_name(tmp_path: Path) -> None:
    marker = begin_staging(tmp_path, "token")
    job = Job("a", str(tmp_path), "a")

    with staged(job, str(marker)) as one, staged(job, str(marker)) as other:
        for each in (one, other):
            (each.folder / "clips").mkdir(parents=True)
            (each.folder / "clips" / "1.mp4").write_text("clip")
            (each.folder / "events.json").write_text("the same")
        assert one.folder != other.folder
        bring_home(one, job)
        bring_home(other, job)

    assert sorted(path.name for path in (tmp_path / "a").rglob("*")) == [
        "1.mp4", "clips", "events.json",
    ]  # fmt: skip
    end_staging(tmp_path)
    assert not (tmp_path / ".cluster").exists()


def test_results_go_home_as_one_folder_where_nothing_stands(tmp_path: Path) -> None:
    marker = begin_staging(tmp_path, "token")
    job = Job("a", str(tmp_path), "cam/a")

    with staged(job, str(marker)) as own:
        own.folder.mkdir(parents=True)
        (own.folder / "events.json").write_text("found")
        made = own.folder.stat().st_ino
        bring_home(own, job)

    assert (tmp_path / "cam" / "a").stat().st_ino == made
    assert (tmp_path / "cam" / "a" / "events.json").read_text() == "found"
    assert not list(marker.iterdir())


def test_results_that_cannot_be_brought_home_are_told(tmp_path: Path) -> None:
    marker = begin_staging(tmp_path, "token")
    (tmp_path / "a").write_text("a file where the folder should be")
    job = Job("a", str(tmp_path), "a")

    with staged(job, str(marker)) as own:
        own.folder.mkdir()
        (own.folder / "events.json").write_text("")
        with pytest.raises(OutputError, match="cannot be written"):
            bring_home(own, job)
