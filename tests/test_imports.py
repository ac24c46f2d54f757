"""What `import motionapp` brings along, and what it must not."""

from __future__ import annotations

import subprocess
import sys

import pytest

FORBIDDEN = ("PyQt6", "torch", "onnx", "onnxscript", "matplotlib")


def loaded_by(line: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{line}\nimport sys\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        timeout=50,
        check=True,
    )
    return {name.partition(".")[0] for name in done.stdout.split()}


@pytest.mark.parametrize(
    "line",
    [
        "import motionapp",
        "import motionapp.analysis, motionapp.assembly",
        "import motionapp.cli",
    ],
)
def test_neither_qt_nor_torch_comes_along(line: str) -> None:
    assert not loaded_by(line) & set(FORBIDDEN)


def test_the_core_needs_numpy_and_nothing_else() -> None:
    rooms = "frame geometry motion window track clip event moment representation contract seams"
    line = "import " + ", ".join(f"motionapp.core.{room}" for room in f"{rooms} errors".split())

    outside = loaded_by(line) - set(sys.stdlib_module_names) - {"motionapp", "numpy", "__main__"}

    assert {name for name in outside if not name.startswith("_")} <= {"sitecustomize"}
