"""What every test may rely on: the recordings, if any, and a word where something is missing.

`real`, `gui` and `train` tests are skipped with a sentence on machines that cannot run them.
Files below `tests/gui` are not even imported where Qt cannot start: they may import it at the top.
"""

from __future__ import annotations

import functools
import gc
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytest
from hypothesis import settings

from motionapp.core.contract import METADATA_KEY, ModelContract
from motionapp.core.representation import Representation

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A script that puts the tests behind it (`make test &`) has them ignore Ctrl-C, and all that
    # they start with them: those are to be interrupted.
    signal.signal(signal.SIGINT, signal.default_int_handler)

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED_DATA = REPOSITORY.parent / "shared" / "data"
GUI_TESTS = REPOSITORY / "tests" / "gui"

# Before anything imports Qt: tests paint without a screen, unless one is asked for by name.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Before anything imports torch: its threads wait for each other by spinning, and where every core
# has its own pytest worker they wait for long. A MobileNet that is built and asked once took nine
# to twenty-five times as much of two busy cores on two threads as on one.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# The same examples on every run; `--hypothesis-profile=explore` looks for new ones.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile("steady")


@functools.cache
def why_no_recordings() -> str:
    """Why tests marked `real` cannot run; empty when they can."""
    if SHARED_DATA.is_dir():
        return ""
    return "no recordings: there is no ../shared/data beside the checkout"


@functools.cache
def why_no_window() -> str:
    """Why tests marked `gui` cannot run; empty when they can.

    Tried in a process of its own: without its system libraries Qt may abort instead of raising.
    """
    if importlib.util.find_spec("PyQt6") is None:
        return 'no window: PyQt6 is missing (pip install "motionapp[gui]")'
    trial = "from PyQt6.QtWidgets import QApplication; QApplication([])"
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    tried = subprocess.run(
        [sys.executable, "-c", trial],
        env=environment,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    if tried.returncode == 0:
        return ""
    said = tried.stderr.strip().splitlines() or [f"exit code {tried.returncode}"]
    return f"no window: Qt does not start here ({said[-1]}); the README's apt line helps"


@functools.cache
def why_no_training() -> str:
    """Why tests marked `train` cannot run; empty when they can."""
    if importlib.util.find_spec("torch") is not None:
        return ""
    return 'no training: torch is missing (pip install "motionapp[train]")'


REASONS = {"real": why_no_recordings, "gui": why_no_window, "train": why_no_training}


class GuiFileSkipped(pytest.Module):
    """Stands for a file of `tests/gui` on a machine where it cannot be imported."""

    def collect(self) -> list[pytest.Item]:
        """Skip the file as a whole, with the reason."""
        pytest.skip(why_no_window(), allow_module_level=True)


def pytest_pycollect_makemodule(
    module_path: Path, parent: pytest.Collector
) -> pytest.Module | None:
    """Replace files of `tests/gui` where Qt cannot start; leave all others to pytest."""
    if module_path.is_relative_to(GUI_TESTS) and why_no_window():
        return GuiFileSkipped.from_parent(parent, path=module_path)
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in `tests/gui`, skip what this machine cannot run, and begin with what takes
    long."""
    for item in items:
        if item.path.is_relative_to(GUI_TESTS):
            item.add_marker("gui")
        for marker, why_not in REASONS.items():
            if item.get_closest_marker(marker) and why_not():
                item.add_marker(pytest.mark.skip(reason=why_not()))
    longest_first(items)


def longest_first(items: list[pytest.Item]) -> None:
    """Files whose tests are given more time than others come first; else they stay in order.

    Workers take files in this order: with one of the long ones at the end, the other would wait.
    """
    given_s: dict[Path, float] = {}
    for item in items:
        marker = item.get_closest_marker("timeout")
        own_s = float(marker.args[0] if marker else item.config.getini("timeout"))
        given_s[item.path] = max(given_s.get(item.path, 0.0), own_s)
    items.sort(key=lambda item: -given_s[item.path])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With `--dist loadfile`, tests that wait have a worker of their own where there are three."""
    if config.getoption("dist") != "loadfile":
        return None
    from tests.sharing import WaitingApart

    return WaitingApart(config, log)


def pytest_collection() -> None:
    """While tests are collected, hardly anything is garbage: to look for it takes a quarter of the
    time."""
    gc.disable()


def pytest_collection_finish() -> None:
    """What was imported and collected stays: who collects garbage need not look at it again.

    A tenth of a second each time with torch alone, half a second with all the tests.
    """
    gc.enable()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def cache_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What tests keep lies in their own folder, and what the person at home keeps is not read."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real recordings; a test that asks for it is skipped where it is absent."""
    if why_no_recordings():
        pytest.skip(why_no_recordings())
    return SHARED_DATA


def passer(t_s: float) -> tuple[float, float] | None:
    """Walks through the picture from second 1 to second 2."""
    return (20 + 120 * (t_s - 1), 60) if 1 <= t_s < 2 else None


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, float, int], Path]:
    """Draws and encodes a recording of a kind, a length and a seed; each one once."""
    from motionapp.core.moment import Moment
    from motionapp.overlay import Style
    from motionapp.sinks.video import AnnotatedVideoSink
    from motionapp.testing import Mover, Stage

    folder = tmp_path_factory.mktemp("drawn")
    nothing = Style(groups=False, tracks=False, poses=False, events=False, status=False)

    @functools.cache
    def draw(suffix: str, duration_s: float, seed: int) -> Path:
        path = folder / f"{duration_s}-{seed}{suffix}"
        stage = Stage(movers=(Mover(passer),), size=(192, 144), sigma=1.0, seed=seed)
        sink = AnnotatedVideoSink(path, style=nothing)
        for frame in stage.frames(duration_s):
            sink.accept(Moment("stage", frame))
        sink.close()
        return path

    return draw


