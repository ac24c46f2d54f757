"""What the parent process imports is light."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["schedule", "notify", "discover"])
def test_the_parent_needs_no_library_for_pictures(module: str) -> None:
    lines = (
        f"import sys, motionapp.edge.{module}",
        "heavy = {'av', 'cv2', 'onnxruntime', 'torch', 'PyQt6'} & set(sys.modules)",
        "print(*sorted(heavy))",
    )

    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, timeout=30
    )

    assert (done.stdout.strip(), done.stderr) == ("", "")
