"""The dock of zones: drawn on the picture, named here, read from a file and written to one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import (
    QDoubleSpinBox,
    QFormLayout,
    QGridLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from motionapp.gui.choice import Choice
from motionapp.gui.paragraph import Paragraph
from motionapp.gui.words import tr
from motionapp.gui.zoning.sketch import Zones
from motionapp.settings.zones import Kind, ZoneSettings

KINDS = (
    ("include", "watched"),
    ("exclude", "left out"),
    ("privacy", "covered in every picture"),
    ("line", "counted who goes over it"),
)
"""Kinds of zones and how they are called."""
DRAWN = (("watch", "include"), ("leave out", "exclude"), ("cover", "privacy"), ("count", "line"))
"""Buttons, and the kinds that they draw."""

HINT_LINES, FEWEST_ROWS = 2, 4


@dataclass(frozen=True, slots=True)
class Edited:
    """What a person has said of the chosen zone."""

    name: str
    kind: str
    sensitivity: float


class ZonesPanel(QWidget):
    """Lists zones and asks for what a person wants of them."""

    drawing_asked = pyqtSignal(str)  # kind
    chosen = pyqtSignal(int)  # -1: none
    edited = pyqtSignal(object)  # Edited, of the chosen one
    removal_asked = pyqtSignal()
    reading_asked = pyqtSignal()
    writing_asked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Zones"))
        # As high as there is room: what is done with the chosen one shall be in sight.
        self.list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.list.setMinimumHeight(FEWEST_ROWS * self.list.fontMetrics().lineSpacing())
        self.list.currentRowChanged.connect(self.chosen)
        self._name, self._kind, self._sensitivity = QLineEdit(), Choice(), QDoubleSpinBox()
        self._hint = Paragraph()
        self._buttons = {
            "watch": QPushButton(tr("Draw a zone")),
            "leave out": QPushButton(tr("Draw what is left out")),
            "cover": QPushButton(tr("Draw what is covered")),
            "count": QPushButton(tr("Draw a line")),
            "remove": QPushButton(tr("Delete")),
            "read": QPushButton(tr("From a file …")),
            "write": QPushButton(tr("To a file …")),
        }
        self._hint.setObjectName("quiet")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        # Of whatever length: what lies below stays where it is.
        self._hint.setFixedHeight(HINT_LINES * self._hint.fontMetrics().lineSpacing())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(self._row("watch", "leave out"))
        layout.addLayout(self._row("cover", "count"))
        layout.addWidget(self._hint)
        layout.addWidget(self.list, 1)
        layout.addLayout(self._form())
        layout.addLayout(self._row("remove", "read", "write"))
        self._connect()
        self.show_zones((), None)

    def show_counts(self, words: Mapping[str, str]) -> None:
        """Say behind the names of lines how many went over them, without asking for anything."""
        blocker = QSignalBlocker(self.list)
        for row in range(self.list.count()):
            item = self.list.item(row)
            if item is not None:
                name = item.data(Qt.ItemDataRole.UserRole)
                item.setText(f"{name}   {words[name]}" if name in words else name)
        del blocker

    def show_zones(self, zones: Zones, chosen: int | None, *, drawn: Kind | None = None) -> None:
        """Show these, without asking for anything."""
        inputs = (self.list, self._name, self._kind, self._sensitivity)
        blockers = [QSignalBlocker(one) for one in inputs]
        names = [zone.name for zone in zones]
        if [self._name_at(row) for row in range(self.list.count())] != names:
            self.list.clear()
            for name in names:
                item = QListWidgetItem(name, self.list)
                item.setData(Qt.ItemDataRole.UserRole, name)
        self.list.setCurrentRow(-1 if chosen is None else chosen)
        zone = None if chosen is None else zones[chosen]
        self._show_one(zone)
        self._buttons["remove"].setEnabled(zone is not None)
        self._buttons["write"].setEnabled(bool(zones))
        self._hint.setText(_hint(drawn, is_empty=not zones))
        del blockers

    def button(self, name: str) -> QPushButton:
        """``watch``, ``leave out``, ``cover``, ``count``, ``remove``, ``read`` or ``write``."""
        return self._buttons[name]

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Delete takes the chosen zone out."""
        if event is not None and event.key() == Qt.Key.Key_Delete and self.list.hasFocus():
            self.removal_asked.emit()
        else:
            super().keyPressEvent(event)

    def _show_one(self, zone: ZoneSettings | None) -> None:
        for widget in (self._name, self._kind, self._sensitivity):
            widget.setEnabled(zone is not None)
        self._sensitivity.setEnabled(zone is not None and zone.kind == "include")
        self._name.setText("" if zone is None else zone.name)
        self._kind.setCurrentIndex(max(0, self._kind.findData(None if zone is None else zone.kind)))
        self._sensitivity.setValue(1.0 if zone is None else zone.sensitivity)

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        for kind, words in KINDS:
            self._kind.addItem(tr(words), kind)
        self._sensitivity.setRange(0.1, 10.0)
        self._sensitivity.setSingleStep(0.1)
        self._sensitivity.setKeyboardTracking(False)
        for words, widget in (
            (tr("Name"), self._name),
            (tr("What becomes of it"), self._kind),
            (tr("Sensitivity"), self._sensitivity),
        ):
            widget.setAccessibleName(words)
            form.addRow(words, widget)
        return form

    def _row(self, *names: str) -> QGridLayout:
        row = QGridLayout()
        for column, name in enumerate(names):
            row.addWidget(self._buttons[name], 0, column)
        return row

    def _connect(self) -> None:
        buttons = self._buttons
        for name, kind in DRAWN:
            buttons[name].clicked.connect(lambda _, kind=kind: self.drawing_asked.emit(kind))
        buttons["remove"].clicked.connect(self.removal_asked)
        buttons["read"].clicked.connect(self.reading_asked)
        buttons["write"].clicked.connect(self.writing_asked)
        self._name.editingFinished.connect(self._tell)
        self._name.returnPressed.connect(self.list.setFocus)  # so that undo is the window's again
        self._kind.activated.connect(self._tell)
        self._sensitivity.valueChanged.connect(self._tell)

    def _tell(self) -> None:
        if self.list.currentRow() >= 0:
            said = Edited(
                self._name.text().strip(), self._kind.currentData(), self._sensitivity.value()
            )
            self.edited.emit(said)

    def _name_at(self, row: int) -> str:
        item = self.list.item(row)
        return "" if item is None else str(item.data(Qt.ItemDataRole.UserRole))


def _hint(drawn: Kind | None, *, is_empty: bool) -> str:
    """What pointer and keys do by now."""
    if drawn == "line":
        return tr("Click its points; a double click ends it. By keys: arrows, Space, Enter")
    if drawn is not None:
        return tr("Click the corners; the first again closes it. By keys: arrows, Space, Enter")
    if is_empty:
        return tr("Without a zone, all of the picture is watched")
    return tr("Drag corners, edges and zones; a right click takes a corner out")
