"""The page and the API: what they bring along."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("uvicorn", reason='no page is tried: pip install "motionapp[edge]"')
pytest.importorskip("starlette", reason='no page is tried: pip install "motionapp[edge]"')


def test_the_parent_of_cameras_needs_no_library_of_pictures() -> None:
    line = (
        "import motionapp.edge.web.server, sys;"
        "print(*{'av', 'cv2', 'onnxruntime', 'numpy', 'PyQt6'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", line], capture_output=True, text=True, timeout=50, check=True
    )
    assert done.stdout.strip() == ""
