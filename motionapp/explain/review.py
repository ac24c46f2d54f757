"""What a person has said of events, right or wrong: a set that settings are held to.

Who confirms some events and rejects others has a test: with other settings, are the right ones
still found, and are the wrong ones still raised?
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from motionapp.assembly import load_models, make_analysis, open_source
from motionapp.core.errors import MotionAppError
from motionapp.core.event import WHOLE_PICTURE, Event
from motionapp.core.models import Models
from motionapp.explain.stretch import NotWanted
from motionapp.files.atomic import write_whole
from motionapp.files.checked import read_checked
from motionapp.runtime.span import Span, lead_in_for
from motionapp.runtime.vectors import with_vectors
from motionapp.runtime.walk import walk
from motionapp.settings import AnalysisSettings

SCHEMA: Final = 1
MOST_ENTRIES: Final = 10_000
MOST_BYTES: Final = 16 << 20
BEFORE_S: Final = 5.0
"""So long before an event everything behind the gate runs, too."""
AFTER_S: Final = 3.0
"""So long after it, beside the pause that keeps an event open: by then it is closed."""

Said = Literal["confirmed", "rejected"]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """An event, and what a person has said of it."""

    source: str
    """The recording, as `open_source` understands it."""
    id: str
    start_s: float
    end_s: float
    verdict: Said
    zone: str = WHOLE_PICTURE
    label: str | None = None
    """What it is, where a person has said so."""


@dataclass(frozen=True, slots=True)
class Checked:
    """An event that was looked for again."""

    entry: Reviewed
    is_found: bool
    """Something is found there."""

    @property
    def agrees(self) -> bool:
        """Whether what is right is found, and what is wrong is not."""
        return self.is_found == (self.entry.verdict == "confirmed")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What settings make of a set."""

    checked: tuple[Checked, ...]
    unreadable: tuple[tuple[str, str], ...] = ()
    """Recordings that cannot be read, and why; what is said of them is not checked."""

    def counts(self, verdict: Said) -> tuple[int, int]:
        """Of those that were confirmed, or rejected: how many are found, of how many."""
        found = [one.is_found for one in self.checked if one.entry.verdict == verdict]
        return sum(found), len(found)

    @property
    def agrees(self) -> bool:
        """Whether every event is as it was said to be."""
        return all(one.agrees for one in self.checked)

    def sentence(self) -> str:
        """``11 of 12 right ones are found, 1 of 5 wrong ones is still raised``."""
        (found, right), (raised, wrong) = self.counts("confirmed"), self.counts("rejected")
        parts = [f"{found} of {right} right ones {_are(found)} found"] if right else []
        parts += [f"{raised} of {wrong} wrong ones {_are(raised)} still raised"] if wrong else []
        return ", ".join(parts) or "nothing could be checked"


def read_review(path: Path) -> tuple[Reviewed, ...]:
    """The events of a set; recordings are found from the folder that it lies in.

    Raises
    ------
    SettingsError
        The file cannot be read, or is none; with what is wrong with it.
    """
    document = read_checked(
        path, _Document, what="a set of events", schema=SCHEMA, most_bytes=MOST_BYTES
    )
    return tuple(
        Reviewed(**{**one.model_dump(), "source": _from(path.parent, one.source)})
        for one in document.entries
    )


def write_review(path: Path, entries: Iterable[Reviewed]) -> None:
    """Write a set, whole or not at all; see docs/schemas/review.schema.json."""
    document = {"schema": SCHEMA, "entries": [asdict(one) for one in entries]}
    write_whole(path, json.dumps(document, indent=1, ensure_ascii=False) + "\n")


