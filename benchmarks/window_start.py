"""How long does it take from the command to the first picture?

    python benchmarks/window_start.py [FILE] [--times 7]

Starts `motionapp gui FILE` in a process of its own, once to warm the disk's cache and then so
often, and measures from the start of the process to the end of the first paint of a picture; the
window closes then by itself, and how long its process takes to end is measured too. Bar: the median
is at most 1.2 s. What is measured is the program as it is: a thread beside it waits for the module
of the view and lets its first painted picture be told.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from window_bench import Bar, Figure, report, share_of
from window_inputs import Recording, make, recordings

BARS = (Bar("first_picture_p50_s", "most", 1.2),)
WITHIN_S = 60.0

DRIVER = """
import sys, threading, time

def watch():
    view = None
    while view is None:
        time.sleep(0.004)
        view = getattr(sys.modules.get("motionapp.gui.picture"), "PictureView", None)
    paint = view.paintEvent
    def painted(self, event):
        paint(self, event)
        if self.picture is not None:
            view.paintEvent = paint
            print("painted", time.monotonic(), flush=True)
            from PyQt6.QtCore import QTimer
            from PyQt6.QtWidgets import QApplication
            QTimer.singleShot(0, QApplication.closeAllWindows)
    view.paintEvent = painted

threading.Thread(target=watch, name="watch", daemon=True).start()
from motionapp.cli import main
sys.argv[0] = "motionapp"
sys.exit(main())
"""


def start_once(path: Path, folder: Path) -> tuple[float, float]:
    """Seconds from the command to the first picture, and from there to the end of the process."""
    command = [sys.executable, "-c", DRIVER, "gui", str(path)]
    environment = {**os.environ, "XDG_CONFIG_HOME": str(folder)}
    began_s = time.monotonic()
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=WITHIN_S, check=False
    )
    ended_s = time.monotonic()
    lines = [line.split() for line in done.stdout.splitlines() if line.startswith("painted")]
    if not lines:
        raise RuntimeError(f"no picture was painted: {done.stderr.strip()[-400:]}")
    painted_s = float(lines[0][1])
    return painted_s - began_s, ended_s - painted_s


def main() -> int:
    """Measure and say whether the bar was met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--times", type=int, default=7)
    options = parser.parse_args()
    with recordings() as folder, tempfile.TemporaryDirectory() as config:
        path = options.file or make(folder / "figures.mp4", Recording(seconds=6.0))
        start_once(path, Path(config))
        starts = [start_once(path, Path(config)) for _ in range(options.times)]
    first_s, gone_s = [one[0] for one in starts], [one[1] for one in starts]
    figures: dict[str, Figure] = {
        "starts": options.times,
        "first_picture_p50_s": share_of(first_s, 0.5),
        "first_picture_min_s": share_of(first_s, 0.0),
        "first_picture_max_s": share_of(first_s, 1.0),
        "gone_p50_s": share_of(gone_s, 0.5),
        "gone_max_s": share_of(gone_s, 1.0),
    }
    return report(figures, BARS)


if __name__ == "__main__":
    sys.exit(main())
