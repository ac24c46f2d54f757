"""Whatever is done in the window, in whatever order: nothing fails, nothing hangs, nothing is left.

    python benchmarks/window_actions.py [--times 3000] [--seeds 1,2,3] [--language de]

Does so many things by chance in one window (`window_doings.py`: all actions of the table, pointer
and wheel on the picture and the timeline, whatever can be set in the docks, zones, sources that are
good, damaged, silent or not there), a process for each seed. Meanwhile Qt's thread beats every
10 ms, and a watchdog notes what it does where it does not. Bars: no exception and no error of the
program itself, no thread and no open file left over, no beat missed for more than 0.5 s, and
memory that is flat. What is open and shown moves it by two hundred megabytes to and fro, so that
it is taken at rests: each twelfth of the way, with the same recording and the settings of the
beginning, once what is free has gone back to the system. The median of the last three rests is at
most 30 MB above that of the three after the first quarter.
"""

from __future__ import annotations

import argparse
import gc
import logging
import os
import random
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType

from PyQt6.QtCore import QTimer, QtMsgType, qInstallMessageHandler
from window_bench import (
    Bar,
    Figure,
    add_analysis,
    application,
    let_work,
    report,
    resident_mb,
    share_of,
    wish_for,
)
from window_closing import silence
from window_doings import Doings
from window_inputs import Recording, make, recordings

from motionapp.gui.play.wish import Wish
from motionapp.gui.start import make_window, take_down
from motionapp.gui.window import MainWindow
from motionapp.gui.words import speak
from motionapp.runtime.arenas import give_back

BARS = (
    Bar("exceptions_count", "most", 0),
    Bar("threads_left", "most", 0),
    Bar("files_left", "most", 3),  # what libraries open once and keep
    Bar("stall_max_s", "most", 0.5),
    Bar("memory_growth_mb", "most", 30.0),
)
BEAT_S = 0.01
STALL_S = 0.5
SILENT_S = 16.0
"""A read of an address that does not answer ends by itself within six seconds, and what looks for a
lost camera again within fifteen."""
RESTS = 12
UNSETTLED = 3
"""Of the rests: until then what is loaded once has been loaded."""
REST_S = 2.0
"""By then what was closed before has been let go."""


@dataclass
class Watchdog:
    """Notes what Qt's thread does while it does not beat."""

    stalls: list[tuple[float, float, str]] = field(default_factory=list)
    """Seconds of the clock and of the processor, and what was being done, with where it was."""
    doing: str = ""
    _beat: float = field(default_factory=time.monotonic)
    _cpu: float = field(default_factory=time.thread_time)
    _seen: str = ""
    _over: threading.Event = field(default_factory=threading.Event)

    def beat(self) -> None:
        """Called by Qt's timer."""
        now, cpu = time.monotonic(), time.thread_time()
        if now - self._beat > STALL_S:
            what = f"{self.doing}: {self._seen or 'no thread of Python came to its turn'}"
            self.stalls.append((round(now - self._beat, 2), round(cpu - self._cpu, 2), what))
        self._beat, self._cpu, self._seen = now, cpu, ""

    @contextmanager
    def watching(self) -> Iterator[None]:
        """While the block lasts."""
        main = threading.get_ident()
        self._beat, self._cpu = time.monotonic(), time.thread_time()
        thread = threading.Thread(target=self._watch, args=(main,), name="watchdog")
        thread.start()
        timer = QTimer()
        timer.timeout.connect(self.beat)
        timer.start(round(1000 * BEAT_S))
        try:
            yield
        finally:
            timer.stop()
            self._over.set()
            thread.join()

    def _watch(self, main: int) -> None:
        while not self._over.wait(0.02):
            if self._seen or time.monotonic() - self._beat < STALL_S * 0.6:
                continue
            frame = sys._current_frames().get(main)
            lines = traceback.extract_stack(frame) if frame is not None else []
            own = [one for one in lines if "motionapp" in one.filename][-4:]
            self._seen = " > ".join(f"{Path(one.filename).name}:{one.lineno}" for one in own)


