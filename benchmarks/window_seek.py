"""How long does a seek take, from the asking to the painted picture that was asked for?

    python benchmarks/window_seek.py [FILE] [--size 1280x720] [--key 60] [--times 60]

Seeks to places drawn by chance, in a recording that is held, as a click on the timeline does; the
clock stops when the very picture of that time has been painted. Bars: the median is at most 150 ms
at 1280x720 and 500 ms at 3840x2160. Without FILE another process renders an H.264 recording with a
key frame every `--key` pictures, 60 being the two seconds of cameras and 250 what x264 does by
itself.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication
from window_bench import Bar, Figure, add_analysis, application, report, share_of, wish_for
from window_inputs import Recording, make, recordings

from motionapp.gui.play.wish import Play
from motionapp.gui.start import make_window, take_down
from motionapp.gui.window import MainWindow

LASTS_S = {(1280, 720): 60.0, (3840, 2160): 24.0}
RENDERED_S = {(1280, 720): 20.0, (3840, 2160): 8.0}
BARS = {
    (1280, 720): (Bar("seek_p50_ms", "most", 150.0), Bar("not_exact", "most", 0)),
    (3840, 2160): (Bar("seek_p50_ms", "most", 500.0), Bar("not_exact", "most", 0)),
}
GIVEN_UP_S = 20.0
REST_MS = 250
"""Between two seeks: what is found of the held picture is looked for meanwhile, as a person would
let it."""


@dataclass
class Seeks:
    """Asks for one place after the other."""

    window: MainWindow
    left: int
    rate_hz: float
    took_ms: list[float] = field(default_factory=list)
    not_exact: int = 0
    drawn: random.Random = field(default_factory=lambda: random.Random(18))
    _asked: tuple[float, float] | None = None

    def begin(self) -> None:
        """Watch every paint."""
        paint = self.window.view.paintEvent

        def painted(event: object) -> None:
            paint(event)  # type: ignore[arg-type]
            self._painted()

        self.window.view.paintEvent = painted  # type: ignore[method-assign]
        self._next()

    def _next(self) -> None:
        if self.left == 0:
            self.window.close()
            return
        self.left -= 1
        duration_s = self.window.crew.transport.duration_s or 0.0
        frame = self.drawn.randrange(round((duration_s - 0.2) * self.rate_hz))
        # The middle between two pictures: the next one is meant, whatever is rounded.
        at_s = (frame + 0.5) / self.rate_hz
        self._asked = at_s, time.monotonic()
        self.window.crew.transport.seek(at_s)
        asked = self._asked
        QTimer.singleShot(round(1000 * GIVEN_UP_S), lambda: self._give_up(asked))

    def _painted(self) -> None:
        picture = self.window.view.picture
        if self._asked is None or picture is None:
            return
        at_s, began_s = self._asked
        if abs(picture.pts_s - at_s) <= 0.6 / self.rate_hz:
            self.took_ms.append(1000 * (time.monotonic() - began_s))
            self._asked = None
            QTimer.singleShot(REST_MS, self._next)

    def _give_up(self, asked: tuple[float, float]) -> None:
        if self._asked is asked:
            self.not_exact += 1
            self._asked = None
            self._next()

    def figures(self) -> dict[str, Figure]:
        """As they are printed."""
        return {
            "seeks": len(self.took_ms),
            "seek_p50_ms": share_of(self.took_ms, 0.5),
            "seek_p95_ms": share_of(self.took_ms, 0.95),
            "seek_max_ms": share_of(self.took_ms, 1.0),
            "not_exact": self.not_exact,
        }


def measure(window: MainWindow, app: QApplication, times: int, rate_hz: float) -> Seeks:
    """Hold the picture, seek so often, and close the window."""
    seeks = Seeks(window, times, rate_hz)

    def look() -> None:
        if window.view.painted.count:
            timer.stop()
            QTimer.singleShot(1000, seeks.begin)

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(20)
    window.show()
    app.exec()
    return seeks


def main() -> int:
    """Measure and say whether the bar was met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--size", default="1280x720", help="WIDTHxHEIGHT (default: %(default)s)")
    parser.add_argument("--rate", type=int, default=30, help="of FILE (default: %(default)s)")
    parser.add_argument("--key", type=int, default=60)
    parser.add_argument("--times", type=int, default=60)
    add_analysis(parser)
    options = parser.parse_args()
    width, height = map(int, options.size.split("x"))
    size = (width, height)
    with recordings() as folder:
        path = options.file
        if path is None:
            made = Recording(size, options.rate, RENDERED_S.get(size, 10.0), options.key)
            path = make(folder / "figures.mp4", made, least_s=LASTS_S.get(size, 20.0))
        app = application(folder)
        window = make_window(wish_for(str(path), options, Play(is_paused=True)))
        seeks = measure(window, app, options.times, options.rate)
        take_down(window)
        figures = {"size": options.size, "key_frames": options.key, **seeks.figures()}
        return report(figures, BARS.get(size, ()))


if __name__ == "__main__":
    sys.exit(main())
