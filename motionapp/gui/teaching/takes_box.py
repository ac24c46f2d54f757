"""The upper part of the dock that teaches: movements, who does them, and their takes."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtCore import QSignalBlocker, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QIcon, QKeyEvent, QPixmap
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from motionapp.gui.one_line import OneLine, plain_tip
from motionapp.gui.teaching.hold_button import HoldButton
from motionapp.gui.teaching.needs import ENOUGH, NOTHING
from motionapp.gui.teaching.pictures import TakePlayer
from motionapp.gui.teaching.takes import MOST_LETTERS, Take, TakeSet
from motionapp.gui.words import tr

NAME_ROLE = Qt.ItemDataRole.UserRole
PICTURE_PX = QSize(84, 64)
CELL_PX = QSize(92, 98)
"""Of a take in its list: the picture, and two lines below it."""
MOVEMENTS, TAKES_PX = (3, 6), 102
"""Rows that the list of movements has at least and at most; a row of takes."""


class TakesBox(QWidget):
    """Says what is asked for of movements and takes, and shows those that there are."""

    named = pyqtSignal(str)
    chosen = pyqtSignal(str)  # movement
    taking = pyqtSignal(bool)
    event_asked = pyqtSignal()
    preview_asked = pyqtSignal(str)  # file
    discarded = pyqtSignal(str)  # file
    removed = pyqtSignal(str)  # movement
    folder_asked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.person = QLineEdit(), QLineEdit()
        self.movements, self.takes = QListWidget(), QListWidget()
        self.hold = HoldButton(tr("Hold to record a take"))
        self.player, self.hint = TakePlayer(), OneLine("quiet")
        self._buttons = {
            "add": QPushButton(tr("Add")),
            "event": QPushButton(tr("Take the chosen event")),
            "discard": QPushButton(tr("Discard")),
            "folder": QPushButton(tr("Folder …")),
        }
        self._lay_out()
        self._connect()

    @property
    def label(self) -> str:
        """The chosen movement; empty: none is."""
        item = self.movements.currentItem()
        return "" if item is None else str(item.data(NAME_ROLE))

    def button(self, name: str) -> QPushButton:
        """``add``, ``event``, ``discard`` or ``folder``."""
        return self._buttons[name]

    def choose(self, label: str) -> None:
        """As if a movement were chosen."""
        for row in range(self.movements.count()):
            item = self.movements.item(row)
            if item is not None and item.data(NAME_ROLE) == label:
                self.movements.setCurrentRow(row)

    def show_takes(
        self, takes: TakeSet, pictures: Mapping[str, QPixmap], wrong: Mapping[str, str]
    ) -> None:
        """Show these, without asking for anything.

        Parameters
        ----------
        takes : TakeSet
        pictures : mapping of str to QPixmap
            By file, those that are known.
        wrong : mapping of str to str
            What takes were called wrongly, by file.
        """
        chosen = self.label
        blockers = [QSignalBlocker(self.movements), QSignalBlocker(self.takes)]
        labels = [*takes.labels, NOTHING]
        rows = [(one, movement_text(one, len(takes.of(one)))) for one in labels]
        if _rows(self.movements) != rows:
            self.movements.clear()
            for label, text in rows:
                self.movements.addItem(_item(label, text))
            # The button below records for one; for nothing only where that is chosen.
            self.choose(chosen or "".join(takes.labels[:1]))
        fewest, most = MOVEMENTS
        _make_room(self.movements, min(most, max(fewest, len(rows))))
        self._list_takes(takes.of(self.label), pictures, wrong)
        del blockers
        self._enable()

    def say_hint(self, text: str) -> None:
        """What would help most."""
        self.hint.say(text)

    def allow(self, trouble: str, event_trouble: str, *, can_name: bool) -> None:
        """Say why nothing can be recorded, and no event taken; empty where it can."""
        tips = {
            self.hold: (trouble, tr("Hold it, or the space bar, while the movement is done")),
            self._buttons["event"]: (event_trouble, tr("Copies the event out of the recording")),
        }
        for button, (why, tip) in tips.items():
            button.setEnabled(not why)
            if button.toolTip() != plain_tip(why or tip):  # asked for often: a tip would flicker
                button.setToolTip(plain_tip(why or tip))
        for widget in (self.name, self.person):
            widget.setEnabled(can_name)
        self._buttons["add"].setEnabled(can_name)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Delete discards the chosen take, or takes the chosen movement out."""
        is_delete = event is not None and event.key() == Qt.Key.Key_Delete
        if is_delete and self.takes.hasFocus():
            self._discard()
        elif is_delete and self.movements.hasFocus() and self.label:
            self.removed.emit(self.label)
        else:
            super().keyPressEvent(event)

    def _list_takes(
        self, takes: tuple[Take, ...], pictures: Mapping[str, QPixmap], wrong: Mapping[str, str]
    ) -> None:
        rows = [(one.file, take_text(one, wrong.get(one.file))) for one in takes]
        if _rows(self.takes) != rows:
            self.takes.clear()
            for file, text in rows:
                self.takes.addItem(_item(file, text))
            self.takes.scrollToBottom()
        for row, one in enumerate(takes):
            item, pixmap = self.takes.item(row), pictures.get(one.file)
            if item is not None and pixmap is not None and item.icon().isNull():
                item.setIcon(QIcon(pixmap))

    def _lay_out(self) -> None:
        for field in (self.name, self.person):
            field.setMaxLength(MOST_LETTERS)
        self.name.setPlaceholderText(tr("A movement to teach"))
        self.name.setAccessibleName(tr("A movement to teach"))
        self.person.setPlaceholderText(tr("Who performs"))
        self.person.setAccessibleName(tr("Who performs"))
        self.person.setToolTip(
            plain_tip(tr("With two people named for each movement, one can be held out"))
        )
        self.movements.setAccessibleName(tr("Movements"))
        self.movements.setToolTip(
            plain_tip(tr("Delete takes a movement out, with its takes; their files stay"))
        )
        self.takes.setAccessibleName(tr("Takes of the chosen movement"))
        self.takes.setViewMode(QListWidget.ViewMode.IconMode)
        self.takes.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.takes.setMovement(QListWidget.Movement.Static)
        self.takes.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.takes.setIconSize(PICTURE_PX)
        self.takes.setGridSize(CELL_PX)
        self.takes.setFixedHeight(TAKES_PX)
        self._buttons["discard"].setToolTip(
            plain_tip(tr("Takes it out of the list; its file stays where it is"))
        )
        naming = QHBoxLayout()
        naming.addWidget(self.name, 3)
        naming.addWidget(self._buttons["add"])
        naming.addWidget(self.person, 2)
        below = QGridLayout()
        for column, name in enumerate(("event", "discard", "folder")):
            below.addWidget(self._buttons[name], 0, column)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(naming)
        for widget in (self.movements, self.hold, self.takes, self.player):
            layout.addWidget(widget)
        layout.addLayout(below)
        layout.addWidget(self.hint)

    def _connect(self) -> None:
        for signal in (self.name.returnPressed, self._buttons["add"].clicked):
            signal.connect(self._name)
        self.movements.currentRowChanged.connect(lambda row: self.chosen.emit(self.label))
        self.hold.held.connect(self.taking)
        self.hold.hear_space_of(self.movements)
        self.hold.hear_space_of(self.takes)
        self._buttons["event"].clicked.connect(self.event_asked)
        self._buttons["discard"].clicked.connect(self._discard)
        self._buttons["folder"].clicked.connect(self.folder_asked)
        self.takes.currentRowChanged.connect(self._enable)
        self.takes.itemClicked.connect(self._preview)
        self.takes.itemActivated.connect(self._preview)

    def _name(self) -> None:
        text = self.name.text().strip()
        if text:
            self.name.clear()
            self.named.emit(text)

    def _preview(self, item: QListWidgetItem) -> None:
        self.preview_asked.emit(str(item.data(NAME_ROLE)))

    def _discard(self) -> None:
        item = self.takes.currentItem()
        if item is not None:
            self.player.clear_take()
            self.discarded.emit(str(item.data(NAME_ROLE)))

    def _enable(self) -> None:
        self._buttons["discard"].setEnabled(self.takes.currentRow() >= 0)


