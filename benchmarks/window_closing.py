"""How long does a window take to close, whatever goes on in it?

    python benchmarks/window_closing.py [--times 3] [--only STATE]

Each time a window in a process of its own is brought into a state, closed a little later, and
watched from outside until its process is gone. Bars: at most 1 s from the asking to the end of the
process in the median of all, 2 s at worst; no process of it is left, and it says nothing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PyQt6.QtCore import QTimer
from window_bench import Bar, Figure, application, report, share_of
from window_inputs import Recording, make, recordings

from motionapp.gui.jobs import Ticket
from motionapp.gui.play.wish import Loop, Play, Wish
from motionapp.gui.start import make_window, take_down
from motionapp.gui.teaching.takes import Take, TakeSet
from motionapp.gui.teaching.training import train_takes
from motionapp.gui.window import MainWindow
from motionapp.settings import load_settings

BARS = (
    Bar("closing_p50_s", "most", 1.0),
    Bar("closing_max_s", "most", 2.0),
    Bar("processes_left", "most", 0),
    Bar("said_count", "most", 0),
)
WITHIN_S = 60.0
Does = Callable[[MainWindow, Path], object]


def _nothing(window: MainWindow, folder: Path) -> None:
    """It plays."""


def _train(window: MainWindow, folder: Path) -> None:
    """As the dock that teaches does it: `motionapp train` in a process of its own."""
    place = folder / "taught"
    place.mkdir(exist_ok=True)
    takes = TakeSet(place)
    for label in ("wave", "clap"):
        for _ in range(3):
            name = takes.free_file(label)
            shutil.copy(folder / "figures.mp4", place / name)
            takes = takes.with_take(Take(name, label, "", 5.0))

    def work(ticket: Ticket) -> object:
        return train_takes(takes, "absdiff", ticket, lambda step: None)

    window.crew.jobs.start("training", work)


STATES: dict[str, Does] = {
    "playing": _nothing,
    "held": lambda window, folder: window.actions_["pause"].trigger(),
    "seeking": lambda window, folder: window.crew.transport.seek(3.3),
    "recording": lambda window, folder: (
        window.crew.recording.go_to(folder), window.actions_["record"].trigger(),
    ),
    "comparing": lambda window, folder: window.panels.compare.switched.emit(True),
    "asking why": lambda window, folder: window.crew.asking.ask(),
    "exporting": lambda window, folder: window.crew.exporting.export(folder / "out"),
    "training": _train,
    "opening": lambda window, folder: window.open_source("synthetic:crossing"),
    "a silent address": lambda window, folder: window.open_source((folder / "address").read_text()),
    "a silent address over rtsp": lambda window, folder: window.open_source(
        (folder / "address").read_text().replace("http", "rtsp")
    ),
}  # fmt: skip
"""What goes on when it is closed."""


def hold(path: Path, state: str, after_s: float, folder: Path) -> None:
    """Bring a window into a state and close it; tells when it was asked to. Ends the process."""
    app = application(folder)
    wish = Wish(str(path), load_settings().analysis, play=Play(loop=Loop()))
    window = make_window(wish)

    def close() -> None:
        print("asked", time.monotonic(), flush=True)
        window.close()
        print("closed", time.monotonic(), flush=True)

    def look() -> None:
        if window.view.painted.count > 5:
            timer.stop()
            STATES[state](window, folder)
            QTimer.singleShot(round(1000 * after_s), close)

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(20)
    window.show()
    code = app.exec()
    window.player.close()
    take_down(window)
    sys.exit(code)


@contextmanager
def silence() -> Iterator[str]:
    """An address that takes calls and never answers, while the block lasts."""
    # The system takes the calls. Were they taken here, they would count as files that are left.
    with socket.create_server(("127.0.0.1", 0), backlog=128) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/stream"


def close_once(path: Path, state: str, after_s: float, folder: Path) -> tuple[float, float, str]:
    """Seconds until the window's call was over, until its process was gone, and what it said."""
    command = [
        sys.executable, __file__, "--hold", state, "--file", str(path), "--after", str(after_s),
        "--folder", str(folder),
    ]  # fmt: skip
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            out, err = process.communicate(timeout=WITHIN_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # with all that it has begun
            return WITHIN_S, WITHIN_S, f"it had not ended after {WITHIN_S:g} s"
    ended_s = time.monotonic()
    told = dict(line.split() for line in out.splitlines() if line.startswith(("asked", "closed")))
    if "asked" not in told:
        raise RuntimeError(f"{state}: {err.strip()[-400:]}")
    asked_s = float(told["asked"])
    said = err.strip() or ("" if process.returncode == 0 else f"it ended by {process.returncode}")
    return float(told.get("closed", ended_s)) - asked_s, ended_s - asked_s, said


def left_behind(folder: Path) -> int:
    """Processes that still work in a folder which only this run knows."""
    found = 0
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found += str(folder) in entry.read_text(errors="replace")
        except OSError:
            continue  # it has ended meanwhile
    return found


def main() -> int:
    """Measure and say whether the bars were met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--only", choices=STATES)
    parser.add_argument("--file", type=Path, help="default: one is rendered")
    parser.add_argument("--hold", choices=STATES, help=argparse.SUPPRESS)
    parser.add_argument("--after", type=float, default=0.3, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.hold:
        hold(options.file, options.hold, options.after, options.folder)
    figures: dict[str, Figure] = {}
    all_s: list[float] = []
    said: list[str] = []
    with recordings() as folder, silence() as address:
        path = folder / "figures.mp4"
        if options.file:
            shutil.copy(options.file, path)
        else:
            make(path, Recording(seconds=10.0))
        (folder / "address").write_text(address)
        for state in [options.only] if options.only else STATES:
            # At once, and when it is well under way.
            gone = [close_once(path, state, 0.05 + 0.6 * n, folder) for n in range(options.times)]
            figures[f"{state} (worst call, s)"] = share_of([one[0] for one in gone], 1.0)
            figures[f"{state} (worst end, s)"] = share_of([one[1] for one in gone], 1.0)
            all_s += [one[1] for one in gone]
            said += [f"{state}: {one[2][-300:]}" for one in gone if one[2]]
        figures["processes_left"] = left_behind(folder)
    figures["closing_p50_s"] = share_of(all_s, 0.5)
    figures["closing_max_s"] = share_of(all_s, 1.0)
    figures["said"] = " | ".join(said)
    figures["said_count"] = len(said)
    return report(figures, BARS)


if __name__ == "__main__":
    sys.exit(main())
