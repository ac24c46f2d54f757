"""Moments and events as the tables hold them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from motionapp.edge.records import EventRecord

_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)
EARLIEST_US: Final = -62_135_596_800_000_000
LATEST_US: Final = 253_402_300_799_999_999
"""What a `datetime` can be: the years 1 to 9999."""
EVENT_COLUMNS: Final = (
    "number, camera, kind, state, start_us, end_us, last_us, zone, label, score, why, details, "
    "recording, recording_start_us, snapshot, is_locked"
)


def to_us(moment: datetime) -> int:
    """Microseconds since 1970: exact, as a float is not."""
    return (moment - _FIRST) // _TICK


def from_us(moment_us: int) -> datetime:
    """The same back, in UTC."""
    return _FIRST + moment_us * _TICK


def optional_us(moment: datetime | None) -> int | None:
    """`to_us` of what may be unknown."""
    return None if moment is None else to_us(moment)


def optional_moment(moment_us: int | None) -> datetime | None:
    """`from_us` of what may be unknown."""
    return None if moment_us is None else from_us(moment_us)


def details_text(details: Mapping[str, Any]) -> str:
    """An event's details as JSON.

    Raises
    ------
    ValueError
        They hold what JSON has no word for.
    """
    return json.dumps(dict(details), allow_nan=False, separators=(",", ":"))


def event_of(row: tuple[Any, ...]) -> EventRecord:
    """The event in a row of `EVENT_COLUMNS`."""
    (number, camera, kind, state, start, end, last, zone, label, score, why, details) = row[:12]
    recording, recording_start, snapshot, is_locked = row[12:]
    return EventRecord(
        number=number,
        camera=camera,
        kind=kind,
        state=state,
        start_utc=from_us(start),
        end_utc=optional_moment(end),
        last_utc=from_us(last),
        zone=zone,
        label=label,
        score=score,
        why=why,
        details=_details_of(details),
        recording=recording,
        recording_start_utc=optional_moment(recording_start),
        snapshot=snapshot,
        is_locked=bool(is_locked),
    )


def clean(text: str) -> str:
    """A text that UTF-8 can hold: halves of letters, as paths may have them, become escapes."""
    return text.encode("utf-8", errors="backslashreplace").decode("utf-8")


def _details_of(text: str) -> dict[str, Any]:
    """What can be read of them: damage that is still JSON for SQLite may be none for Python."""
    try:
        return dict(json.loads(text))
    except (ValueError, TypeError, RecursionError):
        return {}
