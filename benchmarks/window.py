"""Does the window keep up? Plays a recording in real time and measures what is painted.

    python benchmarks/window.py [FILE] [--minutes 10] [--size 1280x720] [--served]
        [--classifier NAME] [--frontend NAME]

Bars, for 1280x720 at 30 frames per second on two cores: at least 29.5 distinct pictures painted
per second, 95 % of them within 40 ms of when they were due, and memory that grows by less than
0.5 MB a minute after the first; for 3840x2160 at least 25 pictures. Without FILE another process
renders four people first, and the recording is as long as the run: decoders that are opened afresh
move the memory by some 20 MB to and fro. With --served another process sends it as a live stream.
Run it under Xvfb for figures with the X server's work in them
(`xvfb-run -s "-screen 0 1280x800x24" ...`), or with QT_QPA_PLATFORM=offscreen.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication
from window_bench import (
    Bar,
    Figure,
    Memory,
    Work,
    add_analysis,
    application,
    report,
    share_of,
    wish_for,
)
from window_inputs import Recording, make, recordings, served

from motionapp.gui.play.wish import Play
from motionapp.gui.start import make_window, take_down
from motionapp.gui.window import MainWindow
from motionapp.runtime import Meter

RENDERED_S = {(1280, 720): 40.0, (3840, 2160): 8.0}
"""So much is rendered, and repeated: drawing 4K takes eight times as long as watching it."""
BARS: dict[tuple[int, int], tuple[Bar, ...]] = {
    (1280, 720): (
        Bar("pictures_hz", "least", 29.5),
        Bar("age_p95_ms", "most", 40.0),
        Bar("rss_slope_mb_min", "most", 0.5),
        Bar("messages_count", "most", 0),
    ),
    (3840, 2160): (Bar("pictures_hz", "least", 25.0), Bar("messages_count", "most", 0)),
}


class KeepingMeter(Meter):
    """A meter that forgets nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.values: list[float] = []

    def observe(self, value: float = 1.0) -> None:
        """Note a value now."""
        super().observe(value)
        self.values.append(value)


@dataclass
class Measured:
    """What was seen of a window."""

    ages_s: KeepingMeter = field(default_factory=KeepingMeter)
    memory: Memory = field(default_factory=Memory)
    began_s: float | None = None
    elapsed_s: float = 0.0
    analysis_hz: float = 0.0
    work: Work | None = None
    cpu: dict[str, Figure] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, Figure]:
        """As they are printed."""
        ages_ms = [1000 * age_s for age_s in self.ages_s.values]
        return {
            "elapsed_s": round(self.elapsed_s, 1),
            "pictures": len(ages_ms),
            "pictures_hz": round(len(ages_ms) / max(self.elapsed_s, 1e-9), 2),
            "analysis_hz": round(self.analysis_hz, 2),
            "age_p50_ms": share_of(ages_ms, 0.5),
            "age_p95_ms": share_of(ages_ms, 0.95),
            "age_max_ms": share_of(ages_ms, 1.0),
            **self.memory.figures(),
            **self.cpu,
            "messages": "; ".join(self.messages),
            "messages_count": len(self.messages),
        }


def measure(window: MainWindow, app: QApplication, seconds: float) -> Measured:
    """Run the window for so long from its first picture, then close it."""
    measured = Measured()
    window.view.ages_s = measured.ages_s
    window.player.failed.connect(measured.messages.append)
    deadline_s = time.monotonic() + seconds + 60
    analysed_before = [0]

    def look() -> None:
        now_s = time.monotonic()
        if measured.began_s is None and measured.ages_s.values:
            measured.began_s = now_s
            measured.ages_s.values.clear()
            measured.work = Work()
            analysed_before[0] = window.player.driver.snapshot().analysed
        since_s = 0.0 if measured.began_s is None else now_s - measured.began_s
        if measured.began_s is not None and since_s >= len(measured.memory.samples):
            measured.memory.note(since_s)
        if since_s >= seconds or now_s > deadline_s:
            measured.elapsed_s = since_s
            analysed = window.player.driver.snapshot().analysed - analysed_before[0]
            measured.analysis_hz = analysed / max(since_s, 1e-9)
            measured.cpu = {} if measured.work is None else measured.work.shares()
            timer.stop()
            window.close()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(50)
    window.show()
    app.exec()
    return measured


@contextmanager
def recording(
    path: Path | None, seconds: float, size: tuple[int, int] = (1280, 720)
) -> Iterator[Path]:
    """The named file; else a rendered one of at least `seconds`, while the block lasts."""
    if path is not None:
        yield path
        return
    with recordings() as folder:
        made = Recording(size, seconds=min(seconds, RENDERED_S.get(size, 10.0)))
        yield make(folder / "figures.mp4", made, least_s=seconds)


def bars_for(size: tuple[int, int], seconds: float) -> Sequence[Bar]:
    """What holds at this size; a run that ends before memory has settled says nothing of it."""
    bars = BARS.get(size, ())
    is_short = seconds < 120
    return [bar for bar in bars if not (is_short and bar.name == "rss_slope_mb_min")]


def main() -> int:
    """Measure and say whether the bars were met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--size", default="1280x720", help="WIDTHxHEIGHT (default: %(default)s)")
    parser.add_argument("--served", action="store_true", help="as a stream from another process")
    add_analysis(parser)
    options = parser.parse_args()
    width, height = map(int, options.size.split("x"))
    size, seconds = (width, height), options.minutes * 60
    with recordings() as folder, recording(options.file, seconds + 5, size) as path:
        app = application(folder)
        with served(path, is_served=options.served) as spec:
            play = Play() if options.served else None
            window = make_window(wish_for(spec, options, play))
            measured = measure(window, app, seconds)
            take_down(window)
        return report(measured.figures(), bars_for(size, seconds))


if __name__ == "__main__":
    sys.exit(main())
