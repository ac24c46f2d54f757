"""Seconds of a recording as a person reads them: by the clock on the wall where that is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from motionapp.core.wording import clock_text

TICK_STEPS_S: Final = (
    *(0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0),
    *(60.0, 120.0, 300.0, 600.0, 900.0, 1800.0),
    *(3600.0, 7200.0, 10800.0, 21600.0, 43200.0, 86400.0),
)
"""Between the marks of an axis: what a clock's face divides evenly."""
_LOOKS: Final = 2000
"""So often is the offset from UTC looked at; it changes twice a year."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Names times between two ends of one recording.

    A date is said where the recording runs over midnight, and the offset from UTC where it
    changes in between: then an hour may come twice.
    """

    start_utc: datetime | None = None
    """When second 0 was; None if it is not known, and seconds are named."""
    zone: tzinfo = UTC
    from_s: float = 0.0
    to_s: float = 0.0
    offsets: tuple[tuple[float, int], ...] = field(init=False)
    """`(from_s, seconds east of UTC)`: the one at the beginning, and every change."""
    says_date: bool = field(init=False)

    def __post_init__(self) -> None:
        offsets = tuple(self._offsets()) if self.start_utc is not None else ()
        object.__setattr__(self, "offsets", offsets)
        days = {each.date() for each in (self.at(self.from_s), self.at(self.to_s)) if each}
        object.__setattr__(self, "says_date", len(days) > 1)

    @property
    def start_ms(self) -> int | None:
        """Second 0 in milliseconds since 1970, for a script."""
        if self.start_utc is None:
            return None
        return round(
            (self.start_utc - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1)
        )

    @property
    def offsets_text(self) -> str:
        """The offsets for a script: ``0.0:3600 5400.0:7200``."""
        return " ".join(f"{from_s}:{offset_s}" for from_s, offset_s in self.offsets)

    def at(self, pts_s: float) -> datetime | None:
        """The local time at `pts_s`, to the millisecond; None if it is not known."""
        if self.start_utc is None:
            return None
        # Added in UTC: a sum of local times is wrong where the clocks are put forward.
        moment = self.start_utc.astimezone(UTC) + timedelta(milliseconds=round(pts_s * 1000))
        return moment.astimezone(self.zone)

    def text(self, pts_s: float) -> str:
        """A time to the tenth of a second."""
        tenths = round(pts_s * 10)
        moment = self.at(tenths / 10)
        if moment is None:
            return clock_text(pts_s)
        clock = f"{moment:%H:%M:%S}.{moment.microsecond // 100_000}"
        date = f"{moment:%Y-%m-%d} " if self.says_date else ""
        return f"{date}{clock}{self._offset_note(moment)}"

    def iso(self, pts_s: float) -> str | None:
        """The time for a machine, with its offset; None if it is not known."""
        moment = self.at(pts_s)
        return None if moment is None else moment.isoformat(timespec="milliseconds")

    def day_text(self) -> str:
        """Date and time of second 0, to the second; empty if it is not known."""
        moment = self.at(0.0)
        return "" if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}"

    def span_text(self) -> str:
        """From when to when, with the date and the zone; empty if it is not known."""
        first, last = self.at(self.from_s), self.at(self.to_s)
        if first is None or last is None:
            return ""
        until = f"{last:%Y-%m-%d %H:%M:%S}" if self.says_date else f"{last:%H:%M:%S}"
        notes = list(dict.fromkeys((_offset_text(first), _offset_text(last))))
        zone = ", then ".join(notes)
        name = str(self.zone)
        zone = zone if name in ("", "UTC") else f"{name}, {zone}"
        return f"{first:%Y-%m-%d %H:%M:%S} to {until} ({zone})"

    def ticks(self, at_most: int) -> tuple[tuple[float, str], ...]:
        """Marks of an axis: `(pts_s, text)`, at even times of the clock that is read."""
        span_s = self.to_s - self.from_s
        step_s = next((each for each in TICK_STEPS_S if span_s / each <= at_most), None)
        if step_s is None:
            step_s = TICK_STEPS_S[-1] * -(-span_s // (TICK_STEPS_S[-1] * at_most))
        shift_s = self._seconds_of_day()
        first = -int(-(self.from_s + shift_s) // step_s)
        last = int((self.to_s + shift_s) // step_s)
        times_s = [index * step_s - shift_s for index in range(first, last + 1)]
        return tuple((time_s, self._tick_text(time_s, step_s)) for time_s in times_s)

    def _tick_text(self, pts_s: float, step_s: float) -> str:
        moment = self.at(pts_s)
        if moment is None:
            text = clock_text(pts_s)
            return text if step_s < 1 else text.removesuffix(".0")
        moment += timedelta(milliseconds=5)  # a start between two milliseconds: 11:59:59.9996
        fine = f".{moment.microsecond // 100_000}" if step_s < 1 else ""
        text = f"{moment:%H:%M}" if step_s >= 60 else f"{moment:%H:%M:%S}{fine}"
        if step_s >= 86400 or (self.says_date and (moment.hour, moment.minute) == (0, 0)):
            text = f"{moment:%m-%d}" if step_s >= 86400 else f"{moment:%m-%d} {text}"
        return f"{text}{self._offset_note(moment)}"

    def _seconds_of_day(self) -> float:
        """Local seconds since midnight at second 0: what aligns the marks."""
        moment = self.at(0.0)
        if moment is None:
            return 0.0
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        return (moment.replace(tzinfo=None) - midnight.replace(tzinfo=None)).total_seconds()

    def _offset_note(self, moment: datetime) -> str:
        return f" {_offset(moment)}" if len(self.offsets) > 1 else ""

    def _offsets(self) -> Iterator[tuple[float, int]]:
        span_s = max(0.0, self.to_s - self.from_s)
        step_s = max(900.0, span_s / _LOOKS)
        known = self._offset_at(self.from_s)
        yield self.from_s, known
        at_s = self.from_s
        while at_s < self.to_s:
            next_s = min(at_s + step_s, self.to_s)
            offset = self._offset_at(next_s)
            if offset != known:
                yield self._change_between(at_s, next_s, known), offset
            known, at_s = offset, next_s

    def _change_between(self, low_s: float, high_s: float, known: int) -> float:
        """When the offset stops being `known`, to the millisecond."""
        while high_s - low_s > 0.0005:
            middle_s = (low_s + high_s) / 2
            if self._offset_at(middle_s) == known:
                low_s = middle_s
            else:
                high_s = middle_s
        return round(high_s, 3)

    def _offset_at(self, pts_s: float) -> int:
        moment = self.at(pts_s)
        offset = None if moment is None else moment.utcoffset()
        return 0 if offset is None else round(offset.total_seconds())


def _offset(moment: datetime) -> str:
    text = f"{moment:%z}"
    return f"{text[:3]}:{text[3:5]}"


def _offset_text(moment: datetime) -> str:
    return f"UTC{_offset(moment)}".removesuffix("+00:00")


def length_text(seconds: float) -> str:
    """How long something lasts: ``23.0 s``, ``4 min 05 s``, ``2 h 03 min``."""
    tenths = max(0, round(seconds * 10))
    if tenths < 600:
        return f"{tenths / 10:.1f} s"
    whole = round(tenths / 10)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    minutes = round(whole / 60)
    return f"{minutes // 60} h {minutes % 60:02d} min"
