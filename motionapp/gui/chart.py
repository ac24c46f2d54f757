"""A small chart: some curves, their names, and a title, in the colours of the desktop's look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from PyQt6.QtCore import QEvent, QObject
from PyQt6.QtGui import QColor, QPalette
from PyQt6.QtWidgets import QSizePolicy

from motionapp.gui.theme import label_qcolor

HEIGHT_PX: Final = 120
COLUMNS: Final = 3
"""Of a legend: below each other, three names are higher than their chart."""
CURVES: Final = tuple(map(QColor, ("#e69f00", "#3e8ede", "#009e73", "#cc79a7", "#d55e00")))


class Chart:
    """Draws by pyqtgraph.

    Parameters
    ----------
    graphs : module
        pyqtgraph: whoever shows curves imports it when they are first seen.
    title, unit : str
    names : sequence of str
        Of the curves; without, they are labels, which `name` tells.
    palette : QPalette
    """

    def __init__(
        self, graphs: Any, title: str, unit: str, names: Sequence[str], palette: QPalette
    ) -> None:
        self._graphs = graphs
        self._title = f"{title} ({unit})" if unit else title
        self.widget = graphs.PlotWidget()
        self.widget.setMinimumHeight(HEIGHT_PX)
        # A plot would like to be as high as a window; it shares the dock's height with the others.
        self.widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.widget.setAccessibleName(title)
        self.widget.setMouseEnabled(x=False, y=False)
        self.widget.setMenuEnabled(False)
        self.widget.hideButtons()
        self.widget.showGrid(x=False, y=True, alpha=0.15)
        self._legend = self.widget.addLegend(offset=(4, 2), colCount=COLUMNS)
        self.dress(palette)
        self._dresser = _Dresser(self)
        self._has_labels = not names
        self._curves: list[Any] = []
        self._names: list[str] = []
        self.name(names)

    def dress(self, palette: QPalette) -> None:
        """Take the colours of a look."""
        text = palette.color(QPalette.ColorRole.WindowText)
        self.widget.setBackground(palette.color(QPalette.ColorRole.Window))
        self.widget.setTitle(self._title, color=text, size="9pt")
        self._legend.setLabelTextColor(text)
        for _, label in self._legend.items:
            label.setText(label.text)  # in the colour it has from now on
        for side in ("left", "bottom"):
            self.widget.getAxis(side).setTextPen(text)

    def name(self, names: Sequence[str]) -> None:
        """What the curves are called; others than before are other curves."""
        if list(names) == self._names:
            return
        self._names = list(names)
        for curve in self._curves:
            self.widget.removeItem(curve)
        colours = [label_qcolor(name) for name in names] if self._has_labels else CURVES
        self._curves = [
            self.widget.plot(name=name, pen=self._graphs.mkPen(colour, width=2))
            for name, colour in zip(names, colours, strict=False)
        ]

    def draw(self, times: Any, rows: Sequence[Any]) -> None:
        """New values of each curve."""
        for curve, values in zip(self._curves, rows, strict=True):
            curve.setData(times, np.asarray(values, float), connect="finite")


class _Dresser(QObject):
    """Dresses a chart anew when the desktop turns light or dark."""

    def __init__(self, chart: Chart) -> None:
        super().__init__(chart.widget)
        self._chart = chart
        chart.widget.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Look on; hold nothing up."""
        widget = self._chart.widget
        is_changed = event is not None and event.type() == QEvent.Type.PaletteChange
        if is_changed and widget.plotItem is not None:  # a closed one has nothing to dress
            self._chart.dress(widget.palette())
        return False
