"""The dock that teaches: takes, training, and what came of it, below each other."""

from __future__ import annotations

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from motionapp.gui.paragraph import Paragraph
from motionapp.gui.teaching.result_box import ResultBox
from motionapp.gui.teaching.takes_box import TakesBox
from motionapp.gui.teaching.train_box import TrainBox
from motionapp.gui.teaching.wording import breakable, unbroken


class TeachPanel(QWidget):
    """Holds the three parts, and above them what is in the way of all of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.takes, self.training, self.result = TakesBox(), TrainBox(), ResultBox()
        self._trouble = Paragraph()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for part in (self._trouble, self.takes, self.training, self.result):
            layout.addWidget(part)
        layout.addStretch(1)
        self.say_trouble("")

    def say_trouble(self, text: str) -> None:
        """What is in the way; empty: nothing."""
        self._trouble.setText(breakable(text))
        self._trouble.setVisible(bool(text))

    def trouble(self) -> str:
        """What is said to be in the way."""
        return unbroken(self._trouble.text())
