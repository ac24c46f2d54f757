"""What is asked of a catalogue, as conditions that each event meets or does not."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from motionapp.core.errors import SettingsError

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER: Final = r"[0-9]+(?:\.[0-9]+)?%?"
_RANGE: Final = re.compile(rf"({_NUMBER})?(\.\.)?({_NUMBER})?")


@dataclass(frozen=True, slots=True)
class Range:
    """From a number to another, both included; None where it has no end."""

    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One of the things that are asked for."""

    option: str
    """What a person has given it by, ``--label walk`` say."""
    sql: str
    """True of an event that meets it; a question mark for each of the values."""
    values: tuple[Any, ...] = ()  # whatever SQL compares with: texts, numbers, lists of them
    needs: str = ""
    """The column without which an event is left out, whatever it is."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for; what is empty or None is not."""

    labels: tuple[str, ...] = ()
    """Any of them, of the event or of a segment in it; each text may hold several with commas."""
    cameras: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    recording: str = ""
    """A part of the recording's path."""
    from_: datetime | float | None = None
    """An instant, or seconds of the recording: what ends by then is left out."""
    to: datetime | float | None = None
    """Likewise: what begins at or after it is."""
    size: Range | None = None
    """Of the box, in shares of the picture."""
    duration_s: Range | None = None
    score: Range | None = None
    similar: str = ""
    """The key of an event, or the beginning of it: what is alike comes first."""
    limit: int | None = None

    def conditions(self) -> tuple[Condition, ...]:
        """All that an event has to meet, in the order in which a person would name them."""
        return tuple(self._conditions())

    def _conditions(self) -> Iterator[Condition]:
        if self.labels:
            said = f"--label {','.join(self.labels)}"
            yield Condition(said, "list_has_any(labels, ?)", (list(self.labels),))
        if self.cameras:
            said = f"--camera {','.join(self.cameras)}"
            yield Condition(said, "list_contains(?, camera)", (list(self.cameras),))
        if self.zones:
            said = f"--zone {','.join(self.zones)}"
            yield Condition(said, "list_contains(?, zone)", (list(self.zones),))
        if self.recording:
            said = f"--recording {self.recording}"
            yield Condition(said, "contains(recording_path, ?)", (self.recording,))
        yield from _bound("--from", self.from_, "end_s > ?", "epoch_ms(end_utc) > ?")
        yield from _bound("--to", self.to, "start_s < ?", "epoch_ms(start_utc) < ?")
        yield from _within("--size", "size", self.size)
        yield from _within("--duration", "duration_s", self.duration_s)
        yield from _within("--score", "score", self.score)


def names_in(texts: Sequence[str], there: Collection[str]) -> tuple[str, ...]:
    """The names in texts that hold one or several, with commas between them.

    Parameters
    ----------
    texts : sequence of str
    there : collection of str
        Names that there are: some have commas of their own, as folders may.

    Returns
    -------
    tuple of str
        Each once; also those that are not there.
    """
    found: dict[str, None] = {}
    for text in texts:
        left = text.split(",")
        while left:
            joined = [",".join(left[:count]).strip() for count in range(len(left), 0, -1)]
            place = next((n for n, name in enumerate(joined) if name in there), len(left) - 1)
            left = left[len(left) - place :]
            if joined[place]:
                found[joined[place]] = None
    return tuple(found)


def range_of(text: str) -> Range:
    """A range of ``2..10``, ``2..``, ``..10``, or ``2``, which is at least 2; ``5%`` is 0.05.

    Raises
    ------
    SettingsError
        It is none.
    """
    found = _RANGE.fullmatch(text.strip())
    if found is None or not (found[1] or found[3]) or (found[3] and not found[2]):
        raise SettingsError(f"{text!r} is no range: give LOW..HIGH, LOW.. or ..HIGH")
    low, high = _number(found[1]), _number(found[3])
    if low is not None and high is not None and low > high:
        raise SettingsError(f"the range {text} ends before it begins: give LOW..HIGH")
    return Range(low, high)


def milliseconds(instant: datetime) -> int:
    """Of an instant, since 1970."""
    return round((instant - _EPOCH) / timedelta(milliseconds=1))


def where(conditions: Sequence[Condition]) -> tuple[str, list[Any]]:
    """Conditions as one expression of SQL, and its values."""
    sql = " AND ".join(f"({one.sql})" for one in conditions) or "true"
    return sql, [value for one in conditions for value in one.values]


def _bound(
    option: str, bound: datetime | float | None, by_seconds: str, by_wall: str
) -> Iterator[Condition]:
    if isinstance(bound, datetime):
        yield Condition(
            f"{option} {bound.isoformat()}", by_wall, (milliseconds(bound),), needs="start_utc"
        )
    elif bound is not None:
        yield Condition(f"{option} {bound:g}", by_seconds, (float(bound),))


def _within(option: str, column: str, wanted: Range | None) -> Iterator[Condition]:
    if wanted is None:
        return
    bounds = [(">=", wanted.low), ("<=", wanted.high)]
    given = [(sign, value) for sign, value in bounds if value is not None]
    sql = " AND ".join(f"{column} {sign} ?" for sign, _ in given)
    ends = ["" if value is None else f"{value:g}" for value in (wanted.low, wanted.high)]
    said = f"{option} {ends[0]}..{ends[1]}"
    yield Condition(said, sql, tuple(value for _, value in given), needs=column)


def _number(text: str | None) -> float | None:
    if not text:
        return None
    return float(text[:-1]) / 100 if text.endswith("%") else float(text)