def movement_text(label: str, count: int) -> str:
    """``wave: 6 of 8 takes``; what is no movement is called so."""
    name = tr("nothing of these") if label == NOTHING else label
    return tr("{name}: {n} of {enough} takes").format(name=name, n=count, enough=ENOUGH)


def take_text(take: Take, wrong: str | None) -> str:
    """``2.3 s · eva``, and what it was called wrongly while it was held out."""
    text = f"{take.seconds:.1f} s" + (f" · {take.person}" if take.person else "")
    return text if wrong is None else f"{text}\n✗ {wrong or '–'}"


def _make_room(listed: QListWidget, rows: int) -> None:
    """As high as so many of its rows."""
    row_px = max(listed.sizeHintForRow(0), listed.fontMetrics().lineSpacing())
    listed.setFixedHeight(rows * row_px + 2 * listed.frameWidth() + 2)


def _item(name: str, text: str) -> QListWidgetItem:
    item = QListWidgetItem(text)
    item.setData(NAME_ROLE, name)
    item.setToolTip(plain_tip(text))
    return item


def _rows(listed: QListWidget) -> list[tuple[str, str]]:
    items = [item for row in range(listed.count()) if (item := listed.item(row)) is not None]
    return [(str(item.data(NAME_ROLE)), item.text()) for item in items]
