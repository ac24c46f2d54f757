"""The events that the window lists, newest first. No Qt.

A recording may be seen several times over: looped, or from an event on. What is found again takes
the place of what it overlaps, so that each event stands there once; of a camera nothing is found
again, and what was found since it was opened last is newer than all else. What a seek has cut is no
finding: an event that ends because playing did is forgotten, and one that began where playing
began is marked until it is seen whole.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Final, Literal

from motionapp.core.event import Event
from motionapp.core.moment import Moment

MOST_EVENTS: Final = 10_000
"""The oldest are forgotten: a camera may run for months."""
CUT_WITHIN_S: Final = 2.0
"""An event that begins so soon after playing did may have gone on before: so long are the blocks
over which the gate learns noise and light, and until one is full it judges by a floor."""


@dataclass(frozen=True, slots=True)
class Found:
    """An event, and whether it is all of it."""

    event: Event
    is_cut: bool = False
    """It went on before, or after: nobody knows from when, or until when."""
    is_stored: bool = False
    """A run over all of the recording has found it, and has written it down."""
    opening: int = 0
    """Of a camera, in which it was found: its time begins anew each time that it is opened."""

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.event.ended_by is None


@dataclass(frozen=True, slots=True)
class Change:
    """One row that comes, changes or goes; row 0 is the newest.

    Where an event has more or fewer segments than before, these come or go by a change of their
    own, ``segments``, which leaves all else as it was.
    """

    kind: Literal["comes", "segments", "changes", "goes"]
    row: int
    found: Found
    """As it will be; for one that goes, as it was."""


Told = Callable[[Change], AbstractContextManager[object]]
"""Entered before a change is made, left after it."""


class EventLog:
    """What has been found so far.

    Parameters
    ----------
    told : callable
        Hears of every change: Qt's models have to say what is about to happen.
    """

    def __init__(self, told: Told = lambda change: nullcontext()) -> None:
        self._told = told
        self._found: list[Found] = []
        """In the order of their openings and beginnings."""
        self.opening = 0
        """What is found from now on belongs to this one."""
        self._longest_s = 0.0
        """None of them has lasted longer, so none that begins so much earlier overlaps."""

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Found]:
        """Newest first."""
        return reversed(self._found)

    def __getitem__(self, row: int) -> Found:
        """Row 0 is the newest."""
        return self._found[-1 - row]

    def begin(self, *, may_repeat: bool) -> None:
        """It is played from somewhere else, or anew: what is still open has been given up.

        Parameters
        ----------
        may_repeat : bool
            What was seen may be seen again: of a recording.
        """
        self.forget_open()
        if not may_repeat:
            self.opening += 1

    def row_of(self, found: Found) -> int | None:
        """Where an event stands; None where it is not listed."""
        key = _key(found)
        place = bisect_left(self._found, key, key=_key)
        while place < len(self._found) and _key(self._found[place]) == key:
            if self._found[place].event.event_id == found.event.event_id:
                return self._row(place)
            place += 1
        return None

    def note(self, moment: Moment, *, began_s: float = 0.0) -> bool:
        """Take over what happened.

        Parameters
        ----------
        moment : Moment
        began_s : float
            Where in the recording playing began.

        Returns
        -------
        bool
            Whether anything changed.
        """
        changed = False
        for event in (*moment.opened, *moment.changed, *moment.closed):
            changed |= self._note(event, began_s)
        return changed

    def put_stored(self, events: Iterable[Event]) -> None:
        """Take over what a run over all of the recording has found: it takes the place of what
        playing has found of it, and stays as it is. Of too many the newest."""
        for event in sorted(events, key=lambda event: event.start_s)[-MOST_EVENTS:]:
            self._take_over(Found(event, is_stored=True, opening=self.opening))

    def take_out_stored(self) -> None:
        """Without it again."""
        for place in reversed(range(len(self._found))):
            if self._found[place].is_stored:
                self._take_out(place)

    def clear(self) -> None:
        """Forget all, as for another source."""
        while self._found:
            self._take_out(len(self._found) - 1)

    def forget_open(self) -> None:
        """Drop what is still open: its analysis has been given up."""
        for place in reversed(range(len(self._found))):
            if self._found[place].is_open:
                self._take_out(place)

    def _note(self, event: Event, began_s: float) -> bool:
        if event.ended_by == "interrupted":
            return self._forget(event)
        is_late = began_s > 0 and event.start_s - began_s < CUT_WITHIN_S
        is_cut = is_late or event.ended_by == "settings"
        return self._take_over(Found(event, is_cut, opening=self.opening))

    def _take_over(self, found: Found) -> bool:
        event = found.event
        same = [place for place in self._near(event) if self._is_same(place, event)]
        if any(_is_better(self._found[place], found) for place in same):
            return self._forget(event)  # seen again, and as yet less of it than before
        for place in reversed(same):
            if self._found[place].event.event_id != event.event_id:
                self._take_out(place)
        self._put(found)
        return True

    def _near(self, event: Event) -> range:
        """Places of all that might overlap."""
        from_s, to_s = event.start_s - self._longest_s, event.end_s
        first, last = (
            bisect_left(self._found, (self.opening, at_s), key=_key) for at_s in (from_s, to_s)
        )
        return range(first, last)

    def _is_same(self, place: int, event: Event) -> bool:
        known = self._found[place].event
        return known.event_id == event.event_id or are_the_same(known, event)

    def _forget(self, event: Event) -> bool:
        row = self.row_of(Found(event, opening=self.opening))
        if row is None or not self[row].is_open:
            return False
        self._take_out(self._row(row))
        return True

    def _put(self, found: Found) -> None:
        self._longest_s = max(self._longest_s, _extent_s(found.event))
        row = self.row_of(found)
        if row is not None:
            before, after = self[row].event.segments, found.event.segments
            if len(before) != len(after):
                stay = (*before[: len(after)], *after[len(before) :])
                partly = replace(self[row].event, segments=stay)
                self._change("segments", row, replace(self[row], event=partly))
            self._change("changes", row, found)
            return
        place = bisect_left(self._found, _key(found), key=_key)
        with self._told(Change("comes", len(self._found) - place, found)):
            self._found.insert(place, found)
        if len(self._found) > MOST_EVENTS:
            self._take_out(0)

    def _change(self, kind: Literal["segments", "changes"], row: int, found: Found) -> None:
        with self._told(Change(kind, row, found)):
            self._found[self._row(row)] = found

    def _take_out(self, place: int) -> None:
        with self._told(Change("goes", self._row(place), self._found[place])):
            del self._found[place]

    def _row(self, place: int) -> int:
        """The row of a place in time, and the place of a row."""
        return len(self._found) - 1 - place


def _key(found: Found) -> tuple[int, float]:
    return found.opening, found.event.start_s


def _extent_s(event: Event) -> float:
    return event.end_s - event.start_s


def _is_better(known: Found, found: Found) -> bool:
    """Whether more is known of an event already: all of it, or a longer part."""
    if known.is_stored != found.is_stored:
        return known.is_stored
    if known.is_open and known.event.event_id == found.event.event_id:
        return False  # it goes on
    if known.is_cut != found.is_cut:
        return found.is_cut
    if known.event.event_id == found.event.event_id:
        return found.is_open
    return _extent_s(known.event) > _extent_s(found.event)


def are_the_same(first: Event, second: Event) -> bool:
    """In one zone, and the shorter lies in the other by more than half."""
    common_s = min(first.end_s, second.end_s) - max(first.start_s, second.start_s)
    shorter_s = min(_extent_s(first), _extent_s(second))
    return first.zone == second.zone and common_s > 0 and common_s > shorter_s / 2
