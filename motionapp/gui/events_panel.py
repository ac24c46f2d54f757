"""The dock of events: what is listed can be chosen by name, zone and score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PyQt6.QtCore import (
    QModelIndex,
    QSignalBlocker,
    QSortFilterProxyModel,
    Qt,
    QTimer,
)
from PyQt6.QtWidgets import QComboBox, QDoubleSpinBox, QHBoxLayout, QVBoxLayout, QWidget

from motionapp.core.event import Event
from motionapp.core.moment import Moment
from motionapp.gui.choice import Choice
from motionapp.gui.event_list import EventList
from motionapp.gui.event_model import FOUND_ROLE, MARK_ROLE, EventModel
from motionapp.gui.found.log import EventLog, Found
from motionapp.gui.found.marks import Mark
from motionapp.gui.found.sieve import Sieve, labels_of, zones_of
from motionapp.gui.one_line import OneLine
from motionapp.gui.play.glimpses import EventPictures
from motionapp.gui.words import tr

NAMES_EACH_MS = 250
"""So often what can be chosen is listed anew at most: all events have to be looked through."""


class Sieved(QSortFilterProxyModel):
    """The events that a sieve lets through, with all of their segments."""

    def __init__(self, model: EventModel) -> None:
        super().__init__(model)
        self.sieve = Sieve()
        self.setSourceModel(model)

    def use(self, sieve: Sieve) -> None:
        """List by this from now on."""
        if sieve != self.sieve:
            self.sieve = sieve
            self.invalidateFilter()

    def filterAcceptsRow(self, row: int, parent: QModelIndex) -> bool:
        """Whether a row is listed."""
        model = self.sourceModel()
        if parent.isValid() or model is None:
            return True
        index = model.index(row, 0)
        mark, found = index.data(MARK_ROLE), index.data(FOUND_ROLE)
        if isinstance(mark, Mark) and mark.is_hidden:
            return False
        return isinstance(found, Found) and self.sieve.lets(found)


class EventsPanel(QWidget):
    """Sieve, list, and how many of how many are listed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = EventModel(self)
        self.sieved = Sieved(self.model)
        self.list = EventList(self.sieved)
        self._label, self._zone, self._score = Choice(), Choice(), QDoubleSpinBox()
        self._count = OneLine("quiet")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(self._bar())
        layout.addWidget(self.list, 1)
        layout.addWidget(self._count)
        self._list_names()
        self._names_timer = QTimer(self)
        self._names_timer.setSingleShot(True)
        self._names_timer.setInterval(NAMES_EACH_MS)
        self._names_timer.timeout.connect(self._list_names)
        for signal in (self.model.rowsInserted, self.model.rowsRemoved, self.model.dataChanged):
            signal.connect(self._soon)
        self._label.activated.connect(self._sieve)
        self._zone.activated.connect(self._sieve)
        self._score.valueChanged.connect(self._sieve)

    @property
    def log(self) -> EventLog:
        """All that was found."""
        return self.model.log

    def note(
        self,
        moment: Moment,
        *,
        began_s: float = 0.0,
        pictures: tuple[EventPictures, ...] = (),
    ) -> None:
        """Take over what opened, changed or closed, while playing that began at a second."""
        self.show_pictures(pictures)
        self.log.note(moment, began_s=began_s)

    def show_pictures(self, pictures: Sequence[EventPictures]) -> None:
        """Of who was seen in events."""
        if pictures:
            self.model.gallery.put(pictures)
            self.list.show_anew()

    def forget_pictures(self) -> None:
        """They show what shall not be seen any more; those to come do not."""
        self.model.gallery.clear()
        self.list.show_anew()

    def show_stored(self, events: Sequence[Event]) -> None:
        """List what a run over all of the recording has found."""
        with self._all_at_once():
            self.log.put_stored(events)

    def hide_stored(self) -> None:
        """List it no more."""
        if any(one.is_stored for one in self.log):
            with self._all_at_once():
                self.log.take_out_stored()

    @contextmanager
    def _all_at_once(self) -> Iterator[None]:
        """Many rows: views look when all have come or gone, and choose anew."""
        self.sieved.setSourceModel(None)
        try:
            yield
        finally:
            self.sieved.setSourceModel(self.model)
            self._say_count()

    def forget(self) -> None:
        """Another source."""
        self.log.clear()
        self.model.gallery.clear()

    def marks_changed(self) -> None:
        """A person has said something of events."""
        self.model.marks_changed()
        self.sieved.invalidateFilter()
        self._say_count()

    def choose(self, sieve: Sieve) -> None:
        """As if this were chosen."""
        self._list_names()
        _select(self._label, sieve.label)
        _select(self._zone, sieve.zone)
        self._score.setValue(sieve.least_score)
        self._sieve()

    def _soon(self) -> None:
        if not self._names_timer.isActive():
            self._names_timer.start()

    def _bar(self) -> QHBoxLayout:
        bar = QHBoxLayout()
        bar.setSpacing(6)
        for widget, name in (
            (self._label, tr("Only these movements")),
            (self._zone, tr("Only this zone")),
            (self._score, tr("Least score")),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(name)
            widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for choice in (self._label, self._zone):
            choice.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            choice.setMinimumContentsLength(6)
        self._score.setRange(0.0, 1.0)
        self._score.setSingleStep(0.05)
        bar.addWidget(self._label, 3)  # "All movements" is the longest of what is there at first
        bar.addWidget(self._zone, 2)
        bar.addWidget(self._score)
        return bar

    def _sieve(self) -> None:
        self.sieved.use(
            Sieve(self._label.currentData(), self._zone.currentData(), self._score.value())
        )
        self._say_count()

    def _list_names(self) -> None:
        _refill(self._label, tr("All movements"), labels_of(self.log))
        zones = zones_of(self.log)
        _refill(self._zone, tr("All zones"), zones)
        self._zone.setVisible(len(zones) > 1 or self._zone.currentData() is not None)
        self._say_count()

    def _say_count(self) -> None:
        listed, there = self.sieved.rowCount(), len(self.log)
        stored = sum(one.is_stored for one in self.log)
        if stored and listed == there:
            self._count.say(
                tr("{n} events, {stored} of them stored").format(n=there, stored=stored)
            )
        elif listed == there:
            self._count.say(_count_text(there))
        else:
            self._count.say(tr("{n} of {all} events").format(n=listed, all=there))


def _count_text(count: int) -> str:
    if count == 1:
        return tr("One event")
    return tr("{n} events").format(n=count) if count else tr("No events yet")


def _refill(choice: QComboBox, all_of_them: str, names: Sequence[str]) -> None:
    """List these, and keep what is chosen, also where it is not found any more."""
    chosen = choice.currentData()
    listed = [None, *names, *([chosen] if chosen is not None and chosen not in names else [])]
    if [choice.itemData(row) for row in range(choice.count())] == listed:
        return
    blocker = QSignalBlocker(choice)
    choice.clear()
    for name in listed:
        choice.addItem(all_of_them if name is None else name, name)
    _select(choice, chosen)
    del blocker


def _select(choice: QComboBox, name: str | None) -> None:
    choice.setCurrentIndex(max(0, choice.findData(name)))
