"""The list of events; a click asks to see one. Knows `Event`, not its finding."""

from __future__ import annotations

from PyQt6.QtCore import QAbstractListModel, QModelIndex, QRect, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFont, QPainter
from PyQt6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from motionapp.core.event import Event
from motionapp.core.moment import Moment
from motionapp.core.wording import name_text
from motionapp.gui.event_log import EventLog
from motionapp.gui.presenter import event_times
from motionapp.gui.theme import ACCENT, QUIET, RAISED, TEXT, label_qcolor

ROW_PX = 46


class EventModel(QAbstractListModel):
    """An `EventLog` as Qt's views read it."""

    def __init__(self, log: EventLog, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._log = log

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        """How many there are."""
        return 0 if parent.isValid() else len(self._log)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The text of a row for who reads or hears it; the event itself for the delegate."""
        if not index.isValid() or index.row() >= len(self._log):
            return None
        event = self._log[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return event
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{name_text(event.label, event.score)}, {event_times(event)}"
        return None

    def refresh(self) -> None:
        """The log has changed: the few rows that are visible are painted again."""
        self.beginResetModel()
        self.endResetModel()


class EventDelegate(QStyledItemDelegate):
    """Paints an event: a stroke in its colour, its name, its times."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """All rows are alike."""
        return QSize(option.rect.width(), ROW_PX)

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        """One row."""
        event = index.data(Qt.ItemDataRole.UserRole)
        if painter is None or not isinstance(event, Event):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row = option.rect.adjusted(0, 2, -4, -2)
        is_hot = option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_HasFocus)
        if is_hot:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(RAISED))
            painter.drawRoundedRect(row, 6, 6)
        stroke = QRect(row.left() + 8, row.top() + 8, 4, row.height() - 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(label_qcolor(event.label))
        painter.drawRoundedRect(stroke, 2, 2)
        inner = row.adjusted(22, 4, -8, -4)
        title = name_text(event.label, event.score)
        _write(painter, inner, title, QColor(TEXT), QFont.Weight.DemiBold, top=True)
        quiet = QColor(ACCENT if event.ended_by is None else QUIET)
        _write(painter, inner, event_times(event), quiet, QFont.Weight.Normal, top=False)
        painter.restore()


class EventList(QListView):
    """Lists the events of a running analysis, newest first."""

    seek_asked = pyqtSignal(float)  # start_s of the chosen event

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.log = EventLog()
        self._model = EventModel(self.log, self)
        self.setModel(self._model)
        self.setItemDelegate(EventDelegate(self))
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Events")
        self.clicked.connect(self._ask)
        self.activated.connect(self._ask)  # the return key

    def show_moment(self, moment: Moment) -> None:
        """Take over what opened, changed or closed."""
        if self.log.note(moment):
            self._model.refresh()

    def clear(self) -> None:
        """Another source."""
        self.log.clear()
        self._model.refresh()

    def forget_open(self) -> None:
        """What was open is not going on any more."""
        self.log.forget_open()
        self._model.refresh()

    def _ask(self, index: QModelIndex) -> None:
        event = index.data(Qt.ItemDataRole.UserRole)
        if isinstance(event, Event):
            self.seek_asked.emit(event.start_s)


def _write(
    painter: QPainter, place: QRect, text: str, colour: QColor, weight: QFont.Weight, *, top: bool
) -> None:
    font = painter.font()
    font.setPixelSize(13 if top else 12)
    font.setWeight(weight)
    painter.setFont(font)
    painter.setPen(colour)
    where = Qt.AlignmentFlag.AlignTop if top else Qt.AlignmentFlag.AlignBottom
    painter.drawText(place, int(where | Qt.AlignmentFlag.AlignLeft), text)
