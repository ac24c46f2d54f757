"""A line in the window for what went wrong or is worth knowing."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget


class MessageBar(QFrame):
    """Hidden while there is nothing to say. An error stays until it is closed or mended."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 8, 8, 8)
        self._label = QLabel()
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        layout.addWidget(self._label, 1)
        close = QToolButton()
        close.setObjectName("close")
        close.setText("×")
        close.setToolTip("Close this message")
        close.clicked.connect(self.clear)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._is_error = False
        self.hide()

    def show_error(self, sentence: str) -> None:
        """Something cannot be done."""
        self._show(sentence, is_error=True)

    def show_note(self, line: str) -> None:
        """Something worth knowing; never in place of an error. Empty: the last note is over."""
        if self._is_error and self.isVisibleTo(self.parentWidget()):
            return
        if line:
            self._show(line, is_error=False)
        else:
            self.hide()

    def clear(self) -> None:
        """Nothing to say."""
        self._is_error = False
        self.hide()

    def text(self) -> str:
        """What it says; empty while it is hidden."""
        return "" if self.isHidden() else self._label.text()

    def _show(self, text: str, *, is_error: bool) -> None:
        self._is_error = is_error
        self._label.setText(text[:1].upper() + text[1:])
        self.setObjectName("error" if is_error else "note")
        style = self.style()
        if style is not None:  # the sheet goes by the name, which has changed
            style.unpolish(self)
            style.polish(self)
        self.show()