def check_review(
    entries: Sequence[Reviewed],
    settings: AnalysisSettings,
    *,
    threads: int = 1,
    advance: Callable[[int, int], None] = lambda done, total: None,
    is_wanted: Callable[[], bool] = lambda: True,
) -> Outcome:
    """Look for events of a set again, with these settings.

    Parameters
    ----------
    entries : sequence of Reviewed
    settings : AnalysisSettings
    threads : int
        Of networks.
    advance : callable
        Told how many were looked for, of how many.
    is_wanted : callable
        Asked before each frame.

    Raises
    ------
    ModelError, SettingsError
        The settings cannot be used.
    NotWanted
        The answer is not wanted any longer.
    """
    models = load_models(settings, threads=threads)
    checked: list[Checked] = []
    unreadable: list[tuple[str, str]] = []
    done = 0
    for source, listed in groupby(sorted(entries, key=lambda one: one.source), _source):
        of_one = sorted(listed, key=lambda one: (one.start_s, one.end_s))
        try:
            for stretch in _stretches(of_one, settings):
                events = list(_events(source, stretch.span, settings, models, is_wanted))
                checked += [Checked(one, _is_found(one, events)) for one in stretch.entries]
                advance(done + len(checked), len(entries))
        except MotionAppError as error:
            unreadable.append((source, str(error)))
    known = {one.entry: one for one in checked}
    return Outcome(tuple(known[one] for one in entries if one in known), tuple(unreadable))


@dataclass(slots=True)
class _Stretch:
    entries: list[Reviewed]
    span: Span


def _stretches(entries: Sequence[Reviewed], settings: AnalysisSettings) -> Iterator[_Stretch]:
    """Parts of a recording, each with the events in it; those that overlap are one."""
    lead_in_s = lead_in_for(settings)
    now: _Stretch | None = None
    for one in entries:
        start_s = max(0.0, one.start_s - BEFORE_S)
        end_s = one.end_s + settings.events.pause_s + AFTER_S
        if now is not None and start_s <= now.span.end_s:
            now.entries.append(one)
            now.span = Span(now.span.start_s, max(end_s, now.span.end_s), lead_in_s)
            continue
        if now is not None:
            yield now
        now = _Stretch([one], Span(start_s, end_s, lead_in_s))
    if now is not None:
        yield now


def _events(
    spec: str,
    span: Span,
    settings: AnalysisSettings,
    models: Models,
    is_wanted: Callable[[], bool],
) -> Iterator[Event]:
    source = with_vectors(open_source(spec, decode_threads=1), settings)
    try:
        analysis = make_analysis(settings, models, source_name=source.info.name)
        for moment in walk(span.read(source), analysis, span=span):
            if not is_wanted():
                raise NotWanted
            yield from moment.closed
    finally:
        source.close()


def _is_found(entry: Reviewed, events: Iterable[Event]) -> bool:
    return any(one.zone == entry.zone and _is_there(one, entry) for one in events)


def _is_there(event: Event, entry: Reviewed) -> bool:
    """Whether more than half of the shorter lies in the other."""
    common_s = min(event.end_s, entry.end_s) - max(event.start_s, entry.start_s)
    shorter_s = min(event.duration_s, entry.end_s - entry.start_s)
    return common_s > 0 and common_s > shorter_s / 2


def _source(entry: Reviewed) -> str:
    return entry.source


def _from(folder: Path, source: str) -> str:
    """A path beside the set, from there; an address as it is."""
    if ":" in source.partition("/")[0] or Path(source).is_absolute():
        return source
    return str(folder / source)


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Annotated[str, Field(min_length=1, max_length=4096)]
    id: Annotated[str, Field(max_length=200)]
    start_s: Annotated[float, Field(ge=0, le=1e9)]
    end_s: Annotated[float, Field(ge=0, le=1e9)]
    verdict: Said
    zone: Annotated[str, Field(max_length=64)] = WHOLE_PICTURE
    label: Annotated[str, Field(max_length=200)] | None = None


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_: Annotated[Literal[1], Field(alias="schema")]
    entries: Annotated[tuple[_Entry, ...], Field(max_length=MOST_ENTRIES)]
