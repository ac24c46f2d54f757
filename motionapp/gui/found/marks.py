"""What a person has said of the events of a recording. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from motionapp.core.event import Event
from motionapp.explain.review import Reviewed

Said = Literal["confirmed", "rejected"]


@dataclass(frozen=True, slots=True)
class Mark:
    """What was said of one event; an event without one was not looked at."""

    start_s: float
    end_s: float
    zone: str
    verdict: Said | None = None
    label: str | None = None
    """What it is, in place of what it was called."""
    is_hidden: bool = False
    """It is not listed any more."""

    @property
    def says_nothing(self) -> bool:
        """Whether it is as if there were none."""
        return self.verdict is None and self.label is None and not self.is_hidden


@dataclass(frozen=True, slots=True)
class Marks:
    """Of all recordings, by their names and the ids of their events."""

    by_event: Mapping[tuple[str, str], Mark] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, source: str, event_id: str) -> Mark | None:
        """What was said of an event; None where nothing was."""
        return self.by_event.get((source, event_id))

    def confirmed(self, source: str, event: Event) -> Marks:
        """It is right; once more, and nothing is said of it."""
        return self._judged(source, event, "confirmed")

    def rejected(self, source: str, event: Event) -> Marks:
        """It is wrong; once more, and nothing is said of it."""
        return self._judged(source, event, "rejected")

    def renamed(self, source: str, event: Event, label: str | None) -> Marks:
        """It is something else than it was called; what a person names is right."""
        mark = self._mark(source, event)
        said: Said | None = "confirmed" if label and mark.verdict is None else mark.verdict
        return self._with(source, event, replace(mark, label=label or None, verdict=said))

    def hidden(self, source: str, event: Event) -> Marks:
        """It is not listed any more."""
        return self._with(source, event, replace(self._mark(source, event), is_hidden=True))

    def with_changes(self, before: Marks, after: Marks) -> Marks:
        """These, with what was said between two others, and nothing else of them."""
        marks = dict(self.by_event)
        for key in before.by_event.keys() | after.by_event.keys():
            mark = after.by_event.get(key)
            if mark == before.by_event.get(key):
                continue
            if mark is None:
                marks.pop(key, None)
            else:
                marks[key] = mark
        return Marks(MappingProxyType(marks))

    def reviewed(self) -> tuple[Reviewed, ...]:
        """The events that were judged, as a set to check settings by."""
        return tuple(
            Reviewed(
                source, event_id, mark.start_s, mark.end_s, mark.verdict, mark.zone, mark.label
            )
            for (source, event_id), mark in self.by_event.items()
            if mark.verdict is not None
        )

    @classmethod
    def of_reviewed(cls, entries: tuple[Reviewed, ...]) -> Marks:
        """What `reviewed` was made of, but for what was hidden."""
        listed = {
            (one.source, one.id): Mark(one.start_s, one.end_s, one.zone, one.verdict, one.label)
            for one in entries
        }
        return cls(MappingProxyType(listed))

    def _judged(self, source: str, event: Event, said: Said) -> Marks:
        mark = self._mark(source, event)
        verdict = None if mark.verdict == said else said
        return self._with(source, event, replace(mark, verdict=verdict))

    def _mark(self, source: str, event: Event) -> Mark:
        known = self.of(source, event.event_id)
        return known or Mark(event.start_s, event.end_s, event.zone)

    def _with(self, source: str, event: Event, mark: Mark) -> Marks:
        marks = dict(self.by_event)
        key = source, event.event_id
        if mark.says_nothing:
            marks.pop(key, None)
        else:
            marks[key] = mark
        return Marks(MappingProxyType(marks))
