"""What the benchmarks of the window share: an application that remembers nothing, and a process's
memory over time. Nothing is measured here."""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from bars import Bar as Bar
from bars import Figure as Figure
from bars import missed as missed
from bars import report as report
from bars import share_of as share_of
from PyQt6.QtCore import QEventLoop, QSettings, QTimer
from PyQt6.QtWidgets import QApplication

from motionapp.gui.manners import install
from motionapp.gui.play.wish import Loop, Play, Wish
from motionapp.gui.theme import dress
from motionapp.processes import clean_environment
from motionapp.runtime.arenas import few_arenas
from motionapp.settings import load_settings

SETTLED_S = 60.0
"""Caches, fonts and buffer pools have their size by then."""


@dataclass(slots=True)
class Memory:
    """Resident memory of this process over time."""

    settled_s: float = SETTLED_S
    samples: list[tuple[float, float]] = field(default_factory=list)
    """Seconds, and MB."""

    def note(self, since_s: float) -> None:
        """As it is now."""
        resident = resident_mb()
        if resident is not None:
            self.samples.append((since_s, resident))

    @property
    def slope_mb_min(self) -> float | None:
        """By least squares, once it has settled; None of less than ten seconds."""
        settled = [one for one in self.samples if one[0] >= self.settled_s]
        if len(settled) < 3 or settled[-1][0] - settled[0][0] < 10:
            return None
        seconds, resident = np.array(settled).T
        return round(60 * float(np.polyfit(seconds, resident, 1)[0]), 3)

    def figures(self) -> dict[str, Figure]:
        """As they are printed."""
        settled = [one for one in self.samples if one[0] >= self.settled_s]
        return {
            "rss_settled_mb": settled[0][1] if settled else None,
            "rss_end_mb": self.samples[-1][1] if self.samples else None,
            "rss_slope_mb_min": self.slope_mb_min,
        }


def resident_mb() -> float | None:
    """Resident memory of this process; None where the system does not say."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return None
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return round(int(line.split()[1]) / 1024, 2)


@dataclass(slots=True)
class Work:
    """Processor time that this process's threads take, whatever else the machine does."""

    began_s: dict[str, float] = field(default_factory=lambda: cpu_s())
    since_s: float = field(default_factory=time.monotonic)

    def shares(self) -> dict[str, Figure]:
        """Of one core, by threads' names; `process` is all of it."""
        elapsed_s, now_s = time.monotonic() - self.since_s, cpu_s()
        return {
            f"cpu_{name}": round((spent_s - self.began_s.get(name, 0.0)) / elapsed_s, 3)
            for name, spent_s in now_s.items()
        }


def cpu_s() -> dict[str, float]:
    """Seconds of processor time so far: of each thread that Python knows, by name, and of all."""
    ticks, spent_s = os.sysconf("SC_CLK_TCK"), {"process": time.process_time()}
    for thread in threading.enumerate():
        stat = Path(f"/proc/self/task/{thread.native_id}/stat")
        if stat.is_file():
            user, system = stat.read_text().rpartition(")")[2].split()[11:13]
            name = thread.name
            spent_s[name] = spent_s.get(name, 0.0) + (int(user) + int(system)) / ticks
    return spent_s


def application(folder: Path) -> QApplication:
    """An application as `motionapp gui` makes it, with settings in a folder of their own."""
    for name in set(os.environ) - set(clean_environment(os.environ)):
        del os.environ[name]  # cv2's Qt 5 is not ours, which finds its plug-ins without
    few_arenas()
    for scope in (QSettings.Scope.UserScope, QSettings.Scope.SystemScope):
        QSettings.setPath(QSettings.Format.NativeFormat, scope, str(folder / "remembered"))
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
    dress(app)
    install(app)
    return app


def let_work(holds: Callable[[], object], within_s: float) -> bool:
    """Let Qt work until something holds. False: the time was up first."""
    deadline_s = time.monotonic() + within_s
    loop, timer = QEventLoop(), QTimer()

    def look() -> None:
        if holds() or time.monotonic() > deadline_s:
            loop.quit()

    timer.timeout.connect(look)
    timer.start(5)
    loop.exec()
    return bool(holds())


def add_analysis(parser: argparse.ArgumentParser) -> None:
    """Options for how it is analysed."""
    parser.add_argument("--frontend", help="default: what the program takes")
    parser.add_argument("--classifier", help="default: what the program takes; none: no names")


def wish_for(spec: str, options: argparse.Namespace, play: Play | None = None) -> Wish:
    """Play a source again and again, analysed as the options say."""
    settings = load_settings(
        changes={
            "analysis.frontend": options.frontend,
            "analysis.recognition.classifier": options.classifier,
        }
    )
    return Wish(spec, settings.analysis, play=play or Play(loop=Loop()))
