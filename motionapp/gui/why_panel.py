"""The dock that answers why: what each gate measured and needed, and what could be changed."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from motionapp.core.wording import clock_text
from motionapp.explain.asking import Reply
from motionapp.explain.verdicts import Verdict
from motionapp.explain.wording import advice, figure
from motionapp.gui.paragraph import Paragraph
from motionapp.gui.tuning.fields import called
from motionapp.gui.words import tr


class WhyPanel(QWidget):
    """Asks about the picture that is seen, and shows the answer."""

    asked = pyqtSignal()
    remedy_asked = pyqtSignal(object)  # Mapping of key paths to values

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._changes: Mapping[str, object] = {}
        self._ask = QPushButton(tr("Why is there no event here?"))
        self._ask.setToolTip(tr("Look at this picture again, and say which rule said no"))
        self._ask.clicked.connect(self.asked)
        self._head, self._said, self._advice = Paragraph(), Paragraph(), Paragraph()
        self._gates = _table()
        self._apply = QPushButton(tr("Make it so"))
        self._apply.clicked.connect(lambda: self.remedy_asked.emit(dict(self._changes)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._ask)
        layout.addWidget(self._head)
        layout.addWidget(self._said)
        layout.addWidget(self._advice)
        layout.addWidget(self._apply)
        layout.addWidget(self._gates, 1)
        self.clear()

    def clear(self) -> None:
        """Nothing has been asked."""
        self._show("", "", "", (), {})

    def wait(self, at_s: float) -> None:
        """It is being looked at."""
        self._show(tr("Looking at {time} …").format(time=clock_text(at_s)), "", "", (), {})
        self._ask.setEnabled(False)

    def fail(self, sentence: str) -> None:
        """It could not be answered."""
        self._show("", sentence, "", (), {})

    def show_reply(self, reply: Reply) -> None:
        """The answer."""
        answer, stop = reply.answer, reply.answer.stop
        there = answer.event is not None
        head = tr("An event is there at {time}") if there else tr("No event at {time}")
        said = stop.sentence if stop is not None else answer.note
        if stop is None and not said and answer.verdicts:
            said = answer.verdicts[-1].sentence
        lines: list[str] = []
        if stop is not None:
            remedy, settings = reply.remedy, reply.settings
            lines = list(advice(stop, remedy, settings, is_named=there, call=called))
        changes = {} if reply.remedy is None else reply.remedy.changes
        told = "\n".join(part for part in (answer.where, said, answer.search, reply.note) if part)
        self._show(
            head.format(time=clock_text(answer.at_s)), told, "\n".join(lines), answer.verdicts,
            changes,
        )  # fmt: skip

    def text(self) -> str:
        """What it says, for tests and for who cannot see it."""
        labels = (self._head, self._said, self._advice)
        return "\n".join(label.text() for label in labels if label.text())

    @property
    def is_waiting(self) -> bool:
        """Whether something was asked and has not been answered."""
        return not self._ask.isEnabled()

    @property
    def can_remedy(self) -> bool:
        """Whether there is something to make so."""
        return self._apply.isEnabled()

    def _show(
        self,
        head: str,
        said: str,
        advised: str,
        verdicts: tuple[Verdict, ...],
        changes: Mapping[str, object],
    ) -> None:
        self._ask.setEnabled(True)
        for label, text in ((self._head, head), (self._said, said), (self._advice, advised)):
            label.setText(text)
            label.setVisible(bool(text))
        self._changes = changes
        self._apply.setVisible(bool(changes))
        self._apply.setEnabled(bool(changes))
        self._gates.setRowCount(len(verdicts))
        self._gates.setVisible(bool(verdicts))
        for row, verdict in enumerate(verdicts):
            mark = "✓" if verdict.passed else "✗"
            measured, needed = (
                figure(value, verdict.unit) for value in (verdict.measured, verdict.threshold)
            )
            for column, text in enumerate((f"{mark} {verdict.gate}", measured, needed)):
                item = QTableWidgetItem(text)
                item.setToolTip(verdict.sentence)
                self._gates.setItem(row, column, item)


def _table() -> QTableWidget:
    table = QTableWidget(0, 3)
    table.setHorizontalHeaderLabels([tr("Rule"), tr("Measured"), tr("Needed")])
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setTabKeyNavigation(False)  # else Tab never leaves it
    table.setAccessibleName(tr("What each rule said"))
    head, side = table.horizontalHeader(), table.verticalHeader()
    if head is not None:
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    if side is not None:
        side.hide()
    return table
