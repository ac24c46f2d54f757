"""A training that is interrupted goes on where it was, and the model is the one it would have
been."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

from motionapp.cli import main, train
from motionapp.training import folds
from motionapp.training.progress import Silent
from motionapp.training.recipe import Recipe

pytestmark = [pytest.mark.train, pytest.mark.timeout(240)]

QUICK = ("--arch", "lenet5", "--epochs", "1", "--width", "2", "--clutter", "0", "--clip-s", "0.48",
         "--batch", "8", "--no-cache", "--protocol", "kfold:3")  # fmt: skip


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = train.recipe_of

    def smaller(arguments: argparse.Namespace, **how: Any) -> Recipe:
        return replace(chosen(arguments, **how), fewest_steps=24, tempos=(), rates_hz=())

    monkeypatch.setattr(train, "recipe_of", smaller)


class InterruptedAt(Silent):
    """Ctrl-C, once so many steps of the training are done."""

    def __init__(self, steps: int) -> None:
        self._steps = steps

    def advance(self, stage: str, done: int, total: int, said: str = "") -> None:
        if stage.startswith("training") and done == self._steps:
            raise KeyboardInterrupt


def shown(progress: Silent) -> Any:
    @contextmanager
    def show(stream: object) -> Iterator[Silent]:
        yield progress

    return show


def test_after_ctrl_c_the_model_is_the_one_that_it_would_have_been(
    recordings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ["train", str(recordings), *QUICK, "--out"]
    assert main([*command, str(tmp_path / "undisturbed" / "m.onnx")]) == 0
    out = tmp_path / "interrupted" / "m.onnx"

    with monkeypatch.context() as patch:
        patch.setattr("motionapp.cli.training_progress.shown_progress", shown(InterruptedAt(30)))
        assert main([*command, str(out)]) == 130
    left = sorted(file.name for file in (out.parent / "m.training").iterdir())
    assert main([*command, str(out)]) == 0

    assert left
    assert not (out.parent / "m.training").exists()
    assert out.read_bytes() == (tmp_path / "undisturbed" / "m.onnx").read_bytes()


def test_after_ctrl_c_steps_are_not_taken_again(
    recordings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from motionapp.training.fitting import Fitting

    out, taken = tmp_path / "m.onnx", []
    step = Fitting.step

    def counted(fitting: Fitting) -> Any:
        taken.append(1)
        return step(fitting)

    monkeypatch.setattr(Fitting, "step", counted)
    command = ["train", str(recordings), *QUICK, "--out", str(out)]
    with monkeypatch.context() as patch:
        patch.setattr("motionapp.cli.training_progress.shown_progress", shown(InterruptedAt(30)))
        main(command)
    before = len(taken)
    main(command)
    both = len(taken)
    main([*command, "--anew"])

    assert 30 <= before < both
    assert both == len(taken) - both  # as many as of one that nobody stopped


def test_weights_do_not_depend_on_how_many_cores_there_are(
    recordings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = []
    for cores in (1, 3):
        monkeypatch.setattr(folds, "usable_cores", lambda cores=cores: cores)
        files.append(tmp_path / str(cores) / "m.onnx")
        assert main(["train", str(recordings), *QUICK, "--out", str(files[-1])]) == 0

    assert files[0].read_bytes() == files[1].read_bytes()


KILLED = """
import os, signal, sys
from dataclasses import replace
from motionapp.cli import main, train
from motionapp.training import unfinished
from motionapp.training.fitting import Fitting

chosen = train.recipe_of
train.recipe_of = lambda *a, **k: replace(
    chosen(*a, **k), fewest_steps=24, tempos=(), rates_hz=()
)
unfinished.EVERY_S = 0.0
step, taken = Fitting.step, []

def counted(self):
    taken.append(1)
    if len(taken) == KILL:
        os.kill(os.getpid(), signal.SIGKILL)
    return step(self)

KILL = int(sys.argv[1])
Fitting.step = counted
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="nobody is killed there")
def test_a_training_that_was_killed_goes_on_by_what_it_wrote(
    recordings: Path, tmp_path: Path
) -> None:
    undisturbed, out = tmp_path / "undisturbed" / "m.onnx", tmp_path / "killed" / "m.onnx"
    command = ["train", str(recordings), *QUICK, "--out"]

    def run(steps: int, model: Path) -> int:
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(steps), *command, str(model)],
            capture_output=True, timeout=200, check=False,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )  # fmt: skip
        return done.returncode

    assert main([*command, str(undisturbed)]) == 0
    assert run(40, out) == -signal.SIGKILL
    assert list((out.parent / "m.training").glob("*.npz"))
    assert run(0, out) == 0

    assert out.read_bytes() == undisturbed.read_bytes()


def test_curves_are_kept_for_tensorboard_where_somebody_asks(
    recordings: Path, tmp_path: Path
) -> None:
    pytest.importorskip("tensorboard")
    logs = tmp_path / "logs"

    assert main(["train", str(recordings), *QUICK, "--out", str(tmp_path / "m.onnx"),
                 "--tensorboard", str(logs)]) == 0  # fmt: skip

    assert sorted(run.name for run in logs.iterdir()) == ["all", "fold-1", "fold-2", "fold-3"]
    assert all(any(run.iterdir()) for run in logs.iterdir())
