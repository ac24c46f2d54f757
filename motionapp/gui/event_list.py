"""The list of events, below each who did what; a click asks to see it. Knows `Event`, not its
finding."""

from __future__ import annotations

from PyQt6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    pyqtSignal,
)
from PyQt6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QPalette
from PyQt6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView, QWidget

from motionapp.core.event import Segment
from motionapp.core.wording import name_text
from motionapp.gui.event_model import FOUND_ROLE, MARK_ROLE, PICTURE_ROLE, SEGMENT_ROLE
from motionapp.gui.found.log import Found
from motionapp.gui.found.marks import Mark
from motionapp.gui.presenter import found_times, segment_name, segment_times
from motionapp.gui.theme import label_qcolor
from motionapp.gui.words import tr

ROW_PX = 54
"""Of events and segments alike: where heights differ, a view asks for all of them at each change,
which is a second and more with thousands of events."""
PICTURE_PX, SMALL_PX = 48, 42
SAID = {"confirmed": "✓", "rejected": "✗", None: ""}
"""How what a person has said is shown."""


class EventDelegate(QStyledItemDelegate):
    """Paints an event or a segment: a stroke in its colour, its picture, its name, its times."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """All rows are alike."""
        return QSize(option.rect.width(), ROW_PX)

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
            _paint_segment(painter, option.rect, index, segment, option.palette)
        else:
            row = option.rect.adjusted(0, 2, -4, -2)
            _paint_event(painter, row, index, found, option.palette)
        painter.restore()


class EventList(QTreeView):
    """Lists events, newest first: rows of an `EventModel`, or of what is left of one."""

    go_asked = pyqtSignal(float, float)  # from when to when a clicked event or segment was
    play_asked = pyqtSignal(float, float)  # of one that was clicked twice, or entered
    current_changed = pyqtSignal()  # another row is chosen, or none, or it is not what it was

    def __init__(self, model: QAbstractItemModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(EventDelegate(self))
        self.setMouseTracking(True)
        self.setHeaderHidden(True)
        self.setIndentation(16)
        self.setUniformRowHeights(True)
        self.setVerticalScrollMode(QTreeView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Events"))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.setExpandsOnDoubleClick(False)
        self.clicked.connect(lambda index: self.go_asked.emit(*stretch_of(index)))
        self.activated.connect(lambda index: self.play_asked.emit(*stretch_of(index)))
        model.dataChanged.connect(self._data_changed)
        model.modelReset.connect(self.current_changed)  # of which the selection says nothing

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        """Tell."""
        super().currentChanged(current, previous)
        self.current_changed.emit()

    def _data_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        current = self.currentIndex()
        if first.parent() == current.parent() and first.row() <= current.row() <= last.row():
            self.current_changed.emit()

    def show_anew(self) -> None:
        """There are other pictures of what is listed."""
        viewport = self.viewport()
        if viewport is not None:
            viewport.update()


def stretch_of(index: QModelIndex) -> tuple[float, float]:
    """From when to when the event or segment of a row was, in seconds; an open one until now."""
    found, segment = index.data(FOUND_ROLE), index.data(SEGMENT_ROLE)
    if isinstance(segment, Segment):
        return segment.start_s, segment.end_s
    if isinstance(found, Found):
        return found.event.start_s, found.event.end_s
    return 0.0, 0.0


def _paint_event(
    painter: QPainter, row: QRect, index: QModelIndex, found: Found, palette: QPalette
) -> None:
    event, mark = found.event, index.data(MARK_ROLE)
    said = mark if isinstance(mark, Mark) else None
    _stroke(painter, row, label_qcolor(event.label))
    place = QRect(row.left() + 14, row.center().y() - PICTURE_PX // 2, PICTURE_PX, PICTURE_PX)
    _paint_picture(painter, place, index.data(PICTURE_ROLE), palette)
    title = name_text(event.label, event.score)
    if said is not None:
        title = f"{SAID[said.verdict]} {said.label or title}"
    role = QPalette.ColorRole.Link if found.is_open else QPalette.ColorRole.PlaceholderText
    lines = QRect(place.right() + 11, row.top(), 0, row.height())
    lines.setRight(row.right() - 6)
    name = palette.color(QPalette.ColorRole.WindowText)
    _write(painter, lines, (title, name), (found_times(found), palette.color(role)))


def _paint_segment(
    painter: QPainter, row: QRect, index: QModelIndex, segment: Segment, palette: QPalette
) -> None:
    _stroke(painter, row, label_qcolor(segment.label))
    place = QRect(row.left() + 14, row.center().y() - SMALL_PX // 2, SMALL_PX, SMALL_PX)
    _paint_picture(painter, place, index.data(PICTURE_ROLE), palette)
    lines = QRect(place.right() + 9, row.top(), 0, row.height())
    lines.setRight(row.right() - 6)
    name = palette.color(QPalette.ColorRole.WindowText)
    quiet = palette.color(QPalette.ColorRole.PlaceholderText)
    _write(painter, lines, (segment_name(segment), name), (segment_times(segment), quiet), bold=-1)


def _stroke(painter: QPainter, row: QRect, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(QRect(row.left() + 4, row.top() + 5, 4, row.height() - 10), 2, 2)


def _paint_picture(painter: QPainter, place: QRect, picture: object, palette: QPalette) -> None:
    """A picture with round corners, or its place where there is none yet."""
    painter.save()
    outline = QPainterPath()
    outline.addRoundedRect(QRectF(place), 5, 5)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(palette.color(QPalette.ColorRole.Mid))
    painter.setOpacity(1.0 if isinstance(picture, QImage) else 0.4)
    painter.drawPath(outline)
    if isinstance(picture, QImage):
        painter.setClipPath(outline)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = picture.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
        whole = QRect(QPoint(0, 0), size)
        whole.moveCenter(place.center())
        painter.drawImage(whole, picture)
    painter.restore()


def _write(
    painter: QPainter, place: QRect, first: tuple[str, QColor], second: tuple[str, QColor],
    *, bold: int = 0,
) -> None:  # fmt: skip
    """Two lines in the middle of a place, cut at its end."""
    for n, (text, colour) in enumerate((first, second)):
        font = painter.font()
        font.setPixelSize(12 if n else 13 + bold)
        font.setWeight(QFont.Weight.DemiBold if n == 0 and not bold else QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(colour)
        height = place.height() // 2
        line = QRect(place.left(), place.top() + n * height, place.width(), height)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, line.width())
        where = Qt.AlignmentFlag.AlignTop if n else Qt.AlignmentFlag.AlignBottom
        painter.drawText(
            line.adjusted(0, 0, 0, -1 if n == 0 else 0), int(where | Qt.AlignmentFlag.AlignLeft),
            shown,
        )  # fmt: skip
