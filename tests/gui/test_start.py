"""The window's process, from its beginning to its end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHILD = """
import sys
from PyQt6.QtCore import QTimer
from motionapp.gui import start as starting
from motionapp.settings import Settings, apply_changes

make = starting.make_window

def made(*args, **named):
    window = make(*args, **named)
    timer = QTimer(window)

    def look():
        print("pyqtgraph" in sys.modules, window.view.painted.count > 0, flush=True)
        if window.view.painted.count:
            window.docks["instruments"].raise_()
        if window.panels.instruments.is_drawn:
            window.close()

    timer.timeout.connect(look)
    timer.start(20)
    return window

starting.make_window = made
settings = apply_changes(Settings(), {"analysis.recognition.classifier": "none"})
sys.exit(starting.start("synthetic:walk", settings))
"""


@pytest.mark.timeout(60)
def test_a_window_whose_instruments_were_seen_ends_well(tmp_path: Path) -> None:
    """What pyqtgraph leaves behind made PyQt crash at the end of Python, in 7 of 10; and it is
    imported only when it is wanted."""
    pytest.importorskip("pyqtgraph")
    remembered = {"XDG_CONFIG_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}

    ended = subprocess.run(
        [sys.executable, "-c", CHILD],
        env={**os.environ, **remembered},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr
    before = [line for line in ended.stdout.splitlines() if line.endswith("False")]
    assert set(before) <= {"False False"}
