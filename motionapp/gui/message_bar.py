"""A line over the picture for what went wrong, until somebody has read it."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QTextOption
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QTextEdit, QToolButton, QWidget

from motionapp.gui.words import tr

MARGIN_PX = 12
MOST_LINES = 6


class MessageBar(QFrame):
    """Lies over the upper edge of another widget, which keeps its size, and is hidden while there
    is nothing to say."""

    dismissed = pyqtSignal()

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("error")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 6, 6)
        self._sentence = Sentence()
        layout.addWidget(self._sentence, 1)
        close = QToolButton()
        close.setText("×")
        close.setToolTip(tr("Close this message"))
        close.setAccessibleName(tr("Close this message"))
        close.clicked.connect(self.dismissed)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        over.installEventFilter(self)
        self.hide()

    def show_error(self, sentence: str) -> None:
        """Say this; empty: nothing."""
        self._sentence.setPlainText(sentence)
        self.setAccessibleName(sentence)
        self.setVisible(bool(sentence))
        self._lay()

    def text(self) -> str:
        """What it says; empty while it is hidden."""
        return "" if self.isHidden() else self._sentence.toPlainText()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Follow the size of what it lies over."""
        if event is not None and event.type() == QEvent.Type.Resize:
            self._lay()
        return False

    def _lay(self) -> None:
        over = self.parentWidget()
        if over is None or self.isHidden():
            return
        width = over.width() - 2 * MARGIN_PX
        self._sentence.set_width(width - 60)
        height = self._sentence.height() + 12
        self.setGeometry(MARGIN_PX, MARGIN_PX, width, height)
        self.raise_()


class Sentence(QTextEdit):
    """Plain words that can be marked and copied; a long path is broken anywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setTabChangesFocus(True)

    def minimumSizeHint(self) -> QSize:
        """It breaks anywhere, so it needs no width."""
        return QSize(0, 0)

    def set_width(self, width: int) -> None:
        """As high as its words are in so many pixels, up to `MOST_LINES`."""
        document = self.document()
        if document is not None:
            document.setTextWidth(max(40, width))
            most = MOST_LINES * self.fontMetrics().lineSpacing() + 8
            self.setFixedHeight(min(most, round(document.size().height()) + 2))
