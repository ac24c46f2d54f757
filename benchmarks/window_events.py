"""What does one changed event cost a window that lists thousands?

    python benchmarks/window_events.py [--events 5000] [--times 100]

Fills the list of a window that shows a held picture, lets one open event grow, and measures what
Qt's thread spends until nothing is left to do: the change itself with the painting of list and
timeline, and beside it what the window does now and then, at most so often: names to choose from
are listed anew (four times a second) and the timeline is painted with all of them (two and a half
times). Bar: the change costs at most 4 ms.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from PyQt6.QtCore import QEventLoop
from PyQt6.QtWidgets import QApplication
from window_bench import (
    Bar,
    Figure,
    add_analysis,
    application,
    let_work,
    report,
    share_of,
    wish_for,
)
from window_inputs import recordings

from motionapp.core.event import Event, Segment
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.gui.play.wish import Play
from motionapp.gui.start import make_window, take_down
from motionapp.gui.window import MainWindow

BARS = (Bar("change_p50_ms", "most", 4.0),)
LABELS = ("walk", "run", "jump", "wave1", "bend")


def event(number: int, *, is_open: bool = False, lasts_s: float = 4.0) -> Event:
    """Every ten seconds another one, with two people in it."""
    start_s, label, box = 10.0 * number, LABELS[number % len(LABELS)], Box(10, 10, 60, 90)
    segments = tuple(
        Segment(label, 0.8, start_s, start_s + lasts_s, group, (group,), box, ())
        for group in (1, 2)
    )
    return Event(
        f"all@{round(1000 * start_s)}", "all", start_s, start_s + lasts_s, label, 0.8,
        start_s, box, segments=segments, ended_by=None if is_open else "motion",
    )  # fmt: skip


def spent_ms(app: QApplication, do: Callable[[], object]) -> float:
    """What something costs Qt's thread, with all that it leaves to be done."""
    began_s = time.thread_time()
    do()
    app.sendPostedEvents()
    app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
    return 1000 * (time.thread_time() - began_s)


def measure(app: QApplication, window: MainWindow, events: int, times: int) -> dict[str, Figure]:
    """Fill the list, change one event so often."""
    panel = window.panels.events
    window.docks["events"].raise_()
    window.timeline.set_duration(10.0 * (events + 100))
    fill_ms = spent_ms(
        app, lambda: panel.note(Moment("b", None, closed=tuple(event(n) for n in range(events))))
    )
    growing = event(events, is_open=True)
    panel.note(Moment("b", None, opened=(growing,)))
    window._refresh_timer.stop()  # what it does is measured by itself
    for _ in range(3):
        spent_ms(app, lambda: None)

    def change() -> None:
        nonlocal growing
        growing = replace(growing, end_s=growing.end_s + 0.2)
        panel.note(Moment("b", None, changed=(growing,)))

    changes = [spent_ms(app, change) for _ in range(times)]
    names = [spent_ms(app, panel._list_names) for _ in range(10)]
    figures = [spent_ms(app, window._refresh) for _ in range(10)]
    idle = [spent_ms(app, lambda: None) for _ in range(10)]
    each_s = (share_of(names, 0.5) or 0) * 4 + (share_of(figures, 0.5) or 0) * 2.5
    return {
        "events": len(panel.log),
        "fill_ms": round(fill_ms, 1),
        "change_p50_ms": share_of(changes, 0.5),
        "change_p95_ms": share_of(changes, 0.95),
        "names_p50_ms": share_of(names, 0.5),
        "refresh_p50_ms": share_of(figures, 0.5),
        "nothing_p50_ms": share_of(idle, 0.5),
        "now_and_then_ms_a_second": round(each_s, 1),
    }


def main() -> int:
    """Measure and say whether the bar was met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=5000)
    parser.add_argument("--times", type=int, default=100)
    add_analysis(parser)
    options = parser.parse_args()
    with recordings() as folder:
        app = application(folder)
        held = wish_for("synthetic:walk", options, Play(is_paused=True))
        window = make_window(held)
        window.show()
        let_work(lambda: window.view.painted.count, 30.0)
        try:
            figures = measure(app, window, options.events, options.times)
        finally:
            window.close()
        take_down(window)
        return report(figures, BARS)


if __name__ == "__main__":
    sys.exit(main())
