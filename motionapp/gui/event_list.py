"""The list of events, below each who did what; a click asks to see it. Knows `Event`, not its
finding."""

from __future__ import annotations

from PyQt6.QtCore import QAbstractItemModel, QModelIndex, QRect, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFont, QPainter, QPalette
from PyQt6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView, QWidget

from motionapp.core.event import Segment
from motionapp.core.wording import name_text
from motionapp.gui.event_model import FOUND_ROLE, MARK_ROLE, SEGMENT_ROLE
from motionapp.gui.found.log import Found
from motionapp.gui.found.marks import Mark
from motionapp.gui.presenter import event_times, segment_text
from motionapp.gui.theme import label_qcolor
from motionapp.gui.words import tr

EVENT_PX, SEGMENT_PX = 46, 24
SAID = {"confirmed": "✓", "rejected": "✗", None: ""}
"""How what a person has said is shown."""


class EventDelegate(QStyledItemDelegate):
    """Paints an event: a stroke in its colour, its name, its times; a segment on one line."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """All events are alike, and all segments."""
        is_segment = isinstance(index.data(SEGMENT_ROLE), Segment)
        return QSize(option.rect.width(), SEGMENT_PX if is_segment else EVENT_PX)

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        """One row."""
        found, segment = index.data(FOUND_ROLE), index.data(SEGMENT_ROLE)
        if painter is None or not isinstance(found, Found):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(option.palette.color(QPalette.ColorRole.AlternateBase))
            painter.drawRoundedRect(option.rect.adjusted(0, 1, -4, -1), 6, 6)
        if isinstance(segment, Segment):
            _paint_segment(painter, option.rect, segment, option.palette)
        else:
            row = option.rect.adjusted(0, 2, -4, -2)
            _paint_event(painter, row, found, index.data(MARK_ROLE), option.palette)
        painter.restore()


class EventList(QTreeView):
    """Lists events, newest first: rows of an `EventModel`, or of what is left of one."""

    seek_asked = pyqtSignal(float)  # start_s of the chosen event or segment

    def __init__(self, model: QAbstractItemModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(EventDelegate(self))
        self.setMouseTracking(True)
        self.setHeaderHidden(True)
        self.setIndentation(16)
        self.setVerticalScrollMode(QTreeView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Events"))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.clicked.connect(self._ask)
        self.activated.connect(self._ask)  # the return key

    def _ask(self, index: QModelIndex) -> None:
        found, segment = index.data(FOUND_ROLE), index.data(SEGMENT_ROLE)
        if isinstance(segment, Segment):
            self.seek_asked.emit(segment.start_s)
        elif isinstance(found, Found):
            self.seek_asked.emit(found.event.start_s)


def _paint_event(
    painter: QPainter, row: QRect, found: Found, mark: object, palette: QPalette
) -> None:
    event = found.event
    said = mark if isinstance(mark, Mark) else None
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(label_qcolor(event.label))
    painter.drawRoundedRect(QRect(row.left() + 4, row.top() + 8, 4, row.height() - 16), 2, 2)
    inner = row.adjusted(18, 4, -8, -4)
    title = name_text(event.label, event.score)
    if said is not None:
        title = f"{SAID[said.verdict]} {said.label or title}"
    _write(
        painter,
        inner,
        title,
        palette.color(QPalette.ColorRole.WindowText),
        QFont.Weight.DemiBold,
        top=True,
    )
    times = event_times(event) + ("   cut" if found.is_cut else "")
    role = QPalette.ColorRole.Link if found.is_open else QPalette.ColorRole.PlaceholderText
    quiet = palette.color(role)
    _write(painter, inner, times, quiet, QFont.Weight.Normal, top=False)


def _paint_segment(painter: QPainter, row: QRect, segment: Segment, palette: QPalette) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(label_qcolor(segment.label))
    painter.drawEllipse(row.left() + 4, row.center().y() - 3, 7, 7)
    inner = row.adjusted(18, 3, -8, -3)
    quiet = palette.color(QPalette.ColorRole.PlaceholderText)
    _write(painter, inner, segment_text(segment), quiet, QFont.Weight.Normal, top=False)


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
