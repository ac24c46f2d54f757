"""Curves of a training: loss and accuracy while it goes on, and accuracy by takes afterwards.

Drawn by pyqtgraph, which is imported when the first curve is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from PyQt6.QtWidgets import QHBoxLayout, QWidget

from motionapp.gui.chart import Chart
from motionapp.gui.teaching.training import Step
from motionapp.gui.words import tr

MOST_STEPS: Final = 4000
HEIGHT_PX: Final = 130


class CourseCurves(QWidget):
    """How loss and accuracy go by how far a training is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: list[tuple[float, float, float]] = []
        self._charts: list[Chart] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self.hide()

    @property
    def steps(self) -> Sequence[tuple[float, float, float]]:
        """What is drawn: how far, in percent, loss, and percent right."""
        return self._steps

    def begin(self) -> None:
        """Another training: nothing has been learnt."""
        self._steps.clear()
        self.hide()

    def add(self, step: Step) -> None:
        """Draw one more."""
        if step.loss is None or step.right is None or len(self._steps) >= MOST_STEPS:
            return
        at = 100 * step.done / max(1, step.total)
        self._steps.append((at, step.loss, 100 * step.right))
        if not self._charts and not self._make():
            return
        self.show()
        rows = np.array(self._steps).T
        for chart, values in zip(self._charts, rows[1:], strict=True):
            chart.draw(rows[0], [values])

    def _make(self) -> bool:
        graphs = graphs_or_none()
        if graphs is None:
            return False
        for title, unit, name in ((tr("Loss"), "", tr("loss")), (tr("Right"), "%", tr("right"))):
            chart = small_chart(graphs, title, unit, (name,), self)
            chart.widget.setXRange(0, 100)
            chart.widget.getPlotItem().legend.hide()  # of one curve, the title says it
            self._charts.append(chart)
            self._row.addWidget(chart.widget)
        return True


class TakesCurve(QWidget):
    """Accuracy against how many takes of each movement were trained on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart: Chart | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self.points: Sequence[tuple[float, float, float]] = ()
        """What is drawn: takes, shares of seconds and of takes that are right."""
        self.hide()

    def draw(self, points: Sequence[tuple[float, float, float]]) -> None:
        """Draw these; nothing with fewer than two."""
        self.points = points
        self.setVisible(len(points) > 1)
        if len(points) < 2 or (self._chart is None and not self._make()):
            return
        assert self._chart is not None  # it was made
        rows = np.array(points).T
        self._chart.widget.setXRange(0, float(rows[0].max()) + 0.5)
        self._chart.widget.setYRange(0, 104)  # a line at 100 is seen, too
        self._chart.draw(rows[0], [100 * rows[1], 100 * rows[2]])

    def _make(self) -> bool:
        graphs = graphs_or_none()
        if graphs is None:
            return False
        names = tr("of seconds"), tr("of takes")
        self._chart = small_chart(graphs, tr("Right, by takes learnt from"), "%", names, self)
        self._row.addWidget(self._chart.widget)
        return True


def graphs_or_none() -> Any:
    """pyqtgraph; None where it is not installed: then there are no curves, and all else works."""
    try:
        import pyqtgraph
    except ImportError:
        return None
    return pyqtgraph


def small_chart(graphs: Any, title: str, unit: str, names: Sequence[str], of: QWidget) -> Chart:
    """A chart that fits into a dock."""
    chart = Chart(graphs, title, unit, names, of.palette())
    chart.widget.setFixedHeight(HEIGHT_PX)
    return chart
