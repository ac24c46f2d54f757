"""`motionapp batch --cluster local:N`, with workers that die and a batch that is interrupted."""

from __future__ import annotations

import importlib.util
import io
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from motionapp.batch import run as batch_run
from motionapp.batch.cluster.dispatch import MOST_LOSSES
from motionapp.batch.run import run_batch
from motionapp.core.errors import MissingExtraError
from motionapp.settings import Settings, apply_changes
from tests.batch.cluster.conftest import Bench, said_by

pytestmark = pytest.mark.timeout(360)


def test_a_deadly_file_is_named_and_drags_no_other_along(bench: Bench) -> None:
    names = ["a.mp4", "deadly.mp4", *(f"b{n}.mp4" for n in range(12))]

    batch = bench.batch("local:2", bench.inputs(*names))

    said = said_by(batch)
    summary = bench.summary()
    assert batch.returncode == 3, said
    assert {name for name, each in summary.items() if each["status"] == "failed"} == {"deadly.mp4"}
    assert f"{MOST_LOSSES} in all" in summary["deadly.mp4"]["error"]
    assert set(bench.done()) == set(names) - {"deadly.mp4"}
    assert not (bench.out / ".cluster").exists()


def test_an_interrupted_batch_ends_soon_and_the_next_run_goes_on(bench: Bench) -> None:
    inputs = bench.inputs("a.mp4", "b.mp4", "waits.mp4", "waits2.mp4", "c.mp4")
    batch = bench.batch("local:2", inputs)
    bench.wait_until_told("a")
    bench.wait_until_told("b")

    batch.send_signal(signal.SIGINT)
    said = said_by(batch)

    assert batch.returncode == 130, said
    assert "interrupted" in said
    assert bench.summary()["waits.mp4"]["status"] == "failed"
    assert not list(bench.out.glob("waits*"))

    for waiting in inputs[2:4]:
        Path(f"{waiting}.go").touch()
    again = bench.batch("local:2", inputs)

    assert (said_by(again), again.returncode)[1] == 0
    assert {name: each["status"] for name, each in bench.summary().items()} == {
        "a.mp4": "skipped", "b.mp4": "skipped",
        "waits.mp4": "ok", "waits2.mp4": "ok", "c.mp4": "ok",
    }  # fmt: skip
    assert sorted(bench.done()) == ["a.mp4", "b.mp4", "c.mp4", "waits.mp4", "waits2.mp4"]


def test_what_a_cluster_finds_is_what_one_process_finds(
    bench: Bench, recording: Callable[..., Path]
) -> None:
    """With the program's own children; byte by byte."""
    del bench.environment["DASK_DISTRIBUTED__WORKER__PRELOAD"]
    for n in range(3):
        recording(f"in/{n}.mp4", seed=n)
    (bench.folder / "in" / "bad.mp4").write_bytes(b"no recording")
    settings = apply_changes(Settings(), {"analysis.recognition.classifier": "none"})
    plain = bench.folder / "plain"
    report = run_batch([str(bench.folder / "in")], plain, settings, messages=io.StringIO())

    batch = bench.batch("local:2", ["in"], "--clips", "none")

    said = said_by(batch)
    assert batch.returncode == report.exit_code == 3, said
    for n in range(3):
        for name in ("events.json", "events.csv", "segments.csv"):
            found = (bench.out / str(n) / name).read_bytes()
            assert found == (plain / str(n) / name).read_bytes()
    known = bench.summary()
    for record in report.records:
        ours = known[Path(record.input).name]
        assert (ours["status"], ours["frames"], ours["events"]) == (
            record.status, record.frames, record.events,
        )  # fmt: skip
    assert known["0.mp4"]["input"] == "in/0.mp4"


def test_without_dask_the_line_that_installs_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "distributed" else found(name)
    )

    with pytest.raises(MissingExtraError, match=r'pip install "motionapp\[cluster\]"'):
        batch_run.run_batch(
            ["a.mp4"], tmp_path / "out", Settings(), messages=io.StringIO(), cluster="local:2"
        )

    assert not (tmp_path / "out").exists()
