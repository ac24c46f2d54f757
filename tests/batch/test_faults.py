"""The short form of benchmarks/batch_faults.py: damaged and deadly inputs, killed processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "batch_faults.py"


@pytest.mark.skipif(sys.platform != "linux", reason="it looks for processes in /proc")
@pytest.mark.timeout(300)
def test_a_batch_keeps_its_promises_whatever_dies(tmp_path: Path) -> None:
    done = subprocess.run(
        # Without the memory blow-up: where pages are slow to come by, it takes minutes to grow.
        # `test_pool` has a smaller one.
        [
            sys.executable,
            str(BENCHMARK),
            "--inputs",
            "10",
            "--silence",
            "3",
            "--dir",
            str(tmp_path),
            "--faults",
            "abort",
            "segfault",
            "loop",
        ],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        timeout=290,
        check=False,
    )

    lines = done.stdout.splitlines()
    assert [line for line in lines if line.startswith("FAILED")] == []
    assert sum(line.startswith("ok") for line in lines) >= 25, done.stderr
    assert done.returncode == 0
