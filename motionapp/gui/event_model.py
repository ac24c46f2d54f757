"""The events as Qt's views read them: a row an event, below it who did what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

from PyQt6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt

from motionapp.core.event import Segment
from motionapp.gui.found.log import Change, EventLog, Found
from motionapp.gui.presenter import found_text, segment_text

FOUND_ROLE = Qt.ItemDataRole.UserRole
"""The `Found` of a row, or of the row above a segment's."""
SEGMENT_ROLE = Qt.ItemDataRole.UserRole + 1
"""The `Segment` of a row; None where it is an event's."""

MARK_ROLE = Qt.ItemDataRole.UserRole + 2
"""What a person has said of an event, a `Mark`; None where nothing was said, and of segments."""

NOBODY = QModelIndex()


class EventModel(QAbstractItemModel):
    """An `EventLog` with its changes told row by row, so that views keep what is chosen in them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.log = EventLog(self._telling)
        self.mark_of: Callable[[Found], object] = lambda found: None
        """What a person has said of an event."""
        self._numbers = count(1)
        # A segment's index has to name its event, whose row changes: by a number that does not.
        self._number_of: dict[tuple[str, float], int] = {}
        self._of_number: dict[int, tuple[str, float]] = {}

    def rowCount(self, parent: QModelIndex = NOBODY) -> int:
        """How many events there are, or segments in one."""
        if not parent.isValid():
            return len(self.log)
        found = self.data(parent, FOUND_ROLE) if not parent.internalId() else None
        return len(found.event.segments) if isinstance(found, Found) else 0

    def columnCount(self, parent: QModelIndex = NOBODY) -> int:
        """One: what stands in it is painted."""
        return 1

    def index(self, row: int, column: int, parent: QModelIndex = NOBODY) -> QModelIndex:
        """Of an event, or of a segment of one."""
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        if not parent.isValid():
            return self.createIndex(row, column, 0)
        return self.createIndex(row, column, self._number(self.log[parent.row()]))

    def parent(self, child: QModelIndex = NOBODY) -> QModelIndex:  # type: ignore[override]
        """The event of a segment."""
        known = self._of_number.get(child.internalId()) if child.isValid() else None
        row = None if known is None else self.log.row_of(*known)
        return QModelIndex() if row is None else self.createIndex(row, 0, 0)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a row is, and its text for who reads or hears it."""
        if not index.isValid():
            return None
        above = index.parent()
        row = above.row() if above.isValid() else index.row()
        if not 0 <= row < len(self.log):
            return None
        found = self.log[row]
        segment = self._segment(found, index.row()) if above.isValid() else None
        if role == FOUND_ROLE:
            return found
        if role == SEGMENT_ROLE:
            return segment
        if role == MARK_ROLE:
            return None if above.isValid() else self.mark_of(found)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return found_text(found) if segment is None else segment_text(segment)
        return None

    def marks_changed(self) -> None:
        """Something else is said of some of them."""
        if len(self.log):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.log) - 1, 0), [MARK_ROLE])

    def index_of(self, found: Found) -> QModelIndex:
        """Where an event stands; invalid where it is not listed any more."""
        row = self.log.row_of(*_key(found))
        return QModelIndex() if row is None else self.index(row, 0)

    @contextmanager
    def _telling(self, change: Change) -> Iterator[None]:
        if change.kind == "comes":
            self.beginInsertRows(QModelIndex(), change.row, change.row)
            yield
            self.endInsertRows()
        elif change.kind == "goes":
            self.beginRemoveRows(QModelIndex(), change.row, change.row)
            yield
            self._of_number.pop(self._number_of.pop(_key(change.found), 0), None)
            self.endRemoveRows()
        elif change.kind == "segments":
            yield from self._resizing(change)
        else:
            yield
            self._tell_changed(self.index(change.row, 0))

    def _resizing(self, change: Change) -> Iterator[None]:
        """Segments come or go below an event's own row."""
        above = self.index(change.row, 0)
        before = len(self.log[change.row].event.segments)
        after = len(change.found.event.segments)
        if after > before:
            self.beginInsertRows(above, before, after - 1)
            yield
            self.endInsertRows()
        else:
            self.beginRemoveRows(above, after, before - 1)
            yield
            self.endRemoveRows()

    def _tell_changed(self, above: QModelIndex) -> None:
        self.dataChanged.emit(above, above)
        segments = self.rowCount(above)
        if segments:
            self.dataChanged.emit(self.index(0, 0, above), self.index(segments - 1, 0, above))

    def _number(self, found: Found) -> int:
        key = _key(found)
        if key not in self._number_of:
            number = next(self._numbers)
            self._number_of[key], self._of_number[number] = number, key
        return self._number_of[key]

    @staticmethod
    def _segment(found: Found, row: int) -> Segment | None:
        segments = found.event.segments
        return segments[row] if row < len(segments) else None


def _key(found: Found) -> tuple[str, float]:
    return found.event.event_id, found.event.start_s
