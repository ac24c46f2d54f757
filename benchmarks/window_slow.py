"""Does the window stay smooth while analysis is far too slow?

    python benchmarks/window_slow.py [FILE] [--minutes 10] [--analysis 5] [--follows smooth]

Lets each frame's analysis take as long as makes so many a second, by force, and watches one way of
following for so long: `smooth` shows the newest picture with boxes that fade with their age,
`synced` the picture that was analysed. Bars: `smooth` paints at least 25 pictures a second, some
of them with faded boxes; `synced` shows what analysis gives, and each picture is the one that its
boxes belong to. In both, nothing queues: what waits stays the same, what is shown stays as young,
and memory grows by less than 0.5 MB a minute after the first.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from PyQt6.QtCore import QTimer
from window_bench import (
    Bar,
    Figure,
    Memory,
    add_analysis,
    application,
    let_work,
    report,
    share_of,
    wish_for,
)
from window_inputs import Recording, make, recordings

from motionapp.analysis import Analysis
from motionapp.core.frame import Frame
from motionapp.core.moment import Moment
from motionapp.gui.play import playing
from motionapp.gui.play.canvas import FADES_FROM_S, Look, Shown
from motionapp.gui.start import make_window, take_down
from motionapp.gui.window import MainWindow

RENDERED_S = 20.0
LOOK_EACH_S = 0.05
NOTHING_QUEUES = (
    Bar("waiting_max", "most", 8),  # two roads, a picture each, and moments between two looks
    Bar("later_over_earlier_age", "most", 2.0),
    Bar("qt_wait_p95_ms", "most", 100.0),
    Bar("rss_slope_mb_min", "most", 0.5),
    Bar("messages_count", "most", 0),
)


@dataclass
class Slowed:
    """What was seen of a window whose analysis is slow."""

    window: MainWindow
    memory: Memory = field(default_factory=Memory)
    gaps_s: list[float] = field(default_factory=list)
    """Between a picture and what is drawn on it."""
    ages_s: list[float] = field(default_factory=list)
    waits_s: list[float] = field(default_factory=list)
    """How late Qt is with what was due."""
    waiting: int = 0
    messages: list[str] = field(default_factory=list)

    def figures(self, elapsed_s: float, painted: int, analysed: int) -> dict[str, Figure]:
        """As they are printed."""
        half, ages_ms = len(self.ages_s) // 2, [1000 * age_s for age_s in self.ages_s]
        earlier = share_of(ages_ms[:half], 0.5) or 1.0
        faded = [gap for gap in self.gaps_s if FADES_FROM_S < gap < 1.0]
        return {
            "elapsed_s": round(elapsed_s, 1),
            "pictures_hz": round(painted / elapsed_s, 2),
            "analysis_hz": round(analysed / elapsed_s, 2),
            "pictures_per_analysis": round(painted / max(1, analysed), 2),
            "with_faded_boxes": round(len(faded) / max(1, len(self.gaps_s)), 3),
            "gap_max_s": share_of(self.gaps_s, 1.0),
            "age_p95_ms": share_of(ages_ms, 0.95),
            "later_over_earlier_age": round((share_of(ages_ms[half:], 0.5) or 0) / earlier, 2),
            "qt_wait_p95_ms": share_of([1000 * wait_s for wait_s in self.waits_s], 0.95),
            "waiting_max": self.waiting,
            **self.memory.figures(),
            "messages": "; ".join(self.messages),
            "messages_count": len(self.messages),
        }


class Slow:
    """Makes every step of every analysis take at least so long, and counts them."""

    def __init__(self, rate_hz: float) -> None:
        self.steps = 0
        step = Analysis.step

        def slowly(analysis: Analysis, frame: Frame) -> Moment:
            began_s = time.monotonic()
            moment = step(analysis, frame)
            time.sleep(max(0.0, 1 / rate_hz - (time.monotonic() - began_s)))
            self.steps += 1
            return moment

        Analysis.step = slowly  # type: ignore[method-assign]


def note_gaps(slowed: Slowed) -> None:
    """Keep how far each picture is from what is drawn on it."""
    made = playing.shown

    def shown(frame: Frame, moment: Moment | None, look: Look) -> Shown:
        if moment is not None and moment.frame is not None:
            slowed.gaps_s.append(abs(frame.pts_s - moment.frame.pts_s))
        return made(frame, moment, look)

    playing.shown = shown


def measure(window: MainWindow, slow: Slow, seconds: float) -> dict[str, Figure]:
    """Run the window for so long from when it is under way, and close it."""
    slowed = Slowed(window)
    window.player.failed.connect(slowed.messages.append)
    window.show()
    let_work(lambda: window.view.painted.count > 20, 30.0)
    note_gaps(slowed)
    window.view.ages_s.observe = slowed.ages_s.append  # type: ignore[method-assign]
    began_s, painted, steps = time.monotonic(), window.view.painted.count, slow.steps
    due_s = began_s

    def look() -> None:
        nonlocal due_s
        now_s = time.monotonic()
        slowed.waits_s.append(max(0.0, now_s - due_s))
        due_s = now_s + LOOK_EACH_S
        # What waits between the driver's threads and Qt's: pictures, and figures of frames.
        relay = window.player._relay
        slowed.waiting = max(slowed.waiting, len(relay._waiting) + len(relay._looks))
        if now_s - began_s >= len(slowed.memory.samples):
            slowed.memory.note(now_s - began_s)

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(round(1000 * LOOK_EACH_S))
    let_work(lambda: time.monotonic() - began_s >= seconds, seconds + 30)
    timer.stop()
    elapsed_s = time.monotonic() - began_s
    figures = slowed.figures(elapsed_s, window.view.painted.count - painted, slow.steps - steps)
    window.close()
    return figures


def bars_for(follows: str, seconds: float) -> list[Bar]:
    """What holds; a run that ends before memory has settled says nothing of it."""
    is_short = seconds < 120
    bars = [bar for bar in NOTHING_QUEUES if not (is_short and bar.name == "rss_slope_mb_min")]
    if follows == "smooth":
        return [*bars, Bar("pictures_hz", "least", 25.0), Bar("with_faded_boxes", "least", 0.01)]
    # Each analysed picture once, and the one that it belongs to.
    return [
        *bars,
        Bar("pictures_per_analysis", "least", 0.9),
        Bar("pictures_per_analysis", "most", 1.1),
        Bar("gap_max_s", "most", 0.0),
    ]


def main() -> int:
    """Measure and say whether the bars were met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--analysis", type=float, default=5.0, help="frames a second")
    parser.add_argument("--follows", choices=("smooth", "synced"), default="smooth")
    add_analysis(parser)
    options = parser.parse_args()
    seconds = options.minutes * 60
    with recordings() as folder:
        recording = Recording(seconds=RENDERED_S)
        path = options.file or make(folder / "figures.mp4", recording, least_s=seconds + 15)
        application(folder)
        slow = Slow(options.analysis)
        window = make_window(wish_for(str(path), options))
        if options.follows == "synced":
            window.actions_["synced"].trigger()
        figures = {"follows": options.follows, **measure(window, slow, seconds)}
        take_down(window)
        return report(figures, bars_for(options.follows, seconds))


if __name__ == "__main__":
    sys.exit(main())