@pytest.fixture
def recording(tmp_path: Path, drawn: Callable[[str, float, int], Path]) -> Callable[..., Path]:
    """Writes a recording of 4 s in which something passes, and gives its path."""

    def write(name: str = "door.mp4", *, duration_s: float = 4.0, seed: int = 0) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(drawn(path.suffix, duration_s, seed), path)
        return path

    return write


class ModelWriter(Protocol):
    """Writes a small ONNX model and gives its path."""

    def __call__(
        self,
        name: str = "model.onnx",
        *,
        contract: ModelContract | None = None,
        outputs: int | None = None,
        side_px: int | None = None,
        operator: str = "Relu",
        domain: str = "",
        gain: float = 20.0,
    ) -> Path:
        """Write `name`: output k is `gain` times the mean of channel k, made positive.

        `outputs` and `side_px` differ from the contract's where they are given, `operator` of
        `domain` stands in the middle; without a `contract` the file has none.
        """
        ...


@pytest.fixture
def write_model(tmp_path: Path) -> ModelWriter:
    """A writer of models into the test's own folder."""
    onnx = pytest.importorskip("onnx")
    from onnx import TensorProto, helper, numpy_helper

    def write(
        name: str = "model.onnx",
        *,
        contract: ModelContract | None = None,
        outputs: int | None = None,
        side_px: int | None = None,
        operator: str = "Relu",
        domain: str = "",
        gain: float = 20.0,
    ) -> Path:
        shape = Representation("absdiff") if contract is None else contract.representation
        labels = 2 if contract is None else len(contract.labels) + contract.has_reject
        count, side = outputs or labels, side_px or shape.side_px
        weights = gain * np.eye(shape.channels, count, dtype=np.float32)
        graph = helper.make_graph(
            [
                helper.make_node("GlobalAveragePool", ["clips"], ["means"]),
                helper.make_node("Flatten", ["means"], ["flat"]),
                helper.make_node(operator, ["flat"], ["middle"], domain=domain),
                helper.make_node("Gemm", ["middle", "weights"], ["answers"]),
            ],
            "small",
            [
                helper.make_tensor_value_info(
                    "clips", TensorProto.FLOAT, ["n", shape.channels, side, side]
                )
            ],
            [helper.make_tensor_value_info("answers", TensorProto.FLOAT, ["n", count])],
            [numpy_helper.from_array(weights, "weights")],
        )
        opsets = [
            helper.make_opsetid("", 20),
            *([helper.make_opsetid(domain, 1)] if domain else []),
        ]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
        if contract is not None:
            helper.set_model_props(model, {METADATA_KEY: contract.to_json()})
        path = tmp_path / name
        onnx.save(model, path)
        return path

    return write
