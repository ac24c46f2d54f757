"""The dock of instruments: motion and its threshold, names, speed and age, where pictures are left
out, processor and memory.

Curves are drawn by pyqtgraph, which is imported when the dock is first seen; while it is hidden
nothing is kept and nothing is drawn.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from typing import Final

import numpy as np
from PyQt6.QtCore import QSize, Qt
from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget

from motionapp.gui.chart import HEIGHT_PX, Chart
from motionapp.gui.found.drops import STAGES, Drops
from motionapp.gui.paragraph import Paragraph
from motionapp.gui.play.looked import Looked
from motionapp.gui.presenter import rate_text
from motionapp.gui.words import tr
from motionapp.runtime import Snapshot
from motionapp.runtime.usage import memory_bytes

KEPT_S: Final = 60.0
"""So long a stretch is shown."""
MOST_LOOKS: Final = 6000
MOST_LABELS: Final = 6
"""So many names have a curve: those that were likeliest of late."""
LEAST: Final = QSize(HEIGHT_PX, HEIGHT_PX)
MISSED: Final = 4
"""Which chart shows where pictures are left out; below it stand the numbers."""

DROPPED_LINES: Final = 3
"""The numbers need so many in the usual width of a dock, in German and where each stage drops."""


class InstrumentsPanel(QWidget):
    """Keeps figures of the last minute and draws them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._looks: deque[Looked] = deque(maxlen=MOST_LOOKS)
        self._labels: tuple[str, ...] = ()
        self._figures: deque[tuple[float, ...]] = deque()
        self._drops, self._dropped = Drops(), QLabel()
        self._dropped.setWordWrap(True)
        self._dropped.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        # Left to itself, a label that may wrap takes the height that it had if it were narrow.
        self._dropped.setFixedHeight(DROPPED_LINES * self._dropped.fontMetrics().lineSpacing())
        self._used_s, self._at_s = time.process_time(), time.monotonic()
        self._charts: list[Chart] = []
        self._missing = Paragraph()
        self._missing.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._missing)
        self._layout = layout

    def sizeHint(self) -> QSize:
        """Something while there are no curves: what has no size is never seen, and stays empty."""
        return super().sizeHint().expandedTo(LEAST)

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return super().minimumSizeHint().expandedTo(LEAST)

    @property
    def is_drawn(self) -> bool:
        """Whether there are curves."""
        return bool(self._charts)

    def note(self, looks: Sequence[Looked], labels: tuple[str, ...]) -> None:
        """Figures of frames; forgotten while nobody looks."""
        if not self._is_seen:
            self._looks.clear()
            return
        self._make()
        if self._looks and looks and looks[0].pts_s < self._looks[-1].pts_s:
            self._looks.clear()  # it was sought, or begins again
        if labels != self._labels:
            self._labels = labels
            self._looks.clear()
        self._looks.extend(looks)
        if self._charts:
            self._draw_looks()

    def measure(
        self, snapshot: Snapshot, shown_hz: float, ages_s: tuple[float | None, float | None]
    ) -> None:
        """Figures of the program, now."""
        now_s, used_s = time.monotonic(), time.process_time()
        cores = (used_s - self._used_s) / max(1e-6, now_s - self._at_s)
        self._used_s, self._at_s = used_s, now_s
        if not self._is_seen:
            self._figures.clear()
            return
        self._make()
        self._drops.note(now_s, snapshot.drops)
        ages_ms = [np.nan if one is None else 1000 * one for one in ages_s]
        memory_mb = (memory_bytes() or np.nan) / 2**20
        self._figures.append(
            (now_s, snapshot.capture_hz, snapshot.analysis_hz, shown_hz, *ages_ms,
             *self._drops.rates_hz, 100 * cores, memory_mb)
        )  # fmt: skip
        while self._figures and now_s - self._figures[0][0] > KEPT_S:
            self._figures.popleft()
        if self._charts:
            self._draw_figures()

    @property
    def _is_seen(self) -> bool:
        """Qt calls visible, too, what lies behind other docks, somewhere off the window."""
        return self.isVisible() and not self.visibleRegion().isEmpty()

    def _make(self) -> None:
        """The curves, when they are first seen."""
        if self._charts or not self._missing.isHidden():
            return
        try:
            import pyqtgraph
        except ImportError:
            self._missing.setText(
                tr("Curves need pyqtgraph: {line}").format(line='pip install "motionapp[gui]"')
            )
            self._missing.show()
            return
        for title, unit, names in (
            (tr("Motion"), "", (tr("strongest"), tr("threshold"))),
            (tr("Names"), "", ()),
            (tr("Speed"), tr("a second"), (tr("capture"), tr("analysis"), tr("shown"))),
            (tr("Age"), "ms", (tr("middle"), tr("95 of 100"))),
            (tr("Missed"), tr("a second"), stage_words()),
            (tr("Processor"), "%", (tr("of a core"),)),
            (tr("Memory"), "MB", (tr("in use"),)),
        ):
            chart = Chart(pyqtgraph, title, unit, names, self.palette())
            chart.widget.setXRange(-KEPT_S, 0)
            self._charts.append(chart)
            self._layout.addWidget(chart.widget)
        self._layout.insertWidget(2 + MISSED, self._dropped)

    def _draw_looks(self) -> None:
        if not self._looks:
            return
        looks = list(self._looks)
        last_s = looks[-1].pts_s
        recent = [one for one in looks if last_s - one.pts_s <= KEPT_S]
        times = np.array([one.pts_s - last_s for one in recent])
        motion, names = self._charts[:2]
        motion.draw(times, [[one.strongest for one in recent], [one.threshold for one in recent]])
        named = [one for one in recent if len(one.probabilities) == len(self._labels)]
        if named and self._labels:
            rows = np.array([one.probabilities for one in named])
            order = np.argsort(-rows.max(0))[:MOST_LABELS]
            names.name([self._labels[n] for n in order])
            names.draw(np.array([one.pts_s - last_s for one in named]), list(rows[:, order].T))

    def _draw_figures(self) -> None:
        rows = np.array(self._figures)
        times, values = rows[:, 0] - rows[-1, 0], rows[:, 1:].T
        drops = tuple(range(5, 5 + len(STAGES)))
        cores, memory = drops[-1] + 1, drops[-1] + 2
        places = ((2, (0, 1, 2)), (3, (3, 4)), (MISSED, drops), (5, (cores,)), (6, (memory,)))
        self._dropped.setText(dropped_text(self._drops))
        for chart, columns in places:
            self._charts[chart].draw(times, [values[column] for column in columns])


def stage_words() -> tuple[str, ...]:
    """What the stages are called that leave pictures out, as `STAGES`."""
    return tr("capture"), tr("analysis"), tr("view"), tr("window"), tr("recorder")


def dropped_text(drops: Drops) -> str:
    """How many pictures each stage has left out, and how many a second where it does."""
    parts = [
        f"{words} {number}" + (f" ({rate_text(rate_hz)})" if rate_hz else "")
        for words, number, rate_hz in zip(stage_words(), drops.numbers, drops.rates_hz, strict=True)
    ]
    return " · ".join(parts)
