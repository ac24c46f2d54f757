"""The line at the bottom: how fast it runs, how old the picture is, what was missed."""

from __future__ import annotations

from PyQt6.QtCore import QSize
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from motionapp.gui.presenter import stage_lines, status_items
from motionapp.gui.words import tr
from motionapp.runtime import Snapshot

WIDEST_VALUE = "000.0 /s"


class StatusLine(QFrame):
    """Shows figures as pairs of name and value."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusline")
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(16, 7, 16, 7)
        self._layout.setSpacing(8)
        self._values: dict[str, QLabel] = {}
        for name, _ in status_items(Snapshot(), 0.0, None):
            self._add(name)
        self._layout.addStretch(1)

    def minimumSizeHint(self) -> QSize:
        """It needs no width: on the smallest screens its end is not seen, and the docks are."""
        return QSize(0, super().minimumSizeHint().height())

    def show_figures(self, snapshot: Snapshot, painted_hz: float, age_ms: float | None) -> None:
        """Take over new figures."""
        for name, value in status_items(snapshot, painted_hz, age_ms):
            self._values[name].setText(value)
        self.setToolTip(stage_lines(snapshot))

    def text(self) -> str:
        """All of it, for tests and for who cannot see it."""
        return ", ".join(f"{name} {label.text()}" for name, label in self._values.items())

    def _add(self, name: str) -> None:
        what, value = QLabel(tr(name)), QLabel("–")
        what.setObjectName("quiet")
        # Figures that change their width would push the others to and fro.
        value.setMinimumWidth(value.fontMetrics().horizontalAdvance(WIDEST_VALUE))
        self._layout.addWidget(what)
        self._layout.addWidget(value)
        self._layout.addSpacing(10)
        self._values[name] = value
