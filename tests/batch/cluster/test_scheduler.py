"""`motionapp batch --cluster tcp://...`: a scheduler that goes, comes back, or is not there."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from motionapp.batch.cluster import engine
from motionapp.batch.cluster.errors import ClusterError
from motionapp.batch.run import run_batch
from motionapp.settings import Settings, apply_changes
from tests.batch.cluster.conftest import PATIENCE_S, Bench, free_port, said_by

pytestmark = pytest.mark.timeout(360)


class ByHand:
    """A scheduler and one worker, started as a person would."""

    def __init__(self, bench: Bench) -> None:
        self._bench, self._port = bench, free_port()
        self.address = f"tcp://127.0.0.1:{self._port}"
        self._bench.environment["DASK_TEMPORARY_DIRECTORY"] = str(bench.folder / "scratch")
        self._running: list[subprocess.Popen[str]] = []

    def start(self) -> None:
        """Both; they find each other."""
        self._running = [
            self._bench.start(
                "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1",
                "--port", str(self._port), "--no-dashboard",
            ),
            self._bench.start(
                "-m", "distributed.cli.dask_worker", self.address, "--nthreads", "1",
                "--no-nanny", "--no-dashboard",
            ),
        ]  # fmt: skip

    def kill(self) -> None:
        """Both, as a machine that loses power."""
        for process in self._running:
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=PATIENCE_S)


@pytest.fixture
def by_hand(bench: Bench) -> ByHand:
    return ByHand(bench)


def test_a_scheduler_that_is_started_again_is_used_again(bench: Bench, by_hand: ByHand) -> None:
    inputs = bench.inputs("a.mp4", "waits.mp4", "b.mp4")
    by_hand.start()
    batch = bench.batch(by_hand.address, inputs)
    bench.wait_until_told("a")

    by_hand.kill()
    Path(f"{inputs[1]}.go").touch()
    by_hand.start()

    said = said_by(batch)
    assert batch.returncode == 0, said
    assert "the scheduler is back" in said
    assert {each["status"] for each in bench.summary().values()} == {"ok"}
    assert bench.done().count("a.mp4") == 1


def test_a_scheduler_that_is_not_there_is_a_sentence_and_nothing_is_begun(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "CONNECT_S", 0.5)
    settings = apply_changes(Settings(), {"analysis.recognition.classifier": "none"})
    nobody = f"tcp://127.0.0.1:{free_port()}"

    with pytest.raises(ClusterError, match="no scheduler answers at tcp://127"):
        run_batch(
            [str(path) for path in bench.inputs("a.mp4", "b.mp4")], bench.out, settings,
            messages=io.StringIO(), cluster=nobody,
        )  # fmt: skip

    assert ClusterError.exit_code == 2
    assert not (bench.out / "summary.json").exists()


def test_dasks_own_log_stays_off_the_terminal() -> None:
    """Also of its loggers that have a level of their own, as `distributed.client` has."""
    pytest.importorskip("distributed", reason='Dask is missing (pip install "motionapp[cluster]")')
    told = subprocess.run(
        [sys.executable, "-c", "import logging\n"
         "from motionapp.batch.cluster.engine import _quiet\n"
         "_quiet()\n"
         "for name in ('client', 'scheduler', 'worker'):\n"
         "    logging.getLogger(f'distributed.{name}').warning('a key is lost')"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert told.stderr == ""
