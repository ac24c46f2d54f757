"""The lower part of the dock that teaches: what came of a training, and what becomes of it."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QPixmap
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from motionapp.core.event import UNKNOWN
from motionapp.gui.controls import heading
from motionapp.gui.one_line import plain_tip
from motionapp.gui.paragraph import Paragraph
from motionapp.gui.teaching.curves import TakesCurve
from motionapp.gui.teaching.results import Trained
from motionapp.gui.teaching.takes import TakeSet
from motionapp.gui.teaching.wording import breakable, unbroken
from motionapp.gui.words import tr

VERDICTS = {
    "more": "More takes would help.",
    "enough": "More takes of this kind would hardly help.",
    "worse": "More takes made it worse: look at those that were named wrongly.",
    "open": "Whether more takes would help cannot be told from these.",
}
"""Whether more takes would help, as it is said."""
ROW_PX, SIDE_PX = 26, 110
"""Height of a row of the table, and the most that names beside it take."""


class ResultBox(QWidget):
    """Shows how good a model is, and asks for it to be used."""

    used = pyqtSignal()
    exported = pyqtSignal()
    report_asked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._said, self._people, self._verdict = Paragraph(), Paragraph(), Paragraph()
        self.table, self.curve, self.worst = _table(), TakesCurve(), WorstTakes()
        self.buttons = {
            "use": QPushButton(tr("Use this model")),
            "export": QPushButton(tr("Export …")),
            "report": QPushButton(tr("Report")),
        }
        self.buttons["use"].setToolTip(plain_tip(tr("Undo takes it away again")))
        for name, signal in (
            ("use", self.used), ("export", self.exported), ("report", self.report_asked),
        ):  # fmt: skip
            self.buttons[name].clicked.connect(signal)
        row = QGridLayout()
        for column, button in enumerate(self.buttons.values()):
            row.addWidget(button, 0, column)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(heading(tr("What came of it")))
        layout.addWidget(self._said)
        layout.addLayout(row)
        for widget in (self._people, self.table, self.curve, self._verdict, self.worst):
            layout.addWidget(widget)
        self.show_trained(None, None)

    def show_trained(self, trained: Trained | None, takes: TakeSet | None) -> None:
        """What came of the last training; None: there was none."""
        self.setVisible(trained is not None)
        if trained is None:
            return
        figures = trained.figures
        right, count = figures.rights
        said = tr("{right} of {n} takes that were held out have the right name")
        self._said.setText(f"{trained.model.stem}: {said.format(right=right, n=count)}")
        people = {} if takes is None else figures.by_person(takes)
        listed = ", ".join(f"{name} {of_right}/{of}" for name, (of_right, of) in people.items())
        _show(self._people, tr("By person: {list}").format(list=listed) if people else "")
        self._show_table(figures.labels, figures.confusion)
        self.curve.draw(figures.curve())
        verdict = figures.verdict
        _show(self._verdict, "" if verdict is None else tr(VERDICTS[verdict]))
        self.worst.show_trained(trained)
        self.buttons["report"].setEnabled(trained.report.is_file())

    def text(self) -> str:
        """What it says, for tests and for who cannot see it."""
        labels = self._said, self._people, self._verdict
        return "\n".join(unbroken(label.text()) for label in labels if label.text())

    def _show_table(self, labels: tuple[str, ...], confusion: tuple[tuple[int, ...], ...]) -> None:
        has_none = any(row[-1] for row in confusion)
        columns = [*labels, UNKNOWN] if has_none else list(labels)
        self.table.setRowCount(len(labels))
        self.table.setColumnCount(len(columns))
        self.table.setHorizontalHeaderLabels(columns)
        self.table.setVerticalHeaderLabels(list(labels))
        for number, row in enumerate(confusion):
            for column, count in enumerate(row[: len(columns)]):
                self.table.setItem(number, column, _cell(count, is_right=number == column))
        head = self.table.horizontalHeader()
        above = ROW_PX if head is None else head.sizeHint().height()
        self.table.setFixedHeight(ROW_PX * len(labels) + above + 2 * self.table.frameWidth())


class WorstTakes(QWidget):
    """One after the other: what was named most confidently wrong, with what the network saw."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trained: Trained | None = None
        self._number = 0
        self._picture, self._words = QLabel(), Paragraph()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._back, self._on = QToolButton(), QToolButton()
        row = QHBoxLayout()
        for button, sign, name, step in (
            (self._back, "‹", tr("The one before"), -1), (self._on, "›", tr("The next one"), 1),
        ):  # fmt: skip
            button.setText(sign)
            button.setAccessibleName(name)
            button.setToolTip(name)
            button.clicked.connect(lambda _=False, by=step: self.turn(by))
        row.addWidget(self._back)
        row.addWidget(self._words, 1)
        row.addWidget(self._on)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addWidget(self._picture)
        self.hide()

    def show_trained(self, trained: Trained) -> None:
        """Those of a training, the worst first."""
        self._trained, self._number = trained, 0
        self.setVisible(bool(trained.figures.worst))
        self.turn(0)

    def turn(self, by: int) -> None:
        """To another one."""
        if self._trained is None or not self._trained.figures.worst:
            return
        worst = self._trained.figures.worst
        self._number = (self._number + by) % len(worst)
        one = worst[self._number]
        said = tr("{number} of {n}: {label} was named {predicted} ({score}), {file}")
        text = said.format(
            number=self._number + 1, n=len(worst), label=one.label, predicted=one.predicted,
            score=f"{one.score:.2f}", file=one.path,
        )  # fmt: skip
        self._words.setText(breakable(text))
        pixmap = QPixmap(str(self._trained.picture(self._number)))
        self._picture.setPixmap(pixmap)
        self._picture.setVisible(not pixmap.isNull())

    @property
    def has_picture(self) -> bool:
        """Whether there is something to be seen of the one that is shown."""
        return not self._picture.pixmap().isNull()


def _show(label: QLabel, text: str) -> None:
    label.setText(breakable(text))
    label.setVisible(bool(text))


def _table() -> QTableWidget:
    table = QTableWidget()
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setTabKeyNavigation(False)  # else Tab never leaves it
    table.setAccessibleName(tr("What takes were called: rows are what they are"))
    table.setToolTip(plain_tip(tr("What takes were called: rows are what they are")))
    head, side = table.horizontalHeader(), table.verticalHeader()
    if head is not None:
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    if side is not None:
        side.setDefaultSectionSize(ROW_PX)
        side.setMaximumWidth(SIDE_PX)
    return table


def _cell(count: int, *, is_right: bool) -> QTableWidgetItem:
    """Right ones are set bold, and nothing stands where there is none."""
    item = QTableWidgetItem(str(count) if count else "")
    item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
    if is_right:
        font = item.font()
        font.setBold(True)
        item.setFont(font)
    return item
