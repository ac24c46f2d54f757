"""When a camera is armed: lines such as ``mon-fri 18:00-07:00``, and what the clock shows.

It is the face of the clock that counts. An hour that it shows twice in autumn counts twice; one
that it leaves out in spring does not come, and whatever would have begun in it has begun when the
clock has jumped over it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise

from motionapp.settings.edge import DAYS, SCHEDULE

DAY_MIN = 24 * 60
LOOK_AHEAD_DAYS = 15
"""Weeks are alike but for the changes of the clock, which may leave out a stretch of one."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A line: the days on which it begins, and minutes from the midnight before."""

    days: frozenset[int]
    """0 is Monday."""
    from_min: int
    to_min: int
    """Above `from_min`; beyond a day's where it goes over midnight."""

    def holds(self, weekday: int, minute: int) -> bool:
        """Whether it goes on at a minute of a day, begun on that day or on the one before."""
        return any(
            (weekday - back) % 7 in self.days
            and self.from_min <= minute + back * DAY_MIN < self.to_min
            for back in (0, 1)
        )


def is_armed(lines: Sequence[str], local: datetime) -> bool:
    """Whether a camera is armed.

    Parameters
    ----------
    lines : sequence of str
        As `CameraSettings.schedule` has them: days on which a stretch begins, and its times. It
        goes over midnight where the second time is not above the first. Without a line, always.
    local : datetime
        With the zone whose clock counts; without one, by the clock of this machine.
    """
    minute = local.hour * 60 + local.minute
    return not lines or any(
        stretch.holds(local.weekday(), minute) for stretch in _read(tuple(lines))
    )


def next_change(lines: Sequence[str], local: datetime) -> datetime | None:
    """When `is_armed` becomes another one.

    Parameters
    ----------
    lines : sequence of str
    local : datetime
        From when on; as to `is_armed`. A fixed distance from UTC knows no summer.

    Returns
    -------
    datetime or None
        After `local` and in its zone, or without one; None where it never changes.
    """
    is_now = is_armed(lines, local)
    begin_s = local.timestamp()
    for moment_s in sorted(set(_moments(_read(tuple(lines)), local))):
        moment = datetime.fromtimestamp(moment_s, local.tzinfo)
        if moment_s > begin_s and is_armed(lines, moment) != is_now:
            return moment
    return None


@lru_cache(maxsize=256)
def _read(lines: tuple[str, ...]) -> tuple[_Stretch, ...]:
    stretches = []
    for line in lines:
        found = SCHEDULE.match(line)
        assert found is not None, "the settings have checked it"
        from_min, to_min = _minutes(found["from"]), _minutes(found["to"])
        to_min += DAY_MIN if to_min <= from_min else 0
        stretches.append(_Stretch(_days(found["days"]), from_min, to_min))
    return tuple(stretches)


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _days(text: str) -> frozenset[int]:
    """``daily``, or days and ranges of days, which may go over Sunday."""
    if text == "daily":
        return frozenset(range(7))
    found: set[int] = set()
    for part in text.split(","):
        ends = [DAYS.index(day) for day in part.split("-")]
        found.add(ends[0])
        for first, last in pairwise(ends):
            found.update((first + k) % 7 for k in range((last - first) % 7 + 1))
    return frozenset(found)


def _moments(stretches: Sequence[_Stretch], local: datetime) -> Iterator[float]:
    """All moments ahead at which something may change: nothing does in between."""
    borders = {m % DAY_MIN for each in stretches for m in (each.from_min, each.to_min)} | {0}
    for ahead in range(-1, LOOK_AHEAD_DAYS):
        day = local.date() + timedelta(days=ahead)
        yield from _jumps(day, local)
        for border in borders:
            shown = datetime.combine(day, time(border // 60, border % 60), local.tzinfo)
            # The clock may show a time twice. One that it leaves out gives moments of no matter.
            yield from (shown.timestamp(), shown.replace(fold=1).timestamp())


def _jumps(day: date, local: datetime) -> Iterator[float]:
    """When the clock is changed between noon of a day and the next noon, to the second."""
    noon = datetime.combine(day, time(12), local.tzinfo)
    low, high = int(noon.timestamp()), int((noon + timedelta(days=1)).timestamp())
    before_s = _ahead_s(low, local)
    if before_s == _ahead_s(high, local):
        return
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _ahead_s(middle, local) == before_s else (low, middle)
    yield float(high)


def _ahead_s(moment_s: int, local: datetime) -> float:
    """By how much the clock is ahead of UTC."""
    shown = datetime.fromtimestamp(moment_s, local.tzinfo).replace(tzinfo=UTC)
    return shown.timestamp() - moment_s