@dataclass
class Troubles(logging.Handler):
    """All that goes wrong, wherever it does."""

    found: list[str] = field(default_factory=list)
    qt: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(logging.ERROR)
        logging.getLogger().addHandler(self)
        sys.excepthook = self._raised
        threading.excepthook = lambda told: self._raised(
            told.exc_type, told.exc_value, told.exc_traceback
        )
        qInstallMessageHandler(self._said)

    __hash__ = logging.Handler.__hash__

    def emit(self, record: logging.LogRecord) -> None:
        """A line of a log."""
        raised = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
        self.found.append(f"{record.getMessage()} {raised[-500:]}")

    def _raised(
        self,
        kind: type[BaseException],
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self.found.append("".join(traceback.format_exception(kind, error, where))[-600:])

    def _said(self, kind: QtMsgType, _: object, text: str | None) -> None:
        if kind != QtMsgType.QtDebugMsg and "propagateSizeHints" not in (text or ""):
            self.qt.append(text or "")


def sources(folder: Path, address: str) -> list[str]:
    """Good ones, damaged ones, some that are not there, and one that does not answer."""
    good = make(folder / "good.mp4", Recording((640, 360), 25, 8.0, key_frames=50))
    content = bytearray(good.read_bytes())
    (folder / "cut.mp4").write_bytes(bytes(content[: len(content) // 2]))
    drawn = random.Random(7)
    for _ in range(60):
        content[drawn.randrange(2000, len(content) - 2000)] ^= 255
    (folder / "damaged.mp4").write_bytes(bytes(content))
    (folder / "odd & <b>.avi").write_bytes(b"this is no recording")
    names = ("good.mp4", "good.mp4", "damaged.mp4", "cut.mp4", "odd & <b>.avi", "none.mp4")
    known = [str(folder / name) for name in names]
    return [*known, "synthetic:crossing", "synthetic:walk", "camera:7", "", address]


def act(folder: Path, times: int, seed: int, language: str, options: argparse.Namespace) -> int:
    """Do so many things in one window, and say what went wrong."""
    before = set(threading.enumerate())
    app = application(folder)
    speak(app, [language])
    troubles, watchdog, drawn = Troubles(), Watchdog(), random.Random(seed)
    memory: list[float] = []
    rests: list[float] = []
    files: list[int] = []
    done: list[str] = []
    with silence() as address:
        known = sources(folder, address)
        base = wish_for(known[0], options)
        window = make_window(base)
        window.crew.recording.go_to(folder / "films")
        window.player.failed.connect(
            lambda said: troubles.found.append(said) if "of the program itself" in said else None
        )
        window.show()
        let_work(lambda: window.view.painted.count, 30.0)
        doings = Doings(window, drawn, known, folder)
        with watchdog.watching(), doings.answered():
            for number in range(times):
                watchdog.doing = doings.one()
                done.append(watchdog.doing)
                pause_s = time.monotonic() + drawn.choice([0, 0, 0.01, 0.03, 0.2])
                let_work(lambda: time.monotonic() >= pause_s, 5.0)  # noqa: B023  waited for here
                if number % max(1, times // 60) == 0:
                    memory.append(resident_mb() or 0.0)
                    files.append(len(os.listdir("/proc/self/fd")))
                if number % max(1, times // RESTS) == max(1, times // RESTS) - 1:
                    watchdog.doing = "resting"
                    rests.append(resting_mb(window, base))
            watchdog.doing = "closing"
            began_s = time.monotonic()
            window.close()
            closing_s = time.monotonic() - began_s
            watchdog.beat()
        take_down(window)
        deadline_s = time.monotonic() + SILENT_S
        while set(threading.enumerate()) - before and time.monotonic() < deadline_s:
            time.sleep(0.05)
    left = (
        set(threading.enumerate())
        - before
        - {t for t in threading.enumerate() if t.name == "silence"}
    )
    return report(_figures(done, troubles, watchdog, memory, rests, files, left, closing_s), BARS)


def resting_mb(window: MainWindow, base: Wish) -> float:
    """What is resident while the first recording plays as it did in the beginning."""
    window._want(replace(base, opening=window._wish.opening + 1))
    rested_s = time.monotonic() + REST_S
    let_work(lambda: time.monotonic() >= rested_s, 5.0)
    gc.collect()
    give_back()
    return resident_mb() or 0.0


def _floor(files: list[int]) -> int:
    """How many are open while least is: a file that nobody closes raises it for good."""
    return min(files, default=0)


def _figures(
    done: list[str],
    troubles: Troubles,
    watchdog: Watchdog,
    memory: list[float],
    rests: list[float],
    files: list[int],
    left: set[threading.Thread],
    closing_s: float,
) -> dict[str, Figure]:
    quarter = max(1, len(files) // 4)
    settled, last = rests[UNSETTLED : 2 * UNSETTLED] or rests, rests[-UNSETTLED:]
    stalls = [one for one in watchdog.stalls if not one[2].startswith(("closing", "resting"))]
    growth = (share_of(last, 0.5) or 0) - (share_of(settled, 0.5) or 0)
    return {
        "actions": len(done),
        "kinds": len(set(done)),
        "exceptions_count": len(troubles.found),
        "exceptions": " || ".join(troubles.found[:5]),
        "qt_messages": " || ".join(sorted(set(troubles.qt))[:8]),
        "threads_left": len(left),
        "threads": ", ".join(thread.name for thread in left),
        "files_left": _floor(files[-quarter:]) - _floor(files[quarter : 2 * quarter]),
        "stalls": len(stalls),
        "stall_max_s": max((one[0] for one in stalls), default=0.0),
        "stall_cpu_max_s": max((one[1] for one in stalls), default=0.0),
        "stalls_worst": " || ".join(map(str, sorted(stalls, reverse=True)[:8])),
        "closing_s": round(closing_s, 2),
        "rss_settled_mb": share_of(settled, 0.5),
        "rss_end_mb": share_of(last, 0.5),
        "rss_mb": " ".join(f"{one:.0f}" for one in memory),
        "resting_mb": " ".join(f"{one:.0f}" for one in rests),
        "memory_growth_mb": round(growth, 1),
    }


def main() -> int:
    """Do it for each seed in a process of its own, and say whether the bars were met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=3000)
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--language", default="en")
    add_analysis(parser)
    options = parser.parse_args()
    seeds = [int(seed) for seed in options.seeds.split(",")]
    if len(seeds) == 1:
        with recordings() as folder:
            return act(folder, options.times, seeds[0], options.language, options)
    codes = []
    for seed in seeds:
        print(f"seed {seed}", flush=True)
        others = [one for one in sys.argv[1:] if not one.startswith("--seeds") and "," not in one]
        command = [sys.executable, __file__, *others, "--seeds", str(seed)]
        codes.append(subprocess.run(command, check=False).returncode)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
