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
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

from motionapp.cli import main, train
from motionapp.training import export, folds
from motionapp.training.architectures import ClipNetwork
from motionapp.training.fitting import Fitting
from motionapp.training.progress import Silent
from motionapp.training.recipe import Recipe
from motionapp.training.task import Task

pytestmark = [pytest.mark.train, pytest.mark.timeout(240)]

QUICK = ("--arch", "lenet5", "--epochs", "1", "--width", "2", "--clutter", "0", "--clip-s", "0.48",
         "--batch", "8", "--protocol", "kfold:3")  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def taken() -> Iterator[list[int]]:
    """Trainings are short; a list to which every step of theirs adds."""
    chosen, step = train.recipe_of, Fitting.step
    steps: list[int] = []

    def smaller(arguments: argparse.Namespace, **how: Any) -> Recipe:
        return replace(chosen(arguments, **how), fewest_steps=24, tempos=(), rates_hz=())

    def counted(fitting: Fitting) -> Any:
        steps.append(fitting.done)
        return step(fitting)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train, "recipe_of", smaller)
        patch.setattr(Fitting, "step", counted)
        yield steps


@pytest.fixture(scope="module", autouse=True)
def written_once() -> Iterator[None]:
    """The same weights are written as ONNX once, which takes seconds; others are others."""
    known: dict[bytes, bytes] = {}
    usual = export.to_onnx

    def to_onnx(network: ClipNetwork, task: Task) -> bytes:
        weights = b"".join(one.numpy().tobytes() for one in network.state_dict().values())
        if weights not in known:
            known[weights] = usual(network, task)
        return known[weights]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "to_onnx", to_onnx)
        yield


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """A training that nobody stopped."""

    model: bytes
    steps: int
    logs: Path


@pytest.fixture(scope="module")
def undisturbed(
    recordings: Path, tmp_path_factory: pytest.TempPathFactory, taken: list[int]
) -> Undisturbed:
    """What all others are held to: on one core, and with curves where they can be written."""
    folder, before = tmp_path_factory.mktemp("undisturbed"), len(taken)
    curves = ["--tensorboard", str(folder / "logs")] if find_spec("tensorboard") else []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folds, "usable_cores", lambda: 1)
        command = ["train", str(recordings), *QUICK, "--anew", *curves]
        assert main([*command, "--out", str(folder / "m.onnx")]) == 0
    return Undisturbed((folder / "m.onnx").read_bytes(), len(taken) - before, folder / "logs")


class InterruptedAt(Silent):
    """Ctrl-C, once so many steps of the training are done."""

    def __init__(self, steps: int) -> None:
        self._steps = steps

    def advance(self, stage: str, done: int, total: int, said: str = "") -> None:
        if stage.startswith("training") and done == self._steps:
            raise KeyboardInterrupt


def shown(progress: Silent) -> Any:
    @contextmanager
    def show(stream: object, **how: object) -> Iterator[Silent]:
        yield progress

    return show


def test_after_ctrl_c_steps_are_not_taken_again_and_the_model_is_the_one_it_would_have_been(
    recordings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, undisturbed: Undisturbed,
    taken: list[int],
) -> None:  # fmt: skip
    out, before = tmp_path / "m.onnx", len(taken)
    command = ["train", str(recordings), *QUICK, "--out", str(out)]

    with monkeypatch.context() as patch:
        patch.setattr("motionapp.cli.training_progress.shown_progress", shown(InterruptedAt(30)))
        assert main(command) == 130
    interrupted = len(taken) - before
    left = sorted(file.name for file in (tmp_path / "m.training").iterdir())
    assert main(command) == 0

    assert left
    assert not (tmp_path / "m.training").exists()
    assert 30 <= interrupted < len(taken) - before == undisturbed.steps
    assert out.read_bytes() == undisturbed.model


def test_weights_do_not_depend_on_how_many_cores_there_are(
    recordings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, undisturbed: Undisturbed
) -> None:
    monkeypatch.setattr(folds, "usable_cores", lambda: 3)

    assert main(["train", str(recordings), *QUICK, "--out", str(tmp_path / "m.onnx")]) == 0

    assert (tmp_path / "m.onnx").read_bytes() == undisturbed.model


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
    if len(taken) == 40:
        os.kill(os.getpid(), signal.SIGKILL)
    return step(self)

Fitting.step = counted
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="nobody is killed there")
def test_a_training_that_was_killed_goes_on_by_what_it_wrote(
    recordings: Path, tmp_path: Path, undisturbed: Undisturbed, taken: list[int]
) -> None:
    out, before = tmp_path / "m.onnx", len(taken)
    command = ["train", str(recordings), *QUICK, "--out", str(out)]

    killed = subprocess.run(
        [sys.executable, "-c", KILLED, *command],
        capture_output=True, timeout=200, check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL
    assert list((tmp_path / "m.training").glob("*.npz"))
    assert main(command) == 0

    assert len(taken) - before < undisturbed.steps
    assert out.read_bytes() == undisturbed.model


def test_curves_are_kept_for_tensorboard_where_somebody_asks(undisturbed: Undisturbed) -> None:
    pytest.importorskip("tensorboard")

    logs = sorted(undisturbed.logs.iterdir())

    assert [run.name for run in logs] == ["all", "fold-1", "fold-2", "fold-3"]
    assert all(any(run.iterdir()) for run in logs)


@pytest.mark.parametrize("in_the_way", ["logs", "m.training"])
def test_what_cannot_be_written_on_the_way_is_told_in_one_sentence(
    recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], in_the_way: str
) -> None:
    pytest.importorskip("tensorboard")
    (tmp_path / in_the_way).write_text("a file, where a folder is to be")
    options = ("--tensorboard", str(tmp_path / "logs"))

    code = main(["train", str(recordings), *QUICK, "--out", str(tmp_path / "m.onnx"), *options])

    assert code == 5
    assert f"{tmp_path / in_the_way} cannot be written" in capsys.readouterr().err
    assert not (tmp_path / "m.onnx").exists()
