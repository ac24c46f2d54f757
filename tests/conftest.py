"""What every test may rely on: the recordings, if any, and a word where something is missing.

`real`, `gui` and `train` tests are skipped with a sentence on machines that cannot run them.
Files below `tests/gui` are not even imported where Qt cannot start: they may import it at the top.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED_DATA = REPOSITORY.parent / "shared" / "data"
GUI_TESTS = REPOSITORY / "tests" / "gui"

# Before anything imports Qt: tests paint without a screen, unless one is asked for by name.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

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
    """Mark what lies in `tests/gui`, and skip what this machine cannot run."""
    for item in items:
        if item.path.is_relative_to(GUI_TESTS):
            item.add_marker("gui")
        for marker, why_not in REASONS.items():
            if item.get_closest_marker(marker) and why_not():
                item.add_marker(pytest.mark.skip(reason=why_not()))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real recordings; a test that asks for it is skipped where it is absent."""
    if why_no_recordings():
        pytest.skip(why_no_recordings())
    return SHARED_DATA
