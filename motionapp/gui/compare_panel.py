"""The dock that compares: how B analyses, how both are shown, and where they differ."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from motionapp.core.event import Event
from motionapp.core.wording import clock_text, name_text
from motionapp.frontends import registry
from motionapp.gui.choice import Choice
from motionapp.gui.found.differences import Difference
from motionapp.gui.offers import Offers
from motionapp.gui.paragraph import Paragraph
from motionapp.gui.presenter import SLIDER_STEPS, position_of, sensitivity_at
from motionapp.gui.words import tr
from motionapp.settings import NO_CLASSIFIER, AnalysisSettings

SHOWN = (("divider", "One picture, divided"), ("side", "Side by side"))
"""Ways to show both, and how they are called."""
KINDS = {"only A": "only A", "only B": "only B", "called otherwise": "called otherwise"}
START_ROLE = Qt.ItemDataRole.UserRole


class ComparePanel(QWidget):
    """Says what is asked for of B, and shows what comes of it."""

    switched = pyqtSignal(bool)
    frontend_asked = pyqtSignal(str)
    classifier_asked = pyqtSignal(str)
    sensitivity_asked = pyqtSignal(float)
    look_asked = pyqtSignal(str, float)  # way, divider
    adopted = pyqtSignal()
    seek_asked = pyqtSignal(float)

    def __init__(self, offers: Offers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._go = QPushButton(tr("Compare with B from here"))
        self._go.setCheckable(True)
        self._go.toggled.connect(self._switch)
        self._adopt = QPushButton(tr("Make B the setting"))
        self._adopt.clicked.connect(self.adopted)
        self._frontend, self._classifier, self._way = Choice(), Choice(), Choice()
        self._frontend.addItems([name for name, _ in offers.frontends])
        self._classifier.addItems([*offers.classifiers, NO_CLASSIFIER])
        self._sensitivity = QSlider(Qt.Orientation.Horizontal)
        self._sensitivity.setRange(0, SLIDER_STEPS)
        self._divider = QSlider(Qt.Orientation.Horizontal)
        self._divider.setRange(0, 100)
        self._divider.setValue(50)
        for way, words in SHOWN:
            self._way.addItem(tr(words), way)
        self._list, self._said = QListWidget(), Paragraph()
        self._list.setAccessibleName(tr("Differences"))
        self._said.setObjectName("quiet")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        row = QHBoxLayout()
        row.addWidget(self._go, 1)
        row.addWidget(self._adopt)
        layout.addLayout(row)
        layout.addLayout(self._grid())
        layout.addWidget(self._said)
        layout.addWidget(self._list, 1)
        self._connect()
        self.show_differences(())
        self._switch(False)

    def show_other(self, other: AnalysisSettings | None) -> None:
        """How B analyses; None: nothing is compared."""
        widgets = (self._frontend, self._classifier, self._sensitivity, self._go)
        blockers = [QSignalBlocker(one) for one in widgets]
        self._go.setChecked(other is not None)
        if other is not None:
            self._frontend.setCurrentText(registry.choice_of(other))
            classifier = other.recognition.classifier
            if self._classifier.findText(classifier) < 0:
                self._classifier.addItem(classifier)
            self._classifier.setCurrentText(classifier)
            sensitivity = float(getattr(other, other.frontend).sensitivity)
            self._sensitivity.setValue(position_of(sensitivity))
        del blockers
        self._enable(other is not None)

    def show_differences(self, found: Sequence[Difference]) -> None:
        """Where A and B differ so far."""
        told = [(one.start_s, _words(one)) for one in found]
        if [self._item(row) for row in range(self._list.count())] != told:
            self._list.clear()
            for start_s, words in told:
                item = QListWidgetItem(words)
                item.setData(START_ROLE, start_s)
                self._list.addItem(item)
        self._said.setText(
            tr("Differences so far: {n}").format(n=len(found))
            if found
            else tr("No difference so far")
        )

    def differences(self) -> list[str]:
        """What is listed."""
        return [self._item(row)[1] for row in range(self._list.count())]

    def press(self, is_on: bool) -> None:
        """As if comparing were switched."""
        self._go.setChecked(is_on)

    def _item(self, row: int) -> tuple[float, str]:
        item = self._list.item(row)
        return (0.0, "") if item is None else (item.data(START_ROLE), item.text())

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        rows = (
            (tr("Front-end of B"), self._frontend),
            (tr("Model of B"), self._classifier),
            (tr("Sensitivity of B"), self._sensitivity),
            (tr("Shown as"), self._way),
            (tr("Divided at"), self._divider),
        )
        for number, (words, widget) in enumerate(rows):
            widget.setAccessibleName(words)
            widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            grid.addWidget(QLabel(words), number, 0)
            grid.addWidget(widget, number, 1)
        return grid

    def _connect(self) -> None:
        self._frontend.textActivated.connect(self.frontend_asked)
        self._classifier.textActivated.connect(self.classifier_asked)
        self._sensitivity.valueChanged.connect(
            lambda position: self.sensitivity_asked.emit(sensitivity_at(position))
        )
        self._way.activated.connect(self._tell_look)
        self._divider.valueChanged.connect(self._tell_look)
        self._list.itemActivated.connect(lambda item: self.seek_asked.emit(item.data(START_ROLE)))
        self._list.itemClicked.connect(lambda item: self.seek_asked.emit(item.data(START_ROLE)))

    def _tell_look(self) -> None:
        way = self._way.currentData()
        self._divider.setEnabled(way == "divider")
        self.look_asked.emit(way, self._divider.value() / 100)

    def _switch(self, is_on: bool) -> None:
        self._enable(is_on)
        self.switched.emit(is_on)

    def _enable(self, is_on: bool) -> None:
        self._go.setText(tr("Stop comparing") if is_on else tr("Compare with B from here"))
        for widget in (self._adopt, self._frontend, self._classifier, self._sensitivity):
            widget.setEnabled(is_on)


def _words(one: Difference) -> str:
    """``00:12.3  only A: walk 0.91``."""
    said = " / ".join(_event(event) for event in (one.first, one.second) if event is not None)
    return f"{clock_text(one.start_s)}  {tr(KINDS[one.kind])}: {said}"


def _event(event: Event) -> str:
    return name_text(event.label, event.score)
