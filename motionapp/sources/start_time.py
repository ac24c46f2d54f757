"""When a recording began: from an option, from its name, or from its header.

An option stands above all. A name stands above the header, because cameras, recorders and phones
name a file when they begin it, while headers often hold the time of closing, a copy's time, or
local time called UTC. It knows nothing of containers: a header's texts are handed in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from motionapp.core.errors import SettingsError
from motionapp.sources.extensions import VIDEO_EXTENSIONS

HEADER_KEYS = ("com.apple.quicktime.creationdate", "creation_time")
"""Apple's key holds the beginning with its offset, and is asked first."""
EARLIEST_YEAR = 2001
"""Clocks whose battery is empty begin in 1970, 1980 or 2000; times before this are theirs."""
LATEST_YEAR = 2099
EPOCH_SECONDS = re.compile(r"(?<![0-9])(1[0-9]{9})(?:\.([0-9]{1,6}))?(?![0-9])")
"""Seconds since 1970, from 2001 to 2033; ten digits that begin with 20 are a date and an hour."""
STAMP = re.compile(
    r"""(?<![0-9])
    (?P<year>20[0-9]{2}) (?P<between>[-._]?) (?P<month>[0-9]{2}) (?P=between) (?P<day>[0-9]{2})
    (?:[T_\s.-]{0,3}|_?at_?)
    (?P<hour>[0-9]{2}) (?P<within>[-._:h]?) (?P<minute>[0-9]{2}) [-._:m]? (?P<second>[0-9]{2})
    (?: \.? (?P<millis>[0-9]{3}) )? (?![0-9])
    (?P<zone> [\s_]?(?:Z|UTC)(?![A-Za-z]) | \+[0-9]{2}:?[0-9]{2}(?![0-9]) )?
    """,
    re.VERBOSE,
)
"""Year first: 01-03-2026 is a day in March for some and in January for others. Three digits behind
an underscore or a hyphen are not milliseconds: they count files or channels."""
UTC_NAMES = re.compile(r"PXL_")
"""Whose phones name in UTC wherever they are."""


def start_of(
    name: str, header: Mapping[str, str], *, given: datetime | None, zone: tzinfo
) -> datetime | None:
    """When a recording's first frame was taken.

    Parameters
    ----------
    name : str
        Of the file, without folders.
    header : mapping of str to str
        What the container says of the whole file.
    given : datetime or None
        What a person said; stands above all.
    zone : tzinfo
        Of the times in names.

    Returns
    -------
    datetime or None
        In UTC; None where nobody says it.
    """
    if given is not None:
        return given.astimezone(UTC)
    said = [start_from_header(header[key]) for key in HEADER_KEYS if key in header]
    times = [start_from_name(name, zone), *said]
    return next((when for when in times if when is not None), None)


def start_from_header(text: str) -> datetime | None:
    """A header's time in UTC; None where it is none, or a camera's clock was not set."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return _in_utc(when, UTC)


def start_from_name(name: str, zone: tzinfo) -> datetime | None:
    """The time that a file is named after, in UTC.

    Parameters
    ----------
    name : str
        Such as ``20260301_120000.mp4``, ``CH01_2026-03-01T12.00.00.mkv``,
        ``PXL_20260301_120000123.mp4`` or ``1772366400.mp4`` (seconds since 1970).
    zone : tzinfo
        Where the name does not say its own. Of an hour that comes twice, when summer ends, the
        first is meant.

    Returns
    -------
    datetime or None
        None where the name holds no time, or several and it is not plain which is the start:
        of two, the first is it if it is the earlier.
    """
    stem, dot, suffix = name.rpartition(".")
    if (dot + suffix).lower() not in VIDEO_EXTENSIONS:
        stem = name
    zone = UTC if UTC_NAMES.match(stem) else zone
    found = list(_stamps(stem, zone)) or list(_epoch_seconds(stem))
    if not found or len(found) > 2 or found[0] > found[-1]:
        return None
    return found[0]


def zone_called(name: str) -> tzinfo:
    """The time zone of that name.

    Parameters
    ----------
    name : str
        As the tz database has it, Europe/Zurich say.

    Raises
    ------
    SettingsError
        There is none of that name here.
    """
    if name.upper() == "UTC":
        return UTC  # without asking the system, which may hold no zones at all
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingsError(
            f"run.time_zone: there is no time zone {name!r} on this machine: use a name such as "
            'Europe/Zurich or UTC (Windows needs: pip install "tzdata")'
        ) from error


def _stamps(stem: str, zone: tzinfo) -> Iterator[datetime]:
    """Every date with a time of day that exists."""
    for match in STAMP.finditer(stem):
        year, month, day, hour, minute, second = (
            int(match[part]) for part in ("year", "month", "day", "hour", "minute", "second")
        )
        try:
            local = datetime(year, month, day, hour, minute, second)
        except ValueError:
            continue
        local += timedelta(milliseconds=int(match["millis"] or 0))
        when = _in_utc(local, _offset(match["zone"]) or zone)
        if when is not None:
            yield when


def _offset(text: str | None) -> tzinfo | None:
    """UTC for Z, or an offset such as +0100; None where a name does not say."""
    if text is None:
        return None
    digits = re.sub(r"[^0-9]", "", text)
    if not digits:
        return UTC
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(offset) if offset < timedelta(hours=24) else None


def _epoch_seconds(stem: str) -> Iterator[datetime]:
    for match in EPOCH_SECONDS.finditer(stem):
        fraction = int((match[2] or "0").ljust(6, "0"))
        yield datetime.fromtimestamp(int(match[1]), UTC) + timedelta(microseconds=fraction)


def _in_utc(when: datetime, zone: tzinfo) -> datetime | None:
    """A time in UTC, of `zone` if it does not say its own; None where no set clock shows it."""
    try:
        when = (when.replace(tzinfo=zone) if when.tzinfo is None else when).astimezone(UTC)
    except OverflowError:
        return None
    return when if EARLIEST_YEAR <= when.year <= LATEST_YEAR else None
