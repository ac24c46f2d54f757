"""The middle part of the dock that teaches: training, how far it is, and whether takes suffice."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from motionapp.gui.choice import Choice
from motionapp.gui.one_line import plain_tip
from motionapp.gui.paragraph import Paragraph
from motionapp.gui.teaching.curves import CourseCurves
from motionapp.gui.teaching.splitting import HeldOut
from motionapp.gui.teaching.training import Step
from motionapp.gui.teaching.wording import breakable, unbroken
from motionapp.gui.words import tr

HELD_OUT: tuple[tuple[HeldOut, str], ...] = (
    ("take", "unseen takes"),
    ("person", "unseen people"),
)
"""What may be held out, and how it is called."""


class TrainBox(QWidget):
    """Asks for trainings, and shows how they go."""

    asked = pyqtSignal(bool)  # whether it is told, too, if takes suffice
    cancelled = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.train, self.enough = QPushButton(tr("Train")), QPushButton(tr("Have I enough?"))
        self.cancel = QPushButton(tr("Cancel"))
        self.held_out, self.curves = Choice(), CourseCurves()
        self._bar, self._said = QProgressBar(), Paragraph()
        self._said.setObjectName("quiet")
        self._bar.setAccessibleName(tr("How far the training is"))
        for key, words in HELD_OUT:
            self.held_out.addItem(tr(words), key)
        self.held_out.setAccessibleName(tr("Measured on"))
        self.held_out.setToolTip(plain_tip(tr("What is held out to measure")))
        self._lay_out()
        self.train.clicked.connect(lambda: self.asked.emit(False))
        self.enough.clicked.connect(lambda: self.asked.emit(True))
        self.cancel.clicked.connect(self.cancelled)
        self.show_idle("")

    @property
    def chosen(self) -> HeldOut:
        """What is to be held out."""
        return "person" if self.held_out.currentData() == "person" else "take"

    def text(self) -> str:
        """What it says."""
        return unbroken(self._said.text())

    def allow(self, trouble: str, *, people: bool, goes_on: bool) -> None:
        """Say why nothing can be trained, empty where it can; whether people can be held out, and
        whether a training that was left goes on."""
        self.train.setText(tr("Go on training") if goes_on else tr("Train"))
        tips = {
            self.train: tr("Trains a network on all takes, and measures it on some held out"),
            self.enough: tr(
                "Trains on parts of the takes, too, and tells whether more of them would help; "
                "takes about three times as long"
            ),
        }
        for button, tip in tips.items():
            button.setEnabled(not trouble)
            if button.toolTip() != plain_tip(trouble or tip):
                button.setToolTip(plain_tip(trouble or tip))
        self.held_out.setEnabled(people)
        if not people:
            self.held_out.setCurrentIndex(0)

    def begin(self) -> None:
        """A training has been asked for."""
        for button in (self.train, self.enough):
            button.clearFocus()  # else it goes on to the next, and Space, which pauses, cancels
        self.curves.begin()
        self._bar.setRange(0, 0)  # it is not known how much there is to do
        self._bar.show()
        self.cancel.setEnabled(True)
        self._say(tr("Reading the takes"))

    def show_step(self, step: Step) -> None:
        """How far it is."""
        self._bar.setRange(0, max(1, step.total))
        self._bar.setValue(step.done)
        self._say(stage_text(step))
        self.curves.add(step)

    def show_idle(self, said: str) -> None:
        """Nothing is being trained; why, or what came of it."""
        self._bar.hide()
        self.cancel.setEnabled(False)
        self._say(said)

    def _say(self, text: str) -> None:
        self._said.setText(breakable(text))
        self._said.setVisible(bool(text))

    def _lay_out(self) -> None:
        row, measured = QHBoxLayout(), QHBoxLayout()
        for button in (self.train, self.enough, self.cancel):
            row.addWidget(button)
        measured.addWidget(QLabel(tr("Measured on")))
        measured.addWidget(self.held_out, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addLayout(measured)
        for widget in (self._bar, self._said, self.curves):
            layout.addWidget(widget)


def stage_text(step: Step) -> str:
    """What is being done, and how it goes."""
    if step.stage == "learning curve":
        return tr("Training on parts of the takes")
    if step.loss is None or step.right is None:
        return tr("Reading the takes")
    return tr("Training: loss {loss}, {right} % right").format(
        loss=f"{step.loss:.2f}", right=f"{100 * step.right:.0f}"
    )
