"""The events as Qt's views read them: a row an event, below it who did what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Final

from PyQt6.QtCore import QModelIndex, QObject, Qt
from PyQt6.QtGui import QImage, QStandardItem, QStandardItemModel

from motionapp.core.event import Segment
from motionapp.gui.found.gallery import Gallery
from motionapp.gui.found.log import Change, EventLog, Found
from motionapp.gui.presenter import found_text, segment_text

FOUND_ROLE = Qt.ItemDataRole.UserRole
"""The `Found` of a row, or of the row above a segment's."""
SEGMENT_ROLE = Qt.ItemDataRole.UserRole + 1
"""The `Segment` of a row; None where it is an event's."""

MARK_ROLE = Qt.ItemDataRole.UserRole + 2
"""What a person has said of an event, a `Mark`; None where nothing was said, and of segments."""

PICTURE_ROLE = Qt.ItemDataRole.UserRole + 3
"""Of an event, or of who did what in it, a small `QImage`; None where there is none."""

MOST_DECODED: Final = 64
"""Pictures that are kept as they are painted, 2 MB: what is seen of a list, three times over. What
goes on has another one each second or two, so that more of them are no help."""


class EventModel(QStandardItemModel):
    """An `EventLog` with its changes told row by row, so that views keep what is chosen in them.

    Rows are Qt's own items: at each new one, a view asks where all others are, which a model in
    Python would answer for a quarter of a second where there are 5,000.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.log = EventLog(self._telling)
        self.mark_of: Callable[[Found], object] = lambda found: None
        """What a person has said of an event."""
        self.gallery = Gallery()
        """Pictures of events, asked for when a row is painted."""

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a row is, and its text for who reads or hears it."""
        if not index.isValid():
            return None
        above = index.parent()
        found = super().data(above if above.isValid() else index, FOUND_ROLE)
        if role == FOUND_ROLE or not isinstance(found, Found):
            return found
        segment = _segment(found, index.row()) if above.isValid() else None
        if role == SEGMENT_ROLE:
            return segment
        if role == MARK_ROLE:
            return None if above.isValid() else self.mark_of(found)
        if role == PICTURE_ROLE:
            return decoded(self.gallery.of(found.event, segment))
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return found_text(found) if segment is None else segment_text(segment)
        return None

    def marks_changed(self) -> None:
        """Something else is said of some of them."""
        if len(self.log):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.log) - 1, 0), [MARK_ROLE])

    def index_of(self, found: Found) -> QModelIndex:
        """Where an event stands; invalid where it is not listed any more."""
        row = self.log.row_of(found)
        return QModelIndex() if row is None else self.index(row, 0)

    @contextmanager
    def _telling(self, change: Change) -> Iterator[None]:
        if change.kind == "goes":
            self.removeRow(change.row)
        yield
        if change.kind == "comes":
            item = _item(change.found)
            item.appendRows(_parts(len(change.found.event.segments)))
            self.insertRow(change.row, item)
        elif change.kind == "segments":
            self._resize(change)
        elif change.kind == "changes":
            self._change(change)

    def _resize(self, change: Change) -> None:
        """Segments come or go below an event's own row."""
        item = self.item(change.row)
        if item is None:
            return
        before, after = item.rowCount(), len(change.found.event.segments)
        if after > before:
            item.appendRows(_parts(after - before))
        else:
            item.removeRows(after, before - after)

    def _change(self, change: Change) -> None:
        item = self.item(change.row)
        if item is None:
            return
        item.setData(change.found, FOUND_ROLE)
        if item.hasChildren():
            above = item.index()
            self.dataChanged.emit(
                self.index(0, 0, above), self.index(item.rowCount() - 1, 0, above)
            )


@lru_cache(MOST_DECODED)
def decoded(jpeg: bytes) -> QImage | None:
    """A picture ready to be painted; None of what is none."""
    image = QImage.fromData(jpeg, "JPG") if jpeg else QImage()
    return None if image.isNull() else image


def _item(found: Found | None = None) -> QStandardItem:
    item = QStandardItem()
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
    if found is not None:
        item.setColumnCount(1)  # before there are rows: else both come at once
        item.setData(found, FOUND_ROLE)
    return item


def _parts(count: int) -> Sequence[QStandardItem]:
    return [_item() for _ in range(count)]


def _segment(found: Found, row: int) -> Segment | None:
    segments = found.event.segments
    return segments[row] if row < len(segments) else None
